// SPDX-License-Identifier: Apache-2.0

// What one person changes of the second factor, with real parts and by keyboard alone: reconfigures the
// authenticator, adds a second one, removes the first. After each change the bank's login tells what works.

import assert from "node:assert/strict";

import { openWatchedContext, startChromium } from "./chromium.mjs";
import { generateTotp } from "./codes.mjs";
import { givePassword, newCustomer, signUp } from "./customer.mjs";
import { press, tabTo, type } from "./keyboard.mjs";
import { Phone } from "./phone.mjs";

const notAccepted = /^Not accepted\. If you have just used this code, wait for the next one \(\d+\u00a0s\)\. After several tries there is a pause\.$/;

const messageOf = (page) => page.locator("countersign-code-field [slot=message]:not(:empty)");
const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const authenticators = (page) => page.locator("countersign-methods .authenticator");

/** From the QR code on the page to "set up". @returns the phone that read the key */
async function enroll(desk, action) {
  await heading(desk, "Scan this with your authenticator app").waitFor();
  const phone = new Phone((await desk.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await press(desk, "Next: type the code");
  await desk.getByRole("button", { name: action }).waitFor();
  await type(desk, "Code of 6 digits", await phone.freshCode());
  await heading(desk, "Your authenticator app is set up").waitFor();
  return phone;
}

/** Password and code, on another computer. @returns whether the account opened */
async function logIn({ browser, site, person }, code) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await givePassword(page, site.bank, person);
  await page.waitForURL("**/login/code");
  await heading(page, "Enter your code").waitFor();
  await tabTo(page, "Code of 6 digits");
  await page.keyboard.type(code);
  const opened = await Promise.race([
    page.waitForURL("**/account").then(() => true),
    messageOf(page).waitFor().then(() => false),
  ]);
  if (!opened) assert.match(await messageOf(page).textContent(), notAccepted);
  await context.close();
  return opened;
}

async function openSecurity(world) {
  world.browser = await startChromium();
  const { context, record } = await openWatchedContext(world.browser);
  world.record = record;
  world.desk = await context.newPage();
  world.person = newCustomer();
  await signUp(world.desk, world.site.bank, world.person);
  await givePassword(world.desk, world.site.bank, world.person);
  await world.desk.waitForURL("**/account");
  await press(world.desk, "Security");
  await world.desk.locator("countersign-methods #authenticator-box").getByText("Not set up", { exact: true }).waitFor();
  await press(world.desk, "Configure");
  world.first = await enroll(world.desk, "Turn it on");
  await authenticators(world.desk).getByText("Active since today").waitFor();
  assert.equal(await logIn(world, await world.first.freshCode()), true);
}

async function proveWhoItIs(world) {
  const { desk, first } = world;
  await press(desk, "Reconfigure your authenticator app");
  await heading(desk, "First, prove that it is you").waitFor();
  const { code: right } = await generateTotp(first.secret);
  await type(desk, "Code of 6 digits", String((Number(right) + 500_000) % 1_000_000).padStart(6, "0"));
  await messageOf(desk).waitFor();
  assert.match(await messageOf(desk).textContent(), notAccepted);
  assert.equal(await desk.locator("countersign-enroll").count(), 0, "nothing is issued");
  const code = await first.freshCode();
  await desk.getByRole("button", { name: "Continue" }).waitFor();
  await type(desk, "Code of 6 digits", code);
  await heading(desk, "Scan this with your authenticator app").waitFor();
}

async function useTheOldOneMeanwhile(world) {
  await world.desk.getByText("Until then the codes of the old one keep working.").waitFor();
  assert.equal(await logIn(world, await world.first.freshCode()), true);
}

async function confirmTheNewOne(world) {
  world.second = await enroll(world.desk, "Use the new one");
  assert.notEqual(world.second.secret, world.first.secret);
  await authenticators(world.desk).getByText("Active since today").waitFor(); // the list is read anew
  assert.equal(await authenticators(world.desk).count(), 1);
  assert.equal(await logIn(world, await world.first.freshCode()), false, "the old one is out");
  assert.equal(await logIn(world, await world.second.freshCode()), true);
}

async function addAnother(world) {
  const { desk } = world;
  await press(desk, "Add another");
  await type(desk, "What do you call it?", "Tablet");
  await desk.keyboard.press("Enter");
  world.tablet = await enroll(desk, "Turn it on");
  await authenticators(desk).filter({ hasText: "Tablet" }).getByText("Active since today").waitFor();
  assert.equal(await authenticators(desk).count(), 2);
  assert.equal(await logIn(world, await world.tablet.freshCode()), true);
}

async function removeTheFirst(world) {
  const { desk } = world;
  await press(desk, "Remove Authenticator");
  await desk.getByText("Remove Authenticator? Its codes stop working at once.", { exact: false }).waitFor();
  await desk.keyboard.press("Shift+Tab");
  await press(desk, "Remove");
  await desk.getByText("Removed Authenticator. Its codes no longer work.").waitFor();
  assert.equal(await authenticators(desk).count(), 1);
  assert.equal(await logIn(world, await world.second.freshCode()), false);
  assert.equal(await logIn(world, await world.tablet.freshCode()), true);
}

async function keepTheLast(world) {
  const { desk, record } = world;
  assert.equal(await desk.getByRole("button", { name: /^Remove/ }).count(), 0);
  assert.deepEqual({ violations: record.violations, mistakes: record.mistakes }, { violations: [], mistakes: [] });
  const method = '{"method":"totp"}';
  assert.deepEqual(record.events, [
    `countersign-enrolled ${method}`, "countersign-elevated null", `countersign-enrolled ${method}`,
    `countersign-enrolled ${method}`, `countersign-removed ${method}`,
  ]);
}

/** In order; each needs the ones before it. */
export const changes = [
  ["a customer sets an authenticator up on the security page and logs in with it [U1] [U2]", openSecurity],
  ["Reconfigure asks for a code: a wrong one gets the one text and nothing is issued, a right one goes on [R2] [R14a]", proveWhoItIs],
  ["while the new QR code is on the screen the old authenticator still logs in [U3]", useTheOldOneMeanwhile],
  ["once the new one is confirmed it logs in and the old one does not [U3]", confirmTheNewOne],
  ["a second authenticator is added under a name, without another code, and logs in [U1] [R2]", addAnother],
  ["the first is removed: its codes are refused, the other's are not [U1]", removeTheFirst],
  ["the last one cannot be removed, and no step broke the content security policy [R6] [L37]", keepTheLast],
];
