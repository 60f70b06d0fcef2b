// SPDX-License-Identifier: Apache-2.0

// Sign-ins without the authenticator app, with real parts and by keyboard alone: OTP over email, security questions,
// questions and a mailed code, a mailed code. The mail is read from the inbox it was sent to.

import assert from "node:assert/strict";

import { assertAccessible } from "./accessible.mjs";
import { openWatchedContext, startChromium } from "./chromium.mjs";
import { becomeProtected, givePassword } from "./customer.mjs";
import { setPolicy } from "./demonstration.mjs";
import { press, tabTo, type } from "./keyboard.mjs";
import { newestCode } from "./mail.mjs";
import { Phone } from "./phone.mjs";

const answers = ["Miss Moneypenny", "Baker Street", "Lighthouse keeper"];
const refusal = /^Not accepted\. If you have just used this code, wait for the next one \(\d+\u00a0s\)\. After several tries there is a pause\.$/;

const heading = (page, name) => page.getByRole("heading", { name, exact: true }).waitFor();

/** The calls of the bank's security page, without its boxes: what is set up there has tests of its own. */
async function openManaging(page, bank) {
  const headers = { origin: bank };
  const { token } = await (await page.request.post(`${bank}/security/session`, { headers })).json();
  return async (path, data) => {
    const url = `${bank}/countersign/w/${path}`;
    const options = { headers: { ...headers, authorization: `Bearer ${token}` }, ...(data && { data }) };
    const answer = await (data ? page.request.post(url, options) : page.request.get(url, options));
    const body = await answer.json();
    assert.ok(answer.ok() && body.ok !== false, `${path}: ${JSON.stringify(body)}`);
    return body;
  };
}

/** A customer with everything set up, and when mail to either address was last sent. */
async function setUpEverything(world) {
  const { context, record } = await openWatchedContext(world.browser);
  world.records.push(record);
  const page = await context.newPage();
  const customer = await becomeProtected(page, world.site.bank);
  const phone = new Phone(customer.secret, customer.usedStep);
  const call = await openManaging(page, world.site.bank);
  await call("elevate", { method: "totp", code: await phone.freshCode() });
  const begun = await call("email/begin", {});
  await call("email/confirm", { pending_id: begun.pending_id, code: await newestCode(world.site, customer.email) });
  const alternate = customer.email.replace("@", ".alternate@");
  const pending = await call("alternate/begin", { address: alternate });
  await call("alternate/confirm", { pending_id: pending.pending_id, code: await newestCode(world.site, alternate) });
  const { questions } = await call("questions/catalog");
  const chosen = questions.slice(0, answers.length);
  await call("questions/save", { questions: chosen.map(({ id }, index) => ({ id, answer: answers[index] })) });
  await context.close();
  return { ...customer, alternate, phone, questions: chosen };
}

/** Which alternates the customer picks among those offered (U10). */
async function choose(world, customer, alternates) {
  const { context, page } = await openLogin(world, customer);
  await type(page, "Code of 6 digits", await customer.phone.freshCode());
  await page.waitForURL("**/account");
  const call = await openManaging(page, world.site.bank);
  await call("alternate/choose", { alternates });
  await context.close();
}

async function openLogin(world, customer) {
  const { context, record } = await openWatchedContext(world.browser);
  world.records.push(record);
  const page = await context.newPage();
  await givePassword(page, world.site.bank, customer);
  await page.waitForURL("**/login/code");
  await heading(page, "Enter your code");
  return { context, page };
}

/** Asks for a code by mail; where one went out a moment ago, waits as the page says. @returns the code */
async function askForMail(world, page, address) {
  const before = (await newestCode(world.site, address, { atOnce: true })) ?? "";
  await press(page, "Send code");
  const status = page.locator("countersign-challenge .sent");
  await status.filter({ hasText: /The code is on its way|No new code was sent/ }).waitFor();
  if (/No new/.test(await status.textContent())) {
    await page.getByRole("button", { name: "Send another code", exact: true }).waitFor({ timeout: 70_000 });
    await press(page, "Send another code");
    await status.filter({ hasText: "Another code is on its way" }).waitFor();
  }
  return newestCode(world.site, address, { before });
}

async function answerQuestions(page, questions, given) {
  for (const [index, { text }] of questions.entries()) {
    await tabTo(page, text);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(given[index]);
  }
  await page.keyboard.press("Enter");
}

/** The account is open, and says what was used and how to go on. */
async function assertTold(page, how) {
  await page.waitForURL("**/account");
  await page.getByText("You signed in without your phone.").waitFor();
  await assertAccessible(page, "signed in without the phone");
  await press(page, "Security");
  await page.getByRole("row", { name: new RegExp(`^${how} today`, "i") }).waitFor();
}

async function begin(world) {
  world.browser = await startChromium();
  world.records = [];
  world.grace = await setUpEverything(world);
  world.ada = await setUpEverything(world);
}

async function byMail(world) {
  const { context, page } = await openLogin(world, world.grace);
  await press(page, "Use OTP over email");
  await heading(page, "A code by email");
  assert.equal(await page.getByText(world.grace.email).count(), 0, "the address is masked");
  await assertAccessible(page, "OTP over email");
  const code = await askForMail(world, page, world.grace.email);
  world.codes = [code];
  await assertAccessible(page, "OTP over email, sent");
  await type(page, "Code of 6 digits", code);
  await page.waitForURL("**/account");
  assert.equal(await page.getByText("You signed in without your phone.").count(), 0, "a second factor of its own");
  await press(page, "Security");
  await page.getByRole("row", { name: /^Password and OTP over email today/i }).waitFor();
  await context.close();
}

async function byQuestions(world) {
  const { grace } = world;
  await choose(world, grace, ["kba"]);
  const { context, page } = await openLogin(world, grace);
  await press(page, "Forgot My Phone");
  await heading(page, "Answer your security questions");
  await answerQuestions(page, grace.questions, [answers[0], "Downing Street", answers[2]]);
  await page.getByText("Not accepted.").waitFor();
  await assertAccessible(page, "questions, refused");
  assert.match(await page.locator("countersign-challenge #refusal").textContent(), refusal);
  await answerQuestions(page, grace.questions, answers.map((answer) => answer.toUpperCase()));
  await assertTold(page, "Password and security questions");
  await context.close();
}

async function byQuestionsAndMail(world) {
  const { ada } = world;
  await choose(world, ada, ["kba_email"]);
  const { context, page } = await openLogin(world, ada);
  await press(page, "Forgot My Phone");
  await page.getByText("Step 1 of 2: your questions").waitFor();
  const early = await newestCode(world.site, ada.alternate, { atOnce: true });
  await answerQuestions(page, ada.questions, answers);
  await page.getByText("Step 2 of 2: a code by email").waitFor();
  await assertAccessible(page, "questions answered, mail to come");
  assert.equal(await newestCode(world.site, ada.alternate, { atOnce: true }), early, "no mail before it is asked for");
  const code = await askForMail(world, page, ada.alternate);
  world.codes.push(code);
  await type(page, "Code of 6 digits", code);
  await assertTold(page, "Password, security questions and code to the alternate address");
  world.recovered = { context, page };
}

async function setUpTheNewPhone(world) {
  const { context, page } = world.recovered;
  await press(page, "Reconfigure your authenticator app");
  await heading(page, "Scan this with your authenticator app");
  const phone = new Phone((await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await press(page, "Next: type the code");
  await page.getByRole("button", { name: "Use the new one" }).waitFor();
  await type(page, "Code of 6 digits", await phone.freshCode());
  await heading(page, "Your authenticator app is set up");
  world.ada.phone = phone;
  await context.close();
}

async function byAlternateMail(world) {
  const { grace } = world;
  await choose(world, grace, ["email"]);
  const { context, page } = await openLogin(world, grace);
  await press(page, "Forgot My Phone");
  await heading(page, "A code to your alternate address");
  const code = await askForMail(world, page, grace.alternate);
  world.codes.push(code);
  await type(page, "Code of 6 digits", String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
  await page.locator("countersign-code-field[refused]").waitFor();
  await type(page, "Code of 6 digits", code);
  await assertTold(page, "Password and code to the alternate address");
  await context.close();
}

async function choiceAndSwitch(world) {
  const { grace } = world;
  await choose(world, grace, ["kba", "email"]);
  const names = (page) => page.locator("countersign-challenge .ways .name").allTextContents();
  const { context, page } = await openLogin(world, grace);
  await press(page, "Forgot My Phone");
  await heading(page, "Forgot My Phone");
  await assertAccessible(page, "a choice of alternates");
  assert.deepEqual(await names(page), ["Security questions", "A code to your alternate address"]);
  await press(page, /^A code to your alternate address/);
  await heading(page, "A code to your alternate address");
  setPolicy(world.site, (policy) => (policy.forgot_phone.enabled = false));
  await press(page, "Send code");
  await heading(page, "Enter your code");
  assert.equal(await page.getByRole("button", { name: "Forgot My Phone" }).count(), 0);
  await context.close();
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
    for (const secret of [...answers, world.ada.alternate, world.grace.alternate]) assert.ok(!text.includes(secret), `${secret} stands in ${place}`);
    for (const code of world.codes) assert.ok(!new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text), `a mailed code stands in ${place}`);
  }
}

/** In order; each needs the ones before it. */
export const forgotPhone = [
  ["two customers have OTP over email, an alternate address and security questions", begin],
  ["OTP over email is a second factor of its own [U11] [A12]", byMail],
  ["security questions alone: wrong ones get the one text, and the sign-in is told [U6] [A2] [R14a]", byQuestions],
  ["security questions, and only then a code to the alternate address [U6] [A3] [R24]", byQuestionsAndMail],
  ["what stood in for the phone sets up the new one, without another code [R2]", setUpTheNewPhone],
  ["a code to the alternate address alone [U6] [A4]", byAlternateMail],
  ["a person with two alternates chooses; one that policy ends meanwhile is gone [U6] [A1] [A5] [R11]", choiceAndSwitch],
  ["no answer, address or mailed code stood in an address, an event or a log [L36]", lookBack],
];
