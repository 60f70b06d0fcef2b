// SPDX-License-Identifier: Apache-2.0
// No side path without limits: the server's own route table says which routes consume a code, and each of
// them has to count and to lock.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { act, createAdminKey, openAdmin } from "./administrators.mjs";
import { askBegin, begin, confirm, elevate, openSession } from "./enroll.mjs";
import { MailSite } from "./mail_site.mjs";
import { elevateByCode, issueBackupCode, newCode, verifyCode } from "./security_codes.mjs";
import { built } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

const routes = execFileSync(built("route_table"), { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
let site;
let server;
let token;

before(async () => {
  site = await MailSite.open((policy) => {
    policy.security_codes = { ...policy.security_codes, enabled: true, kind: "both" };
    policy.login_methods.email = true;
    policy.forgot_phone.enabled = true;
  });
  ({ server, token } = site);
});
after(() => site.close());

/** The set-up of an address: its code comes by mail. */
async function address(session, method, fields, to) {
  const { pending_id: pendingId } = (await site.post(session, `${method}/begin`, fields)).json;
  const right = await site.code(to);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, "0");
  return { wrong, right: () => right, send: (code) => site.post(session, `${method}/confirm`, { pending_id: pendingId, code }) };
}
const bySeed = (seed, send) => ({ wrong: wrongCode(seed), right: () => codeNow(seed), send });

/** By one who has just signed in: the code of now is used. */
async function byAdmin(user, send) {
  const admin = await openAdmin(site, server, createAdminKey(site), user);
  return { wrong: wrongCode(admin.seed), right: () => codeOfStep(admin.seed, stepNow() + 1), send: (code) => send(admin, code) };
}

// For each route that consumes a code: how to prepare a user, and how to send it one code.
const attempts = {
  "POST /v1/verify": async (user) => bySeed(site.importUsers([user]).get(user), (code) => server.verify(token, user, code)),
  "POST /v1/w/elevate": async (user) => {
    const seed = site.importUsers([user]).get(user);
    const session = await openSession(server, token, user);
    return bySeed(seed, (code) => elevate(server, session, code));
  },
  "POST /v1/w/totp/confirm": async (user) => {
    const enrollment = await begin(server, token, user);
    return bySeed(enrollment.seed, (code) => confirm(server, enrollment, code));
  },
  "POST /v1/w/email/confirm": async (user) => address(await site.session(user, "walked@example.org"), "email", {}, "walked@example.org"),
  "POST /v1/w/alternate/confirm": async (user) => {
    const { session } = await site.elevated(user, "walker@example.org");
    return address(session, "alternate", { address: "walker@home.example" }, "walker@home.example");
  },
  // A new login for each: it must not begin the count anew (L8).
  "POST /v1/w/challenge/answer": async (user) => bySeed(site.importUsers([user]).get(user), async (code) => {
    const opened = await server.call("POST", "/v1/sessions", { token, json: { user, purpose: "challenge", receipt_purpose: "login", account: "a", issuer: "Bank" } });
    return site.post(opened.json.token, "challenge/answer", { attempt_id: crypto.randomUUID(), method: "totp", code });
  }),
  // An administrator's own code, asked for anew.
  "POST /v1/w/admin/backupcode": async (user) => {
    site.importUsers([`${user} lost`]);
    return byAdmin(user, (admin, code) => act(server, admin, "backupcode", { user: `${user} lost`, reason: "lost", code }));
  },
  "POST /v1/w/admin/policy": async (user) => byAdmin(user, async (admin, code) => {
    const { version, policy } = (await act(server, admin, "policy")).json;
    return act(server, admin, "policy", { version, policy: { ...policy, recovery_hold_hours: policy.recovery_hold_hours - 1 }, code });
  }),
};

test("every route that consumes a code is walked here, and no other one [L7]", () => {
  const consuming = routes.filter((route) => route.consumes_code).map((route) => `${route.method} ${route.path}`);
  assert.deepEqual(consuming.sort(), Object.keys(attempts).sort());
  for (const route of routes) {
    assert.ok(!/verify|confirm|elevate|answer/.test(route.path) || route.consumes_code, `${route.path} does not say that it consumes a code`);
  }
});

for (const [name, prepare] of Object.entries(attempts)) {
  test(`${name} counts every wrong code and locks: then even the right code waits [L7] [R13]`, async () => {
    const { wrong, right, send } = await prepare(`walk ${name.replaceAll("/", " ")}`);
    const waits = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answer = await send(wrong);
      assert.deepEqual([answer.status, answer.json.ok, answer.json.code], [200, false, "not_accepted"]);
      waits.push(answer.json.retry_after ?? 0);
    }
    assert.deepEqual(waits, [0, 0, 0, 0, 30]);
    const { json } = await send(right());
    assert.equal(json.ok, false, "the right code was taken while locked");
    assert.ok(json.retry_after > 0 && json.retry_after <= 30);
  });
}

// The routes that take a security code count it too, on its sets, in one budget.
for (const [name, ask] of [["verify", (session, user, code) => verifyCode(server, token, user, code)],
  ["elevate", (session, user, code) => elevateByCode(server, session, code)]]) {
  test(`${name} counts every wrong security code and locks, and the authenticator is left alone [L7] [L12] [R13]`, async () => {
    const user = `security codes ${name}`;
    const seed = site.importUsers([user]).get(user);
    const { code } = issueBackupCode(site, user);
    const session = await openSession(server, token, user);
    const waits = [];
    for (let attempt = 0; attempt < 5; attempt += 1) waits.push((await ask(session, user, newCode())).json.retry_after);
    assert.deepEqual(waits, [0, 0, 0, 0, 30]);
    for (const right of [() => ask(session, user, code), () => verifyCode(server, token, user, code), () => elevateByCode(server, session, code)]) {
      const { json } = await right();
      assert.deepEqual([json.ok, json.retry_after > 0], [false, true], "the right code was taken while locked");
    }
    assert.deepEqual((await server.verify(token, user, codeNow(seed))).json, { ok: true });
  });
}

test("a success clears the count of failures in a row [R13]", async () => {
  const seed = site.importUsers(["clears"]).get("clears");
  for (let attempt = 0; attempt < 4; attempt += 1) await server.verify(token, "clears", wrongCode(seed));
  assert.equal((await server.verify(token, "clears", codeNow(seed))).json.ok, true);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    assert.equal((await server.verify(token, "clears", wrongCode(seed))).json.retry_after, 0);
  }
  assert.equal((await server.verify(token, "clears", wrongCode(seed))).json.retry_after, 30);
});

test("repeating a used code is not counted: a double click delays nobody [R9d]", async () => {
  const seed = site.importUsers(["double click"]).get("double click");
  const code = codeNow(seed);
  assert.equal((await server.verify(token, "double click", code)).json.ok, true);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    assert.deepEqual((await server.verify(token, "double click", code)).json, { ok: false, code: "not_accepted", retry_after: 0 });
  }
});

test("beginning again does not clear the count of a locked enrollment [L8]", async () => {
  const enrollment = await begin(server, token, "begins again");
  for (let attempt = 0; attempt < 5; attempt += 1) await confirm(server, enrollment, wrongCode(enrollment.seed));
  const same = await askBegin(server, enrollment.session, enrollment.keys);
  assert.equal(same.json.sealed, enrollment.sealed);
  const locked = await confirm(server, enrollment, codeNow(enrollment.seed));
  assert.deepEqual([locked.json.ok, locked.json.reason], [false, "wait"]);
});
