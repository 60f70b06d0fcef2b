// SPDX-License-Identifier: Apache-2.0
// What an operator changes of methods, pauses, mail and the policy, beside a running server.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answerTotp, openChallenge, show } from "../server/http/challenges.mjs";
import { enroll, enrollIn } from "../server/http/enroll.mjs";
import { MailSite, until } from "../server/http/mail_site.mjs";
import { countersign } from "../server/http/site.mjs";
import { codeOfStep, stepNow } from "../server/http/totp.mjs";

let site;
before(async () => { site = await MailSite.open(); });
after(() => site?.close());

const data = () => ["--data", site.data];
const refused = (args) => {
  const done = countersign([...args, "--json"]);
  assert.notEqual(done.status, 0, done.stdout);
  return [done.status, JSON.parse(done.stderr).error.code];
};
const listed = (user) => site.must(["methods", "list", ...data(), "--user", user]).methods;
const accepts = async (user, code) => (await site.server.verify(site.token, user, code)).json.ok;

test("unlock ends a pause and nothing else: failures stay counted, and the next one begins a longer pause [R13]", async () => {
  const seed = site.importUsers(["paused"]).get("paused");
  for (let i = 0; i < 5; i += 1) await site.server.verify(site.token, "paused", "000000");
  const [before] = listed("paused");
  assert.equal(before.state, "paused");
  assert.equal(await accepts("paused", codeOfStep(seed, stepNow())), false);
  assert.deepEqual(site.must(["unlock", ...data(), "--user", "paused", "--method", "email"]).unlocked, []);
  assert.equal(listed("paused")[0].state, "paused");
  assert.deepEqual(site.must(["unlock", ...data(), "--user", "paused"]).unlocked, [before.credential_id]);
  const [after] = listed("paused");
  assert.deepEqual([after.state, after.failures, after.failures_in_30_days], ["active", 5, 5]);
  const again = await site.server.verify(site.token, "paused", "000000");
  assert.ok(again.json.retry_after > 30, "doubled, as if there had been no unlock");
  site.must(["unlock", ...data(), "--user", "paused"]);
  assert.equal(await accepts("paused", codeOfStep(seed, stepNow())), true);
  assert.deepEqual(site.must(["unlock", ...data(), "--user", "paused"]).unlocked, []);
  assert.deepEqual(refused(["unlock", ...data(), "--user", "paused", "--method", "topt"]), [2, "cli.value_invalid"]);
  assert.deepEqual(refused(["unlock", ...data(), "--user", "nobody"]), [2, "user.unknown"]);
  const events = site.must(["audit", "list", ...data(), "--user", "paused", "--event", "credential.unlocked"]).records;
  assert.deepEqual(events.map(({ detail }) => detail), ["who=operator", "who=operator"]);
});

test("methods disable refuses codes at once, opens no enrollment, tells the owner, and unlock does not undo it [R6] [R13]", async () => {
  const { seed, credentialId, step } = await enroll(site.server, site.token, "disabled");
  const challenge = await openChallenge(site.server, site.token, "disabled");
  const session = await site.session("disabled", "disabled@example.org");
  site.must(["methods", "disable", ...data(), "--user", "disabled", "--credential", credentialId]);
  assert.equal(await accepts("disabled", codeOfStep(seed, step + 1)), false);
  assert.notEqual((await answerTotp(site.server, challenge, codeOfStep(seed, step + 1))).json?.state, "passed");
  assert.equal((await site.post(session, "totp/begin", { public_key: Buffer.alloc(32, 9).toString("base64url") })).json.code, "auth.step_up_required");
  await site.letter("disabled@example.org", /turned off/);
  site.must(["unlock", ...data(), "--user", "disabled"]);
  assert.equal(listed("disabled")[0].state, "disabled");
  assert.deepEqual(refused(["methods", "disable", ...data(), "--user", "disabled", "--credential", credentialId]), [2, "method.disabled"]);
  assert.deepEqual(refused(["methods", "disable", ...data(), "--user", "disabled", "--credential", "crd_aaaaaaaaaaaaaaaa"]), [2, "method.unknown"]);
});

test("methods remove takes one of two, ends elevations, tells the owner, and leaves the last one [R6] [R2]", async () => {
  const { session, enrollment } = await site.elevated("two", "two@example.org");
  const second = await enrollIn(site.server, session, "two");
  assert.deepEqual(refused(["methods", "remove", ...data(), "--user", "other", "--credential", second.credentialId]), [2, "user.unknown"]);
  site.importUsers(["other"]);
  assert.deepEqual(refused(["methods", "remove", ...data(), "--user", "other", "--credential", second.credentialId]), [2, "method.unknown"]);
  site.must(["methods", "remove", ...data(), "--user", "two", "--credential", enrollment.credentialId]);
  assert.deepEqual(listed("two").map(({ credential_id: id }) => id), [second.credentialId]);
  assert.equal(await accepts("two", codeOfStep(enrollment.seed, stepNow() + 1)), false);
  assert.equal((await site.server.call("GET", "/v1/w/methods", { token: session })).json.step_up_required, true);
  await site.letter("two@example.org", /removed/);
  assert.deepEqual(refused(["methods", "remove", ...data(), "--user", "two", "--credential", second.credentialId]), [2, "method.last"]);
  site.setPolicy((policy) => { policy.allow_none = true; });
  site.must(["methods", "remove", ...data(), "--user", "two", "--credential", second.credentialId]);
  site.setPolicy((policy) => { policy.allow_none = false; });
  assert.equal((await show(site.server, await openChallenge(site.server, site.token, "two"))).json.state, "enrollment_required");
});

test("policy diff names each field that differs and says which weaken, and changes nothing", () => {
  const { policy, version } = site.must(["policy", "get", ...data()]);
  const file = join(site.directory, "policy.json");
  const compare = (change) => {
    const wanted = structuredClone(policy);
    change(wanted);
    writeFileSync(file, JSON.stringify(wanted));
    const done = countersign(["policy", "diff", ...data(), "--file", file, "--json"]);
    assert.equal(done.stderr, "");
    return { status: done.status, ...JSON.parse(done.stdout) };
  };
  const same = compare(() => {});
  assert.deepEqual([same.status, same.same, same.differences, same.version], [0, true, [], version]);
  const mixed = compare((wanted) => { wanted.email_codes.tries = 3; wanted.counting.disable_at = 60; wanted.allow_none = true; });
  assert.equal(mixed.status, 1);
  assert.deepEqual(mixed.differences, [
    { field: "allow_none", before: false, after: true, weakens: true },
    { field: "email_codes.tries", before: 5, after: 3, weakens: false },
    { field: "counting.disable_at", before: 100, after: 60, weakens: false }]);
  // Each is harmless alone: neither the switch nor what stands below it opens more than the other lets it.
  const together = compare((wanted) => Object.assign(wanted.forgot_phone, { enabled: true, alternate: "kba" }));
  assert.deepEqual(together.differences.map(({ field, weakens }) => [field, weakens]), [["forgot_phone.enabled", true], ["forgot_phone.alternate", true]]);
  assert.match(countersign(["policy", "diff", ...data(), "--file", file]).stdout, /^forgot_phone\.enabled: false -> true {2}WEAKENS$/m);
  writeFileSync(file, "{}");
  assert.equal(countersign(["policy", "diff", ...data(), "--file", file]).status, 2);
  assert.equal(site.must(["policy", "get", ...data()]).version, version);
});

test("outbox: what waits and what is dead is listed by envelope, tried at once, and dropped", async () => {
  await site.session("waits", "waits@example.org");
  site.changeStore(`INSERT INTO outbox (realm, user, mail, kind, key_id, sealed, method, detail, created_at, expires_at, attempts, next_at, leased_until, state, reply_code)
    VALUES ('default', 'waits', 'mail_waiting', 'method_added', '', NULL, 'totp', '', unixepoch(), NULL, 3, unixepoch() + 900, 0, 'waiting', 451),
           ('default', 'waits', 'mail_dead1', 'locked', '', NULL, '', '', 1000, NULL, 9, 2000, 0, 'dead', 550),
           ('default', 'waits', 'mail_dead2', 'code', '', NULL, '', '', 1000, NULL, 9, 2000, 0, 'dead', 0)`);
  const mine = (flags = []) => site.must(["outbox", "list", ...data(), ...flags]).mails.filter(({ user }) => user === "waits");
  const kept = mine();
  assert.deepEqual(kept.map(({ mail, state, kind, attempts, reply_code: reply }) => [mail, state, kind, attempts, reply]),
    [["mail_dead1", "dead", "locked", 9, 550], ["mail_dead2", "dead", "code", 9, 0], ["mail_waiting", "waiting", "method_added", 3, 451]]);
  assert.ok(!JSON.stringify(kept).includes("example.org"));
  assert.equal(mine(["--dead"]).length, 2);
  assert.deepEqual(refused(["outbox", "retry", ...data(), "--mail", "mail_dead1"]), [2, "mail.unknown"]);
  assert.deepEqual(refused(["outbox", "retry", ...data()]), [2, "cli.flag_missing"]);
  assert.equal(site.must(["outbox", "retry", ...data(), "--mail", "mail_waiting"]).due, 1);
  await site.letter("waits@example.org", /added/);
  await until(() => !mine().some(({ state }) => state === "waiting"), "the mail to leave the outbox");
  assert.equal(site.must(["outbox", "drop", ...data(), "--mail", "mail_dead1"]).dropped, 1);
  assert.equal(site.must(["outbox", "drop", ...data(), "--dead"]).dropped, 1);
  assert.equal(site.must(["outbox", "drop", ...data(), "--dead"]).dropped, 0);
  assert.deepEqual(refused(["outbox", "drop", ...data(), "--mail", "mail_dead1"]), [2, "mail.unknown"]);
  assert.equal(site.must(["audit", "list", ...data(), "--user", "waits", "--event", "mail."]).records.length, 3);
});
