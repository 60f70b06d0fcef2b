// SPDX-License-Identifier: Apache-2.0
// Chromium, one for a test file, and a page that fails the test on any error or breach of the CSP.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export function launch(args = []) {
  return chromium.launch({
    executablePath: process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...quiet, ...args],
  });
}

/**
 * @param {object} [options] Playwright's context options; `allowed`: complaints that the story causes;
 *   `prepare`: what to do with the page before it loads
 * @returns the page; `page.check()` fails on any other complaint of the browser
 */
export async function openPage(browser, url, { allowed = /^$/u, prepare = async () => {}, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 720, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== new URL(url).origin && origin !== "null") complaints.push(`a request to ${origin}`);
  });
  page.check = () => assert.deepEqual(complaints.filter((text) => !allowed.test(text)), []);
  await prepare(page);
  await page.goto(url);
  return page;
}
