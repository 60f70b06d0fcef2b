// SPDX-License-Identifier: Apache-2.0
// The command line is a second process beside a running server; a second server is not wanted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, countersign } from "./site.mjs";
import { codeNow } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

test("a second server on the same data directory is refused in one clear line [R18]", async () => {
  const second = countersign(["serve", ...site.place, "--listen", "127.0.0.1:0"]);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /^countersign: serve --data [^\n]+ \[data\.locked\]\n$/);
  assert.equal((await server.call("GET", "/readyz")).status, 200, "the first one goes on");
});

test("a server killed outright leaves no lock behind [R18]", async () => {
  await server.kill();
  server = await RunningServer.start(site);
  assert.equal((await server.call("GET", "/readyz")).status, 200);
});

test("an application key made beside the running server works at once, and revoked is refused at once [R18]", async () => {
  const methods = (bearer) => server.call("POST", "/v1/users/methods", { token: bearer, json: { user: "ann" } });
  for (let round = 0; round < 5; round += 1) {
    const key = site.createAppKey(`round ${round}`);
    assert.equal((await methods(key.token)).status, 200);
    site.must(["app-key", "revoke", "--data", site.data, "--id", key.id]);
    const refused = await methods(key.token);
    assert.deepEqual([refused.status, refused.json.code], [401, "auth.invalid"]);
  }
  assert.equal((await methods(token)).status, 200);
  const listed = site.must(["app-key", "list", "--data", site.data]).app_keys;
  assert.equal(listed.filter((key) => key.revoked_at !== undefined).length, 5);
  assert.ok(listed.every((key) => key.token === undefined));
});

test("users imported beside the running server, while it verifies, sign in at once [R18]", async () => {
  const early = site.importUsers(Array.from({ length: 200 }, (_, index) => `early ${index}`));
  const running = Promise.all([...early].map(([user, seed]) => server.verify(token, user, codeNow(seed))));
  const late = site.importUsers(Array.from({ length: 200 }, (_, index) => `late ${index}`));
  assert.ok((await running).every((answer) => answer.json.ok === true));
  const answers = await Promise.all([...late].map(([user, seed]) => server.verify(token, user, codeNow(seed))));
  assert.ok(answers.every((answer) => answer.json.ok === true));
});
