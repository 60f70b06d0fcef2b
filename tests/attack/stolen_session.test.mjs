// SPDX-License-Identifier: Apache-2.0
// A thief has somebody's open session, and something of theirs beside it; its owner defends the account.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { Person } from "../menu/person.mjs";
import { Administrator } from "../menu/staff.mjs";
import { beginIn, confirm } from "../server/http/enroll.mjs";
import { codeOfStep } from "../server/http/totp.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("email", ["kba", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
});
after(() => site.close());

const codeOf = ({ status, json }) => [status, json?.code];

/** Who has one security code binds an authenticator of their own beside the owner's. */
async function recover(owner) {
  const session = await owner.session();
  const code = owner.codes.shift();
  const elevated = await owner.call("POST", "/v1/w/elevate", session, { method: "security_code", code });
  assert.equal(elevated.json?.ok, true, elevated.text);
  const enrollment = await beginIn(site.server, session, owner.user);
  assert.equal((await confirm(site.server, enrollment, codeOfStep(enrollment.seed, site.step))).json?.ok, true);
}

const isOver = async (administrator, session) => {
  const asked = await Promise.all([
    administrator.call("GET", "/v1/w/admin/policy", session),
    administrator.call("POST", "/v1/w/admin/audit", session, {}),
    administrator.call("POST", "/v1/w/admin/user", session, { user: administrator.user }),
  ]);
  return asked.map(codeOf);
};
const over = Array.from({ length: 3 }, () => [401, "auth.invalid"]);

test("an administrator's fresh factor is none that a recovery has bound, for a day [R3] [R2]", async () => {
  const victim = await new Person(site, "victim").addApp();
  const boss = await Administrator.hire(site, "boss");
  const session = await boss.signIn();
  const recoveredAt = (time) => site.changeStore(`UPDATE credential SET recovery = 1, active_at = ${Math.floor(time)} WHERE user = '${boss.user}'`);
  recoveredAt(site.now - 86400 + 3600);
  const refused = (answer) => assert.deepEqual([answer.json.ok, answer.json.code], [false, "not_accepted"], answer.text);
  const code = await boss.code();
  refused(await boss.issueCode(session, victim.user, { code }));
  const { policy, version } = (await boss.call("GET", "/v1/w/admin/policy", session)).json;
  policy.counting.notice_at += 1;
  refused(await boss.call("POST", "/v1/w/admin/policy", session, { version, policy, code: await boss.code() }));
  assert.equal(site.storeRows("security_code", victim.user).length, 0);
  recoveredAt(site.now - 86400);
  refused(await boss.issueCode(session, victim.user, { code }));  // it is used up
  assert.equal((await boss.issueCode(session, victim.user)).json.ok, true);
});

test("an administrator's open session ends with a change of what its owner has, by himself or by the operator [R3] [R2]", async () => {
  const boss = await Administrator.hire(site, "changed");
  await boss.addCodes(await boss.elevated());
  const before = await boss.signIn();
  const other = await Administrator.hire(site, "unchanged");
  const stays = await other.signIn();
  await boss.addCodes(await boss.elevated());
  assert.deepEqual(await isOver(boss, before), over, "new codes");
  const again = await boss.signIn();
  await recover(boss);
  assert.deepEqual(await isOver(boss, again), over, "a recovery");
  const hired = await Administrator.hire(site, "disabled");
  const last = await hired.signIn();
  site.must(["methods", "disable", "--data", site.data, "--user", hired.user, "--credential", hired.appId]);
  assert.deepEqual(await isOver(hired, last), over, "the operator");
  assert.equal((await other.call("GET", "/v1/w/admin/policy", stays)).status, 200, "of another administrator");
});

/** What a thief begins while the session is elevated. @returns how they end it later */
const begins = {
  alternate: async (person, session) => {
    const address = `${person.user}@evil.example`;
    const begun = await person.call("POST", "/v1/w/alternate/begin", session, { address });
    assert.equal(begun.json?.ok, true, begun.text);
    const code = await site.mail.nextCode(address, 0);
    return () => person.call("POST", "/v1/w/alternate/confirm", session, { pending_id: begun.json.pending_id, code });
  },
  authenticator: async (person, session) => {
    const enrollment = await beginIn(site.server, session, person.user);
    return () => confirm(site.server, enrollment, codeOfStep(enrollment.seed, site.step));
  },
};

/** What the owner does against it, in a session of their own. */
const defends = {
  "a new app": (person, session) => person.addApp(session, { replaces: person.appId }),
  "new codes": (person, session) => person.addCodes(session),
  "new answers": (person, session) => person.addQuestions(session),
  "one app less": async (person, session) => {
    const removed = await person.call("POST", "/v1/w/totp/remove", session, { credential_id: person.spareId });
    assert.equal(removed.status, 200, removed.text);
  },
  "another address": (person, session) => person.addMail("email", session),
  "the operator": (person) => site.must(["methods", "disable", "--data", site.data, "--user", person.user, "--credential", person.spareId]),
};

for (const [thing, begin] of Object.entries(begins)) {
  for (const [defense, defend] of Object.entries(defends)) {
    test(`what a stolen session began while it was elevated ends with it: ${thing}, ${defense} [R2] [R23] [L16]`, async () => {
      const person = await new Person(site, "robbed").addApp();
      person.spareId = person.appId;
      await person.addApp(await person.elevated());
      const stolen = await person.elevated();
      const own = await person.elevated();
      const finish = await begin(person, stolen);
      await defend(person, own);
      assert.deepEqual(codeOf(await finish()), [404, "enrollment.pending_unknown"]);
    });
  }
}

test("what the owner began in their own session goes on after they have changed something else in it [R2]", async () => {
  const person = await new Person(site, "owner").addApp();
  const own = await person.elevated();
  const finish = await begins.alternate(person, own);
  await person.addApp(own, { replaces: person.appId });
  assert.equal((await finish()).json?.ok, true);
});
