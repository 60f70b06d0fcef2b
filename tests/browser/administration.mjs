// SPDX-License-Identifier: Apache-2.0

// The administrator, with real parts and by keyboard alone: signs in and decides the policy row by row. Each screen is
// looked at by axe.

import assert from "node:assert/strict";

import { people } from "../../demo-site/seeds.mjs";
import { checkAccessible } from "../elements/checks.mjs";
import { changePolicy, choose, heading, policyInForce, save, status, tabToId, toggle } from "./administering.mjs";
import { openWatchedContext, startChromium } from "./chromium.mjs";
import { press, type } from "./keyboard.mjs";
import { Phone } from "./phone.mjs";

async function logInAsStaff(page, { email, password }) {
  await type(page, "Email address", email);
  await type(page, "Password", password);
  await page.keyboard.press("Enter");
}

async function refuseCustomers(world) {
  world.browser = await startChromium();
  const { context, record } = await openWatchedContext(world.browser);
  world.record = record;
  world.page = await context.newPage();
  const { page, site } = world;
  await page.goto(`${site.bank}/admin/users`);
  assert.match(page.url(), /\/admin\/login$/);
  await checkAccessible(page, "staff sign-in");
  await logInAsStaff(page, people.ana);
  await page.getByRole("alert").getByText("do not open the administration").waitFor();
  const answer = await fetch(`${site.bank}/countersign/w/admin/policy`, { headers: { authorization: "Bearer cs_ses_guess" } });
  assert.equal(answer.status, 404, "the bank passes nothing of the administration on for a stranger");
}

async function signIn(world) {
  const { page, site } = world;
  await page.goto(`${site.bank}/admin`);
  await logInAsStaff(page, people.staff);
  await heading(page, "Set up your second factor").waitFor();
  const passedOn = await page.evaluate(() => fetch("/countersign/w/admin/policy").then(({ status: code }) => code));
  assert.equal(passedOn, 404, "the password alone passes nothing on either");
  await heading(page, "Scan this with your authenticator app").waitFor();
  await checkAccessible(page, "staff set-up");
  world.phone = new Phone((await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await press(page, "Next: type the code");
  await page.getByRole("button", { name: "Turn it on" }).waitFor();
  await type(page, "Code of 6 digits", await world.phone.freshCode());
  await press(page, "Go on to sign in");
  await page.waitForURL("**/admin/login/code");
  await page.getByLabel("Code of 6 digits").waitFor();
  await checkAccessible(page, "staff second factor");
  await type(page, "Code of 6 digits", await world.phone.freshCode());
  await page.waitForURL("**/admin/policy");
  await status(page).getByText("Nothing to save.").waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByText("2-Factor Authentication", { exact: true }).waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Alternate 2FA Login Methods", exact: true }).waitFor();
  await checkAccessible(page, "policy as saved");
}

async function meetTheWarning(world) {
  const { page } = world;
  assert.equal(policyInForce(world).forgot_phone.enabled, false);
  assert.equal(await page.getByRole("switch", { name: "Forgot Phone", exact: true }).isChecked(), false);
  await page.getByText("A fallback can be abused to get around the second factor").waitFor();
  await toggle(page, "forgot-phone-enabled");
  await page.locator("countersign-policy .banner").getByText("Security questions are on.").waitFor();
  await checkAccessible(page, "policy changed");
  assert.match(await page.title(), /^Not saved: /);
  assert.equal(policyInForce(world).forgot_phone.enabled, false, "nothing takes effect before Save");
}

async function openEveryWay(world) {
  const { page } = world;
  await choose(page, "forgot-phone-alternate-kba-email", "ArrowUp");
  await page.locator("countersign-policy .bar").getByText("certain within a day, certain within a year").waitFor();
  await toggle(page, "forgot-phone-user-choice");
  for (const value of ["kba-email", "email"]) {
    await tabToId(page, `forgot-phone-offered-${value}`);
    if (!(await page.locator(`#forgot-phone-offered-${value}`).isChecked())) await page.keyboard.press("Space");
  }
  await toggle(page, "security-codes-enabled");
  await choose(page, "security-codes-kind-static", "ArrowDown");
  await page.keyboard.press("ArrowDown");
  const verdict = page.locator('countersign-policy [data-place="login_methods.email"] .verdict');
  assert.match(await verdict.innerText(), /not met: .*6\.3\.6.*3\.1\.3\.1/s, "the verdict stands beside email");
  await toggle(page, "login-methods-email");
  await press(page, "Save");
  await page.getByText("Prove that it is you").waitFor();
  await checkAccessible(page, "policy asks for a code");
  assert.equal(policyInForce(world).forgot_phone.enabled, false, "not without the code");
  await type(page, "Your own code of 6 digits", await world.phone.freshCode());
  await status(page).getByText("Saved.").waitFor();
  const { forgot_phone: forgotPhone, security_codes: codes, login_methods: login } = policyInForce(world);
  assert.deepEqual(forgotPhone, { enabled: true, alternate: "kba", user_choice: true, offered: ["kba", "kba_email", "email"] });
  assert.deepEqual([codes.enabled, codes.kind, login], [true, "both", { totp: true, email: true }]);
  world.version = Number(/Version (\d+)/u.exec(await status(page).innerText())[1]);
}

async function narrowTheAlternates(world) {
  const { page } = world;
  await choose(page, "forgot-phone-alternate-kba", "ArrowDown");
  await save(page, (world.version += 1));
  assert.equal(policyInForce(world).forgot_phone.alternate, "kba_email");
  await toggle(page, "forgot-phone-offered-kba");
  await save(page, (world.version += 1));
  assert.deepEqual(policyInForce(world).forgot_phone.offered, ["kba_email", "email"]);
  await choose(page, "forgot-phone-alternate-kba-email", "ArrowDown");
  await toggle(page, "forgot-phone-user-choice");
  await press(page, "Save");
  await page.getByText("Prove that it is you").waitFor(); // who never chose had both to prove, and now mail is enough
  await type(page, "Your own code of 6 digits", await world.phone.freshCode());
  await status(page).getByText(`Version ${(world.version += 1)}`).waitFor();
  assert.deepEqual([policyInForce(world).forgot_phone.alternate, policyInForce(world).forgot_phone.user_choice], ["email", false]);
}

async function refuseAContradiction(world) {
  const { page } = world;
  const before = policyInForce(world);
  await toggle(page, "login-methods-totp");
  await toggle(page, "login-methods-email");
  await press(page, "Save");
  await page.locator("countersign-policy .refused").getByText("Allow at least one method").waitFor();
  await checkAccessible(page, "policy refused");
  assert.deepEqual(policyInForce(world), before, "nothing half-saved took effect");
  await toggle(page, "login-methods-totp");
  await press(page, "Save");
  await page.getByText("Prove that it is you").waitFor(); // who has mail alone would be left without a second factor
  await type(page, "Your own code of 6 digits", await world.phone.freshCode());
  await status(page).getByText(`Saved. Version ${(world.version += 1)} is in force now`).waitFor();
  assert.deepEqual(policyInForce(world).login_methods, { totp: true, email: false });
}

async function meetAnotherHand(world) {
  const { page } = world;
  await choose(page, "security-codes-kind-both", "ArrowUp");
  changePolicy(world, (policy) => (policy.require_setup = true));
  world.version += 1;
  await press(page, "Save");
  await page.getByText(`operator has saved version ${world.version} meanwhile.`).waitFor();
  await checkAccessible(page, "policy conflict");
  await press(page, "Keep mine");
  await save(page, (world.version += 1));
  const { require_setup: required, security_codes: codes } = policyInForce(world);
  assert.deepEqual([required, codes.kind], [true, "backup"], "the other one's change stands, and so does this one");
  await press(page, "History");
  await page.locator("countersign-policy .version").first().waitFor();
  assert.match(await page.locator("countersign-policy .version").nth(1).innerText(), /operator[\s\S]*Require set-up at login: off, now on/);
  await checkAccessible(page, "policy history");
}

/** In order; each needs the ones before it. */
export const administration = [
  ["a customer's password does not open the administration, and nothing of it is passed on for a stranger [R3] [R7]", refuseCustomers],
  ["somebody of the staff sets up a second factor, signs in with it, and finds the menu in the sidebar [R3] [A1]", signIn],
  ["Forgot Phone is off, with a plain warning; switched on, it has its price beside it, and nothing takes effect before Save [A1] [A10]", meetTheWarning],
  ["every way is opened with one fresh code: questions alone, users' choice, both kinds of codes, OTP over email [A2] [A5] [A6] [A9] [A12] [R3]", openEveryWay],
  ["the alternates are narrowed at once and without a code; mail alone in the place of both asks for one [A3] [A4] [A5] [A10] [R3]", narrowTheAlternates],
  ["a policy without any login method is refused at its field, and nothing of it takes effect [A10] [A12]", refuseAContradiction],
  ["what the operator saved meanwhile is told; one's own change goes on top of it, and the history has both [A8] [A10]", meetAnotherHand],
];
