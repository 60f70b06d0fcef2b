// SPDX-License-Identifier: Apache-2.0

// The bank's login around Countersign's element: whose receipt opens whose account, what becomes of a lost answer, of
// a lockout, and of a customer who has nothing set up yet.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible } from "./accessible.mjs";
import { openWatchedContext, startChromium } from "./chromium.mjs";
import { generateTotp } from "./codes.mjs";
import { becomeProtected, givePassword, newCustomer, signUp } from "./customer.mjs";
import { setPolicy, startDemonstration } from "./demonstration.mjs";
import { Phone } from "./phone.mjs";

let site, browser;

before(async () => {
  site = await startDemonstration();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const code = (page) => page.getByLabel("Code of 6 digits");

async function newPage() {
  const { context, record } = await openWatchedContext(browser);
  const page = await context.newPage();
  page.close = async () => {
    assert.deepEqual([record.violations, record.mistakes], [[], []]);
    await context.close();
  };
  return page;
}

async function protectedCustomer() {
  const page = await newPage();
  const customer = await becomeProtected(page, site.bank);
  await page.close();
  return { ...customer, phone: new Phone(customer.secret, customer.usedStep) };
}

/** Password given, second factor asked for. */
async function waitForCode(customer) {
  const page = await newPage();
  await givePassword(page, site.bank, customer);
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  return page;
}

const post = (page, path, data) => page.request.post(site.bank + path, { headers: { origin: site.bank }, data });

async function assertNotSignedIn(page) {
  const answer = await page.request.get(`${site.bank}/account`, { maxRedirects: 0 });
  assert.deepEqual([answer.status(), answer.headers().location], [303, "/login"]);
}

/** Passes the challenge in the page and keeps the receipt from the bank. */
async function catchReceipt(page, customer) {
  const caught = new Promise((resolve) => page.route("**/login/receipt", (route) => {
    resolve(route.request().postDataJSON().receipt);
    return route.fulfill({ status: 503, json: {} });
  }, { times: 1 }));
  await code(page).fill(await customer.phone.freshCode());
  return caught;
}

test("a receipt of one customer's login opens no other's, and its own once [R4] [L14]", async () => {
  const [mallory, victim] = [await protectedCustomer(), await protectedCustomer()];
  const [hers, other, theirs] = [await waitForCode(mallory), await waitForCode(mallory), await waitForCode(victim)];
  const receipt = await catchReceipt(hers, mallory);
  assert.equal((await post(theirs, "/login/receipt", { receipt })).status(), 409);
  await assertNotSignedIn(theirs);
  assert.equal((await post(other, "/login/receipt", { receipt })).status(), 409, "nor another login of her own");
  await assertNotSignedIn(other);
  const statuses = await Promise.all([1, 2].map(async () => (await post(hers, "/login/receipt", { receipt })).status()));
  assert.equal(statuses.filter((status) => status === 200).length, 1, `${statuses}`);
  for (const page of [hers, other, theirs]) await page.close();
});

test("where the receipt did not reach the bank the page gets a fresh one: no code is lost [R4] [L18]", async () => {
  const customer = await protectedCustomer();
  const page = await waitForCode(customer);
  const voided = await catchReceipt(page, customer);
  await page.getByText("We can't check your code right now.").waitFor();
  const again = page.waitForRequest("**/login/receipt");
  await page.getByRole("button", { name: "Try again" }).click();
  assert.notEqual((await again).postDataJSON().receipt, voided);
  await page.waitForURL("**/account");
  await page.close();
});

test("nothing that is not a receipt opens the account, and the page cannot say for whom it is [R4] [R6]", async () => {
  const customer = await protectedCustomer();
  const page = await waitForCode(customer);
  for (const data of [{}, { receipt: "" }, { receipt: "cs_rcp_made_up" }, { receipt: null, user: "x", challenge: "y" }, { receipt: ["a"] }]) {
    assert.equal((await post(page, "/login/receipt", data)).status(), 409);
  }
  await assertNotSignedIn(page);
  const stranger = await newPage();
  assert.equal((await post(stranger, "/login/session")).status(), 401);
  assert.equal((await post(stranger, "/login/receipt", { receipt: "x" })).status(), 401);
  await stranger.close();
  await page.close();
});

test("a page that is loaded again goes on with the same challenge [R4]", async () => {
  const customer = await protectedCustomer();
  const page = await waitForCode(customer);
  const token = async () => (await (await post(page, "/login/session")).json()).token;
  assert.equal(await token(), await token());
  await page.reload();
  await code(page).fill(await customer.phone.freshCode());
  await page.waitForURL("**/account");
  await page.close();
});

test("a lockout ends the login, which begins again with the password [L11] [R13]", async () => {
  const customer = await protectedCustomer();
  const page = await waitForCode(customer);
  const { code: right } = await generateTotp(customer.secret);
  const ended = page.getByRole("heading", { name: "This sign-in has ended" });
  for (let tries = 1; tries <= 5; tries += 1) {
    const answered = page.waitForResponse("**/challenge/answer");
    await code(page).fill("");
    await code(page).fill(String((Number(right) + 500_000 + tries) % 1_000_000).padStart(6, "0"));
    await answered;
  }
  await ended.waitFor();
  await assertAccessible(page, "a login that a lockout has ended");
  await page.getByText("After several tries there is a pause.").waitFor();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForURL("**/login");
  await page.close();
});

/** Runs a story under another policy and puts the old one back. */
async function underPolicy(change, undo, run) {
  setPolicy(site, change);
  try {
    await run();
  } finally {
    setPolicy(site, undo);
  }
}

const allowNone = (policy) => (policy.allow_none = true);
const forbidNone = (policy) => (policy.allow_none = false);

test("who removes the last second factor, where policy lets that be done, signs in with the password alone again [R6]", () => underPolicy(allowNone, forbidNone, async () => {
  const customer = await protectedCustomer();
  const page = await waitForCode(customer);
  await code(page).fill(await customer.phone.freshCode());
  await page.waitForURL("**/account");
  const { token } = await (await post(page, "/security/session")).json();
  const headers = { origin: site.bank, authorization: `Bearer ${token}` };
  const { methods } = await (await page.request.get(`${site.bank}/countersign/w/methods`, { headers })).json();
  const data = { credential_id: methods[0].credential_id };
  assert.equal((await page.request.post(`${site.bank}/countersign/w/totp/remove`, { headers, data })).status(), 200);
  assert.equal((await (await post(page, "/security/enrolled")).json()).status, "not_configured");
  await page.context().clearCookies();
  await givePassword(page, site.bank, customer);
  await page.waitForURL("**/account");
  await page.close();
}));

test("without a second factor the account opens with a suggestion; where policy requires one, only after it is set up [U5]", async () => {
  const page = await newPage();
  const free = newCustomer();
  await signUp(page, site.bank, free);
  await givePassword(page, site.bank, free);
  await page.waitForURL("**/account");
  await page.getByText("Add a second factor.").waitFor();
  await page.context().clearCookies();

  await underPolicy((policy) => (policy.require_setup = true), (policy) => (policy.require_setup = false), async () => {
    const bound = newCustomer();
    await signUp(page, site.bank, bound);
    await givePassword(page, site.bank, bound);
    await page.waitForURL("**/login/set-up");
    await page.getByRole("button", { name: "Configure" }).first().waitFor();
    await assertAccessible(page, "a second factor has to be set up");
    await assertNotSignedIn(page);
    assert.equal((await post(page, "/login/set-up/done")).status(), 409, "the page's word is not enough");
    await page.getByRole("button", { name: "Configure" }).first().click();
    await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
    const secret = (await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", "");
    await page.getByRole("button", { name: "Next: type the code" }).click();
    await code(page).fill((await generateTotp(secret)).code);
    await page.getByText("Your second factor is on.").waitFor();
    await assertAccessible(page, "it is set up");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL("**/security");
  });
  await page.close();
});
