// SPDX-License-Identifier: Apache-2.0

// "Configure 2FA" from end to end, with real parts, mail and all, and by keyboard alone: the authenticator, codes by
// mail, and what serves when the phone is lost. Each state it comes by is looked at by axe.

import assert from "node:assert/strict";

import axe from "axe-core";

import { openWatchedContext, startChromium } from "./chromium.mjs";
import { givePassword, newCustomer, signUp } from "./customer.mjs";
import { press, tabTo, type } from "./keyboard.mjs";
import { newestCode } from "./mail.mjs";
import { Phone } from "./phone.mjs";

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const box = (page, id) => page.locator(`countersign-methods #${id}`);
const messageOf = (page) => page.locator("countersign-code-field [slot=message]:not(:empty)");

async function look(page, state) {
  const { violations } = await page.evaluate(`${axe.source}; axe.run()`);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" ")}`), [], state);
}

/** Presses "Send code" and reads the mail. @returns the code in it */
async function sendCode({ desk, site }, address) {
  const before = await newestCode(site, address, { atOnce: true });
  await press(desk, "Send code");
  await heading(desk, "Type the code from the mail").waitFor();
  return newestCode(site, address, { before });
}

const countLetters = async ({ site }, address) => (await (await fetch(`${site.inbox}/mail.json?to=${encodeURIComponent(address)}`)).json()).length;

/** Waits for mail beyond that of before. */
async function awaitLetter(world, address, before) {
  for (let tries = 0; (await countLetters(world, address)) <= before; tries += 1) {
    assert.ok(tries < 200, `nothing came to ${address}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function arrive(world) {
  world.browser = await startChromium();
  const { context, record } = await openWatchedContext(world.browser);
  world.record = record;
  world.secrets = [];
  world.desk = await context.newPage();
  world.person = newCustomer();
  world.other = world.person.email.replace("example.org", "mail.example");
  const { desk } = world;
  await signUp(desk, world.site.bank, world.person);
  await givePassword(desk, world.site.bank, world.person);
  await desk.waitForURL("**/account");
  await press(desk, "Security");
  await desk.getByRole("button", { name: "Configure", exact: true }).waitFor();
  for (const id of ["questions-box", "alternate-box", "codes-box"]) await box(desk, id).getByText("Not set up. Set up an authenticator app first.").waitFor();
  await desk.getByRole("button", { name: "Configure OTP over email" }).waitFor();
  await look(desk, "nothing set up");
}

async function setUpTheAuthenticator(world) {
  const { desk } = world;
  await press(desk, "Configure");
  await heading(desk, "Scan this with your authenticator app").waitFor();
  world.phone = new Phone((await desk.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await press(desk, "Next: type the code");
  await desk.getByRole("button", { name: "Turn it on" }).waitFor();
  await type(desk, "Code of 6 digits", await world.phone.freshCode());
  await heading(desk, "Your authenticator app is set up").waitFor();
  await desk.getByText("In case you lose this phone, set up your security questions, set up your alternate email address and make security codes below.").waitFor();
  await look(desk, "the authenticator is set up");
}

/** Opens a box's set-up; where the session is not open for changes, a code of the app comes first. */
async function configure(world, name) {
  const { desk } = world;
  await press(desk, name);
  const asked = heading(desk, "First, prove that it is you");
  await asked.or(desk.locator("countersign-methods .panel h3")).first().waitFor();
  if (await asked.count()) await type(desk, "Code of 6 digits", await world.phone.freshCode());
}

async function setUpEmail(world) {
  const { desk, person } = world;
  await configure(world, "Configure OTP over email");
  await heading(desk, "Is this your address?").waitFor();
  const shown = await box(desk, "email-box").locator(".address").textContent();
  assert.match(shown, /^g\u2022+@example\.org$/u, "masked");
  await look(desk, "the address");
  const code = await sendCode(world, person.email);
  await box(desk, "email-box").getByText(`It is on its way to ${shown}`).waitFor();
  await desk.getByRole("button", { name: /^Send again in \d+ s$/u }).waitFor();
  await type(desk, "Code of 6 digits", code === "123456" ? "654321" : "123456");
  await messageOf(desk).filter({ hasText: "That code does not match." }).waitFor();
  await look(desk, "a wrong code");
  await type(desk, "Code of 6 digits", code);
  await box(desk, "email-box").getByText("OTP over email is set up.").waitFor();
  await box(desk, "email-box").getByText("Active since today").waitFor();
  world.secrets.push(code);
}

async function setUpTheAlternate(world) {
  const { desk, person, other } = world;
  await configure(world, "Configure Alternate email address");
  await heading(desk, "Which address is it?").waitFor();
  await type(desk, "Email address", person.email);
  await desk.keyboard.press("Enter");
  await box(desk, "alternate-box").getByText("This is the address that this site has for you already.").waitFor();
  await look(desk, "the same address refused");
  await desk.keyboard.press("ControlOrMeta+A");
  await desk.keyboard.type(other);
  const code = await sendCode(world, other);
  await type(desk, "Code of 6 digits", code);
  await box(desk, "alternate-box").getByText("A code can go there when you have lost your phone.").waitFor();
  await box(desk, "alternate-box").getByText("Active since today").waitFor();
  world.secrets.push(code);
}

const answers = ["Miss Marple", "Nethergate", "The Gannet"];

async function setUpTheQuestions(world) {
  const { desk } = world;
  await configure(world, "Configure Security questions");
  await heading(desk, "Choose your 3 questions").waitFor();
  await look(desk, "the questions");
  for (const number of [1, 2, 3]) {
    await tabTo(desk, `Question ${number}`);
    // The first that is free: the ones taken above cannot be chosen twice.
    await desk.keyboard.press("ArrowDown");
    const field = box(desk, "questions-box").getByRole("group", { name: `Question ${number}` }).getByLabel("Answer");
    await tabTo(desk, "Answer");
    assert.equal(await field.evaluate((node) => node.matches(":focus")), true);
    await desk.keyboard.type(number === 2 ? "123" : answers[number - 1]);
  }
  await press(desk, "Save");
  const second = box(desk, "questions-box").getByRole("group", { name: "Question 2" });
  await second.locator(".problem:not(:empty)").getByText(/./u).waitFor();
  assert.equal(await second.getByLabel("Answer").evaluate((node) => node.matches(":focus")), true, "the refusal takes the focus to its field");
  await look(desk, "an answer refused");
  await desk.keyboard.press("ControlOrMeta+A");
  await desk.keyboard.type(answers[1]);
  await press(desk, "Save");
  await box(desk, "questions-box").getByText("Your security questions are set up.").waitFor();
  await box(desk, "questions-box").getByText(/^Active since today, not used yet, 3 uses left$/u).waitFor();
  world.secrets.push(...answers);
}

async function choose(world) {
  const { desk } = world;
  const ways = box(desk, "choice-box");
  await ways.getByText("Ready").first().waitFor();
  assert.equal(await ways.getByText("Ready").count(), 3, "all that is offered is set up");
  await tabTo(desk, /^Security questions ?You answer all of them/u);
  await desk.keyboard.press("Space");
  await look(desk, "another choice");
  await press(desk, "Save choice");
  await ways.getByText("Saved. From now on the ticked ones are asked for").waitFor();
  await desk.reload();
  const ticked = await ways.getByRole("checkbox", { checked: true }).first().waitFor().then(() => ways.getByRole("checkbox", { checked: true }).evaluateAll((all) => all.map(({ name }) => name)));
  assert.deepEqual(ticked, ["kba", "kba_email"], "the site's own selection, and the one beside it");
}

async function makeCodes(world) {
  const { desk } = world;
  await press(desk, "Make a set");
  const asked = heading(desk, "First, prove that it is you");
  await asked.or(heading(desk, "Save your security codes")).first().waitFor();
  if (await asked.count()) await type(desk, "Code of 6 digits", await world.phone.freshCode());
  await heading(desk, "Save your security codes").waitFor();
  world.secrets.push(...(await desk.locator("countersign-methods .codes li").allTextContents()));
  await tabTo(desk, "I have saved these codes");
  await desk.keyboard.press("Space");
  await press(desk, "Turn them on");
  await desk.getByText("10 security codes are ready to use.").waitFor();
  await look(desk, "everything set up");
}

async function changeTheAlternate(world) {
  const { desk, other } = world;
  const before = await countLetters(world, other);
  const third = other.replace("mail.", "post.");
  await configure(world, "Reconfigure your alternate email address");
  await heading(desk, "Change the address").waitFor();
  await box(desk, "alternate-box").getByText("works until the new one is confirmed, and is told of the change.").waitFor();
  await type(desk, "Email address", third);
  const code = await sendCode(world, third);
  await type(desk, "Code of 6 digits", code);
  await box(desk, "alternate-box").getByText(/@post\.example/u).waitFor();
  await awaitLetter(world, other, before);
  world.secrets.push(code);
}

async function removeEmail(world) {
  const { desk } = world;
  await press(desk, "Remove OTP over email");
  await box(desk, "email-box").getByText("No code is mailed to you at sign-in any more").waitFor();
  await look(desk, "asked to remove");
  await desk.keyboard.press("Shift+Tab");
  await press(desk, "Remove");
  await box(desk, "email-box").getByText("Removed OTP over email.").waitFor();
  await desk.getByRole("button", { name: "Configure OTP over email" }).waitFor();
}

async function lookBack({ record, secrets, site }) {
  assert.deepEqual({ violations: record.violations, mistakes: record.mistakes }, { violations: [], mistakes: [] });
  const places = { "an address": record.urls.join("\n"), "an event": record.events.join("\n"), "the server's log": site.readLog("server"), "the bank's log": site.readLog("bank") };
  assert.equal(secrets.length, 3 + answers.length + 10);
  for (const [place, text] of Object.entries(places)) {
    assert.notEqual(text, "", `${place} was searched`);
    for (const secret of secrets) assert.ok(!new RegExp(`(?<!\\d)${secret}(?!\\d)`, "u").test(text), `a secret stands in ${place}`);
  }
}

/** In order; each needs the ones before it. */
export const configuring = [
  ["nothing is set up: a box for each method, and what stands in for an authenticator comes after one [U1]", arrive],
  ["the authenticator is set up, and one sentence says what else is worth setting up [U2] [U5]", setUpTheAuthenticator],
  ["OTP over email: the masked address is confirmed, a code comes by mail, a wrong one is told, the right one saves it [U4]", setUpEmail],
  ["the alternate address: the site's own is refused, another gets a code and is confirmed [U8] [R23]", setUpTheAlternate],
  ["the security questions: an answer that anybody would try is refused at its field, others are saved [U7] [R24]", setUpTheQuestions],
  ["which way serves when the phone is lost is chosen, and stays chosen [U10] [A5]", choose],
  ["a set of security codes is made [U9]", makeCodes],
  ["the alternate address is changed, and the old one is told [U8] [R23]", changeTheAlternate],
  ["OTP over email is removed after its price was said [U1]", removeEmail],
  ["no code and no answer stood in an address, an event or a log, and nothing broke the content security policy [L36] [L37]", lookBack],
];
