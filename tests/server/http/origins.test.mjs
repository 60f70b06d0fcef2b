// SPDX-License-Identifier: Apache-2.0
// Pages of other origins (R7): which may call, which may read the answer, and what a refusal leaves undone. In a real
// browser: tests/elements/cross-origin.test.mjs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { openChallenge } from "./challenges.mjs";
import { openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site, built, countersign } from "./site.mjs";
import { codeNow } from "./totp.mjs";

const origin = "https://app.example.org";
const local = "http://localhost:8080";
const stranger = "https://evil.example";
const routes = execFileSync(built("route_table"), { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
let site;
let server;
let plain;    // a key without origins
let allowed;  // one with two

const createKey = (name, origins, ...flags) => site.must(["app-key", "create", ...site.place, "--name", name, "--allowed-origin", origins, ...flags]);

before(async () => {
  site = new Site();
  plain = site.createAppKey().token;
  allowed = createKey("pages", `${origin},${local}`);
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const call = (path, { token, from, method = "GET", headers = {}, json } = {}) =>
  server.call(method, path, { token, json, headers: { ...(from !== undefined && { origin: from }), ...headers } });
const readable = ({ headers }) => headers["access-control-allow-origin"];
const preflight = (path, from, method = "POST") => call(path, { method: "OPTIONS", from, headers: { "access-control-request-method": method, "access-control-request-headers": "authorization,content-type" } });

test("a named origin's page calls with its session's token and reads the answer, without credentials [R7]", async () => {
  const session = await openSession(server, allowed.token, "ann");
  for (const from of [origin, local]) {
    const answer = await call("/v1/w/methods", { token: session, from });
    assert.deepEqual([answer.status, readable(answer), answer.headers.vary], [200, from, "Origin"]);
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
    assert.equal(answer.headers["access-control-expose-headers"], "Date, Retry-After, X-Request-Id");
  }
  const over = await call("/v1/w/methods", { token: `cs_ses_${"x".repeat(43)}`, from: origin });
  assert.deepEqual([over.status, readable(over)], [401, origin], "it may read that its session is over");
});

test("any other origin is refused before anything is looked at, whatever token it has [R7]", async () => {
  const seed = site.importUsers(["ben"]).get("ben");
  const near = ["https://app.example.org.evil.example", "https://evil.example/app.example.org", "http://app.example.org", "https://app.example.org:8443", "https://app.example.orgx", "https://APP.example.org", "null", "*",
    `${origin} ${local}`, "https://example.org", "http://localhost", "http://localhost:80800", "https://", "x"];
  for (const key of [allowed.token, plain]) {
    const challenge = await openChallenge(server, key, "ben");
    for (const from of [stranger, ...near]) {
      const refused = await call("/v1/w/challenge/answer", { method: "POST", token: challenge.session, from, json: { attempt_id: "a".repeat(22), method: "totp", code: codeNow(seed) } });
      assert.deepEqual([refused.status, refused.json.code, readable(refused), refused.headers.vary], [403, "auth.origin_not_allowed", undefined, "Origin"], from);
    }
    const shown = await call("/v1/w/challenge", { token: challenge.session });
    assert.equal(shown.json.state, "open");
  }
  assert.equal((await server.verify(plain, "ben", codeNow(seed))).json.ok, true, "the code was not used up");
  const session = await openSession(server, plain, "ann");
  assert.equal((await call("/v1/w/methods", { token: session, from: origin })).status, 403, "another key's origin");
});

test("a site's own calls pass through a forwarder that drops Origin or keeps Host [R7]", async () => {
  const session = await openSession(server, plain, "carl");
  assert.equal((await call("/v1/w/methods", { token: session })).status, 200);
  const kept = await call("/v1/w/methods", { token: session, from: "https://bank.example", headers: { host: "bank.example" } });
  assert.deepEqual([kept.status, readable(kept)], [200, undefined]);
  for (const host of ["bank.example:8443", "bank.example.evil", "ank.example", ""]) {
    const refused = await call("/v1/w/methods", { token: session, from: "https://bank.example", headers: { host } });
    assert.ok([400, 403].includes(refused.status), `${host}: ${refused.status}`);
  }
});

test("a preflight is answered for the routes of session tokens and the origins that any key names [R7]", async () => {
  for (const { method, path, credential } of routes) {
    const known = await preflight(path, origin, method);
    const unknown = await preflight(path, stranger, method);
    assert.deepEqual([readable(unknown), unknown.headers["access-control-allow-methods"]], [undefined, undefined], path);
    if (credential !== "session") {
      assert.deepEqual([known.status, readable(known)], [405, undefined], path);
      continue;
    }
    assert.deepEqual([known.status, known.text, readable(known), known.headers["access-control-allow-methods"], known.headers.vary], [200, "", origin, method, "Origin"], path);
    assert.equal(known.headers["access-control-allow-headers"], "Authorization, Content-Type");
    assert.equal(known.headers["access-control-allow-credentials"], undefined);
    assert.deepEqual([unknown.status, unknown.json.code], [403, "auth.origin_not_allowed"], path);
  }
  assert.equal((await preflight("/v1/w/methods", origin, "DELETE")).status, 405);
  assert.equal((await preflight("/v1/w/nothing", origin)).status, 404);
});

test("a back end's routes and the open ones know no origin [R7]", async () => {
  const answer = await call("/v1/users/methods", { method: "POST", token: plain, from: origin, json: { user: "ann" } });
  assert.deepEqual([answer.status, readable(answer)], [200, undefined]);
  assert.equal(readable(await call("/healthz", { from: origin })), undefined);
});

test("a revoked key's origins are refused from the next request on [R7]", async () => {
  const gone = createKey("gone", "https://gone.example");
  assert.equal((await preflight("/v1/w/methods", "https://gone.example", "GET")).status, 200);
  site.must(["app-key", "revoke", "--data", site.data, "--id", gone.id]);
  assert.equal((await preflight("/v1/w/methods", "https://gone.example", "GET")).status, 403);
});

test("app-key takes exact origins alone, and lists them [R7]", () => {
  assert.deepEqual(allowed.allowed_origins, [origin, local]);
  const { app_keys: keys } = site.must(["app-key", "list", "--data", site.data]);
  assert.deepEqual(keys.find(({ id }) => id === allowed.id).allowed_origins, [origin, local]);
  assert.match(countersign(["app-key", "list", "--data", site.data]).stdout, new RegExp(`pages  ${origin}  ${local}\n`));
  const wrong = ["*", "https://*.example.org", "http://app.example.org", "https://app.example.org/", "https://app.example.org/x", "https://App.example.org", "https://app.example.org:443", "https://app.example.org:0",
    "https://app.example.org:65536", "https://app.example.org:08", "https://user@app.example.org", "https://", "https://a..b", "https://.a", "https://a.", "null", "app.example.org", "", `${origin},`, `${origin} ${local}`, "https://äpp.example",
    "http://localhost.example", "http://127.0.0.1.example", "https://[::1", "ftp://localhost", Array.from({ length: 17 }, (_, i) => `https://a${i}.example`).join(",")];
  for (const origins of wrong) {
    const refused = countersign(["app-key", "create", ...site.place, "--name", "x", "--allowed-origin", origins, "--json"]);
    assert.deepEqual([refused.status, JSON.parse(refused.stderr).error.code], [2, "app_key.invalid"], origins);
  }
  for (const good of ["https://a", "https://a.example:8443", "http://127.0.0.1:4810", "http://[::1]:1", "https://xn--pp-uia.example"]) {
    assert.deepEqual(createKey("good", good).allowed_origins, [good]);
  }
});
