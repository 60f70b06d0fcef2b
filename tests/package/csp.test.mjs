// SPDX-License-Identifier: Apache-2.0
// The core in a real Chromium under the policy of R29, with controls that show that the policy is in force.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { startSite, strictPolicy } from "./strict_site.mjs";

const arguments_ = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: arguments_,
  });
});

after(() => browser.close());

async function probeUnder(policy) {
  const site = await startSite(policy);
  const page = await browser.newPage();
  try {
    await page.goto(site.page);
    await page.locator("body[data-done]").waitFor({ state: "attached" });
    return JSON.parse(await page.locator("body").textContent());
  } finally {
    await page.close();
    await site.stop();
  }
}

test("the core makes codes in a page under the strict policy [L37] [R29]", async () => {
  const { page } = await probeUnder(strictPolicy);
  assert.equal(page.failure, undefined);
  assert.equal(page.code, "94287082");
  assert.equal(page.randomBytes, 32);
});

test("the core makes codes in a module worker under the strict policy [L37] [R29]", async () => {
  const { worker } = await probeUnder(strictPolicy);
  assert.equal(worker.failure, undefined);
  assert.equal(worker.code, "94287082");
  assert.equal(worker.randomBytes, 32);
});

test("control: the policy blocks dynamic code and inline scripts [L37] [R29]", async () => {
  const { page, worker, inlineRan } = await probeUnder(strictPolicy);
  assert.equal(page.dynamicCode, "EvalError");
  assert.equal(worker.dynamicCode, "EvalError");
  assert.equal(inlineRan, false);
});

test("control: without wasm-unsafe-eval the core cannot load [L37] [R29]", async () => {
  const { page, worker } = await probeUnder(strictPolicy.replace(" 'wasm-unsafe-eval'", ""));
  assert.match(page.failure, /CompileError/);
  assert.match(worker.failure, /CompileError/);
});
