// SPDX-License-Identifier: Apache-2.0
// Stretching in a worker of a real Chromium under the policy of R29, with and without SIMD, and controls.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { startSite, strictPolicy } from "./strict_site.mjs";

const known = "204e7975c87f6327f339b48e5f24d8e26d241b531574ca9c0165246e96750c03";
const arguments_ = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let browser;

before(async () => {
  const executablePath = process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, headless: true, args: arguments_ });
});
after(() => browser.close());

/** @returns what the page found, and how many workers it started; all of them have ended by then */
async function stretchUnder(policy, query = "") {
  const site = await startSite(policy);
  const page = await browser.newPage();
  let started = 0;
  page.on("worker", () => { started += 1; });
  try {
    await page.goto(new URL(`stretch.html${query}`, site.page).href);
    await page.locator("body[data-done]").waitFor({ state: "attached" });
    const found = JSON.parse(await page.locator("body").textContent());
    // One that was ended in the middle of a code is told of a moment later; one that lives on fails here.
    await Promise.all(page.workers().map((worker) => worker.waitForEvent("close", { timeout: 10_000 })));
    return { ...found, started };
  } finally {
    await page.close();
    await site.stop();
  }
}

for (const [title, query, file] of [
  ["the core that the engine gets", "", "core.wasm"],
  ["core_scalar.wasm, given by its address", "?module=/dist/core_scalar.wasm", "core_scalar.wasm"],
  ["core_scalar.wasm, chosen where SIMD is missing", "?simd=no", "core_scalar.wasm"],
]) {
  test(`codes are stretched in a worker under the strict policy: ${title} [R21] [R29] [L37]`, async () => {
    const found = await stretchUnder(strictPolicy, query);
    assert.equal(found.onThePage, known);
    assert.deepEqual(found.stretched, [known, known]);
    assert.deepEqual(found.progress, [[1, 2], [2, 2]]);
    assert.deepEqual(found.files.filter((path) => path.endsWith(".wasm")), [`/dist/${file}`]);
    assert.equal(found.badSalt, "CountersignError: stretch.salt_malformed");
    assert.match(found.missing, /^Error: .*none\.js: the worker cannot run/);
    assert.match(found.elsewhere, /^TypeError: .*a worker of another site/);
    assert.match(found.inline, /^TypeError: blob:.*a worker of another site/);
    assert.equal(found.givenUp, "AbortError: 20");
    assert.ok(found.started >= 3, `${found.started} workers were started`);
  });
}

test("a site without Trusted Types needs no policy name", async () => {
  const found = await stretchUnder("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'");
  assert.deepEqual(found.stretched, [known, known]);
});

test("control: without worker-src no worker runs, and that is told [R29]", async () => {
  const { stretched } = await stretchUnder(strictPolicy.replace("worker-src 'self'", "worker-src 'none'"));
  assert.match(stretched, /^(Error|SecurityError): /);
});

test("control: without its policy name no worker runs, and that is told [R29]", async () => {
  const { stretched } = await stretchUnder(strictPolicy.replace("trusted-types countersign", "trusted-types"));
  assert.match(stretched, /^TypeError: .*[Pp]olicy/);
});
