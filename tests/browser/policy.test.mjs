// SPDX-License-Identifier: Apache-2.0

// The negative control of the story's "no violation": the policy is in force on both origins, and a
// breach of it is seen. And the QR code under a dark theme.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWatchedContext, startChromium } from "./chromium.mjs";
import { givePassword, newCustomer, openWidget, signUp } from "./customer.mjs";
import { startDemonstration } from "./demonstration.mjs";

let site, browser;

before(async () => {
  site = await startDemonstration();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Runs in the page: what an injected attacker would try first. */
async function breakThePolicy(elsewhere) {
  const outcomes = {};
  try {
    document.createElement("div").innerHTML = "<b>injected</b>";
    outcomes.markup = "ran";
  } catch (error) {
    outcomes.markup = error.name;
  }
  const style = document.createElement("style");
  style.append("body { color: rgb(1, 2, 3) }");
  document.head.append(style);
  outcomes.style = getComputedStyle(document.body).color === "rgb(1, 2, 3)" ? "applied" : "blocked";
  outcomes.request = await fetch(elsewhere).then(() => "sent", (error) => error.name);
  const image = document.createElement("img");
  outcomes.image = await new Promise((resolve) => {
    image.onload = () => resolve("loaded");
    image.onerror = () => resolve("blocked");
    image.src = `${elsewhere}/icon.svg`;
  });
  return outcomes;
}

for (const [name, from, to] of [["bank", "bank", "authenticator"], ["authenticator", "authenticator", "bank"]]) {
  test(`the ${name}'s policy stops markup, styles, requests and images, and each breach is seen [L37]`, async () => {
    const { context, record } = await openWatchedContext(browser);
    const page = await context.newPage();
    await page.goto(site[from]);
    assert.deepEqual(record.violations, []);
    const outcomes = await page.evaluate(breakThePolicy, site[to]);
    assert.deepEqual(outcomes, { markup: "TypeError", style: "blocked", request: "TypeError", image: "blocked" });
    for (const directive of ["require-trusted-types-for", "style-src", "connect-src", "img-src"]) {
      assert.ok(record.violations.some((text) => text.includes(directive)), `a breach of ${directive} is seen`);
    }
    await context.close();
  });
}

/** Runs in a blank page: reads a PNG into rows of gray values. */
async function readPixels(base64) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const rows = [];
  for (let y = 0; y < image.height; y += 1) {
    rows.push(Array.from({ length: image.width }, (_, x) => data[4 * (y * image.width + x)]));
  }
  return rows;
}

test("in a dark theme the QR code is black on white with 4 modules of quiet, 4 px a module or more [L32]", async () => {
  const context = await browser.newContext({ colorScheme: "dark", viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  const customer = newCustomer();
  await signUp(page, site.bank, customer);
  await givePassword(page, site.bank, customer);
  await page.waitForURL("**/account");
  await openWidget(page, site.bank);
  const picture = await page.getByRole("img", { name: "QR code for your authenticator app" }).screenshot();
  const blank = await context.newPage();
  const rows = await blank.evaluate(readPixels, picture.toString("base64"));
  // The card's rounded corners may cut into the quiet zone, but not to half of its depth.
  const inner = rows.slice(8, -8).map((row) => row.slice(8, -8));
  const colors = new Set(inner.flat());
  assert.deepEqual([...colors].sort((a, b) => a - b), [0, 255], "two colors, black and white, and no other");
  const top = rows.findIndex((row) => row.includes(0));
  const start = rows[top].indexOf(0);
  // The upper edge of the finder pattern is 7 modules wide.
  const modulePixels = (rows[top].indexOf(255, start) - start) / 7;
  assert.ok(Number.isInteger(modulePixels) && modulePixels >= 4, `${modulePixels} px a module`);
  assert.ok(top >= 4 * modulePixels && start >= 4 * modulePixels, "4 modules of quiet above and beside");
  const last = rows.findLastIndex((row) => row.includes(0));
  assert.ok(rows.length - 1 - last >= 4 * modulePixels, "and below");
  await context.close();
});
