// SPDX-License-Identifier: Apache-2.0

// Every page of the bank and every state of the enrollment widget and the code field in it.

import { generateTotp } from "../codes.mjs";
import { enroll, givePassword, newCustomer, openWidget, signUp } from "../customer.mjs";
import { Phone } from "../phone.mjs";
import { photographChallenge } from "./challenge-states.mjs";
import { photographCodeLogin, photographCodes } from "./codes-states.mjs";
import { photographFallbacks } from "./fallback-states.mjs";
import { photographMethods } from "./methods-states.mjs";

async function photographLoggedOut(page, bank, shoot) {
  await page.goto(bank);
  await shoot(page, "bank", "landing");
  await page.goto(`${bank}/signup`);
  await shoot(page, "bank", "sign up");
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByLabel("Email address").fill("grace@nowhere.example");
  await page.getByLabel("Password").fill("too short");
  await page.evaluate(() => (document.querySelector("form").noValidate = true));
  await page.getByRole("main").getByRole("button", { name: "Open an account" }).click();
  await page.getByRole("alert").waitFor();
  await shoot(page, "bank", "sign up refused");
  await givePassword(page, bank, { email: "nobody@example.org", password: "not a password" });
  await page.getByRole("alert").waitFor();
  await shoot(page, "bank", "log in refused");
  await page.goto(`${bank}/no/such/page`);
  await shoot(page, "bank", "no such page");
}

async function photographTooManyTries(page, bank, shoot) {
  for (let tries = 0; tries < 11; tries += 1) {
    await page.request.post(`${bank}/login`, {
      headers: { origin: bank },
      form: { email: "guessed@example.org", password: "a guess" },
    });
  }
  await givePassword(page, bank, { email: "guessed@example.org", password: "a guess" });
  await page.getByRole("alert").waitFor();
  await shoot(page, "bank", "too many tries");
}

const typeEnrollmentCode = (page, code) => page.getByLabel("Code of 6 digits").fill(code);
const refused = (page) => page.locator("countersign-code-field[refused]").waitFor();

async function photographEnrollment(page, bank, shoot) {
  const secret = await openWidget(page, bank);
  await shoot(page, "widget", "enroll scan");
  await page.getByText("Can't scan?").click();
  await page.getByRole("button", { name: "Copy the key" }).click();
  await shoot(page, "widget", "enroll key and link");
  await page.getByRole("button", { name: "Next: type the code" }).click();
  await shoot(page, "widget", "enroll code");
  const { code } = await generateTotp(secret);
  await typeEnrollmentCode(page, String((Number(code) + 500_000) % 1_000_000).padStart(6, "0"));
  await refused(page);
  await shoot(page, "widget", "enroll wrong code");
  await page.getByLabel("Code of 6 digits").fill("");
  await typeEnrollmentCode(page, (await generateTotp(secret, Date.now() + 180_000)).code);
  await refused(page);
  await shoot(page, "widget", "enroll clock off");
}

/** Wrong codes until there is a pause, as someone who guesses would see it. */
async function photographPause(page, bank, shoot) {
  await openWidget(page, bank);
  await page.getByRole("button", { name: "Next: type the code" }).click();
  const pause = page.getByRole("button", { name: /^Wait \d+ s$/ });
  for (let tries = 0; tries < 8 && !(await pause.isVisible()); tries += 1) {
    await page.getByLabel("Code of 6 digits").fill("");
    await typeEnrollmentCode(page, String(100_000 + tries * 7));
    await refused(page);
  }
  await pause.waitFor();
  await shoot(page, "widget", "enroll pause");
}

async function photographSecondFactor(page, bank, customer, shoot) {
  await page.context().clearCookies();
  await givePassword(page, bank, customer);
  await page.waitForURL("**/login/code");
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  await shoot(page, "widget", "second factor");
  await page.getByLabel("Code of 6 digits").fill("1234");
  await shoot(page, "widget", "second factor typing");
  await page.getByLabel("Code of 6 digits").fill("123456");
  await refused(page);
  await shoot(page, "widget", "second factor refused");
}

async function photographOutage(page, signedIn, site, customer, shoot) {
  await signedIn.goto(`${site.bank}/security`);
  await openWidget(signedIn, site.bank);
  await signedIn.getByRole("button", { name: "Next: type the code" }).click();
  const waiting = await signedIn.context().newPage();
  await waiting.goto(`${site.bank}/security`);
  await waiting.getByRole("button", { name: "Configure", exact: true }).waitFor();
  await site.server.kill();
  await typeEnrollmentCode(signedIn, "123456");
  await refused(signedIn);
  await shoot(signedIn, "widget", "enroll server away");
  await waiting.getByRole("button", { name: "Configure", exact: true }).click();
  await waiting.getByRole("heading", { name: "Set-up is not available right now" }).waitFor();
  await shoot(waiting, "widget", "enroll cannot begin");
  await waiting.goto(`${site.bank}/security`);
  await waiting.getByRole("alert").waitFor();
  await shoot(waiting, "bank", "security server away");
  await page.getByLabel("Code of 6 digits").fill("654321");
  await page.getByText("it gave no answer", { exact: false }).waitFor();
  await shoot(page, "widget", "second factor server away");
  await givePassword(page, site.bank, customer);
  await shoot(page, "bank", "log in server away");
  await site.server.restart();
}

export async function photographBank(browser, site, shoot) {
  const { bank } = site;
  const page = await (await browser.newContext()).newPage();
  await photographLoggedOut(page, bank, shoot);
  await photographTooManyTries(page, bank, shoot);
  const customer = newCustomer();
  await signUp(page, bank, customer);
  await shoot(page, "bank", "log in after sign up");
  await givePassword(page, bank, customer);
  await page.waitForURL("**/account");
  await shoot(page, "bank", "accounts");
  await page.goto(`${bank}/security`);
  await page.getByRole("button", { name: "Configure", exact: true }).waitFor();
  await shoot(page, "bank", "security");
  await photographEnrollment(page, bank, shoot);
  const { secret, usedStep } = await enroll(page, bank);
  await page.getByText("Active since today").waitFor();
  await shoot(page, "widget", "enroll done");
  await page.goto(`${bank}/security`);
  await page.getByText("Active since today").waitFor();
  await shoot(page, "bank", "security active");
  const phone = new Phone(secret, usedStep);
  await photographMethods(page, phone, shoot);
  await page.goto(`${bank}/security`);
  await photographFallbacks(page, shoot);
  const codes = await photographCodes(page, phone, shoot);
  await page.goto(`${bank}/account`);
  await shoot(page, "bank", "accounts protected");
  await photographSecondFactor(page, bank, customer, shoot);
  await photographCodeLogin(page, bank, customer, codes, shoot);
  await photographChallenge(page, bank, customer, shoot);
  await page.context().clearCookies();
  await givePassword(page, bank, customer);
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();

  const other = await (await browser.newContext()).newPage();
  const stranger = newCustomer();
  await signUp(other, bank, stranger);
  await givePassword(other, bank, stranger);
  await other.waitForURL("**/account");
  await photographPause(other, bank, shoot);
  const third = await (await browser.newContext()).newPage();
  const bystander = newCustomer();
  await signUp(third, bank, bystander);
  await givePassword(third, bank, bystander);
  await third.waitForURL("**/account");
  await photographOutage(page, third, site, customer, shoot);
}
