// SPDX-License-Identifier: Apache-2.0
// Administrators over HTTP: who is one, what each may do, what costs him a code, and on whom nobody acts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { act, askAdmin, createAdminKey, openAdmin } from "./administrators.mjs";
import { answer, answerTotp, askChallenge, openChallenge, passByTotp } from "./challenges.mjs";
import { openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { setCodesPolicy } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

let site;
let server;
let token;      // of the bank
let adminToken;
let names = 0;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  adminToken = createAdminKey(site);
  setCodesPolicy(site, "both");
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const refusalOf = ({ status, json }) => [status, json.code];
const imported = (user) => site.importUsers([user]).get(user);
const newAdmin = (options) => openAdmin(site, server, adminToken, `admin-${++names}`, options);
/** Not used by the login that opened the session. */
const freshCode = (admin, ahead = 1) => codeOfStep(admin.seed, stepNow() + ahead);
const eventsOf = (user, event) => site.storeRows("audit", user).filter((row) => row.event === event).map(({ detail }) => detail);
const policyNow = async (admin) => (await act(server, admin, "policy")).json;
const notAccepted = { ok: false, code: "not_accepted", retry_after: 0 };

test("a key opens no administrator's session without the scope, and none is opened without the actor's own login [R3]", async () => {
  const seed = imported("actor");
  const plain = await passByTotp(server, token, "actor", seed);
  assert.deepEqual(refusalOf(await askAdmin(server, token, "actor", plain.id)), [403, "auth.scope_missing"]);
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "actor", plain.id)), [409, "challenge.not_passed"], "of another key");
  const open = await openChallenge(server, adminToken, "actor");
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "actor", open.id)), [409, "challenge.not_passed"], "not passed");
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "actor", "chl_aaaaaaaaaaaaaaaa")), [409, "challenge.not_passed"]);
  const passed = await answerTotp(server, open, codeOfStep(seed, stepNow() + 1));
  assert.equal(passed.json.state, "passed", passed.text);
  imported("stranger");
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "stranger", open.id)), [409, "challenge.not_passed"], "another's");
  site.changeStore("UPDATE challenge SET passed_at = unixepoch() - 601 WHERE passed_at IS NOT NULL");
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "actor", open.id)), [409, "challenge.not_passed"], "too long ago");
  site.changeStore("UPDATE challenge SET passed_at = unixepoch() WHERE passed_at IS NOT NULL");
  assert.equal((await askAdmin(server, adminToken, "actor", open.id)).status, 201);
  assert.equal(eventsOf("actor", "admin.session_opened").length, 1);
});

test("a login by a fallback, or by what a recovery has bound, opens no administrator's session [R3] [R2]", async () => {
  const admin = await newAdmin();
  imported("fallen");
  const issued = (await act(server, admin, "backupcode", { user: "fallen", reason: "lost phone", code: freshCode(admin) })).json;
  const challenge = await openChallenge(server, adminToken, "fallen");
  const passed = await answer(server, challenge, "security_code", { code: issued.code });
  assert.equal(passed.json.state, "passed", passed.text);
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "fallen", challenge.id)), [409, "challenge.not_passed"]);
  const seed = imported("rebound");
  site.changeStore("UPDATE credential SET recovery = 1, active_at = unixepoch() WHERE user = 'rebound'");
  const by = await passByTotp(server, adminToken, "rebound", seed);
  assert.deepEqual(refusalOf(await askAdmin(server, adminToken, "rebound", by.id)), [409, "challenge.not_passed"]);
});

test("an administrator's session names what it is for, and takes nothing that others take [R3]", async () => {
  const admin = await newAdmin();
  const life = admin.expiresAt - Date.now() / 1000;
  assert.ok(life > 590 && life <= 600, `${life}`);
  const invalid = [
    [{ scopes: [] }, "request.field_invalid"], [{ scopes: ["policy", "everything"] }, "request.field_invalid"],
    [{ scopes: undefined }, "request.field_missing"], [{ challenge: undefined }, "request.field_missing"],
    [{ account: "ann@example.org" }, "request.field_invalid"], [{ email: "a@example.org" }, "request.field_invalid"],
    [{ context: "x" }, "request.field_invalid"], [{ elevated_by: admin.challenge }, "request.field_invalid"],
  ];
  for (const [fields, code] of invalid) {
    assert.deepEqual(refusalOf(await askAdmin(server, adminToken, admin.user, admin.challenge, fields)), [400, code], JSON.stringify(fields));
  }
  const scoped = await askChallenge(server, adminToken, admin.user, { scopes: ["audit"] });
  assert.deepEqual(refusalOf(scoped), [400, "request.field_invalid"]);
  for (const [method, path] of [["GET", "/v1/w/methods"], ["GET", "/v1/w/challenge"]]) {
    assert.deepEqual(refusalOf(await server.call(method, path, { token: admin.session })), [403, "auth.wrong_purpose"]);
  }
  const manage = await openSession(server, adminToken, admin.user);
  const challenge = await openChallenge(server, adminToken, admin.user);
  for (const session of [manage, challenge.session]) {
    assert.deepEqual(refusalOf(await act(server, { session }, "policy")), [403, "auth.wrong_purpose"]);
    assert.deepEqual(refusalOf(await act(server, { session }, "backupcode", {})), [403, "auth.wrong_purpose"]);
  }
});

test("each route asks for its scope, and a scope written into the row opens nothing [R3] [R20]", async () => {
  const { policy } = await policyNow(await newAdmin());
  const acts = [
    ["policy", undefined, ["policy"]], ["policy/history", undefined, ["policy"]], ["policy", { version: 0, policy }, ["policy"]],
    ["user", { user: "x" }, ["unlock", "codes"]], ["unlock", { user: "x", credential_id: "crd_aaaaaaaaaaaaaaaa" }, ["unlock"]],
    ["backupcode", { user: "x", reason: "r", code: "123456" }, ["codes"]], ["audit", {}, ["audit"]],
  ];
  for (const scope of ["policy", "unlock", "codes", "audit"]) {
    const admin = await newAdmin({ scopes: [scope] });
    for (const [name, json, scopes] of acts) {
      const { status, json: told } = await act(server, admin, name, json);
      assert.equal(status === 403 && told.code === "auth.scope_missing", !scopes.includes(scope), `${scope} ${name}: ${status}`);
    }
  }
  const admin = await newAdmin({ scopes: ["audit"] });
  site.changeStore(`UPDATE session SET scopes = 'policy,audit' WHERE user = '${admin.user}' AND purpose = 'admin'`);
  assert.deepEqual(refusalOf(await act(server, admin, "policy")), [401, "auth.invalid"]);
  const key = site.createAppKey("plain");
  site.changeStore(`UPDATE app_key SET scopes = 'admin' WHERE app_key = '${key.id}'`);
  assert.deepEqual(refusalOf(await server.openSession(key.token, "x")), [401, "auth.invalid"]);
});

test("a policy that gets stricter is saved as it is; with who, when and its history, and in force at once [A10] [A12] [R11]", async () => {
  const admin = await newAdmin();
  const { version, policy } = await policyNow(admin);
  const stricter = structuredClone(policy);
  stricter.counting.notice_at = 40;
  const saved = await act(server, admin, "policy", { version, policy: stricter });
  assert.deepEqual([saved.status, saved.json], [200, { ok: true, version: version + 1 }]);
  const now = await policyNow(admin);
  assert.deepEqual([now.version, now.who, now.policy], [version + 1, admin.user, stricter]);
  const { versions } = (await act(server, admin, "policy/history")).json;
  assert.deepEqual(versions.at(-1), now);
  assert.deepEqual(versions.map((each) => each.version), versions.map((_, i) => i + 1));
  assert.deepEqual(refusalOf(await act(server, admin, "policy", { version, policy })), [409, "policy.version_changed"]);
  assert.deepEqual((await policyNow(admin)).policy, stricter);
});

test("what contradicts itself is refused with its place and a sentence, and nothing is saved [A10] [A5]", async () => {
  const admin = await newAdmin();
  const { version, policy } = await policyNow(admin);
  const changed = (change) => {
    const copy = structuredClone(policy);
    change(copy);
    return copy;
  };
  const refused = [
    [changed((p) => { p.login_methods = { totp: false, email: false }; }), "policy.no_login_method", "login_methods"],
    [changed((p) => { p.forgot_phone.user_choice = true; p.forgot_phone.offered = []; }), "policy.selected_not_offered", "forgot_phone.offered"],
    [changed((p) => { p.kba.questions = 0; }), "policy.out_of_range", "kba.questions"],
    [changed((p) => { delete p.totp; }), "policy.field_missing", "totp.past_steps"],
    [changed((p) => { p.surprise = 1; }), "policy.field_unknown", "surprise"],
    [changed((p) => { p["kba.own"] = true; }), "policy.field_unknown", "kba.own"],
    [[], "policy.malformed", ""],
  ];
  for (const [document, code, field] of refused) {
    const { status, json } = await act(server, admin, "policy", { version, policy: document, code: freshCode(admin) });
    assert.deepEqual([status, json.code, json.field], [422, code, field]);
    assert.match(json.detail, /\.$/);
  }
  for (const [body, code] of [[{ version }, "request.field_missing"], [{ policy }, "request.field_missing"], [{ version: -1, policy }, "request.field_invalid"],
    [{ version, policy, code: 123456 }, "request.field_invalid"], [{ version, policy, more: 1 }, "request.field_unknown"]]) {
    assert.deepEqual(refusalOf(await act(server, admin, "policy", body)), [400, code]);
  }
  const twice = `{"version":${version},"policy":${JSON.stringify(policy).replace("{", '{"allow_none":false,')}}`;
  assert.deepEqual(refusalOf(await server.call("POST", "/v1/w/admin/policy", { token: admin.session, body: twice, headers: { "content-type": "application/json" } })),
    [400, "request.malformed"]);
  assert.equal((await policyNow(admin)).version, version);
});

test("a weaker policy costs a fresh code of the actor's, spent with it [R3] [A1] [L18]", async () => {
  const admin = await newAdmin();
  const { version, policy } = await policyNow(admin);
  const weaker = structuredClone(policy);
  weaker.counting.notice_at = policy.counting.notice_at + 1;
  assert.deepEqual(refusalOf(await act(server, admin, "policy", { version, policy: weaker })), [403, "auth.fresh_factor_required"]);
  const wrong = await act(server, admin, "policy", { version, policy: weaker, code: wrongCode(admin.seed) });
  assert.deepEqual([wrong.status, wrong.json], [200, notAccepted]);
  const used = await act(server, admin, "policy", { version, policy: weaker, code: codeOfStep(admin.seed, admin.step) });
  assert.deepEqual(used.json, notAccepted, "the code that opened the session is spent");
  assert.equal((await policyNow(admin)).version, version);
  const code = freshCode(admin);
  const stale = await act(server, admin, "policy", { version: version + 7, policy: weaker, code });
  assert.deepEqual(refusalOf(stale), [409, "policy.version_changed"], "its code is not spent");
  assert.deepEqual((await act(server, admin, "policy", { version, policy: weaker, code })).json, { ok: true, version: version + 1 });
  const again = structuredClone(weaker);
  again.counting.notice_at += 1;
  assert.deepEqual((await act(server, admin, "policy", { version: version + 1, policy: again, code })).json, notAccepted);
  assert.equal(site.storeRows("credential", admin.user)[0].window_failures, 1, "wrong codes count, used ones do not");
});

test("of two who save at once one is told so, and his code is not spent [R3] [R11] [A10]", async () => {
  const admins = [await newAdmin(), await newAdmin()];
  const { version, policy } = await policyNow(admins[0]);
  const weaker = structuredClone(policy);
  weaker.recovery_hold_hours -= 1;
  const codes = admins.map((admin) => freshCode(admin));
  const both = await Promise.all(admins.map((admin, i) => act(server, admin, "policy", { version, policy: weaker, code: codes[i] })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409], both.map(({ text }) => text).join());
  const loser = both.findIndex(({ status }) => status === 409);
  const again = structuredClone(weaker);
  again.recovery_hold_hours -= 1;
  const done = await act(server, admins[loser], "policy", { version: version + 1, policy: again, code: codes[loser] });
  assert.deepEqual(done.json, { ok: true, version: version + 2 });
});

test("an administrator sees a user's methods and delays, and lifts a delay without forgetting failures [A11] [R13]", async () => {
  const admin = await newAdmin();
  const seed = imported("locked");
  for (let i = 0; i < 5; i += 1) await server.verify(token, "locked", wrongCode(seed));
  const seen = (await act(server, admin, "user", { user: "locked" })).json;
  const totp = seen.methods.find(({ method }) => method === "totp");
  assert.ok(totp.paused_until > Date.now() / 1000 && totp.paused_until <= Date.now() / 1000 + 31);
  assert.deepEqual([seen.backup_codes_allowed, seen.backup_code], [true, undefined]);
  const told = await server.call("POST", "/v1/users/methods", { token, json: { user: "locked" } });
  assert.equal(told.json.methods[0].paused_until, undefined, "for administrators alone");
  assert.equal((await server.verify(token, "locked", codeNow(seed))).json.ok, false);
  const unlocked = await act(server, admin, "unlock", { user: "locked", credential_id: totp.credential_id });
  assert.deepEqual([unlocked.status, unlocked.json], [200, { ok: true }]);
  const [row] = site.storeRows("credential", "locked");
  assert.deepEqual([row.not_before, row.failures, row.window_failures], [0, 5, 5]);
  assert.equal((await act(server, admin, "user", { user: "locked" })).json.methods[0].paused_until, undefined);
  assert.equal((await server.verify(token, "locked", codeNow(seed))).json.ok, true);
  assert.deepEqual(eventsOf("locked", "credential.unlocked"), [`who=${admin.user}`]);
});

test("unlocking ends nothing that is disabled, and finds nobody else's methods [R13] [R1]", async () => {
  const admin = await newAdmin();
  imported("ended");
  imported("other");
  const [{ credential }] = site.storeRows("credential", "ended");
  const unlock = (user, id) => act(server, admin, "unlock", { user, credential_id: id });
  site.changeStore("UPDATE credential SET status = 'disabled', not_before = unixepoch() + 60 WHERE user = 'ended'");
  assert.deepEqual(refusalOf(await unlock("ended", credential)), [409, "method.disabled"]);
  assert.equal(site.storeRows("credential", "ended")[0].status, "disabled");
  for (const [user, id] of [["other", credential], ["nobody", credential], ["ended", "crd_aaaaaaaaaaaaaaaa"], ["ended", "x"]]) {
    assert.deepEqual(refusalOf(await unlock(user, id)), [404, "method.unknown"]);
  }
});

test("a backup code is shown once, lets its user in as a recovery, and a new one ends it [A11] [A8] [R3]", async () => {
  const admin = await newAdmin();
  imported("lost");
  const issue = (code) => act(server, admin, "backupcode", { user: "lost", reason: "seen in person", code });
  const first = await issue(freshCode(admin));
  assert.deepEqual([first.status, first.json.ok], [200, true], first.text);
  assert.match(first.json.code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  const hours = (first.json.expires_at - Date.now() / 1000) / 3600;
  assert.ok(hours > 23.9 && hours <= 24);
  assert.deepEqual((await act(server, admin, "user", { user: "lost" })).json.backup_code, { expires_at: first.json.expires_at });
  for (const [name, bytes] of site.storeFiles()) {
    for (const form of [first.json.code, first.json.code.replaceAll("-", "")]) assert.equal(bytes.indexOf(form), -1, name);
  }
  assert.ok(server.log.every((line) => !line.includes(first.json.code)));
  site.changeStore(`UPDATE credential SET last_step = -1 WHERE user = '${admin.user}'`);
  const second = await issue(freshCode(admin));
  assert.equal(second.json.ok, true, second.text);
  const challenge = await openChallenge(server, token, "lost");
  assert.equal((await answer(server, challenge, "security_code", { code: first.json.code })).json.ok, false);
  const passed = await answer(server, challenge, "security_code", { code: second.json.code });
  assert.deepEqual([passed.json.state, passed.json.proven], ["passed", ["backup_code"]]);
  assert.deepEqual(eventsOf("lost", "backup_code.issued").map((detail) => detail.includes(`who=${admin.user} `) && detail.endsWith("reason=seen in person")), [true, true]);
  assert.equal((await act(server, admin, "user", { user: "lost" })).json.backup_code, undefined);
});

test("issuing costs a code of the actor's: a wrong one is counted, issues nothing and ends no code [R3] [L18]", async () => {
  const admin = await newAdmin();
  imported("waiting");
  const issue = (fields) => act(server, admin, "backupcode", { user: "waiting", reason: "lost", code: freshCode(admin), ...fields });
  assert.deepEqual((await issue({ code: wrongCode(admin.seed) })).json, notAccepted);
  assert.deepEqual((await issue({ code: codeOfStep(admin.seed, admin.step) })).json, notAccepted);
  assert.equal(site.storeRows("security_code", "waiting").length, 0);
  for (const reason of ["", "x".repeat(257), "a\nb"]) assert.deepEqual(refusalOf(await issue({ reason })), [400, "request.field_invalid"]);
  assert.deepEqual(refusalOf(await issue({ user: "unheard" })), [409, "method.none"]);
  setCodesPolicy(site, "static");
  assert.deepEqual(refusalOf(await issue()), [409, "policy.not_allowed"]);
  assert.equal((await act(server, admin, "user", { user: "waiting" })).json.backup_codes_allowed, false);
  setCodesPolicy(site, "both");
  assert.equal((await issue()).json.ok, true, "none of these has spent the code");
  assert.equal(site.storeRows("security_code", "waiting").length, 1);
});

test("nobody acts on himself or on another administrator, for 90 days [R3]", async () => {
  const admin = await newAdmin();
  const other = await newAdmin({ scopes: ["audit"] });
  const tries = async (user) => {
    const [{ credential }] = site.storeRows("credential", user);
    const code = await act(server, admin, "backupcode", { user, reason: "mine", code: freshCode(admin) });
    const unlock = await act(server, admin, "unlock", { user, credential_id: credential });
    return [refusalOf(code), refusalOf(unlock)];
  };
  const refused = [[403, "admin.not_on_administrators"], [403, "admin.not_on_administrators"]];
  assert.deepEqual(await tries(admin.user), refused);
  assert.deepEqual(await tries(other.user), refused);
  assert.equal(site.storeRows("security_code", other.user).length, 0);
  site.changeStore(`UPDATE audit SET at = unixepoch() - 90 * 86400 - 1 WHERE user = '${other.user}' AND event = 'admin.session_opened'`);
  const [issued] = await tries(other.user);
  assert.equal(issued[0], 200);
});

test("a session that has ended, or whose key was revoked, does nothing more [R3]", async () => {
  const admin = await newAdmin();
  site.changeStore(`UPDATE session SET expires_at = unixepoch() - 1 WHERE user = '${admin.user}'`);
  assert.deepEqual(refusalOf(await act(server, admin, "audit", {})), [401, "auth.invalid"]);
});

test("the audit log is told with its hashes, a checkpoint and the key: what the command line proves [R26]", async () => {
  const admin = await newAdmin();
  site.must(["realm", "create", ...site.place, "--name", "elsewhere"]);
  site.importUsers(["far"], { realm: "elsewhere" });
  const deadline = Date.now() + 10_000;
  let view;
  const isElsewhere = (record) => record.event === undefined;  // shown once it is sealed, not before
  do {
    view = (await act(server, admin, "audit", {})).json;
    assert.ok(Date.now() < deadline, "nothing is sealed");
  } while (view.records.some(({ number }) => number === undefined) || !view.records.some(isElsewhere));
  assert.equal(view.key, site.must(["audit", "key", ...site.place]).public_key);
  const { records } = site.must(["audit", "list", "--data", site.data, "--limit", "200"]);
  const here = new Map(records.map((record) => [record.number, record]));
  for (const record of view.records) {
    const whole = here.get(record.number);
    if (whole === undefined) continue;
    if (whole.realm === "default") assert.deepEqual(record, whole);
    else assert.deepEqual(record, { number: whole.number, hash: whole.hash }, "of other realms nothing is told");
  }
  assert.ok(view.records.length <= 200);
  const numbers = view.records.map(({ number }) => number);
  assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
  const later = (await act(server, admin, "audit", { after: numbers[2] })).json;
  assert.deepEqual(later.records.slice(0, 3).map(({ number }) => number), [numbers[2] + 1, numbers[2] + 2, numbers[2] + 3]);
  assert.deepEqual((await act(server, admin, "audit", { after: 1_000_000 })).json.records, []);
  for (const after of [-1, "1", 1.5]) assert.equal((await act(server, admin, "audit", { after })).status, 400);
});

test("a checkpoint in the answer is the newest, in the one form that a page proves [R26]", async () => {
  const admin = await newAdmin();
  const head = "ab".repeat(32);
  const signature = "cd".repeat(64);
  site.changeStore(`INSERT INTO audit_checkpoint VALUES (1, 9000000, x'${head}', 1800000000, x'${signature}')`);
  const { checkpoint } = (await act(server, admin, "audit", {})).json;
  assert.deepEqual(checkpoint, { line: `cs-checkpoint-1 1 9000000 ${head} 1800000000 ${signature}` });
  site.changeStore("DELETE FROM audit_checkpoint WHERE size = 9000000");
});
