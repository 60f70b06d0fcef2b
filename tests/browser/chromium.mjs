// SPDX-License-Identifier: Apache-2.0

// Debian's Chromium, and a context in which everything a test must judge later is written down.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const quietly = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param {string} [camera] - an absolute path; its picture is what the browser's camera sees */
export function startChromium({ camera } = {}) {
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (executablePath === undefined) throw new Error("no Chromium here: run scripts/setup, or set CHROMIUM to its path");
  const seeing = camera && [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-video-capture=${camera}`,
  ];
  return chromium.launch({ executablePath, headless: true, args: [...quietly, ...(seeing ?? [])] });
}

function reportFromPage() {
  addEventListener("securitypolicyviolation", (event) =>
    globalThis.reportToTest("violation", `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
  );
  for (const name of ["countersign-enrolled", "countersign-removed", "countersign-codes-replaced", "countersign-alternates-chosen", "countersign-elevated",
    "countersign-passed", "countersign-enrollment-required", "countersign-error", "countersign-entry-added"]) {
    addEventListener(name, (event) => globalThis.reportToTest("event", `${name} ${JSON.stringify(event.detail)}`));
  }
}

/**
 * Opens a context and keeps its record: `violations` of the content security policy (the browser's
 * events and what the console says of them), `events` of the elements, `urls` asked for, and
 * `mistakes` (uncaught errors of pages).
 */
export async function openWatchedContext(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const record = { violations: [], events: [], urls: [], mistakes: [] };
  await context.exposeBinding("reportToTest", (_source, kind, text) =>
    (kind === "violation" ? record.violations : record.events).push(text),
  );
  await context.addInitScript(reportFromPage);
  context.on("request", (request) => record.urls.push(request.url()));
  context.on("console", (message) => {
    if (/content security policy|trusted ?type|refused to/i.test(message.text())) record.violations.push(message.text());
  });
  context.on("weberror", (error) => record.mistakes.push(String(error.error())));
  return { context, record };
}
