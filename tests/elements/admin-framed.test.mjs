// SPDX-License-Identifier: Apache-2.0
// The administrator's elements in another site's frame: nothing is asked for, nothing is set, nothing is issued.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ok } from "./administering.mjs";
import { launch } from "./browser.mjs";
import { startSite } from "./site.mjs";

let site, other, browser;
before(async () => {
  site = await startSite();
  other = await startSite({ ancestors: "http://localhost:*", widget: async () => ok({}) });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await other?.stop();
});

for (const name of ["policy", "user", "audit"]) {
  test(`<countersign-${name}> framed by another origin says so, and its token goes nowhere [R7]`, async () => {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/pages/${name}.html`);
    await page.evaluate((address) => {
      const inner = document.createElement("iframe");
      inner.src = address;
      document.body.append(inner);
    }, `${other.origin.replace("localhost", "127.0.0.1")}/pages/${name}.html`);
    const inside = await (await page.waitForSelector("iframe")).contentFrame();
    await inside.waitForSelector(`countersign-${name}:defined`);
    other.seen.length = 0;
    await inside.evaluate((tag) => Object.assign(document.querySelector(tag), { user: "u-1842", sessionToken: "cs_ses_framed" }), `countersign-${name}`);
    await inside.getByRole("heading", { name: "Not shown inside another site" }).waitFor();
    assert.deepEqual(other.seen.filter(({ url }) => url.includes("/countersign/w/")), []);
    await page.close();
  });
}
