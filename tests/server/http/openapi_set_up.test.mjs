// SPDX-License-Identifier: Apache-2.0
// The examples of openapi.yaml run against the real server: what a user's page sets up, changes and removes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changePolicy, openChallenge, passByTotp } from "./challenges.mjs";
import { seedOfUri } from "./enroll.mjs";
import { MailSite } from "./mail_site.mjs";
import { operations } from "./openapi.mjs";
import { ExampleRun } from "./openapi_examples.mjs";
import { runRefusals, runSessionRefusals } from "./openapi_refusals.mjs";
import { openElevated } from "./questions.mjs";
import { RunningServer } from "./running_server.mjs";
import { makeBoxKeys, openBox } from "./sealed_box.mjs";
import { elevateByCode, issueBackupCode, newCodes, stretch } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

const chosen = ({ purpose }) => purpose === "manage";
let site;
let server;
let token;
let run;
let names = 0;

before(async () => {
  site = await MailSite.open();
  ({ server, token } = site);
  run = new ExampleRun(server, chosen);
});
after(() => site.close());

const openMenu = () => changePolicy(site, (policy) => {
  policy.security_codes = { ...policy.security_codes, enabled: true, kind: "both" };
  policy.login_methods.email = true;
  policy.forgot_phone = { enabled: true, alternate: "kba_email", user_choice: true, offered: ["kba_email"] };
  policy.kba = { questions: 3, catalog: true, own: true };
});
const shut = async (change, work) => {
  changePolicy(site, change);
  await work();
  openMenu();
};
/** Every address is another one, and every mask the same. */
const addressOf = (user) => `a-${user}@example.org`;
const other = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

/** A user with an authenticator, and a session that is elevated by his login. */
async function person() {
  const user = `person-${++names}`;
  const seed = site.importUsers([user]).get(user);
  const { id } = await passByTotp(server, token, user, seed);
  const opened = await server.call("POST", "/v1/sessions",
    { token, json: { user, purpose: "manage", account: user, issuer: "Example Bank", email: addressOf(user), elevated_by: id } });
  assert.equal(opened.status, 201, opened.text);
  const { methods } = (await server.call("GET", "/v1/w/methods", { token: opened.json.token })).json;
  return { user, seed, session: opened.json.token, credential: methods[0].credential_id };
}

test("an authenticator is set up, replaced and removed", async () => {
  const session = await site.session("first", null);
  await run.run("listOwnMethods", "200 none", { token: session });
  const keys = makeBoxKeys();
  const begun = await run.run("beginTotp first", "200", { token: session, put: { public_key: keys.publicKey } });
  const seed = seedOfUri((await openBox(keys, begun.sealed)).message);
  const confirm = (code, expected) => run.run("confirmTotp", expected, { token: session, put: { pending_id: begun.pending_id, code } });
  await confirm(wrongCode(seed), "200 wrong");
  await run.run("confirmTotp", "200 clockOff", { token: session, own: ["clock_off_seconds"], put: { pending_id: begun.pending_id, code: codeOfStep(seed, stepNow() + 11) } });
  const { credential_id: credential } = await confirm(codeNow(seed), "200 active");
  await run.run("confirmTotp", "404 enrollment.pending_unknown", { token: session });
  await run.run("beginTotp first", "403 auth.step_up_required", { token: session, put: { public_key: keys.publicKey } });
  await run.run("elevateSession", "200 refused", { token: session, put: { code: wrongCode(seed) } });
  await run.run("elevateSession", "200 accepted", { token: session, put: { code: codeOfStep(seed, stepNow() + 1) } });
  await run.run("removeTotp", "404 method.unknown", { token: session });
  await run.run("removeTotp", "403 auth.step_up_required", { token: await site.session("first", null), put: { credential_id: credential } });
  await run.run("removeTotp", "409 method.last", { token: session, put: { credential_id: credential } });
  await run.run("beginTotp replace", "404 method.unknown", { token: session, put: { public_key: keys.publicKey } });
  await run.run("beginTotp replace", "200", { token: session, put: { public_key: keys.publicKey, replaces: credential } });
});

test("five authenticators are as many as there may be, and one of them goes", async () => {
  const { user, session } = await person();
  const added = [];
  for (let i = 0; i < 4; ++i) {
    const keys = makeBoxKeys();
    const { json } = await site.post(session, "totp/begin", { public_key: keys.publicKey });
    const seed = seedOfUri((await openBox(keys, json.sealed)).message);
    added.push((await site.post(session, "totp/confirm", { pending_id: json.pending_id, code: codeNow(seed) })).json.credential_id);
  }
  await run.run("beginTotp first", "409 enrollment.too_many", { token: session });
  await run.run("removeTotp", "200", { token: session, put: { credential_id: added[0] } });
  assert.ok(user);
});

test("a set-up that is paused says for how long", async () => {
  const session = await site.session("paused");
  const keys = makeBoxKeys();
  const begun = (await site.post(session, "totp/begin", { public_key: keys.publicKey })).json;
  const seed = seedOfUri((await openBox(keys, begun.sealed)).message);
  for (let i = 0; i < 5; ++i) await site.post(session, "totp/confirm", { pending_id: begun.pending_id, code: wrongCode(seed) });
  await run.run("confirmTotp", "200 wait", { token: session, own: ["retry_after"], put: { pending_id: begun.pending_id } });
});

test("the list of one who is elevated", async () => {
  openMenu();
  changePolicy(site, (policy) => {
    policy.security_codes.enabled = false;
    policy.login_methods.email = false;
  });
  const { session } = await person();
  const json = await run.run("listOwnMethods", "200 elevated", { token: session });
  assert.equal(json.methods[0].method, "totp");
  openMenu();
});

test("static codes", async () => {
  const { user, session } = await person();
  const { salt } = await run.run("getCodeSalt", "200", { token: session });
  const stretched = newCodes().map((code) => stretch(code, salt));
  const plain = await site.session(user);
  await run.run("replaceCodes", "403 auth.step_up_required", { token: plain, put: { stretched } });
  await run.run("replaceCodes", "200", { token: session, put: { stretched } });
  const none = await site.session("has-nothing");
  await run.run("replaceCodes", "409 method.none", { token: none, put: { stretched } });
  await shut((policy) => { policy.security_codes.enabled = false; }, () => run.run("replaceCodes", "409 policy.not_allowed", { token: session, put: { stretched } }));
});

test("OTP over email", async () => {
  const { user, session } = await person();
  const to = addressOf(user);
  const begun = await run.run("beginEmail", "200 sent", { token: session });
  await run.run("beginEmail", "200 wait", { token: session, own: ["retry_after"] });
  const code = await site.code(to);
  const put = { pending_id: begun.pending_id };
  await run.run("confirmEmail", "200 wrong", { token: session, put: { ...put, code: other(code) } });
  await shut((policy) => { policy.login_methods.email = false; }, async () => {
    await run.run("beginEmail", "409 policy.not_allowed", { token: session });
    await run.run("confirmEmail", "409 policy.not_allowed", { token: session, put: { ...put, code } });
  });
  await run.run("confirmEmail", "404 enrollment.pending_unknown", { token: session });
  const { credential_id: credential } = await run.run("confirmEmail", "200 active", { token: session, put: { ...put, code } });
  await run.run("removeMethod", "404 method.unknown", { token: session });
  await run.run("removeMethod", "200", { token: session, put: { credential_id: credential } });
  await run.run("beginEmail", "409 email.no_address", { token: await site.session("no address", null) });
  await run.run("beginEmail", "403 auth.step_up_required", { token: await site.session(user, to) });

  const alone = await site.session("alone", addressOf("alone"));
  const pending = (await site.post(alone, "email/begin")).json;
  const right = await site.code(addressOf("alone"));
  for (let i = 0; i < 5; ++i) await site.post(alone, "email/confirm", { pending_id: pending.pending_id, code: other(right) });
  await run.run("confirmEmail", "200 wait", { token: alone, own: ["retry_after"], put: { pending_id: pending.pending_id } });
});

test("an email that is the last second factor stays", async () => {
  const session = await site.session("mail alone", addressOf("mail-alone"));
  const { pending_id: pending } = (await site.post(session, "email/begin")).json;
  const confirmed = await site.post(session, "email/confirm", { pending_id: pending, code: await site.code(addressOf("mail-alone")) });
  assert.equal(confirmed.json.ok, true, confirmed.text);
  site.changeStore("UPDATE session SET elevated_until = unixepoch() + 600 WHERE user = 'mail alone'");
  await run.run("removeMethod", "409 method.last", { token: session, put: { credential_id: confirmed.json.credential_id } });
  await run.run("removeMethod", "403 auth.step_up_required", { token: await site.session("mail alone", addressOf("mail-alone")), put: { credential_id: confirmed.json.credential_id } });
});

test("an alternate address, and which ways of Forgot My Phone", async () => {
  const { user, session } = await person();
  const to = `a-home-${user}@example.org`;
  await run.run("beginAlternate", "422 email.address_invalid", { token: session, put: { address: "nobody" } });
  await run.run("beginAlternate", "422 email.same_as_primary", { token: session, put: { address: addressOf(user) } });
  const begun = await run.run("beginAlternate", "200 sent", { token: session, put: { address: to } });
  await run.run("beginAlternate", "200 wait", { token: session, put: { address: to }, own: ["retry_after"] });
  const code = await site.code(to);
  const put = { pending_id: begun.pending_id };
  await run.run("confirmAlternate", "200 wrong", { token: session, put: { ...put, code: other(code) } });
  await run.run("confirmAlternate", "404 enrollment.pending_unknown", { token: session });
  await shut((policy) => { policy.forgot_phone.enabled = false; }, async () => {
    await run.run("beginAlternate", "409 policy.not_allowed", { token: session });
    await run.run("confirmAlternate", "409 policy.not_allowed", { token: session, put: { ...put, code } });
    await run.run("chooseAlternates", "409 policy.not_allowed", { token: session });
  });
  await run.run("confirmAlternate", "200 active", { token: session, put: { ...put, code } });
  await run.run("chooseAlternates", "200", { token: session });
  const plain = await site.session(user);
  await run.run("beginAlternate", "403 auth.step_up_required", { token: plain });
  await run.run("chooseAlternates", "403 auth.step_up_required", { token: plain });
  await run.run("beginAlternate", "409 method.none", { token: await site.session("none-yet") });
  await run.run("chooseAlternates", "409 method.none", { token: await site.session("none-yet") });
  const unnamed = `unnamed-${++names}`;
  const seed = site.importUsers([unnamed]).get(unnamed);
  const { id } = await passByTotp(server, token, unnamed, seed);
  const opened = await server.call("POST", "/v1/sessions", { token, json: { user: unnamed, purpose: "manage", account: unnamed, issuer: "Example Bank", elevated_by: id } });
  await run.run("beginAlternate", "409 email.no_address", { token: opened.json.token });

  const next = await person();
  const late = `a-late-${next.user}@example.org`;
  const pending = (await site.post(next.session, "alternate/begin", { address: late })).json;
  const right = await site.code(late);
  for (let i = 0; i < 5; ++i) await site.post(next.session, "alternate/confirm", { pending_id: pending.pending_id, code: other(right) });
  await run.run("confirmAlternate", "200 wait", { token: next.session, own: ["retry_after"], put: { pending_id: pending.pending_id } });
});

test("security questions", async () => {
  const { user, session } = await person();
  await run.run("listQuestions", "200", { token: session, own: ["questions"] });
  await run.run("saveQuestions", "200", { token: session });
  await run.run("saveQuestions", "403 auth.step_up_required", { token: await site.session(user) });
  await run.run("saveQuestions", "409 method.none", { token: await site.session("without-any") });
  const [first, second, third] = operations.get("saveQuestions").requests[0].value.questions;
  const wrong = {
    wrong_count: [first], question_unknown: [{ id: "no_such", answer: "Zwetschge" }, second, third], question_malformed: [first, second, { text: "why?", answer: "Zwetschge" }],
    question_repeated: [first, { ...first, answer: "Patti Smith" }, third], answer_malformed: [{ ...first, answer: "The\u0000Ramones" }, second, third],
    answer_too_long: [{ ...first, answer: "x".repeat(257) }, second, third], answer_unassigned: [{ ...first, answer: "Ramones \u0378" }, second, third],
    answer_too_short: [{ ...first, answer: "ab" }, second, third], answer_denied: [{ ...first, answer: "password" }, second, third],
    answer_repeated: [first, { ...second, answer: first.answer }, third],
  };
  for (const [code, questions] of Object.entries(wrong)) {
    await run.run("saveQuestions", `422 kba.${code}`, { token: session, put: { questions }, own: ["index", "detail"] });
  }
  await shut((policy) => { policy.kba.own = false; }, () => run.run("saveQuestions", "422 kba.question_not_allowed", { token: session, own: ["index", "detail"] }));
  await shut((policy) => { policy.forgot_phone.enabled = false; }, async () => {
    await run.run("listQuestions", "409 policy.not_allowed", { token: session });
    await run.run("saveQuestions", "409 policy.not_allowed", { token: session });
  });
});

test("a session that a security code elevated changes nothing that is there", async () => {
  const { user } = await person();
  const { code } = issueBackupCode(site, user);
  const session = await site.session(user, addressOf(user));
  assert.equal((await elevateByCode(server, session, code)).json.recovery, true);
  const { methods } = (await server.call("GET", "/v1/w/methods", { token: session })).json;
  const put = { credential_id: methods[0].credential_id };
  for (const id of ["replaceCodes", "beginEmail", "beginAlternate", "chooseAlternates", "saveQuestions"]) {
    await run.run(id, "403 auth.recovery_only", { token: session });
  }
  for (const id of ["removeTotp", "removeMethod"]) await run.run(id, "403 auth.recovery_only", { token: session, put });
});

test("the refusals that are everywhere, on each operation", async () => {
  const { session } = await person();
  const challenge = await openChallenge(server, token, "somebody");
  for (const operation of [...operations.values()].filter(chosen)) {
    await runRefusals(run, operation, session);
    await runSessionRefusals(run, operation, { other: challenge.session, own: session });
  }
});

test("without a mail server no address is set up", async () => {
  const mailless = new Site();
  const key = mailless.createAppKey().token;
  run.server = await RunningServer.start(mailless);
  changePolicy(mailless, (policy) => {
    policy.login_methods.email = true;
    policy.forgot_phone.enabled = true;
  });
  const seed = mailless.importUsers(["elevated"]).get("elevated");
  const session = await openElevated(run.server, key, "elevated", seed);
  for (const id of ["beginEmail", "beginAlternate"]) await run.run(id, "409 mail.not_configured", { token: session });
  await run.server.stop();
  run.server = server;
  mailless.remove();
});

test("every example of these operations was run", () => {
  assert.deepEqual(run.missing(), []);
});
