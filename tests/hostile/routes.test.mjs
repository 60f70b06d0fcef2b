// SPDX-License-Identifier: Apache-2.0
// Every route that takes a body, with bodies that went wrong by chance: each answer is one of the contract's, none is
// 5xx, and who is known stays as he was.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createAdminKey, openAdmin } from "../server/http/administrators.mjs";
import { openChallenge } from "../server/http/challenges.mjs";
import { openSession } from "../server/http/enroll.mjs";
import { answerFault, operations } from "../server/http/openapi.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeNow } from "../server/http/totp.mjs";
import { strangeBody } from "./strange_json.mjs";
import { Chance, judge, residentMiB, seed } from "./wire.mjs";

const rounds = process.env.COUNTERSIGN_FULL ? 3000 : 120;
const kOfOneSession = 100;  // more changes at once are refused whatever they say
let site;
let server;
let tokens;
let witness;
const renewManage = async () => { tokens.manage = await openSession(server, tokens.app_key(), "ann"); };

before(async () => {
  site = new Site();
  const app = site.createAppKey().token;
  const users = site.importUsers(["ann", "witness"]);
  witness = { app, seed: users.get("witness") };
  const staff = createAdminKey(site);
  server = await RunningServer.start(site, { logLevel: "info" });
  tokens = {
    app_key: () => app,
    challenge: (await openChallenge(server, app, "ann")).session,
    admin: (await openAdmin(site, server, staff, "boss")).session,
  };
});
after(async () => {
  await server?.stop();
  site.remove();
});

const tokenFor = ({ credential, purpose }) => (credential === "app_key" ? tokens.app_key() : tokens[purpose]);
const taking = [...operations.values()].filter(({ body }) => body !== undefined);

test("there are routes that take a body", () => assert.ok(taking.length >= 20, String(taking.length)));

for (const operation of taking) {
  test(`${operation.method} ${operation.path} survives ${rounds} strange bodies, and answers as its contract says [R7]`, async (t) => {
    const chance = new Chance(seed ^ (operation.path.length * 2654435761));
    const examples = operation.requests.map(({ value }) => value);
    const before = residentMiB(server.child.pid);
    const seen = new Set();
    for (let round = 0; round < rounds; round += 1) {
      if (operation.purpose === "manage" && round % kOfOneSession === 0) await renewManage();
      const body = strangeBody(chance.pick(examples), chance);
      const answer = await server.call(operation.method, operation.path,
        { token: tokenFor(operation), body, headers: { "content-type": "application/json" } });
      const where = `COUNTERSIGN_SEED=${seed}, round ${round}: ${body.subarray(0, 300).toString("latin1")}: ${answer.status} ${answer.text}`;
      assert.ok(answer.status < 500, where);
      assert.equal(answerFault(operation, answer), undefined, where);
      seen.add(answer.status);
      if (answer.status === 413) continue;  // the listener's own word: it never became a request
      assert.match(answer.headers["x-request-id"], /^[0-9a-f]{32}$/, where);
      if (answer.status >= 400) assert.equal(answer.json.instance, `urn:countersign:request:${answer.headers["x-request-id"]}`);
    }
    assert.ok(seen.has(400), `nothing was refused as malformed: ${[...seen]}`);
    judge(t, residentMiB(server.child.pid) < before + 64, "memory grew");
  });
}

test("afterwards an honest code is still good", async () => {
  const { json } = await server.verify(witness.app, "witness", codeNow(witness.seed));
  assert.equal(json.ok, true);
});
