// SPDX-License-Identifier: Apache-2.0

// One person's story with real parts and by keyboard alone: opens an account, turns the second
// factor on with an authenticator that sees the QR code through a camera, and logs in with it. The
// tests run its steps one by one; `scripts/demo --check` tells them as they happen.

import assert from "node:assert/strict";
import { join } from "node:path";

import { contentSecurityPolicy } from "../../demo-site/bank/headers.mjs";
import { assertAccessible } from "./accessible.mjs";
import { photograph } from "./camera.mjs";
import { openWatchedContext, startChromium } from "./chromium.mjs";
import { press, tabTo, type } from "./keyboard.mjs";
import { assertNothingLeaked, noteTokens, rememberPage } from "./leaks.mjs";

const person = {
  name: "Ada Lovelace",
  email: `ada.${Math.random().toString(36).slice(2, 8)}@example.org`,
  password: "seven lanterns on the quay",
};

const refusal = /^Not accepted\. If you have just used this code, wait for the next one \((\d+)\u00a0s\)\. After several tries there is a pause\.$/;

const qrOf = (page) => page.getByRole("img", { name: "QR code for your authenticator app" });
const keyOf = async (page) => (await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", "");
const messageOf = (page) => page.locator("countersign-code-field [slot=message]:not(:empty)");

/** The six digits that the authenticator's page shows now. */
async function readCode({ phone }) {
  const digits = (await phone.locator(".entry .code").textContent()).replace(/\s/g, "");
  assert.match(digits, /^\d{6}$/);
  return digits;
}

/** Waits for a code other than the given one: real time, 30 seconds at most. */
async function waitForNextCode(world, used) {
  await world.phone.waitForFunction(
    (old) => document.querySelector("countersign-authenticator").shadowRoot
      .querySelector(".entry .code").textContent.replace(/\s/g, "") !== old,
    used,
    { timeout: 35_000 },
  );
  return readCode(world);
}

async function logOutAndGivePassword({ desk }) {
  await press(desk, "Log out");
  await desk.waitForURL("**/login");
  await type(desk, "Email address", person.email);
  await type(desk, "Password", person.password);
  await desk.keyboard.press("Enter");
  await desk.waitForURL("**/login/code");
  await desk.getByRole("heading", { name: "Enter your code" }).waitFor();
}

async function assertRefusedAtLogin({ desk }, code) {
  const answered = desk.waitForResponse((response) => response.url().endsWith("/w/challenge/answer"));
  await tabTo(desk, "Code of 6 digits");
  await desk.keyboard.type(code);
  await answered;
  const [, seconds] = refusal.exec(await messageOf(desk).textContent()) ?? assert.fail("not the one sentence");
  assert.ok(seconds >= 1 && seconds <= 30, "the wait is for the next code");
  const field = desk.getByLabel("Code of 6 digits");
  assert.equal(await field.inputValue(), code, "a refused code stays in its field");
  await assertAccessible(desk, "a refused code at login");
  const selected = await field.evaluate(({ selectionStart, selectionEnd }) => selectionEnd - selectionStart);
  assert.equal(selected, 6, "and is selected");
  assert.equal(await desk.locator("countersign-code-field .slot.selected").count(), 6, "and drawn so");
  // What the page says is one thing, what the bank lets through another.
  const answer = await desk.context().request.get(new URL("/account", desk.url()).href, { maxRedirects: 0 });
  assert.deepEqual([answer.status(), answer.headers().location], [303, "/login"]);
}

async function openTheBank(world) {
  world.browser = await startChromium();
  const { context, record } = await openWatchedContext(world.browser);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: world.site.bank });
  world.desk = await context.newPage();
  world.records = [record];
  noteTokens(world, world.desk);
  const answer = await world.desk.goto(world.site.bank);
  assert.equal(answer.headers()["content-security-policy"], contentSecurityPolicy);
}

async function signUp({ desk }) {
  await press(desk, "Open an account");
  await desk.waitForURL("**/signup");
  await type(desk, "Your name", person.name);
  await type(desk, "Email address", person.email);
  await type(desk, "Password", person.password);
  await desk.keyboard.press("Enter");
  await desk.getByText("Your account is ready. Log in to open it.").waitFor();
}

async function logInWithPasswordAlone({ desk }) {
  await type(desk, "Email address", person.email);
  await type(desk, "Password", person.password);
  await press(desk, "Log in");
  await desk.getByRole("heading", { name: "Hello, Ada" }).waitFor();
}

async function openTheWidget(world) {
  const { desk } = world;
  await press(desk, "Security");
  await desk.waitForURL("**/security");
  await press(desk, "Configure");
  await qrOf(desk).waitFor();
  await press(desk, "Can't scan?");
  world.secret = await keyOf(desk);
  assert.match(world.secret, /^[A-Z2-7]{26,}$/, "the key is there to copy, at least 128 bits of base32");
  const link = await desk.getByRole("link", { name: "Open in an app on this device" }).getAttribute("href");
  const uri = new URL(link);
  assert.equal(uri.protocol, "otpauth:");
  assert.equal(uri.searchParams.get("secret"), world.secret);
  assert.equal(uri.searchParams.get("issuer"), "Harbor Bank");
  await press(desk, "Copy the key");
  await desk.getByText(/^The key( is)? copied\.$/).waitFor();
  assert.equal(await desk.evaluate(() => navigator.clipboard.readText()), world.secret);
  await rememberPage(world, desk);
}

async function showTheQrToTheCamera(world) {
  const file = join(world.site.directory, "camera.mjpeg");
  await photograph(world.desk, qrOf(world.desk), file);
  world.phoneBrowser = await startChromium({ camera: file });
  const { context, record } = await openWatchedContext(world.phoneBrowser, { viewport: { width: 390, height: 844 } });
  world.records.push(record);
  world.phone = await context.newPage();
  const answer = await world.phone.goto(world.site.authenticator);
  assert.equal(answer.headers()["content-security-policy"], contentSecurityPolicy);
  assert.notEqual(new URL(world.site.authenticator).origin, new URL(world.site.bank).origin);
  await press(world.phone, /^Scan a QR code/);
  await world.phone.locator(".entry").waitFor();
  await world.phone.getByText("Added Harbor Bank", { exact: false }).waitFor();
  assert.equal(await world.phone.locator(".entry .account").textContent(), person.email);
  await rememberPage(world, world.phone);
}

async function mistypeTheCode(world) {
  const { desk } = world;
  const path = await qrOf(desk).locator("path").getAttribute("d");
  const wrong = String((Number(await readCode(world)) + 500_000) % 1_000_000).padStart(6, "0");
  await press(desk, "Next: type the code");
  await type(desk, "Code of 6 digits", wrong);
  await messageOf(desk).waitFor();
  assert.equal(await desk.locator("countersign-code-field input").inputValue(), wrong);
  await press(desk, "Back to the QR code");
  assert.equal(await qrOf(desk).locator("path").getAttribute("d"), path, "the QR code is the same");
  assert.equal(await keyOf(desk), world.secret, "and so is the key");
}

async function confirmTheCode(world) {
  const { desk } = world;
  await press(desk, "Next: type the code");
  world.confirmed = await readCode(world);
  await type(desk, "Code of 6 digits", world.confirmed);
  await desk.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();
  await desk.getByText("Active since today", { exact: false }).waitFor();
  assert.deepEqual(world.records[0].events, ['countersign-enrolled {"method":"totp"}']);
  await rememberPage(world, desk);
}

async function refuseTheConfirmingCode(world) {
  await logOutAndGivePassword(world);
  await assertRefusedAtLogin(world, world.confirmed);
}

async function logInWithTheNextCode(world) {
  const { desk } = world;
  world.accepted = await waitForNextCode(world, world.confirmed);
  const fullWidth = [...world.accepted].map((digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const pasted = `${fullWidth.slice(0, 3).join("")}\u00a0${fullWidth.slice(3).join("")}`;
  await desk.evaluate((text) => navigator.clipboard.writeText(text), pasted);
  assert.equal(await desk.locator("input").count(), 1, "one real input, not one a digit");
  const field = desk.getByLabel("Code of 6 digits");
  assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  assert.equal(await field.getAttribute("inputmode"), "numeric");
  await tabTo(desk, "Code of 6 digits");
  await desk.keyboard.press("Control+V");
  await desk.waitForURL("**/account");
  await desk.getByRole("heading", { name: "Hello, Ada" }).waitFor();
  assert.equal(await desk.getByText("Add a second factor").count(), 0);
}

async function refuseTheSameCodeAgain(world) {
  await logOutAndGivePassword(world);
  await assertRefusedAtLogin(world, world.accepted);
  await rememberPage(world, world.desk);
}

async function countViolations({ records }) {
  for (const { violations, mistakes } of records) assert.deepEqual({ violations, mistakes }, { violations: [], mistakes: [] });
}

async function lookForLeaks(world) {
  assert.ok(world.tokens.length >= 3, "of the page of second factors, and of two logins with a receipt");
  assertNothingLeaked(world, {
    secret: world.secret,
    "confirming code": world.confirmed,
    "login code": world.accepted,
    password: person.password,
  });
}

/** In order; each needs the ones before it. */
export const story = [
  ["a person opens the bank under the strict content security policy [L37]", openTheBank],
  ["opens an account", signUp],
  ["logs in, with the password alone because there is no second factor yet", logInWithPasswordAlone],
  ["is shown a QR code, the key to copy and a link for the same device [L34]", openTheWidget],
  ["an authenticator on another origin reads the QR code from a camera's pixels [U2]", showTheQrToTheCamera],
  ["a wrong code keeps the secret, on the code's page and back at the QR code [L33]", mistypeTheCode],
  ["the authenticator's code turns the second factor on [U2]", confirmTheCode],
  ["the code that confirmed the enrollment is refused as a first login [L6]", refuseTheConfirmingCode],
  ["the next code, pasted in full-width digits with a no-break space, opens the account [U2] [L31]", logInWithTheNextCode],
  ["the same code again is refused [L1] [R8]", refuseTheSameCodeAgain],
  ["no page broke the content security policy or failed in any step [L37]", countViolations],
  ["no secret, code or token stood in an address, an event, a page, a hidden field or a log", lookForLeaks],
];

/** Closes the browsers that a story has opened, however far it came. */
export async function endStory({ browser, phoneBrowser }) {
  await Promise.all([browser?.close(), phoneBrowser?.close()]);
}
