// SPDX-License-Identifier: Apache-2.0
// A disk that takes no more, at each thing that a login or a set-up consumes: the answer is no, and when there is
// room again the very same call says yes, without a restart.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { newAttempt } from "../menu/login.mjs";
import { codeIn } from "../menu/mail.mjs";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { stretch } from "../server/http/security_codes.mjs";

let site;

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba", ["kba", "email"]), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
    policy.alternate_hold_hours = 0;
  }));
});
after(() => site.close());

/** Files of the server may not grow beyond a page; the soft limit only, so that it can be lifted again. */
function limitFiles(bytes) {
  const done = spawnSync("prlimit", ["--pid", String(site.server.child.pid), `--fsize=${bytes}:unlimited`]);
  assert.equal(done.status, 0, "prlimit");
}

/** Somebody with every method, and a login to answer. */
async function prepared(name) {
  const person = await new Person(site, name).addApp();
  await person.addMail("email", await person.elevated());
  await person.addMail("alternate", await person.elevated());
  await person.addQuestions(await person.elevated());
  const session = await person.elevated();
  await person.addCodes(session);
  assert.equal((await person.choose(session, ["kba", "email"])).json?.ok, true);
  await site.pass(61);
  return person;
}

/** Name, and what prepares a call that is made twice: on a full disk, and with room again. */
const operations = [
  ["a login by the app", async (person) => {
    const login = await person.login();
    const code = await person.code();
    return () => login.answer("totp", { code }, newAttempt());
  }],
  ["a login by a mailed code", async (person) => {
    const login = await person.login();
    const code = await login.mailedCode("email");
    return () => login.answer("email", { code }, newAttempt());
  }],
  ["a login by a code to the alternate address", async (person) => {
    const login = await person.login();
    const code = await login.mailedCode("alternate_email");
    return () => login.answer("alternate_email", { code }, newAttempt());
  }],
  ["a login by security questions", async (person) => {
    const login = await person.login();
    return () => login.byQuestions();
  }],
  ["a login by a security code", async (person) => {
    const login = await person.login();
    const stretched = stretch(person.codes[0], person.salt);
    return () => login.answer("security_code", { stretched }, newAttempt());
  }],
  ["a receipt redeemed", async (person) => {
    const login = await person.login();
    const passed = await login.answer("totp", { code: await person.code() });
    return () => login.redeem(passed.json.receipt);
  }],
  ["mail asked for", async (person) => {
    const login = await person.login();
    await site.pass(61);
    return () => login.mail("email");
  }],
  ["a step-up", async (person) => {
    const session = await person.session();
    const code = await person.code();
    return () => person.call("POST", "/v1/w/elevate", session, { method: "totp", code });
  }],
  ["a renewed set of codes", async (person) => {
    const session = await person.elevated();
    const stretched = Array.from({ length: 10 }, () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"));
    return () => person.call("POST", "/v1/w/codes/replace", session, { stretched });
  }],
  ["an address confirmed", async (person) => {
    const session = await person.elevated();
    const address = `other-${person.otherEmail}`;
    const begun = await person.call("POST", "/v1/w/alternate/begin", session, { address });
    const code = await site.mail.nextCode(address, 0);
    return () => person.call("POST", "/v1/w/alternate/confirm", session, { pending_id: begun.json.pending_id, code });
  }],
];

for (const [index, [name, prepare]] of operations.entries()) {
  test(`disk full at ${name}: the answer is no, nothing is burnt, and it recovers by itself [L19] [L18] [R10]`, async () => {
    const person = await prepared(`full-${index}`);
    const call = await prepare(person);
    const letters = async () => (await site.mail.to(person.email)).filter((letter) => codeIn(letter) !== undefined).length;
    const before = await letters();
    limitFiles("4096");
    try {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const refused = await call();
        assert.deepEqual([refused.status, refused.json.code], [503, "server.unavailable"], refused.text);
      }
      assert.equal(await letters(), before);
    } finally {
      limitFiles("unlimited");
    }
    const answer = await call();
    assert.equal(answer.json?.ok, true, `burnt by a refusal: ${answer.text}`);
    const again = await call();
    if (!/renewed/.test(name)) assert.notEqual(again.json?.ok, true, "good twice");
  });
}
