// SPDX-License-Identifier: Apache-2.0

// The secret of an enrollment on its way from the server to the page: listened to on every wire.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loadCore } from "countersign";

import { startChromium } from "./chromium.mjs";
import { generateTotp } from "./codes.mjs";
import { givePassword, newCustomer, openWidget, signUp } from "./customer.mjs";
import { startDemonstration } from "./demonstration.mjs";
import { Wiretap, formsOfSecret, recordPages } from "./wiretap.mjs";

const wiretap = new Wiretap();
const core = await loadCore();
let site, browser;

before(async () => {
  site = await startDemonstration({ between: (address) => wiretap.between(address) });
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await wiretap.stop();
});

test("in an enrollment the secret stands in no form on any wire between page, bank and server [R22] [L15]", async () => {
  const context = await browser.newContext();
  const heard = recordPages(context);
  const page = await context.newPage();
  const customer = newCustomer();
  await signUp(page, site.bank, customer);
  await givePassword(page, site.bank, customer);
  await page.waitForURL("**/account");
  const secret = await openWidget(page, site.bank);
  const { code } = await generateTotp(secret);
  await page.getByRole("button", { name: "Next: type the code" }).click();
  await page.getByLabel("Code of 6 digits").fill(code);
  await page.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();

  const wires = { "page and bank": await heard(), "bank and server": wiretap.text() };
  await context.close();
  for (const [wire, text] of Object.entries(wires)) {
    // What is known to have passed: the question, the sealed answer, the code.
    for (const known of ['"public_key":"', '"sealed":"', `"code":"${code}"`]) assert.ok(text.includes(known), `${known} passed between ${wire}`);
    // The package's own files, which pages get, may say "otpauth:"; the server's wire carries no files.
    for (const [name, form] of Object.entries(formsOfSecret(core, secret))) {
      if (name === "an otpauth URI" && wire === "page and bank") assert.ok(!/otpauth:\/\/totp\/Harbor/i.test(text), wire);
      else assert.ok(!text.toLowerCase().includes(form.toLowerCase()), `the secret passed as ${name} between ${wire}`);
    }
  }
});
