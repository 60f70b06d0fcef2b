// SPDX-License-Identifier: Apache-2.0
// A login's second factor by the routes: what is open, what is taken, what is counted, and what is told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, answerTotp, askChallenge, changePolicy, forgot, newAttempt, openChallenge, passByTotp, redeem, show } from "./challenges.mjs";
import { elevate, methods, openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { issueBackupCode, newCode, userWithCodes } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  changePolicy(site, (policy) => { policy.security_codes = { ...policy.security_codes, enabled: true, kind: "both" }; });
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const notAccepted = { ok: false, code: "not_accepted", retry_after: 0 };
const imported = (user) => site.importUsers([user]).get(user);
const refusalOf = ({ status, json }) => [status, json.code];
const eventsOf = (user) => site.storeRows("audit", user).map(({ event, detail }) => ({ event, detail }));
const failuresOf = (user) => site.storeRows("credential", user).map(({ failures }) => failures);

test("who has an authenticator is asked for its code, passes, and the back end learns how [U6] [R4]", async () => {
  const seed = imported("plain");
  const challenge = await openChallenge(server, token, "plain", { context: "cart 7" });
  assert.match(challenge.id, /^chl_[a-z2-7]{16}$/);
  const life = challenge.expiresAt - Date.now() / 1000;
  assert.ok(life > 590 && life <= 600, `${life}`);
  const open = await show(server, challenge);
  assert.deepEqual(open.json, {
    challenge: challenge.id, state: "open", accepts: ["totp"], forgot_phone: false, alternates: [], proven: [],
    code_digits: 6, expires_at: challenge.expiresAt,
  });
  const passed = await answerTotp(server, challenge, codeNow(seed));
  assert.equal(passed.status, 200);
  const { receipt, ...rest } = passed.json;
  assert.match(receipt, /^cs_rcp_[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(rest, {
    ok: true, challenge: challenge.id, state: "passed", accepts: [], forgot_phone: false, alternates: [], proven: ["totp"],
    code_digits: 6, expires_at: challenge.expiresAt,
  });
  const redeemed = await redeem(server, token, { ...challenge, receipt });
  assert.deepEqual(redeemed.json, { ok: true, methods: ["totp"], fallback: false, recovery: false, context: "cart 7" });
  const after = (await show(server, challenge)).json;
  assert.deepEqual([after.state, after.accepts, after.receipt], ["ended", [], undefined]);
});

test("a wrong code is refused in one way, counts on the authenticator, and passes nothing [U6] [R13] [R14]", async () => {
  const seed = imported("wrong");
  const challenge = await openChallenge(server, token, "wrong");
  for (const code of [wrongCode(seed), "", "12345", "abcdef"]) {
    assert.deepEqual((await answerTotp(server, challenge, code)).json, notAccepted);
  }
  assert.deepEqual(failuresOf("wrong"), [1], "what is no code is not counted (R14b)");
  assert.equal((await show(server, challenge)).json.state, "open");
});

test("a new challenge does not reset the count, and the fifth failure ends the one it was made in [R13] [L8] [L10] [L11]", async () => {
  const seed = imported("persistent");
  const beside = await openChallenge(server, token, "persistent");
  let last;
  for (let i = 1; i <= 5; i += 1) {
    const challenge = await openChallenge(server, token, "persistent");
    last = { challenge, refused: (await answerTotp(server, challenge, wrongCode(seed))).json };
    assert.equal(last.refused.ok, false);
  }
  assert.ok(last.refused.retry_after >= 29 && last.refused.retry_after <= 30, JSON.stringify(last.refused));
  const ended = (await show(server, last.challenge)).json;
  assert.deepEqual([ended.state, ended.accepts], ["ended", []]);
  assert.deepEqual(refusalOf(await answerTotp(server, last.challenge, codeNow(seed))), [409, "challenge.not_allowed"]);
  // Another one of the user goes on behind the credential's own gate.
  assert.equal((await show(server, beside)).json.state, "open");
  assert.ok((await answerTotp(server, beside, codeNow(seed))).json.retry_after > 0, "a right code waits too");
  assert.equal((await show(server, beside)).json.state, "open", "and a wait ends nothing");
});

test("the same attempt sent again has its first outcome and costs nothing [R4]", async () => {
  const seed = imported("again");
  const challenge = await openChallenge(server, token, "again");
  const wrong = newAttempt();
  assert.deepEqual((await answerTotp(server, challenge, wrongCode(seed), wrong)).json, notAccepted);
  assert.deepEqual((await answerTotp(server, challenge, wrongCode(seed), wrong)).json, notAccepted);
  assert.deepEqual((await answerTotp(server, challenge, codeNow(seed), wrong)).json, notAccepted, "whatever it holds now");
  assert.deepEqual(failuresOf("again"), [1]);
  const right = newAttempt();
  const code = codeNow(seed);
  const first = (await answerTotp(server, challenge, code, right)).json;
  const second = (await answerTotp(server, challenge, code, right)).json;
  assert.deepEqual([first.state, second.state, second.ok], ["passed", "passed", true]);
  assert.notEqual(first.receipt, second.receipt);
  assert.equal((await redeem(server, token, { ...challenge, receipt: first.receipt })).json.ok, false, "the first is void");
  assert.equal((await redeem(server, token, { ...challenge, receipt: second.receipt })).json.ok, true);
  assert.deepEqual(failuresOf("again"), [0]);
});

test("an attempt of one challenge means nothing in another [R4] [L14]", async () => {
  const seed = imported("two logins");
  const attempt = newAttempt();
  const one = await openChallenge(server, token, "two logins");
  const two = await openChallenge(server, token, "two logins");
  assert.equal((await answerTotp(server, one, codeNow(seed), attempt)).json.state, "passed");
  assert.deepEqual((await answerTotp(server, two, codeNow(seed), attempt)).json, notAccepted, "the code is spent");
});

test("one code, eight at once in eight challenges: one passes; eight in one challenge: one step, one use [U6] [L1] [L18] [R11]", async () => {
  const seed = imported("burst");
  const code = codeNow(seed);
  const challenges = await Promise.all(Array.from({ length: 8 }, () => openChallenge(server, token, "burst")));
  const send = async (challenge) => {
    for (;;) {
      const answered = await answerTotp(server, challenge, code);
      if (answered.status !== 429) return answered;
    }
  };
  const across = await Promise.all(challenges.map(send));
  assert.deepEqual(across.map(({ json }) => json.state ?? json.code).sort(), [...Array(7).fill("not_accepted"), "passed"].sort());
  const next = codeOfStep(seed, stepNow() + 1);
  const fresh = await openChallenge(server, token, "burst");
  const within = await Promise.all(Array.from({ length: 8 }, async () => {
    for (;;) {
      const answered = await answerTotp(server, fresh, next);
      if (answered.status !== 429) return answered;
    }
  }));
  const passed = within.filter(({ json }) => json.ok === true);
  assert.equal(passed.length, 1, "one attempt made the step");
  for (const { status, json } of within) assert.ok(status === 200 || json.code === "challenge.not_allowed", JSON.stringify(json));
  assert.equal(site.storeRows("credential", "burst")[0].successes, 2);
});

test("a security code stands in for the authenticator, is told as a fallback, and is spent with the login [A6] [A7] [U11] [R3] [L18]", async () => {
  const { user, codes, stretched, salt } = await userWithCodes(server, token, "by code");
  const challenge = await openChallenge(server, token, user);
  const open = (await show(server, challenge)).json;
  assert.deepEqual([open.accepts, open.salt], [["totp", "security_code"], salt]);
  assert.deepEqual((await answer(server, challenge, "security_code", { code: newCode() })).json, notAccepted);
  const passed = (await answer(server, challenge, "security_code", { stretched: stretched[0] })).json;
  assert.deepEqual([passed.state, passed.proven], ["passed", ["static_code"]]);
  const redeemed = await redeem(server, token, { ...challenge, receipt: passed.receipt });
  assert.deepEqual(redeemed.json, { ok: true, methods: ["static_code"], fallback: true, recovery: false, context: "" });
  const second = await openChallenge(server, token, user);
  assert.deepEqual((await answer(server, second, "security_code", { code: codes[0] })).json, notAccepted, "once");
  const { code } = issueBackupCode(site, user);
  const recovered = (await answer(server, second, "security_code", { code })).json;
  const told = await redeem(server, token, { ...second, receipt: recovered.receipt });
  assert.deepEqual(told.json, { ok: true, methods: ["backup_code"], fallback: true, recovery: true, context: "" });
  const details = eventsOf(user).filter(({ event }) => event === "challenge.passed").map(({ detail }) => detail);
  assert.equal(details.length, 2);
  assert.ok(details.every((detail) => detail.includes(" fallback")));
});

test("without a first factor no fallback is offered or taken, and what was named is audited [R5] [U11]", async () => {
  const { user, stretched, enrollment } = await userWithCodes(server, token, "no first factor");
  const challenge = await openChallenge(server, token, user, { first_factor: undefined });
  assert.deepEqual((await show(server, challenge)).json.accepts, ["totp"]);
  assert.deepEqual(refusalOf(await answer(server, challenge, "security_code", { stretched: stretched[0] })), [409, "challenge.not_allowed"]);
  assert.equal(site.storeRows("security_code", user).filter(({ used_at }) => used_at !== null).length, 0);
  assert.ok(enrollment.seed);
  await openChallenge(server, token, user, { first_factor: { method: "password", at: 1767225600 } });
  const opened = eventsOf(user).filter(({ event }) => event === "challenge.opened").map(({ detail }) => detail);
  assert.equal(opened.length, 2);
  assert.ok(opened.some((detail) => detail.includes("first_factor=none")));
  assert.ok(opened.some((detail) => detail.includes("first_factor_at=1767225600 first_factor=password")));
});

test("who has no method has to set one up: no code, no fallback and no receipt end that challenge [R6] [U5]", async () => {
  const challenge = await openChallenge(server, token, "nobody yet");
  const shown = (await show(server, challenge)).json;
  assert.deepEqual([shown.state, shown.accepts, shown.forgot_phone, shown.receipt], ["enrollment_required", [], false, undefined]);
  for (const [method, given] of [["totp", { code: "123456" }], ["security_code", { code: newCode() }], ["email", { code: "123456" }],
    ["kba", { answers: [{ id: "x", answer: "y" }] }], ["alternate_email", { code: "123456" }]]) {
    assert.deepEqual(refusalOf(await answer(server, challenge, method, given)), [409, "challenge.not_allowed"], method);
  }
  const mail = await server.call("POST", "/v1/w/challenge/mail", { token: challenge.session, json: { method: "email" } });
  assert.deepEqual(refusalOf(mail), [409, "challenge.not_allowed"]);
  assert.deepEqual(refusalOf(await forgot(server, challenge, "kba")), [409, "challenge.not_allowed"]);
});

test("a login method that the policy takes away ends at once, for everybody alike [A12] [R11] [R14]", async () => {
  const seed = imported("method off");
  const challenge = await openChallenge(server, token, "method off");
  const onlyEmail = (policy) => { policy.login_methods = { totp: false, email: true }; };
  changePolicy(site, onlyEmail);
  try {
    const shown = (await show(server, challenge)).json;
    assert.deepEqual([shown.state, shown.accepts], ["enrollment_required", []]);
    assert.deepEqual(refusalOf(await answerTotp(server, challenge, codeNow(seed))), [409, "challenge.not_allowed"]);
    for (const user of ["method off", "never heard of"]) {
      assert.deepEqual(refusalOf(await server.verify(token, user, codeNow(seed))), [409, "policy.not_allowed"]);
    }
  } finally {
    changePolicy(site, (policy) => { policy.login_methods = { totp: true, email: false }; });
  }
  assert.equal((await answerTotp(server, challenge, codeNow(seed))).json.state, "passed", "and nothing was used meanwhile");
});

test("the steps of delay are those of the policy [A12] [L22]", async () => {
  const seed = imported("window");
  changePolicy(site, (policy) => { policy.totp = { past_steps: 0, future_steps: 0 }; });
  try {
    const challenge = await openChallenge(server, token, "window");
    const step = stepNow();
    assert.deepEqual((await answerTotp(server, challenge, codeOfStep(seed, step + 2))).json, notAccepted);
    assert.equal((await server.verify(token, "window", codeOfStep(seed, step - 1))).json.ok, false);
  } finally {
    changePolicy(site, (policy) => { policy.totp = { past_steps: 1, future_steps: 1 }; });
  }
  assert.equal((await server.verify(token, "window", codeOfStep(seed, stepNow() - 1))).json.ok, true);
});

test("a token of one purpose opens no route of another [L14] [R2]", async () => {
  const seed = imported("purposes");
  const challenge = await openChallenge(server, token, "purposes");
  const manage = await openSession(server, token, "purposes");
  const wrong = [403, "auth.wrong_purpose"];
  for (const [method, path] of [["GET", "/v1/w/methods"], ["GET", "/v1/w/codes/salt"], ["POST", "/v1/w/elevate"],
    ["POST", "/v1/w/totp/begin"], ["POST", "/v1/w/totp/confirm"], ["POST", "/v1/w/totp/remove"], ["POST", "/v1/w/codes/replace"]]) {
    const json = method === "POST" ? {} : undefined;
    assert.deepEqual(refusalOf(await server.call(method, path, { token: challenge.session, json })), wrong, path);
  }
  for (const [method, path] of [["GET", ""], ["POST", "/answer"], ["POST", "/forgot"], ["POST", "/mail"]]) {
    const json = method === "POST" ? {} : undefined;
    assert.deepEqual(refusalOf(await server.call(method, `/v1/w/challenge${path}`, { token: manage, json })), wrong, path);
  }
  assert.deepEqual(refusalOf(await elevate(server, challenge.session, codeNow(seed))), wrong);
  assert.equal((await server.verify(token, "purposes", codeNow(seed))).json.ok, true, "and the code was not spent");
});

test("a passed challenge elevates a manage session of the same user and key, for ten minutes of its own [R2]", async () => {
  const seed = imported("earned");
  const passed = await passByTotp(server, token, "earned", seed);
  const ask = (fields, key = token) => server.call("POST", "/v1/sessions", {
    token: key, json: { user: "earned", purpose: "manage", account: "ann@example.org", issuer: "Bank", ...fields } });
  const opened = await ask({ elevated_by: passed.id });
  assert.equal(opened.status, 201);
  const own = await methods(server, opened.json.token);
  assert.ok(own.elevated_until > Date.now() / 1000 + 590 && own.elevated_until <= Date.now() / 1000 + 600);
  assert.equal((await redeem(server, token, passed)).json.ok, true);
  assert.equal((await ask({ elevated_by: passed.id })).status, 201, "redeemed or not");

  const notPassed = [409, "challenge.not_passed"];
  const open = await openChallenge(server, token, "earned");
  assert.deepEqual(refusalOf(await ask({ elevated_by: open.id })), notPassed, "one that is open");
  assert.deepEqual(refusalOf(await ask({ elevated_by: "chl_aaaaaaaaaaaaaaaa" })), notPassed);
  assert.deepEqual(refusalOf(await ask({ elevated_by: passed.id, user: "somebody else" })), notPassed, "another user's [L14]");
  const other = site.createAppKey("other").token;
  assert.deepEqual(refusalOf(await ask({ elevated_by: passed.id }, other)), notPassed, "another application's");
  site.changeStore(`UPDATE challenge SET passed_at = passed_at - 601 WHERE challenge = '${passed.id}'`);
  assert.deepEqual(refusalOf(await ask({ elevated_by: passed.id })), notPassed, "passed too long ago");
});

test("one passed by a fallback elevates as a recovery [R2] [R3]", async () => {
  const { user, stretched, enrollment } = await userWithCodes(server, token, "earned by code");
  const challenge = await openChallenge(server, token, user);
  assert.equal((await answer(server, challenge, "security_code", { stretched: stretched[0] })).json.state, "passed");
  const opened = await server.call("POST", "/v1/sessions", {
    token, json: { user, purpose: "manage", account: "ann@example.org", issuer: "Bank", elevated_by: challenge.id } });
  assert.equal(opened.status, 201);
  const removed = await server.call("POST", "/v1/w/totp/remove", {
    token: opened.json.token, json: { credential_id: enrollment.credentialId } });
  assert.deepEqual(refusalOf(removed), [403, "auth.recovery_only"]);
});

test("what a session may not be opened with is told by field, and opens nothing", async () => {
  const refused = async (fields) => {
    const { status, json } = await askChallenge(server, token, "fields", fields);
    return [status, json.code, json.detail];
  };
  const invalid = async (fields) => (await refused(fields)).slice(0, 2).join(" ");
  assert.deepEqual(await refused({ receipt_purpose: undefined }), [400, "request.field_missing", "receipt_purpose: is missing"]);
  for (const fields of [{ receipt_purpose: "" }, { receipt_purpose: "x".repeat(65) }, { receipt_purpose: "a\u0000b" }, { context: "x".repeat(513) },
    { context: "a\u0000b" }, { first_factor: "password" }, { first_factor: { method: "", at: 1 } }, { first_factor: { method: "x", at: -1 } },
    { first_factor: { method: "x", at: 1.5 } }, { first_factor: { method: "x", at: "1" } }, { first_factor: [{ method: "x", at: 1 }] },
    { first_factor: { method: { a: 1 }, at: 1 } }, { elevated_by: "chl_aaaaaaaaaaaaaaaa" }, { email: "nobody" }, { email: "a@b\r\nBcc: c@d" },
    { purpose: "manage" }, { purpose: "everything" }]) {
    assert.equal(await invalid(fields), "400 request.field_invalid", JSON.stringify(fields));
  }
  assert.equal(await invalid({ first_factor: { method: "x" } }), "400 request.field_missing");
  assert.equal(await invalid({ first_factor: {} }), "400 request.field_missing");
  assert.equal(await invalid({ first_factor: { method: "x", at: 1, by: "y" } }), "400 request.field_unknown");
  assert.deepEqual([site.storeRows("challenge", "fields"), site.storeRows("session", "fields")], [[], []]);
});

test("what is no answer is told by field and counts nothing", async () => {
  const seed = imported("malformed");
  const challenge = await openChallenge(server, token, "malformed");
  const ask = async (json) => {
    const answered = await server.call("POST", "/v1/w/challenge/answer", { token: challenge.session, json });
    return `${answered.status} ${answered.json.code}`;
  };
  const attempt_id = newAttempt();
  const stretched = Buffer.alloc(32).toString("base64url");
  assert.equal(await ask({ method: "totp", code: "123456" }), "400 request.field_missing");
  for (const json of [{ attempt_id: "short", method: "totp", code: "1" }, { attempt_id: "x".repeat(65), method: "totp", code: "1" },
    { attempt_id: `${"x".repeat(16)} `, method: "totp", code: "1" }, { attempt_id, method: "sms", code: "1" },
    { attempt_id, method: "totp", stretched }, { attempt_id, method: "totp", code: "1", stretched },
    { attempt_id, method: "totp", answers: [] }, { attempt_id, method: "kba", answers: [{ id: "a", answer: "b" }], code: "1" }]) {
    assert.equal(await ask(json), "400 request.field_invalid", JSON.stringify(json));
  }
  for (const json of [{ attempt_id, method: "kba", code: "1" }, { attempt_id, method: "totp" }, { attempt_id, method: "kba", answers: [{ id: "a" }] }]) {
    assert.equal(await ask(json), "400 request.field_missing", JSON.stringify(json));
  }
  assert.deepEqual(failuresOf("malformed"), [0]);
  assert.equal((await answerTotp(server, challenge, codeNow(seed))).json.state, "passed");
});

test("an address given with a session is nowhere in the store in clear [R23] [L36]", async () => {
  imported("addressed");
  await openChallenge(server, token, "addressed", { email: "Somebody.Rare@example.org" });
  assert.equal(site.storeRows("contact", "addressed").length, 1);
  for (const [place, bytes] of [["the log", Buffer.from(server.log.join("\n"))], ...site.storeFiles()]) {
    assert.equal(bytes.indexOf("Somebody.Rare"), -1, place);
  }
});
