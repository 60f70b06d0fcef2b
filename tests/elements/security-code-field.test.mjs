// SPDX-License-Identifier: Apache-2.0
// The field for a security code: how it reads what is typed and pasted, and what its check symbol catches.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadCore } from "countersign";
import { launch, openPage } from "./browser.mjs";
import { checkAccessible, looks } from "./checks.mjs";
import { startSite } from "./site.mjs";

const code = "K7QF-2M9X-TRB4-V3HF";
const mistake = "There is a mistake in it: one symbol is wrong, or two are swapped. Compare it with your code.";

let site, browser;
before(async () => {
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const open = (options) => openPage(browser, `${site.origin}/pages/security-code-field.html`, options);
const input = (page) => page.locator("input");
const message = (page) => page.locator("[slot=message]");
const sent = () => site.seen.filter(({ method }) => method === "POST").map(({ text }) => text);
const empty = (page) => page.locator("countersign-security-code-field").evaluate((field) => field.clear());

/** The field, once its core is there. */
async function openLoaded(options) {
  const page = await open(options);
  await page.waitForLoadState("networkidle");
  return page;
}

const spellings = [
  ["k7qf-2m9x-trb4-v3hf", "small letters"], ["K7QF2M9XTRB4V3HF", "no dashes"], ["K7QF 2M9X TRB4 V3HF", "spaces"],
  ["K7QF\u20132M9X\u2014TRB4\u2010V3HF", "other dashes"], ["\u00a0K7QF2M9X\u2009TRB4V3HF\n", "other spaces"],
  ["Ｋ７ＱＦ２Ｍ９ＸＴＲＢ４Ｖ３ＨＦ", "full-width"], ["K٧QF٢M٩XTRB٤V٣HF", "Arabic-Indic digits"],
];

test("a pasted code of any form is written as the codes are, wherever the caret is [R25] [U9]", async () => {
  const core = await loadCore();
  const page = await openLoaded({ permissions: ["clipboard-read", "clipboard-write"] });
  for (const [text, what] of spellings) {
    await empty(page);
    await input(page).focus();
    await page.keyboard.type("98");
    await page.keyboard.press("ArrowLeft");
    await page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await page.keyboard.press("ControlOrMeta+V");
    assert.equal(await input(page).inputValue(), code, what);
    await message(page).filter({ hasText: "The code is complete." }).waitFor();
    // The core folds full-width digits, not letters: the field sends what it shows.
    if (what !== "full-width") assert.equal(core.readSecurityCode(text.trim()), code.replaceAll("-", ""), `the core reads ${what} alike`);
  }
  page.check();
  await page.context().close();
});

test("letters that look alike are read as what they must be, and groups of four come by themselves [R25]", async () => {
  const core = await loadCore();
  let look;
  do look = core.makeSecurityCode(); while (!/0/u.test(look) || !/1/u.test(look));
  const page = await openLoaded();
  await input(page).focus();
  await page.keyboard.type(look.replaceAll("-", "").replaceAll("0", "o").replaceAll("1", "l"));
  assert.equal(await input(page).inputValue(), look);
  await message(page).filter({ hasText: "The code is complete." }).waitFor();
  await empty(page);
  await page.keyboard.type(look.replaceAll("0", "O").replaceAll("1", "I"));
  assert.equal(await input(page).inputValue(), look, "typed with its dashes");
  page.check();
  await page.context().close();
});

test("the caret stays at its place while the middle of a code is edited [R25]", async () => {
  const page = await openLoaded();
  await input(page).focus();
  await page.keyboard.type("K7QF2M9XTRB4V3HF");
  for (let steps = 0; steps < 10; steps++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  assert.equal(await input(page).inputValue(), "K7QF-2M9T-RB4V-3HF");
  await page.keyboard.type("x");
  assert.equal(await input(page).inputValue(), code);
  await page.keyboard.type("7");
  assert.equal(await input(page).inputValue(), code, "a seventeenth symbol changes nothing");
  await message(page).filter({ hasText: "all of them are in" }).waitFor();
  page.check();
  await page.context().close();
});

test("every wrong symbol and every swap is told with the last symbol, and never sent [R25]", async () => {
  const page = await openLoaded();
  const symbols = code.replaceAll("-", "");
  site.seen.length = 0;
  const wrong = Array.from(symbols, (symbol, index) => symbols.slice(0, index) + (symbol === "W" ? "Y" : "W") + symbols.slice(index + 1));
  const swapped = [1, 4, 9, 14].map((at) => symbols.slice(0, at) + symbols[at + 1] + symbols[at] + symbols.slice(at + 2));
  for (const typed of [...wrong, ...swapped]) {
    await empty(page);
    await input(page).focus();
    await page.keyboard.type(typed.slice(0, 15));
    assert.equal(await message(page).textContent(), "", `${typed}: not before the last`);
    await page.keyboard.type(typed.slice(15));
    assert.equal(await message(page).textContent(), mistake, typed);
    assert.equal(await input(page).getAttribute("aria-invalid"), "true");
    await page.keyboard.press("Enter");
    assert.equal(await message(page).textContent(), mistake);
  }
  assert.deepEqual(sent(), []);
  page.check();
  await page.context().close();
});

test("what cannot be a code is told and changes nothing, and a short one is not sent [R25]", async () => {
  const page = await openLoaded({ permissions: ["clipboard-read", "clipboard-write"] });
  site.seen.length = 0;
  await input(page).focus();
  await page.keyboard.type("K7");
  for (const [pasted, sentence] of [
    ["K7QF-2M9X-TRB4-V3HF-1", "You pasted 17 symbols; a security code has 16."],
    ["K7QF-2M9X-TRB4-V3HU", "No security code has the sign U. Compare it with your code."],
    ["--- ---", "There is no code in what you pasted."],
  ]) {
    await page.evaluate((value) => navigator.clipboard.writeText(value), pasted);
    await page.keyboard.press("ControlOrMeta+V");
    assert.equal(await message(page).textContent(), sentence);
    assert.equal(await input(page).inputValue(), "K7");
  }
  await page.keyboard.type("u");
  assert.equal(await message(page).textContent(), "No security code has the sign u. Compare it with your code.");
  assert.equal(await input(page).inputValue(), "K7");
  await page.keyboard.press("Enter");
  assert.equal(await message(page).textContent(), "Type all 16 symbols.");
  assert.deepEqual(sent(), []);
  page.check();
  await page.context().close();
});

test("nothing fills it in or sends it by itself; Enter sends it once [R25] [L31]", async () => {
  const page = await openLoaded();
  assert.deepEqual(await input(page).evaluate(({ autocomplete, type, name, spellcheck }) => [autocomplete, type, name, spellcheck]), ["off", "text", "code", false]);
  assert.equal(await page.getByRole("textbox", { name: "Security code" }).count(), 1);
  site.seen.length = 0;
  await input(page).focus();
  await page.keyboard.type(code);
  await message(page).filter({ hasText: "The code is complete." }).waitFor();
  assert.deepEqual(sent(), [], "the last symbol sends nothing");
  await page.keyboard.press("Enter");
  await page.waitForURL(/sent\.html/u);
  assert.deepEqual(sent(), [`code=${code}`]);
  page.check();
  await page.context().close();
});

test("where the core cannot be had, and without script, it is still an input that its form sends [R25] [L31]", async () => {
  for (const options of [{ javaScriptEnabled: false }, { prepare: (fresh) => fresh.route("**/*.wasm", (route) => route.abort()), allowed: /Failed to load|net::/u }]) {
    const page = await open(options);
    site.seen.length = 0;
    await input(page).fill(code);
    await page.locator("form button").click();
    await page.waitForURL(/sent\.html/u);
    assert.deepEqual(sent(), [`code=${code}`]);
    page.check();
    await page.context().close();
  }
});

test("a refused code stays, is selected, and its waiting time counts down [R14a]", async () => {
  const page = await openLoaded();
  await input(page).focus();
  await page.keyboard.type(code);
  const before = await page.locator("form button").boundingBox();
  await page.locator("countersign-security-code-field").evaluate((field) => field.refuse("Not accepted. Wait (5\u00a0s).", 5));
  const selected = await input(page).evaluate(({ selectionStart, selectionEnd, value }) => [selectionStart, selectionEnd, value]);
  assert.deepEqual(selected, [0, 19, code]);
  assert.deepEqual(await page.locator("form button").boundingBox(), before, "nothing jumps");
  await message(page).filter({ hasText: /\([1-4]\u00a0s\)/u }).waitFor();
  page.check();
  await page.context().close();
});

test("the security code field is accessible in each state, light and dark, 320 px, right to left [R25]", async () => {
  for (const { name, ...look } of looks) {
    const page = await openLoaded(look);
    await checkAccessible(page, `${name}, empty`);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await input(page).focus();
    await page.keyboard.type("K7QF2M9XTRB4V3HG");
    await message(page).filter({ hasText: mistake }).waitFor();
    await checkAccessible(page, `${name}, mistyped`);
    const { fits, direction } = await input(page).evaluate((node) => ({ fits: node.scrollWidth <= node.clientWidth, direction: getComputedStyle(node).direction }));
    assert.deepEqual([fits, direction], [true, "ltr"], `${name}: the whole code is seen, from left to right`);
    await page.keyboard.press("Backspace");
    await page.keyboard.type("F");
    await message(page).filter({ hasText: "The code is complete." }).waitFor();
    await checkAccessible(page, `${name}, complete`);
    page.check();
    await page.context().close();
  }
});
