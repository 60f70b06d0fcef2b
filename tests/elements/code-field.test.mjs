// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadCore } from "countersign";
import { launch, openPage } from "./browser.mjs";
import { checkAccessible, looks } from "./checks.mjs";
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

const open = (options) => openPage(browser, `${site.origin}/pages/code-field.html`, options);
const sent = () => site.seen.filter(({ method }) => method === "POST").map(({ text }) => text);
const input = (page) => page.locator("input");

/** Keeps the form's own submit in the page and counts it. */
async function holdSubmits(page) {
  await page.evaluate(() => {
    window.submits = [];
    document.forms[0].addEventListener("submit", (event) => {
      event.preventDefault();
      window.submits.push(new FormData(event.target).get("code"));
    });
  });
  return () => page.evaluate(() => window.submits);
}

async function paste(page, text) {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press("ControlOrMeta+V");
}

test("the code field is one real input for one-time codes, drawn as slots [L31]", async () => {
  const page = await open();
  const inputs = await page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    return all(document).filter((node) => node.localName === "input").map((node) => [node.name, node.inputMode, node.autocomplete, node.type]);
  });
  assert.deepEqual(inputs, [["code", "numeric", "one-time-code", "text"]]);
  await input(page).focus();
  await page.keyboard.type("123");
  assert.deepEqual(await page.locator(".slot").allInnerTexts(), ["1", "2", "3", "", "", ""]);
  assert.equal(await page.getByRole("textbox", { name: "Code from your authenticator app" }).count(), 1);
  const field = page.locator("countersign-code-field .field");
  assert.deepEqual([await field.getAttribute("dir"), await field.getAttribute("translate")], ["ltr", "no"]);
  page.check();
  await page.context().close();
});

const pasted = [
  ["123 456", "a space"], ["123-456", "a dash"], ["123\u00a0456", "a no-break space"],
  ["123\u2009456", "a thin space"], ["12 34 56\n", "spaces and a line end"], ["123\u2013456", "an en dash"],
  ["１２３４５６", "full-width digits"], ["١٢٣٤٥٦", "Arabic-Indic digits"], ["۱۲۳۴۵۶", "extended Arabic-Indic digits"],
  ["\u200e123456\u200f", "direction marks"],
];

test("a pasted code is cleaned of spaces, dashes and foreign digits, anywhere in the field [L31]", async () => {
  const core = await loadCore();
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const submits = await holdSubmits(page);
  for (const [text, what] of pasted) {
    await page.locator("countersign-code-field").evaluate((field) => field.clear());
    await page.evaluate(() => (window.submits.length = 0));
    await input(page).focus();
    await page.keyboard.type("98");
    await page.keyboard.press("ArrowLeft");
    await paste(page, text);
    assert.equal(await input(page).inputValue(), "123456", what);
    assert.deepEqual(await submits(), ["123456"], what);
    if (!/[\n\u200e]/u.test(text)) assert.equal(core.foldCode(text), "123456", `the core folds ${what} alike`);
  }
  page.check();
  await page.context().close();
});

test("what cannot be a code is told and changes nothing [L31]", async () => {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const submits = await holdSubmits(page);
  await input(page).focus();
  await page.keyboard.type("12");
  await paste(page, "1234567");
  assert.equal(await page.locator("[slot=message]").innerText(), "You pasted 7 digits; the code has 6.");
  await paste(page, "no digits");
  assert.equal(await page.locator("[slot=message]").innerText(), "There are no digits in what you pasted.");
  assert.equal(await input(page).inputValue(), "12");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("[slot=message]").innerText(), "Type all 6 digits.");
  assert.deepEqual(await submits(), []);
  page.check();
  await page.context().close();
});

test("foreign digits and letters typed are folded and dropped [L31]", async () => {
  const page = await open();
  const submits = await holdSubmits(page);
  await input(page).focus();
  for (const key of "١x２-3") await page.keyboard.insertText(key);
  assert.equal(await input(page).inputValue(), "123");
  assert.deepEqual(await submits(), []);
  page.check();
  await page.context().close();
});

test("the last digit sends the form, and Enter and clicks meanwhile do not send it again [L31]", async () => {
  const page = await open();
  let release;
  site.beforePost = () => new Promise((resolve) => (release = resolve));
  site.seen.length = 0;
  await input(page).focus();
  const button = await page.locator("form button").boundingBox();
  await page.keyboard.type("123456");
  await page.keyboard.press("Enter");
  await page.mouse.click(button.x + 5, button.y + 5);
  await page.keyboard.press("Enter");
  while (!release) await new Promise((resolve) => setTimeout(resolve, 10));
  site.beforePost = async () => {};
  release();
  await page.waitForURL(/sent\.html/u);
  assert.deepEqual(sent(), ["code=123456"]);
  page.check();
  await page.context().close();
});

test("a refused code stays, selected, and is not sent again by itself [L31]", async () => {
  const page = await open();
  const submits = await holdSubmits(page);
  await input(page).focus();
  const before = await page.locator("form button").boundingBox();
  await page.keyboard.type("123456");
  await page.locator("countersign-code-field").evaluate((field) => field.refuse("Not accepted. Wait for the next one."));
  const state = await input(page).evaluate((node) => ({
    value: node.value,
    selected: [node.selectionStart, node.selectionEnd],
    invalid: node.getAttribute("aria-invalid"),
    described: node.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent),
    live: document.querySelector("[slot=message]").getAttribute("aria-live"),
  }));
  assert.deepEqual(state.selected, [0, 6]);
  assert.deepEqual([state.value, state.invalid, state.live], ["123456", "true", "polite"]);
  assert.equal(state.described[0], "Not accepted. Wait for the next one.");
  assert.equal(await page.locator(".slot.selected").count(), 6);
  assert.deepEqual(await page.locator("form button").boundingBox(), before, "nothing jumps");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("6");
  assert.deepEqual(await submits(), ["123456"], "the same digits again are not sent by themselves");
  await page.keyboard.press("Enter");
  assert.deepEqual(await submits(), ["123456", "123456"], "but by the person's own key");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("654321");
  assert.deepEqual((await submits()).slice(2), ["654321"]);
  assert.equal(await input(page).getAttribute("aria-invalid"), null);
  page.check();
  await page.context().close();
});

test("without script the field is still an input that its form sends [L31]", async () => {
  const page = await open({ javaScriptEnabled: false });
  site.seen.length = 0;
  await input(page).fill("123456");
  await page.locator("form button").click();
  await page.waitForURL(/sent\.html/u);
  assert.deepEqual(sent(), ["code=123456"]);
  await page.context().close();
});

test("the server's own refusal, and an input that comes after the script, are taken up [L31]", async () => {
  let goOn;
  const defined = new Promise((resolve) => (goOn = resolve));
  site.beforeSlowScript = () => defined;
  const page = await openPage(browser, `${site.origin}/pages/refused.html`, {
    prepare: async (opened) => {
      await opened.exposeFunction("goOn", goOn);
      await opened.addInitScript(() => customElements.whenDefined("countersign-code-field").then(() => window.goOn()));
    },
  });
  await page.locator(".slot").first().waitFor();
  assert.equal(await input(page).count(), 1, "no second input is made");
  assert.equal(await page.getByRole("textbox", { name: "Your code" }).getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("[slot=message]").innerText(), "Not accepted.");
  assert.equal(await page.evaluate(() => document.activeElement.name), "code");
  page.check();
  await page.context().close();
});

test("the code field is accessible, empty and refused, light and dark, left and right [L31]", async () => {
  for (const { name, ...look } of looks) {
    const page = await open(look);
    await checkAccessible(page, `${name}, empty`);
    await holdSubmits(page);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await input(page).focus();
    await page.keyboard.type("123456");
    await page.locator("countersign-code-field").evaluate((field) => field.refuse("Not accepted."));
    await checkAccessible(page, `${name}, refused`);
    const [first, last] = await page.locator(".slot").evaluateAll((slots) => [slots[0], slots[5]].map((slot) => slot.getBoundingClientRect().left));
    assert.ok(first < last, "digits run from left to right in every page");
    page.check();
    await page.context().close();
  }
});
