// SPDX-License-Identifier: Apache-2.0
// Colors: LOOK's by the color scheme of the place, the site's where it says so, also in older browsers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { startSite } from "./site.mjs";

let site, browser;
before(async () => {
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const ink = { light: "rgb(22, 24, 29)", dark: "rgb(241, 243, 246)" };
const color = (page) => page.locator("countersign-authenticator").evaluate((element) => getComputedStyle(element).color);

async function open(colorScheme) {
  const page = await openPage(browser, `${site.origin}/pages/authenticator.html`, { colorScheme });
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  return page;
}

test("colors follow the color scheme of the place where the element stands", async () => {
  for (const scheme of ["light", "dark"]) {
    const page = await open(scheme);
    assert.equal(await color(page), ink[scheme]);
    await page.evaluate(() => (document.querySelector("main").style.colorScheme = "dark"));
    assert.equal(await color(page), ink.dark, "a dark place in a page");
    page.check();
    await page.context().close();
  }
});

test("where light-dark() is unknown colors follow the system", async () => {
  for (const scheme of ["light", "dark"]) {
    const page = await open(scheme);
    const dropped = await page.locator("countersign-authenticator").evaluate(({ shadowRoot }) => {
      let count = 0;
      for (const sheet of shadowRoot.adoptedStyleSheets) {
        [...sheet.cssRules].forEach((rule) => {
          if (!(rule instanceof CSSSupportsRule)) return;
          sheet.deleteRule([...sheet.cssRules].indexOf(rule));
          count += 1;
        });
      }
      return count;
    });
    assert.equal(dropped, 1);
    assert.equal(await color(page), ink[scheme]);
    page.check();
    await page.context().close();
  }
});

test("a site's own tokens, font and direction win", async () => {
  const page = await open("light");
  const seen = await page.evaluate(() => {
    document.documentElement.style.setProperty("--countersign-text", "rgb(1, 2, 3)");
    document.documentElement.style.setProperty("--countersign-accent", "rgb(4, 5, 6)");
    document.body.style.fontFamily = "Georgia";
    const element = document.querySelector("countersign-authenticator");
    const button = element.shadowRoot.querySelector("button");
    const icon = element.shadowRoot.querySelector(".ways svg");
    return [getComputedStyle(element).color, getComputedStyle(icon).color, getComputedStyle(button).fontFamily];
  });
  assert.deepEqual(seen, ["rgb(1, 2, 3)", "rgb(4, 5, 6)", "Georgia"]);
  page.check();
  await page.context().close();
});
