// SPDX-License-Identifier: Apache-2.0
// Sign in with security codes: a switch with three options, at the login.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { issueBackupCode } from "../server/http/security_codes.mjs";
import { assertNotAllowed, assertPassed, assertRefused } from "./login.mjs";
import { Person } from "./person.mjs";
import { MenuSite, securityCodes } from "./site.mjs";

let site;
let ben;

before(async () => {
  site = await MenuSite.open(securityCodes("both"));
  ben = await new Person(site, "ben").addApp();
  await ben.addCodes(await ben.elevated());
});
after(() => site.close());

const accepts = async (person) => (await (await person.login()).state()).accepts;
const issue = (person) => issueBackupCode(site, person.user).code.replaceAll("-", "");

test("the switch is off by default, and with it off no login takes a code [A6]", async () => {
  const off = (policy) => { policy.security_codes.enabled = false; };
  site.setPolicy(off);
  const login = await ben.login();
  assert.deepEqual((await login.state()).accepts, ["totp"]);
  assertNotAllowed(await login.byCode(ben.codes[0]));
  site.setPolicy(securityCodes("both"));
  assert.ok((await login.state()).accepts.includes("security_code"), "in the same login, from the next request on");
  await assertPassed(login, await login.byCode(ben.codes[0]));
});

test("static codes sign in, each once, with no limit of time; the administrator's do not under that option [A7] [U9]", async () => {
  site.setPolicy(securityCodes("both"));
  const backup = issue(ben);
  site.setPolicy(securityCodes("static"));
  const login = await ben.login();
  const { salt } = await login.state();
  assert.equal(Buffer.from(salt, "base64url").length, 16);
  assertRefused(await login.byCode(backup, salt));
  const { methods, fallback, recovery } = await assertPassed(login, await login.byCode(ben.codes[1], salt));
  assert.deepEqual([methods, fallback, recovery], [["static_code"], true, false]);
  const again = await ben.login();
  assertRefused(await again.byCode(ben.codes[1]));
  await site.pass(200 * 24 * 3600);
  const late = await ben.login();
  await assertPassed(late, await late.byCode(ben.codes[2]));
});

test("a backup code of the administrator's signs in once, within its time, and is marked; static ones do not under that option [A8] [R3]", async () => {
  site.setPolicy(securityCodes("backup"));
  const first = issue(ben);
  const login = await ben.login();
  assertRefused(await login.byCode(ben.codes[3]));
  const { methods, fallback, recovery } = await assertPassed(login, await login.byCode(first));
  assert.deepEqual([methods, fallback, recovery], [["backup_code"], true, true]);
  const again = await ben.login();
  const second = issue(ben);
  assertRefused(await again.byCode(first));
  const third = issue(ben);
  assertRefused(await again.byCode(second));
  await site.pass(24 * 3600 + 1);
  const late = await ben.login();
  assert.equal((await late.state()).accepts.includes("security_code"), false, "nothing is left that signs in");
  assertNotAllowed(await late.byCode(third));
});

test("under both kinds either signs in, typed as a person does too [A9] [A7] [A8]", async () => {
  site.setPolicy(securityCodes("both"));
  const byStatic = await ben.login();
  const typed = ben.codes[4].replace(/(.{4})(?=.)/g, "$1-").toLowerCase();
  assert.equal((await assertPassed(byStatic, await byStatic.answer("security_code", { code: typed }))).methods[0], "static_code");
  const backup = issue(ben);
  const byBackup = await ben.login();
  assert.equal((await assertPassed(byBackup, await byBackup.byCode(backup))).methods[0], "backup_code");
});

test("who has no codes is not asked for one [A6] [U6]", async () => {
  const bare = await new Person(site, "bare").addApp();
  assert.deepEqual(await accepts(bare), ["totp"]);
  assert.equal((await (await bare.login()).state()).salt, undefined);
});

test("the owner is told of each code used, and how many are left; without the code [U9] [R23]", async () => {
  const before = site.mail.count(ben.email);
  const login = await ben.login();
  await assertPassed(login, await login.byCode(ben.codes[6]));
  const { text } = await site.mail.notice(ben.email, /codes of the same kind that are left: \d\./i, before);
  assert.equal(text.includes(ben.codes[6]), false);
});
