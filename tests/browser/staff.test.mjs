// SPDX-License-Identifier: Apache-2.0

// What opens the administration and what does not: spoken to without a browser, as whoever has found a fallback may.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { people } from "../../demo-site/seeds.mjs";
import { countersignUser } from "./administering.mjs";
import { beginSealed } from "./codes.mjs";
import { findProgram, startDemonstration } from "./demonstration.mjs";
import { Phone } from "./phone.mjs";
import { Visitor } from "./visitor.mjs";

let site;

before(async () => {
  site = await startDemonstration();
});

after(() => site?.stop());

/** @param {object} [more] - which one it replaces. @returns the phone */
async function setUpApp(visitor, token, more = {}) {
  const { pendingId, secret } = await beginSealed(token, (question) => visitor.call(token, "totp/begin", { ...question, ...more }));
  const phone = new Phone(secret);
  const confirmed = await visitor.call(token, "totp/confirm", { pending_id: pendingId, code: await phone.freshCode() });
  assert.equal(confirmed.ok, true);
  return { phone, id: confirmed.credential_id };
}

const prove = async (visitor, token, method, code) =>
  (await visitor.call(token, "challenge/answer", { attempt_id: randomUUID(), method, code })).receipt;

const giveReceipt = async (visitor, path, receipt) => {
  const answer = await visitor.post(path, JSON.stringify({ receipt }));
  return { status: answer.status, body: await answer.json() };
};

function issueBackupCode() {
  const { data, masterKey } = site.paths;
  const user = countersignUser({ site }, people.staff.email);
  return execFileSync(findProgram(), ["backup-code", "issue", "--data", data, "--master-key-file", masterKey, "--user", user,
    "--reason", "lost phone", "--who", "operator"], { encoding: "utf8" }).match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)[0];
}

async function signInAsStaff(method, code) {
  const visitor = new Visitor(site);
  await visitor.givePassword(people.staff, "/admin/login");
  const receipt = await prove(visitor, await visitor.session("/admin/challenge"), method, await code());
  return { visitor, answer: await giveReceipt(visitor, "/admin/proof", receipt) };
}

test("neither a fallback nor an authenticator that a fallback has bound opens the administration [R2] [R3]", async () => {
  const stella = new Visitor(site);
  await stella.givePassword(people.staff, "/admin/login");
  const { phone, id } = await setUpApp(stella, await stella.session("/admin/set-up"));

  const own = await signInAsStaff("totp", () => phone.freshCode());
  assert.deepEqual([own.answer.status, await own.visitor.mayEnter("/admin/users")], [200, true]);

  const byCode = await signInAsStaff("security_code", issueBackupCode);
  assert.deepEqual(byCode.answer, { status: 403, body: { refused: "fallback" } });

  const customer = new Visitor(site);
  assert.equal(await customer.givePassword(people.staff), "/login/code");
  const receipt = await prove(customer, await customer.session("/login/session"), "security_code", issueBackupCode());
  assert.equal((await giveReceipt(customer, "/login/receipt", receipt)).status, 200);
  const bound = await setUpApp(customer, await customer.session("/security/session"), { replaces: id });

  const byBound = await signInAsStaff("totp", () => bound.phone.freshCode());
  assert.deepEqual(byBound.answer, { status: 403, body: { refused: "recovery" } });
  for (const { visitor } of [byCode, byBound]) assert.equal(await visitor.mayEnter("/admin/users"), false);
});
