// SPDX-License-Identifier: Apache-2.0
// Everything that a login or a set-up consumes, by many callers at once: what is good once is taken once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Login, newAttempt } from "../menu/login.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { issueBackupCode, stretch } from "../server/http/security_codes.mjs";
import { codeNow } from "../server/http/totp.mjs";

const parallel = 16;
const rounds = Number(process.env.COUNTERSIGN_CODE_ROUNDS ?? 20);
let site;
let ana;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba", ["kba", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
    policy.alternate_hold_hours = 0;
  }), { movable: false, logLevel: "info" });
  ana = await new Person(site, "ana").addApp();
  const session = await elevatedByHand();
  await ana.addMail("email", session);
  await ana.addMail("alternate", await elevatedByHand());
  await ana.addQuestions(await elevatedByHand());
  assert.equal((await ana.choose(await elevatedByHand(), ["kba", "email"])).json?.ok, true);
});
after(() => site.close());

/** A step-up without waiting for the next code: the store is told that the last one was not used. */
async function elevatedByHand() {
  forgetUse();
  ana.lastStep = site.step - 1;
  return ana.elevated();
}

/** What was used may be used again: a round is not a quarter of a minute. Old sessions go: a user has 16 at most. */
function forgetUse() {
  site.changeStore(`UPDATE credential SET last_step = 0, failures = 0, not_before = 0, uses = 0 WHERE user = '${ana.user}';
    DELETE FROM mail_allowance; DELETE FROM session WHERE user = '${ana.user}';`);
}

const atOnce = (call) => Promise.all(Array.from({ length: parallel }, (_, index) => call(index)));
const yes = (answers) => answers.filter(({ json }) => json?.ok === true);

/** Yes, no, or told to come back: nothing else. */
function assertAnswers(answers) {
  for (const { status, json, text } of answers) {
    const known = json?.ok === true || ["not_accepted", "admission.busy", "challenge.not_allowed", "server.busy"].includes(json?.code);
    assert.ok(known && [200, 409, 429].includes(status), `${status} ${text}`);
  }
}

/** Only the gate's 429 is asked again: it said nothing about the code. */
async function admitted(call) {
  for (;;) {
    const answer = await call();
    if (answer.status !== 429) return answer;
  }
}

/** One login each for all callers. */
const logins = () => Promise.all(Array.from({ length: parallel }, () => ana.login()));

/** Runs the rounds of an operation that one of the callers may carry out. */
async function oneEach(prepare) {
  for (let round = 0; round < rounds; round += 1) {
    forgetUse();
    const call = await prepare(round);
    const answers = await atOnce(call);
    assertAnswers(answers);
    assert.equal(yes(answers).length, 1, `round ${round}: ${answers.map(({ status, json }) => `${status} ${json?.code ?? json?.ok}`)}`);
  }
}

test(`one code of the app in ${parallel} logins at once, ${rounds} rounds: one passes [R8] [R9] [L1]`, async () => {
  await oneEach(async () => {
    const open = await logins();
    const code = codeNow(ana.seed);
    return (index) => open[index].answer("totp", { code });
  });
});

test(`one login answered ${parallel} times at once with one code, ${rounds} rounds: it passes once, with one receipt that counts [R4] [R11] [L18]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    forgetUse();
    const login = await ana.login();
    const code = codeNow(ana.seed);
    const answers = await atOnce(() => login.answer("totp", { code }));
    assertAnswers(answers);
    assert.equal(yes(answers).length, 1);
    const redeemed = [];
    for (const { json } of yes(answers)) redeemed.push(await login.redeem(json.receipt));
    assert.equal(yes(redeemed).length, 1);
  }
});

test(`one attempt sent ${parallel} times at once, ${rounds} rounds: answered alike, counted once, and one receipt is good [R4] [R9]`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    forgetUse();
    const login = await ana.login();
    const attempt = newAttempt();
    const code = codeNow(ana.seed);
    const answers = await atOnce(() => admitted(() => login.answer("totp", { code }, attempt)));
    const receipts = yes(answers).map(({ json }) => json.receipt);
    assert.equal(receipts.length, parallel, answers.map(({ text }) => text.slice(0, 60)).join("\n"));
    const redeemed = [];
    for (const receipt of new Set(receipts)) redeemed.push(await login.redeem(receipt));
    assert.equal(yes(redeemed).length, 1, "one receipt is the last");
  }
});

test(`one receipt redeemed ${parallel} times at once, ${rounds} rounds: one yes [R4] [L14] [L18]`, async () => {
  await oneEach(async () => {
    const login = await ana.login();
    const passed = await login.answer("totp", { code: codeNow(ana.seed) });
    assert.equal(passed.json.ok, true, passed.text);
    return () => login.redeem(passed.json.receipt);
  });
});

test(`one mailed code given ${parallel} times at once, ${rounds} rounds: one passes [R23] [R9] [U11]`, async () => {
  await oneEach(async () => {
    const login = await ana.login();
    const code = await login.mailedCode("email");
    return () => login.answer("email", { code });
  });
});

test(`one code to the alternate address given ${parallel} times at once, ${rounds} rounds: one passes [R23] [R9] [A4]`, async () => {
  await oneEach(async () => {
    const login = await ana.login();
    const code = await login.mailedCode("alternate_email");
    return () => login.answer("alternate_email", { code });
  });
});

test(`${parallel} requests for mail at once, ${rounds} rounds: one is sent [R23] [L9]`, async () => {
  await oneEach(async () => {
    const open = await logins();
    return (index) => open[index].mail("email");
  });
});

test(`the answers in ${parallel} logins at once: three pass, and no more [R24] [R9] [A2]`, async () => {
  for (let round = 0; round < Math.max(2, rounds / 10); round += 1) {
    forgetUse();
    const open = await logins();
    const answers = await atOnce((index) => admitted(() => open[index].byQuestions()));
    assertAnswers(answers);
    assert.equal(yes(answers).length, 3, answers.map(({ text }) => text.slice(0, 60)).join("\n"));
  }
});

test(`one security code in ${parallel} logins at once, ${rounds} rounds: one passes [L2] [R9] [A7]`, async () => {
  await ana.addCodes(await elevatedByHand());
  const stretched = ana.codes.map((code) => stretch(code, ana.salt));
  for (let round = 0; round < Math.min(10, rounds); round += 1) {
    forgetUse();
    const open = await logins();
    const answers = await atOnce((index) => open[index].answer("security_code", { stretched: stretched[round] }));
    assertAnswers(answers);
    assert.equal(yes(answers).length, 1, `round ${round}`);
  }
});

test(`one backup code in ${parallel} logins at once: one passes [L2] [R3] [A8]`, async () => {
  for (let round = 0; round < Math.max(3, rounds / 20); round += 1) {
    forgetUse();
    const { code } = issueBackupCode(site, ana.user);
    const stretched = stretch(code.replaceAll("-", ""), ana.salt);
    const open = await logins();
    const answers = await atOnce((index) => open[index].answer("security_code", { stretched }));
    assertAnswers(answers);
    assert.equal(yes(answers).length, 1, `round ${round}`);
  }
});

for (const [which, name] of [["email", "OTP over email"], ["alternate", "the alternate address"]]) {
  test(`${name} confirmed ${parallel} times at once, ${rounds} rounds: one credential [R8] [R23] [${which === "email" ? "U4" : "U8"}]`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      site.changeStore("DELETE FROM mail_allowance;");
      const person = new Person(site, "confirming");
      if (which === "alternate") await person.addApp();
      // The app's own confirmation spent the present step; its store forgets that.
      site.changeStore(`UPDATE credential SET last_step = 0 WHERE user = '${person.user}'`);
      if (which === "alternate") person.lastStep = site.step - 1;
      const session = await person.elevated();
      const address = which === "email" ? person.email : person.otherEmail;
      const before = site.mail.count(address);
      const begun = await person.call("POST", `/v1/w/${which}/begin`, session, which === "email" ? {} : { address });
      assert.equal(begun.json.ok, true, begun.text);
      const code = await site.mail.nextCode(address, before);
      const answers = await atOnce(() => person.call("POST", `/v1/w/${which}/confirm`, session, { pending_id: begun.json.pending_id, code }));
      assert.equal(yes(answers).length, 1, answers.map(({ text }) => text.slice(0, 60)).join("\n"));
      const rows = site.storeRows("credential", person.user).filter(({ method }) => method !== "totp");
      assert.deepEqual(rows.map(({ status }) => status), ["active"]);
    }
  });
}

test(`a code used by logins, step-ups and the back end's own check at once, ${rounds} rounds: it opens one thing [R2] [R8] [L7]`, async () => {
  await oneEach(async () => {
    const open = await Promise.all(Array.from({ length: 6 }, () => ana.login()));
    const sessions = await Promise.all(Array.from({ length: 5 }, () => ana.session()));
    const code = codeNow(ana.seed);
    return (index) => {
      if (index < 6) return open[index].answer("totp", { code });
      if (index < 11) return ana.call("POST", "/v1/w/elevate", sessions[index - 6], { method: "totp", code });
      return site.server.verify(site.token, ana.user, code);
    };
  });
});

test("logins opened while others end: no answer is of another login [L14] [R4]", async () => {
  forgetUse();
  const asked = await atOnce(() => Login.ask(ana));
  assert.deepEqual([...new Set(asked.map(({ status }) => status))], [201]);
  assert.equal(new Set(asked.map(({ json }) => json.challenge)).size, parallel);
  assert.equal(new Set(asked.map(({ json }) => json.token)).size, parallel);
});
