// SPDX-License-Identifier: Apache-2.0

// The demonstration's inbox: mail that was really sent, on a page of its own origin.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import axe from "axe-core";

import { openWatchedContext, startChromium } from "./chromium.mjs";
import { findProgram, startDemonstration } from "./demonstration.mjs";

let site, browser;

before(async () => {
  site = await startDemonstration();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

function send(to, ...flags) {
  execFileSync(findProgram(), ["mail", "test", "--to", to, "--smtp-url", site.smtp, "--mail-from", "Harbor Bank <no-reply@harbor.example>", ...flags]);
}

/** A mail whose subject and text look like markup. */
function sendMarkup(to) {
  writeFileSync(join(site.directory, "code.txt"), "Subject: <b>Bold</b> & Co\n\n<script>document.title = 'run'</script>\n\n{{code}}\n");
  send(to, "--mail-templates", site.directory);
}

async function assertAccessible(page) {
  // By the debugger, not as a script of the page: its policy would not let it in.
  const { violations } = await page.evaluate(`${axe.source}; axe.run()`);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
}

test("mail appears by itself, newest first, as text; by address; accessible, in dark and on a phone, within the strict policy", async () => {
  for (const options of [{}, { colorScheme: "dark", viewport: { width: 360, height: 740 } }]) {
    const { context, record } = await openWatchedContext(browser, options);
    const page = await context.newPage();
    await page.goto(site.inbox);
    await assertAccessible(page);
    const before = await page.getByRole("listitem").count();
    send("ana@harbor.example");
    await page.waitForFunction((count) => document.querySelectorAll("li").length === count + 1, before);
    sendMarkup("ana@home.example");
    await page.waitForFunction((count) => document.querySelectorAll("li").length === count + 2, before);
    assert.match(await page.getByRole("listitem").first().innerText(), /ana@home\.example/);
    await assertAccessible(page);
    await page.getByRole("navigation").getByRole("link", { name: "ana@harbor.example" }).click();
    assert.equal(await page.getByRole("listitem").filter({ hasText: "ana@home.example" }).count(), 0);
    await page.getByRole("link", { name: "Inbox" }).click();
    await page.getByRole("listitem").first().getByRole("link").click();
    await page.getByRole("heading", { name: "Test: <b>Bold</b> & Co" }).waitFor();
    assert.match(await page.getByRole("article").innerText(), /<script>document\.title = 'run'<\/script>\n\n123456/);
    await assertAccessible(page);
    send("ana@harbor.example");
    await page.getByRole("status").getByRole("link").waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, "the page scrolls sideways");
    assert.deepEqual([record.violations, record.mistakes], [[], []]);
    await context.close();
  }
});

test("what comes in is there for programs as well, and the inbox answers nothing else [R7]", async () => {
  const all = await (await fetch(`${site.inbox}/mail.json`)).json();
  const own = await (await fetch(`${site.inbox}/mail.json?to=ana%40home.example`)).json();
  assert.ok(all.length > own.length && own.every(({ to }) => to.includes("ana@home.example")));
  assert.deepEqual(all.map(({ id }) => id), all.map(({ id }) => id).sort((a, b) => b - a));
  assert.equal((await fetch(`${site.inbox}/mail/999999`)).status, 404);
  assert.equal((await fetch(`${site.inbox}/../inbox/server.mjs`)).status, 404);
  assert.equal((await fetch(site.inbox, { method: "POST" })).status, 405);
  const { headers } = await fetch(site.inbox);
  assert.equal(headers.get("access-control-allow-origin"), null);
  assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/);
});
