// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { askBegin, begin, confirm, enroll, methods } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, newSeed, stepNow, wrongCode } from "./totp.mjs";

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

test("the health routes answer anyone, and every answer carries the security headers [R7]", async () => {
  const health = await server.call("GET", "/healthz");
  assert.deepEqual([health.status, health.json], [200, { status: "ok" }]);
  assert.equal(health.headers["cache-control"], "no-store");
  assert.equal(health.headers["x-content-type-options"], "nosniff");
  assert.equal(health.headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
  assert.match(health.headers["x-request-id"], /^[0-9a-f]{32}$/);
  assert.equal(health.headers["access-control-allow-origin"], undefined);
  const ready = await server.call("GET", "/readyz");
  assert.deepEqual([ready.status, ready.text, ready.headers["content-type"]], [200, "", undefined]);
  assert.equal((await server.call("HEAD", "/healthz")).status, 200);
});

test("a person enrolls through a session, and the back end verifies the next code [U2]", async () => {
  const before = await server.call("POST", "/v1/users/methods", { token, json: { user: "ann" } });
  assert.deepEqual(before.json, { methods: [{ method: "totp", status: "not_configured" }] });

  const opened = await server.openSession(token, "ann");
  assert.equal(opened.status, 201);
  assert.match(opened.json.token, /^cs_ses_[A-Za-z0-9_-]{43}$/);
  const life = opened.json.expires_at - Date.now() / 1000;
  assert.ok(life > 800 && life <= 901, `a session lives 15 minutes, not ${life} s`);

  const enrollment = await begin(server, token, "ann");
  assert.match(enrollment.uri, /^otpauth:\/\/totp\/Bank:ann%40example\.org\?secret=[A-Z2-7]{32,}&issuer=Bank&/);
  const step = stepNow();
  const confirmed = await confirm(server, enrollment, codeOfStep(enrollment.seed, step));
  assert.equal(confirmed.json.ok, true);
  assert.match(confirmed.json.credential_id, /^crd_/);

  const next = await server.verify(token, "ann", codeOfStep(enrollment.seed, step + 1));
  assert.deepEqual([next.status, next.json], [200, { ok: true }]);
  const state = (await methods(server, enrollment.session)).methods[0];
  assert.equal(state.status, "active");
  assert.equal(state.credential_id, confirmed.json.credential_id);
  assert.ok(state.last_used >= state.active_since);
});

test("the pending secret stays the same for its session after a wrong code [L33]", async () => {
  const enrollment = await begin(server, token, "ben");
  const wrong = await confirm(server, enrollment, wrongCode(enrollment.seed));
  assert.deepEqual([wrong.status, wrong.json.ok, wrong.json.code, wrong.json.reason], [200, false, "not_accepted", "wrong"]);
  const again = await askBegin(server, enrollment.session, enrollment.keys);
  assert.deepEqual([again.json.pending_id, again.json.sealed], [enrollment.pendingId, enrollment.sealed]);
  assert.equal((await methods(server, enrollment.session)).methods[0].status, "pending");
  assert.equal((await confirm(server, enrollment, codeNow(enrollment.seed))).json.ok, true);
});

test("an enrollment tells that the authenticator's clock is off, and by how much [R14a]", async () => {
  const enrollment = await begin(server, token, "cleo");
  const ahead = await confirm(server, enrollment, codeOfStep(enrollment.seed, stepNow() + 20));
  assert.equal(ahead.json.reason, "clock_off");
  assert.ok(Math.abs(ahead.json.clock_off_seconds - 600) <= 60, `${ahead.json.clock_off_seconds} s`);
});

test("while a method is active, begin asks for a step-up and the old secret goes on working [R2]", async () => {
  const enrollment = await enroll(server, token, "dora");
  const again = await askBegin(server, enrollment.session, enrollment.keys);
  assert.deepEqual([again.status, again.json.code], [403, "auth.step_up_required"]);
  assert.equal((await server.verify(token, "dora", codeOfStep(enrollment.seed, enrollment.step + 1))).json.ok, true);
});

test("imported users verify with every algorithm, six and eight digits, and another period", async () => {
  const forms = [
    ["sha1", 6, 30], ["sha256", 6, 30], ["sha512", 6, 30], ["sha1", 8, 30], ["sha256", 8, 60], ["sha512", 10, 15],
  ];
  for (const [algorithm, digits, period] of forms) {
    const user = `form-${algorithm}-${digits}-${period}`;
    const seed = site.importUsers([user], {
      columns: ",algorithm,digits,period", values: `,${algorithm},${digits},${period}`,
    }).get(user);
    const answer = await server.verify(token, user, codeNow(seed, { algorithm, digits, period }));
    assert.deepEqual(answer.json, { ok: true }, user);
  }
});

test("a user is any UTF-8 text up to 128 bytes, compared bytewise [R1]", async () => {
  const names = ["é", "e\u0301", "A", "a", "用户".repeat(21), "x".repeat(128), " padded ", "../../etc"];
  for (const user of names) {
    const enrollment = await enroll(server, token, user);
    for (const other of names.filter((name) => name !== user)) {
      const crossed = await server.verify(token, other, codeOfStep(enrollment.seed, enrollment.step + 1));
      assert.notEqual(crossed.json?.ok, true, `${other} took the code of ${user}`);
    }
  }
});

test("keep-alive, pipelining, a body in pieces and HTTP/1.0 are all served", async () => {
  const seed = newSeed();
  const net = await import("node:net");
  const exchange = (pieces) => new Promise((resolve, reject) => {
    const socket = net.connect(server.port, "127.0.0.1");
    let text = "";
    socket.on("data", (part) => { text += part; });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
    (async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((done) => setTimeout(done, 20));
      }
    })();
  });
  const get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  const last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  assert.equal((await exchange([get + get + last])).match(/HTTP\/1\.1 200/g).length, 3);
  assert.equal((await exchange(["GET /heal", "thz HTTP/1.1\r\nHo", "st: a\r\nConnection: close\r\n", "\r\n"])).match(/200 OK/g).length, 1);
  assert.match(await exchange(["GET /healthz HTTP/1.0\r\n\r\n"]), /200 OK[^]*Connection: close/);
  const body = JSON.stringify({ user: "ann", method: "totp", code: wrongCode(seed) });
  const head = `POST /v1/verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`;
  assert.match(await exchange([head, body.slice(0, 9), body.slice(9)]), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
});
