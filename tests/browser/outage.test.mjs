// SPDX-License-Identifier: Apache-2.0

// The second-factor server goes away: nobody gets in without their code, and nobody is told more
// than to wait.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startChromium } from "./chromium.mjs";
import { waitForCodeAfter } from "./codes.mjs";
import { becomeProtected, givePassword, newCustomer, signUp } from "./customer.mjs";
import { startDemonstration } from "./demonstration.mjs";

let site, browser, page, customer;

before(async () => {
  site = await startDemonstration();
  browser = await startChromium();
  page = await browser.newPage();
  customer = await becomeProtected(page, site.bank);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

async function assertNotSignedIn() {
  const answer = await page.request.get(`${site.bank}/account`, { maxRedirects: 0 });
  assert.deepEqual([answer.status(), answer.headers().location], [303, "/login"]);
}

test("Countersign is killed while the code is typed: a right code does not open the account [R6]", async () => {
  await page.context().clearCookies();
  await givePassword(page, site.bank, customer);
  await page.waitForURL("**/login/code");
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  const { code } = await waitForCodeAfter(customer.secret, customer.usedStep);
  await site.server.kill();
  await page.getByLabel("Code of 6 digits").fill(code);
  await page.getByText("The site is busy, so it gave no answer. Press Continue again in a moment: no code is lost.").waitFor();
  await assertNotSignedIn();
});

test("Countersign is down when the password is given: the password alone opens nothing [R6]", async () => {
  await page.context().clearCookies();
  await givePassword(page, site.bank, customer);
  await page.getByRole("heading", { name: "We can't check your code right now" }).waitFor();
  await assertNotSignedIn();
});

test("Countersign is down: a customer without a second factor waits as well, since nobody can tell [R6]", async () => {
  const other = newCustomer();
  await page.context().clearCookies();
  await signUp(page, site.bank, other);
  await givePassword(page, site.bank, other);
  await page.getByRole("heading", { name: "We can't check your code right now" }).waitFor();
  await assertNotSignedIn();
});

test("Countersign is back: the code opens the account, on a page without script too [U2]", async () => {
  await site.server.restart();
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
  await givePassword(page, site.bank, customer);
  const send = async (code) => {
    await page.getByLabel("Code of 6 digits").fill(code);
    await page.getByRole("button", { name: "Continue" }).click();
  };
  await send("not a code");
  await page.locator("#refusal:not(:empty)").waitFor();
  assert.match(await page.locator("#refusal").textContent(), /^Not accepted\. If you have just used this code/);
  await assertNotSignedIn();
  await send((await waitForCodeAfter(customer.secret, customer.usedStep)).code);
  await page.waitForURL("**/account");
  await page.getByRole("heading", { name: "Hello, Grace" }).waitFor();
});
