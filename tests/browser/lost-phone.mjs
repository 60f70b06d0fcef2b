// SPDX-License-Identifier: Apache-2.0

// The lost phone, with real parts and by keyboard alone: a customer makes a set of security codes, signs in with
// one, sets up the new phone with another, renews the set; and is let in by the operator's backup code.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { Database } from "../../demo-site/bank/database.mjs";
import { openWatchedContext, startChromium } from "./chromium.mjs";
import { givePassword, newCustomer, signUp } from "./customer.mjs";
import { findProgram } from "./demonstration.mjs";
import { press, tabTo, type } from "./keyboard.mjs";
import { Phone } from "./phone.mjs";

const notAccepted = /^Not accepted\. If you have just used this code, wait for the next one \(\d+\u00a0s\)\. After several tries there is a pause\.$/;

const messageOf = (page) => page.locator("countersign-security-code-field [slot=message]:not(:empty)");
const heading = (page, name) => page.getByRole("heading", { name, exact: true });

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

async function openLogin({ browser, site, person }) {
  const { context, record } = await openWatchedContext(browser);
  const page = await context.newPage();
  await givePassword(page, site.bank, person);
  await page.waitForURL("**/login/code");
  await heading(page, "Enter your code").waitFor();
  return { context, page, record };
}

/** Password, then the code by "Use a security code", on another computer. @returns the page that it opened, or undefined */
async function logInBySecurityCode(world, code) {
  const { context, page, record } = await openLogin(world);
  world.records.push(record);
  await press(page, "Use a security code");
  await heading(page, "Enter a security code").waitFor();
  await tabTo(page, "Security code");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  const opened = await Promise.race([
    page.waitForURL("**/account").then(() => true),
    page.locator("countersign-security-code-field[refused]").waitFor().then(() => false),
  ]);
  if (opened) return page;
  assert.match(await messageOf(page).textContent(), notAccepted);
  await page.goto(`${world.site.bank}/account`);
  assert.match(page.url(), /\/login$/, "what the page says is one thing, what the bank lets through another");
  await context.close();
  return undefined;
}

async function saveSet(desk) {
  await desk.getByRole("heading", { name: /^Save your (new )?security codes$/ }).waitFor();
  const codes = await desk.locator("countersign-methods .codes li").allTextContents();
  await tabTo(desk, "I have saved these codes");
  await desk.keyboard.press("Space");
  await press(desk, "Turn them on");
  return codes;
}

async function makeASet(world) {
  world.browser = await startChromium();
  world.records = [];
  const { context, record } = await openWatchedContext(world.browser);
  world.records.push(record);
  world.desk = await context.newPage();
  world.person = newCustomer();
  const { desk } = world;
  await signUp(desk, world.site.bank, world.person);
  await givePassword(desk, world.site.bank, world.person);
  await desk.waitForURL("**/account");
  await press(desk, "Security");
  await desk.locator("countersign-methods #codes-box").getByText("Not set up. Set up an authenticator app first.").waitFor();
  await press(desk, "Configure");
  world.phone = await enroll(desk, "Turn it on");
  await press(desk, "Make a set");
  await heading(desk, "First, prove that it is you").waitFor();
  await type(desk, "Code of 6 digits", await world.phone.freshCode());
  world.codes = await saveSet(desk);
  await desk.getByText("10 security codes are ready to use.").waitFor();
  assert.equal(world.codes.length, 10);
}

async function signInWithOne(world) {
  const page = await logInBySecurityCode(world, world.codes[0].toLowerCase().replaceAll("-", ""));
  assert.ok(page, "the code opens the account");
  await page.getByText("You signed in without your phone. 9 of your security codes are left.").waitFor();
  await press(page, "Security");
  await page.getByRole("row", { name: /^Password and security code today/i }).waitFor();
  world.found = page;
}

async function refuseTheSame(world) {
  assert.equal(await logInBySecurityCode(world, world.codes[0]), undefined);
}

async function catchAMistake(world) {
  const { context, page } = await openLogin(world);
  await press(page, "Use a security code");
  await heading(page, "Enter a security code").waitFor();
  await page.waitForLoadState("networkidle");
  const posts = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  const code = world.codes[1];
  await type(page, "Security code", code.slice(0, -1) + (code.endsWith("7") ? "8" : "7"));
  await messageOf(page).filter({ hasText: "There is a mistake in it" }).waitFor();
  await page.keyboard.press("Enter");
  assert.deepEqual(posts, [], "nothing was sent");
  await press(page, "Back");
  await heading(page, "Enter your code").waitFor();
  await context.close();
}

async function renewTheSet(world) {
  const { desk } = world;
  await desk.reload();
  await desk.getByText(/^9 codes left/).waitFor();
  await press(desk, "Make a new set");
  await heading(desk, "First, prove that it is you").waitFor();
  await type(desk, "Code of 6 digits", await world.phone.freshCode());
  await desk.getByText("The 9 old codes that are left will stop working when you turn these on.").waitFor();
  world.fresh = await saveSet(desk);
  await desk.getByText("10 new codes. The old ones no longer work.").waitFor();
  assert.equal(await logInBySecurityCode(world, world.codes[2]), undefined, "an old one is refused");
  world.found = await logInBySecurityCode(world, world.fresh[0]);
  assert.ok(world.found, "a new one opens the account");
}

async function setUpTheNewPhone(world) {
  const { found: page } = world;
  await press(page, "Security");
  await page.getByRole("button", { name: "Reconfigure your authenticator app" }).waitFor();
  await press(page, "Reconfigure your authenticator app");
  // The login itself has proven who is here: nothing more is asked for.
  world.newPhone = await enroll(page, "Use the new one");
  await page.getByText(/^9 codes left/).waitFor();
  const { context, page: other } = await openLogin(world);
  await type(other, "Code of 6 digits", await world.newPhone.freshCode());
  await other.waitForURL("**/account");
  assert.equal(await other.getByText("You signed in without your phone.").count(), 0);
  await context.close();
}

async function keepTheSetFromWhoeverFoundACode(world) {
  const { found: page } = world;
  await page.getByText("You signed in without your phone, so for now only the authenticator app can be set up here.").waitFor();
  await press(page, "Make a new set");
  await heading(page, "First, prove that it is you").waitFor();
  assert.equal(await page.getByRole("button", { name: "Use a security code instead" }).count(), 0, "another one will not do");
  // Nor will the authenticator that the security code has bound.
  await type(page, "Code of 6 digits", await world.newPhone.freshCode());
  await page.getByText("An app that was set up this way can change the rest only after a wait, on most sites a day.").waitFor();
  assert.equal(await page.locator("countersign-methods .codes li").count(), 0, "no set is made");
}

async function beLetInByTheOperator(world) {
  const { paths } = world.site;
  const database = new Database(paths.bankDatabase);
  const { countersign_user: user } = database.findCustomerByEmail(world.person.email);
  database.close();
  const printed = execFileSync(findProgram(), ["backup-code", "issue", "--data", paths.data, "--master-key-file", paths.masterKey,
    "--user", user, "--reason", "lost phone, called back", "--who", "operator", "--json"], { encoding: "utf8" });
  world.backup = JSON.parse(printed).code;
  const page = await logInBySecurityCode(world, world.backup);
  assert.ok(page, "the operator's code opens the account");
  await press(page, "Security");
  await page.getByRole("row", { name: /^Password and backup code today/i }).waitFor();
  assert.equal(await logInBySecurityCode(world, world.backup), undefined, "once");
  assert.ok(await logInBySecurityCode(world, world.fresh[2]), "and leaves the customer's own set as it is");
}

async function lookBack(world) {
  for (const { violations, mistakes } of world.records) assert.deepEqual({ violations, mistakes }, { violations: [], mistakes: [] });
  const places = {
    "an address": world.records.flatMap(({ urls }) => urls).join("\n"),
    "an event": world.records.flatMap(({ events }) => events).join("\n"),
    "the server's log": world.site.readLog("server"),
    "the bank's log": world.site.readLog("bank"),
  };
  for (const [place, text] of Object.entries(places)) {
    assert.notEqual(text, "", `${place} was searched`);
    for (const code of [...world.codes, ...world.fresh, world.backup]) {
      for (const form of [code, code.replaceAll("-", ""), code.toLowerCase().replaceAll("-", "")]) assert.ok(!text.includes(form), `a code stands in ${place}`);
    }
  }
}

/** In order; each needs the ones before it. */
export const lostPhone = [
  ["a customer makes a set of security codes and saves it [U9] [A6] [A7]", makeASet],
  ["signs in with one, is told how many are left, and the sign-in is listed as such [A6] [A7]", signInWithOne],
  ["the same code again is refused with the one text [A7] [L2] [R14a]", refuseTheSame],
  ["a mistyped code is told while it is typed, and nothing is sent [R25]", catchAMistake],
  ["a new set ends the old one: an old code is refused, a new one opens the account [U9]", renewTheSet],
  ["that login leads to Reconfigure without another code, and the new phone signs in [R2]", setUpTheNewPhone],
  ["what a security code has proved replaces no codes [R2]", keepTheSetFromWhoeverFoundACode],
  ["the operator's backup code opens the account once, beside the customer's own set [A8] [A9]", beLetInByTheOperator],
  ["no code stood in an address, an event or a log, and nothing broke the content security policy [L13] [L36] [L37]", lookBack],
];
