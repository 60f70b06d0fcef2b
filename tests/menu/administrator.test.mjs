// SPDX-License-Identifier: Apache-2.0
// The administrator's dashboard, over HTTP: policy, users, backup codes, the audit trail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { wrongCode } from "../server/http/totp.mjs";
import { assertPassed, assertRefused } from "./login.mjs";
import { Person } from "./person.mjs";
import { MenuSite, forgotPhone, securityCodes } from "./site.mjs";
import { Administrator } from "./staff.mjs";

let site;
let stella;

before(async () => {
  site = await MenuSite.open();
  stella = await Administrator.hire(site, "stella");
});
after(() => site.close());

const readPolicy = async (session) => (await stella.call("GET", "/v1/w/admin/policy", session)).json;
const savePolicy = (session, json) => stella.call("POST", "/v1/w/admin/policy", session, json);

/** Saves a change of the present policy, with a fresh code. */
async function save(session, change) {
  const { version, policy } = await readPolicy(session);
  change(policy);
  return savePolicy(session, { version, policy, code: await stella.code() });
}

test("Save applies the whole document at once, with who and when, and the next request meets it [A10] [A1]", async () => {
  const ana = await new Person(site, "ana").addApp();
  site.setPolicy(forgotPhone("kba"));
  await ana.addQuestions(await ana.elevated());
  site.setPolicy((policy) => { policy.forgot_phone.enabled = false; });
  const login = await ana.login();
  assert.equal((await login.state()).forgot_phone, false);
  const session = await stella.signIn();
  const before = await readPolicy(session);
  const saved = await save(session, forgotPhone("kba"));
  assert.deepEqual([saved.status, saved.json.version], [200, before.version + 1], saved.text);
  const after = await readPolicy(session);
  assert.deepEqual([after.version, after.who, after.policy.forgot_phone.enabled], [before.version + 1, stella.user, true]);
  assert.ok(Math.abs(after.at - site.now) < 30);
  assert.deepEqual((await login.state()).alternates, ["kba"], "in a login that was open already");
  await assertPassed(login, await login.byQuestions());
  const { versions } = (await stella.call("GET", "/v1/w/admin/policy/history", session)).json;
  const last = versions.find(({ version }) => version === after.version);
  assert.deepEqual([last.who, last.policy], [stella.user, after.policy]);
});

test("a contradiction, half a document and somebody else's version are refused, and nothing of them takes effect [A10] [A5] [A12]", async () => {
  const session = await stella.signIn();
  const before = await readPolicy(session);
  const refused = async (change, code, field) => {
    const policy = structuredClone(before.policy);
    change(policy);
    const answer = await savePolicy(session, { version: before.version, policy, code: await stella.code() });
    assert.deepEqual([answer.status, answer.json.code, answer.json.field], [422, code, field], answer.text);
    assert.match(answer.json.detail, /^.{10,}\.$/);
  };
  await refused((policy) => Object.assign(policy.login_methods, { totp: false, email: false }), "policy.no_login_method", "login_methods");
  await refused((policy) => Object.assign(policy.forgot_phone, { user_choice: true, offered: [] }), "policy.selected_not_offered", "forgot_phone.offered");
  await refused((policy) => { delete policy.kba; }, "policy.field_missing", "kba.questions");
  const stale = await savePolicy(session, { version: before.version - 1, policy: before.policy });
  assert.deepEqual([stale.status, stale.json.code], [409, "policy.version_changed"]);
  assert.deepEqual(await readPolicy(session), before);
});

test("a change that weakens asks for a fresh code, one that does not asks for none, and a wrong code saves nothing [A10] [R3]", async () => {
  const session = await stella.signIn();
  await save(session, (policy) => { policy.security_codes.enabled = false; });
  const { version, policy } = await readPolicy(session);
  const weaker = structuredClone(policy);
  securityCodes("both")(weaker);
  const bare = await savePolicy(session, { version, policy: weaker });
  assert.deepEqual([bare.status, bare.json.code], [403, "auth.fresh_factor_required"]);
  assertRefused(await savePolicy(session, { version, policy: weaker, code: wrongCode(stella.seed, site.now) }));
  assert.equal((await readPolicy(session)).version, version);
  const code = await stella.code();
  const saved = await savePolicy(session, { version, policy: weaker, code });
  assert.equal(saved.json.version, version + 1, saved.text);
  assertRefused(await savePolicy(session, { version: version + 1, policy: forgotten(weaker), code }));
  const stricter = await savePolicy(session, { version: version + 1, policy });
  assert.equal(stricter.json.version, version + 2, stricter.text);
});

function forgotten(policy) {
  const changed = structuredClone(policy);
  forgotPhone("kba")(changed);
  changed.kba.questions = 1;
  return changed;
}

test("Generate Backup Code is among a user's actions while A8 or A9 is on, and only then [A11] [A8] [A9]", async () => {
  const ben = await new Person(site, "ben").addApp();
  const session = await stella.signIn();
  const allowed = async () => (await stella.call("POST", "/v1/w/admin/user", session, { user: ben.user })).json.backup_codes_allowed;
  const expected = [[(policy) => { policy.security_codes.enabled = false; }, false], [securityCodes("static"), false],
    [securityCodes("backup"), true], [securityCodes("both"), true]];
  for (const [change, yes] of expected) {
    site.setPolicy(change);
    assert.equal(await allowed(), yes, change.toString());
    const issued = await stella.issueCode(session, ben.user);
    if (yes) assert.equal(issued.json.ok, true, issued.text);
    else assert.deepEqual([issued.status, issued.json.code], [409, "policy.not_allowed"], issued.text);
  }
});

test("the code is shown once, signs in once and is told to its owner; a reason and a fresh code of the administrator's are needed [A8] [R3] [R23]", async () => {
  site.setPolicy(securityCodes("backup"));
  const ben = await new Person(site, "ben").addApp();
  const session = await stella.signIn();
  const before = site.mail.count(ben.email);
  await ben.session();
  assert.ok((await stella.issueCode(session, ben.user, { reason: "" })).status >= 400);
  const wrong = await stella.issueCode(session, ben.user, { code: wrongCode(stella.seed, site.now) });
  assert.deepEqual([wrong.json.ok, wrong.json.code], [false, "not_accepted"], wrong.text);
  const issued = await stella.issueCode(session, ben.user);
  assert.match(issued.json.code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  assert.ok(Math.abs(issued.json.expires_at - site.now - 24 * 3600) < 60);
  const { methods, backup_code: outstanding } = (await stella.call("POST", "/v1/w/admin/user", session, { user: ben.user })).json;
  assert.equal(outstanding.expires_at, issued.json.expires_at);
  assert.equal(JSON.stringify([methods, outstanding]).includes(issued.json.code), false, "shown a second time");
  const { text } = await site.mail.next(ben.email, before);
  assert.equal(text.includes(issued.json.code), false, "the notice holds the code");
  const login = await ben.login();
  const { recovery } = await assertPassed(login, await login.byCode(issued.json.code.replaceAll("-", "")));
  assert.equal(recovery, true);
  await site.mail.next(ben.email, before + 1);
  const none = await stella.issueCode(session, "nobody-at-all");
  assert.deepEqual([none.status, none.json.code], [409, "method.none"]);
});

test("an administrator sees a user's methods and unlocks one that pauses; nothing else of it is cleared [R13] [R3]", async () => {
  const ben = await new Person(site, "locked").addApp();
  const session = await stella.signIn(["unlock"]);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const login = await ben.login();
    assertRefused(await login.answer("totp", { code: wrongCode(ben.seed, site.now) }));
  }
  const seen = async () => (await stella.call("POST", "/v1/w/admin/user", session, { user: ben.user })).json.methods[0];
  const paused = await seen();
  assert.ok(paused.paused_until > site.now, JSON.stringify(paused));
  const done = await stella.call("POST", "/v1/w/admin/unlock", session, { user: ben.user, credential_id: paused.credential_id });
  assert.equal(done.json?.ok, true, done.text);
  assert.equal((await seen()).paused_until, undefined);
  const login = await ben.login();
  await assertPassed(login, await login.byApp());
  const foreign = await stella.call("POST", "/v1/w/admin/unlock", session, { user: stella.user, credential_id: paused.credential_id });
  assert.ok(foreign.status >= 400, foreign.text);
});

test("the path back from everything disabled: an administrator's code signs in, and binds a new app [R13] [R3] [A8] [U3]", async () => {
  site.setPolicy(securityCodes("both"));
  const ben = await new Person(site, "lost-all").addApp();
  await ben.addCodes(await ben.elevated());
  site.changeStore(`UPDATE credential SET status = 'disabled' WHERE user = '${ben.user}'`);
  const locked = await ben.login();
  const state = await locked.state();
  assert.notEqual(state.state, "enrollment_required", "a disabled method is no reason to enroll anew");
  assert.equal((await locked.byApp()).json?.ok === true, false);
  const session = await stella.signIn();
  const issued = await stella.issueCode(session, ben.user);
  assert.equal(issued.json.ok, true, issued.text);
  const login = await ben.login();
  const { recovery } = await assertPassed(login, await login.byCode(issued.json.code.replaceAll("-", "")));
  assert.equal(recovery, true);
  const opened = await ben.session({ elevated_by: login.challenge });
  assert.equal((await ben.methods(opened)).recovery, true);
  const held = await ben.remove(opened, ben.codesId);
  assert.deepEqual([held.status, held.json.code], [403, "auth.recovery_only"]);
  await ben.addApp(opened, { replaces: ben.appId });
  await site.pass(30);
  const back = await ben.login();
  await assertPassed(back, await back.byApp());
});

test("the audit trail is read with its checkpoint, and holds who did what to whom [R26] [R3] [A10]", async () => {
  const session = await stella.signIn(["audit"]);
  const deadline = Date.now() + 15_000;
  let answer;
  do {
    answer = await stella.call("POST", "/v1/w/admin/audit", session, {});
    assert.equal(answer.status, 200, answer.text);
  } while (answer.json.records.some(({ number }) => number === undefined) && Date.now() < deadline);
  const { records, key } = answer.json;
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.ok(records.length > 0 && records.length <= 200);
  const numbers = records.map(({ number }) => number).filter((number) => number !== undefined);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  const events = new Set(records.map(({ event }) => event));
  assert.ok([...events].some((event) => /backup/.test(event)), [...events].join());
});
