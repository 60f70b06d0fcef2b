// SPDX-License-Identifier: Apache-2.0
// `countersign/server` against the real server, and against what else may stand at its address.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { CountersignServer, CountersignServerError, createForwarder } from "countersign/server";
import { createAdminKey } from "./administrators.mjs";
import { answerTotp } from "./challenges.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

let site;
let server;
let address;
let applicationKey;
let client;

before(async () => {
  site = new Site();
  applicationKey = site.createAppKey().token;
  server = await RunningServer.start(site);
  address = `http://127.0.0.1:${server.port}`;
  client = new CountersignServer({ server: address, applicationKey });
});
after(async () => {
  await server.stop();
  site.remove();
});

const account = { account: "ann@example.org", issuer: "Example Bank" };
const refusal = (promise) => promise.then(() => assert.fail("it was answered"), (error) => {
  assert.ok(error instanceof CountersignServerError, String(error));
  return error;
});

/** Something else at the server's address. @param {http.RequestListener} listener */
async function elsewhere(listener, work) {
  let requests = 0;
  const other = http.createServer((request, response) => {
    requests += 1;
    listener(request, response);
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  try {
    const url = `http://127.0.0.1:${other.address().port}`;
    await work({ url, asked: () => requests, client: new CountersignServer({ server: url, applicationKey, timeoutMs: 1000 }) });
  } finally {
    other.closeAllConnections();
    other.close();
  }
}

test("a login from the session to the receipt, with the types' own words", async () => {
  const seed = site.importUsers(["ann"]).get("ann");
  const { methods } = await client.methods("ann");
  assert.deepEqual(methods.map(({ method, status }) => [method, status]), [["totp", "active"]]);
  const session = await client.openSession({ user: "ann", purpose: "challenge", ...account, receipt_purpose: "login", context: "cart 7" });
  const passed = await answerTotp(server, { session: session.token }, codeNow(seed));
  const { receipt } = passed.json;
  assert.deepEqual(await client.redeem({ receipt, challenge: session.challenge, user: "ben", purpose: "login" }), { ok: false, code: "not_accepted" });
  assert.deepEqual(await client.redeem({ receipt, challenge: session.challenge, user: "ann", purpose: "login" }),
    { ok: true, methods: ["totp"], fallback: false, recovery: false, context: "cart 7" });
  const elevated = await client.openSession({ user: "ann", purpose: "manage", ...account, elevated_by: session.challenge });
  assert.match(elevated.token, /^cs_ses_/);
  assert.deepEqual(await client.verify({ user: "ann", method: "totp", code: wrongCode(seed) }), { ok: false, code: "not_accepted", retry_after: 0 });
  assert.deepEqual(await client.verify({ user: "ann", method: "totp", code: codeOfStep(seed, stepNow() + 1) }), { ok: true });
});

test("an administrator's session wants the key's scope and a login of his own", async () => {
  const admin = { user: "ann", purpose: "admin", scopes: ["audit"], challenge: "chl_k3m7qv2x5b6n4htw" };
  const plain = await refusal(client.openSession(admin));
  assert.deepEqual([plain.code, plain.status], ["auth.scope_missing", 403]);
  const staff = new CountersignServer({ server: address, applicationKey: createAdminKey(site) });
  assert.equal((await refusal(staff.openSession(admin))).code, "challenge.not_passed");
});

test("an error says code, status and request, and nothing of a token or a code", async () => {
  const revoked = site.createAppKey("gone");
  site.must(["app-key", "revoke", "--data", site.data, "--id", revoked.id]);
  const error = await refusal(new CountersignServer({ server: address, applicationKey: revoked.token }).verify({ user: "ann", method: "totp", code: "918273" }));
  assert.deepEqual([error.code, error.status, error.retryAfter], ["auth.invalid", 401, undefined]);
  assert.ok(server.log.some((line) => JSON.parse(line).request === error.requestId), error.requestId);
  for (const told of [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack, inspect(client, { depth: 9, showHidden: true })]) {
    for (const secret of [revoked.token, applicationKey, "918273"]) assert.equal(told.includes(secret), false, told);
  }
});

test("a server that waits is given up, once, and one that is busy says for how long", async () => {
  await elsewhere(() => {}, async ({ client: slow, asked }) => {
    const error = await refusal(slow.verify({ user: "ann", method: "totp", code: "123456" }));
    assert.deepEqual([error.code, error.status, asked()], ["client.timeout", 0, 1]);
  });
  await elsewhere((_, response) => response.writeHead(200, { "content-type": "application/json" }).write('{"ok":'), async ({ client: halting }) => {
    assert.equal((await refusal(halting.verify({ user: "ann", method: "totp", code: "123456" }))).code, "client.timeout");
  });
  await elsewhere((request) => request.socket.destroy(), async ({ client: broken, asked }) => {
    assert.deepEqual([(await refusal(broken.redeem({ receipt: "r", challenge: "c", user: "u", purpose: "p" }))).code, asked()], ["client.no_answer", 1]);
  });
  const busy = (_, response) => response.writeHead(429, { "content-type": "application/problem+json", "retry-after": "7" }).end('{"code":"admission.busy"}');
  await elsewhere(busy, async ({ client: later, asked }) => {
    const error = await refusal(later.verify({ user: "ann", method: "totp", code: "123456" }));
    assert.deepEqual([error.code, error.status, error.retryAfter, asked()], ["admission.busy", 429, 7, 1]);
  });
});

test("what is no answer of the contract is none", async () => {
  const answers = [
    [200, "{}"], [200, '{"ok":"yes"}'], [200, "[true]"], [200, '{"ok":true'], [204, ""], [500, "<h1>oops</h1>"], [401, `{"code":"${"x".repeat(99)}"}`],
    [302, ""], [200, JSON.stringify({ ok: true, filler: "x".repeat(2 << 20) })],
  ];
  for (const [status, text] of answers) {
    await elsewhere((_, response) => response.writeHead(status, { location: "/elsewhere" }).end(text), async ({ client: other }) => {
      assert.match((await refusal(other.verify({ user: "ann", method: "totp", code: "123456" }))).code, /^client\.(unexpected_answer|no_answer)$/, `${status} ${text.slice(0, 20)}`);
    });
  }
});

test("no address but https and loopback, and no key that could be something else", () => {
  for (const wrong of ["http://bank.example", "ftp://localhost", "https://bank.example/path", "https://u:p@bank.example", "http://127.0.0.1.bank.example", "http://localhost.example", "https://bank.example/?x"]) {
    assert.throws(() => new CountersignServer({ server: wrong, applicationKey }), TypeError, wrong);
    assert.throws(() => createForwarder({ server: wrong }), TypeError, wrong);
  }
  for (const good of ["https://bank.example", "https://bank.example:8443/", "http://localhost:4800", "http://[::1]:4800"]) assert.ok(new CountersignServer({ server: good, applicationKey }));
  for (const key of ["", "cs_ses_" + "x".repeat(43), `${applicationKey}\r\nx: y`]) {
    assert.throws(() => new CountersignServer({ server: address, applicationKey: key }), (error) => error instanceof TypeError && (key === "" || !error.message.includes(key)));
  }
});

test("the forwarder passes a widget's call on and nothing else [R7]", async () => {
  const seen = [];
  await elsewhere((request, response) => {
    seen.push(request);
    response.writeHead(200, { "content-type": "application/json", "set-cookie": "a=b", "access-control-allow-origin": "*" }).end('{"ok":true}');
  }, async ({ url, asked }) => {
    const forward = createForwarder({ server: url });
    const answer = await forward({ method: "POST", path: "totp/begin", authorization: "Bearer cs_ses_x", contentType: "application/json", body: "{}" });
    assert.deepEqual([answer.status, answer.headers, Buffer.from(answer.body).toString()], [200, { "content-type": "application/json", "cache-control": "no-store" }, '{"ok":true}']);
    assert.deepEqual([seen[0].url, seen[0].headers.authorization, seen[0].headers.origin, seen[0].headers.cookie], ["/v1/w/totp/begin", "Bearer cs_ses_x", undefined, undefined]);
    for (const path of ["", "../sessions", "totp//begin", "totp/begin/", "totp%2fbegin", "totp/begin?x", "admin/policy", "admin", "\\x"]) {
      assert.equal((await forward({ method: "GET", path })).status, 404, path);
    }
    assert.equal((await forward({ method: "DELETE", path: "methods" })).status, 405);
    assert.equal(asked(), 1);
    assert.equal((await forward({ method: "GET", path: "admin/policy" }, { admin: true })).status, 200);
    await forward({ method: "POST", path: "methods", authorization: "Basic x\r\ny: z", contentType: "a\r\nb: c" });
    assert.deepEqual([seen[2].headers.authorization, seen[2].headers["content-type"]], [undefined, "application/octet-stream"]);
  });
  const gone = await createForwarder({ server: "http://127.0.0.1:9" })({ method: "GET", path: "methods" });
  assert.deepEqual([gone.status, gone.headers["retry-after"]], [503, "5"]);
  const real = await createForwarder({ server: address })({ method: "GET", path: "methods", authorization: "Bearer nobody" });
  assert.equal(real.status, 401);
});
