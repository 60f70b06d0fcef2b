// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadCore } from "countersign";
import { launch, openPage } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { startSite } from "./site.mjs";

let site, browser;
const core = await loadCore();
before(async () => {
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** RFC 6238, appendix B: the secret of its SHA-1 rows. */
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const bank = `otpauth://totp/Harbor%20Bank:ada%40example.org?secret=${rfcSecret}&issuer=Harbor%20Bank`;

async function open({ at, ...options } = {}) {
  const stopClock = async (page) => {
    await page.clock.install({ time: at });
    await page.clock.pauseAt(at + 500);
  };
  const page = await openPage(browser, `${site.origin}/pages/authenticator.html`, {
    permissions: ["clipboard-read", "clipboard-write"],
    ...(at === undefined ? {} : { prepare: stopClock }),
    ...options,
  });
  await page.evaluate(() => {
    window.told = [];
    window.addEventListener("countersign-entry-added", ({ detail }) => window.told.push(detail));
  });
  return page;
}

const status = (page) => page.locator(".told");
const trouble = (page) => page.locator("#trouble");
const rows = (page) => page.getByRole("listitem").filter({ has: page.locator(".code") });

async function paste(page, text, names = {}) {
  const add = page.getByRole("button", { name: "Add", exact: true });
  if ((await rows(page).count()) > 0) await add.click();
  await page.getByRole("button", { name: "Paste a link or a key" }).click();
  await page.getByLabel("Set-up link").fill(text);
  for (const [label, value] of Object.entries(names)) await page.getByLabel(label).fill(value);
  await page.locator("form").getByRole("button", { name: "Add", exact: true }).click();
}

test("without entries the ways to add stand there, and that nothing is kept", async () => {
  const page = await open();
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Scan a QR code" }).count(), 1);
  assert.equal(await page.getByRole("button", { name: "Paste a link or a key" }).count(), 1);
  await page.getByText("they vanish when you reload or close it").waitFor();
  assert.ok(!site.seen.some(({ url }) => url.includes("zxing")), "the QR reader is not loaded before the camera is opened");
  page.check();
  await page.context().close();
});

test("a pasted link shows the code of its moment, in groups, and the seconds it has left", async () => {
  const page = await open({ at: 1_111_111_109_000 });
  await paste(page, `${bank}&digits=8`);
  await rows(page).first().waitFor();
  assert.equal(await page.locator(".entry .code").innerText(), "0708 1804");
  assert.equal(await page.getByRole("img", { name: "1 second left" }).count(), 1);
  const ring = await page.locator(".ring").boundingBox();
  await page.clock.runFor(2000);
  await page.locator(".entry .code").filter({ hasText: "1405 0471" }).waitFor();
  assert.deepEqual(await page.locator(".ring").boundingBox(), ring, "the countdown moves nothing");
  assert.deepEqual(await page.evaluate(() => window.told), [{ issuer: "Harbor Bank" }]);
  page.check();
  await page.context().close();
});

test("codes of several periods and hashes are the core's", async () => {
  const at = 1_700_000_012_000;
  const page = await open({ at });
  await paste(page, `${bank}&algorithm=SHA256`);
  await paste(page, `otpauth://totp/Acme:eva?secret=${rfcSecret}&issuer=Acme&period=60&digits=8&algorithm=SHA512`);
  await rows(page).nth(1).waitFor();
  const secret = core.decodeBase32(rfcSecret);
  const expected = core.generateTotpBatch(
    [{ secret, algorithm: "sha256" }, { secret, algorithm: "sha512", periodSeconds: 60, digits: 8 }], at);
  const shown = await page.locator(".entry .code").allInnerTexts();
  assert.deepEqual(shown.map((code) => code.replace(" ", "")), expected);
  page.check();
  await page.context().close();
});

test("a bare key gets the names that the person gives, however it is written", async () => {
  const page = await open({ at: 59_000 });
  await paste(page, "gezd-gnbv gy3t\u00a0qojq GEZD\u2013GNBV GY3T QOJQ", { Site: "Acme", "Your account there": "eva" });
  await rows(page).first().waitFor();
  assert.match(await rows(page).first().innerText(), /Acme\s+eva\s+287 082/u);
  page.check();
  await page.context().close();
});

test("what is odd about a link is said, and what cannot be used is refused with a sentence [L23] [L24] [L26]", async () => {
  const page = await open();
  const bad = [
    ["otpauth://hotp/Acme:eva?secret=GEZDGNBVGY3TQOJQ&counter=1", "time-based codes only, so nothing was added"],
    ["otpauth-migration://offline?data=abc", "an export of another authenticator app"],
    ["https://example.org/", "not a set-up link for an authenticator"],
    ["otpauth://totp/Acme:eva?issuer=Acme", "There is no key in that link"],
    ["GEZDGNBVGY3TQOJ1", "That is not a key"],
    ["GEZDGNBVG", "cut short"],
    ["", "Paste a set-up link or a key first"],
    ["A".repeat(2048), "That key is longer than any site's"],
    ["otpauth://totp/Acme:eva?secret=GEZDGNBVGY3TQOJQ&period=0", "a time between codes that no app can do"],
  ];
  for (const [text, sentence] of bad) {
    await paste(page, text);
    await trouble(page).filter({ hasText: sentence }).waitFor();
    assert.match(await trouble(page).innerText(), /^[A-Z].*\.$/su, text);
    assert.equal(await page.getByLabel("Set-up link").inputValue(), text, "the text stays to be mended");
    await page.getByRole("button", { name: "Cancel" }).click();
  }
  assert.equal(await rows(page).count(), 0);
  const odd = "otpauth://totp/Other:eva?secret=GEZDGNBVGY3TQOJQ&issuer=Acme";
  await paste(page, odd);
  await status(page).filter({ hasText: "Added Acme (eva)." }).waitFor();
  const sentences = core.parseOtpauthUri(odd).warnings.map(({ sentence }) => sentence);
  assert.ok(sentences.length >= 2);
  assert.deepEqual(await status(page).getByRole("listitem").allInnerTexts(), sentences);
  page.check();
  await page.context().close();
});

test("the same key a second time is noticed and not added", async () => {
  const page = await open();
  await paste(page, bank);
  await rows(page).first().waitFor();
  await paste(page, rfcSecret, { Site: "Another name" });
  await status(page).filter({ hasText: "Already here: Harbor Bank (ada@example.org). Nothing was added." }).waitFor();
  assert.equal(await rows(page).count(), 1);
  assert.equal((await page.evaluate(() => window.told)).length, 1);
  page.check();
  await page.context().close();
});

test("who is faster than the core waits for it and loses nothing", async () => {
  let goOn;
  const gate = new Promise((resolve) => (goOn = resolve));
  const prepare = (page) => page.route("**/core.wasm", async (route) => {
    await gate;
    await route.continue();
  });
  const page = await open({ prepare });
  await paste(page, bank);
  assert.equal(await rows(page).count(), 0);
  goOn();
  await rows(page).first().waitFor();
  page.check();
  await page.context().close();
});

test("Copy puts the code into the clipboard and says so", async () => {
  const page = await open({ at: 59_000 });
  await paste(page, bank);
  await page.getByRole("button", { name: "Copy the code of Harbor Bank" }).click();
  await status(page).filter({ hasText: "The code of Harbor Bank (ada@example.org) is copied." }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "287082");
  page.check();
  await page.context().close();
});

test("an entry is removed only after a sentence that says what it costs", async () => {
  const page = await open();
  await paste(page, bank);
  await page.getByRole("button", { name: "Remove Harbor Bank" }).click();
  await page.getByText("Its key is not kept anywhere else here.").waitFor();
  await page.getByRole("button", { name: "Keep it" }).click();
  assert.equal(await rows(page).count(), 1);
  await page.getByRole("button", { name: "Remove Harbor Bank" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  await status(page).filter({ hasText: "Removed Harbor Bank (ada@example.org)." }).waitFor();
  page.check();
  await page.context().close();
});

test("entries vanish on reload, survive a move in the page, and nothing of them is stored, sent or told [L36]", async () => {
  const page = await open();
  site.seen.length = 0;
  await paste(page, bank);
  await rows(page).first().waitFor();
  const left = await page.evaluate(async () => {
    const element = document.querySelector("countersign-authenticator");
    document.body.append(element);
    const inputs = [...element.shadowRoot.querySelectorAll("input, textarea")].map(({ value }) => value);
    return JSON.stringify([document.documentElement.outerHTML, location.href, { ...localStorage }, { ...sessionStorage },
      document.cookie, window.told, inputs, element.shadowRoot.innerHTML, await indexedDB.databases()]);
  });
  assert.ok(!left.includes(rfcSecret), left);
  assert.equal(await rows(page).count(), 1);
  assert.deepEqual(site.seen.filter(({ url }) => !url.startsWith("/pages/") && !url.startsWith("/dist/")), []);
  await page.reload();
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  page.check();
  await page.context().close();
});

test("framed by another origin the authenticator shows nothing [R7]", async () => {
  const framed = await startSite({ ancestors: "http://localhost:*" });
  const page = await openPage(browser, `${site.origin}/pages/sent.html`, { allowed: /a request to/u });
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, `${framed.origin.replace("localhost", "127.0.0.1")}/pages/authenticator.html`);
  await page.frameLocator("iframe").getByText("Another site shows this page in a frame").waitFor();
  assert.equal(await page.frameLocator("iframe").getByRole("button").count(), 0);
  page.check();
  await page.context().close();
  await framed.stop();
});

test("with many entries a search finds one", async () => {
  const page = await open();
  for (let i = 0; i < 6; i++) {
    const key = core.encodeBase32(core.generateSecret());
    await paste(page, `otpauth://totp/Site%20${i}:eva?secret=${key}&issuer=Site%20${i}`);
  }
  await page.getByLabel("Search").fill("site 4");
  assert.deepEqual(await page.locator(".issuer").allInnerTexts(), ["Site 4"]);
  await page.getByLabel("Search").fill("nowhere");
  await page.getByText("No entry with that name.").waitFor();
  page.check();
  await page.context().close();
});

test("the keyboard alone adds, copies and removes", async () => {
  const page = await open({ at: 59_000 });
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  const active = () => page.evaluate(() => {
    const node = document.querySelector("countersign-authenticator").shadowRoot.activeElement;
    return node?.getAttribute("aria-label") ?? node?.localName + ":" + node?.textContent.trim();
  });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.match(await active(), /^textarea/u);
  await page.keyboard.insertText(bank);
  await page.keyboard.press("Enter");
  assert.equal(await active(), "Copy the code of Harbor Bank (ada@example.org)");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "287082");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await active(), "button:Keep it");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No entries yet" }).waitFor();
  assert.match(await active(), /Scan a QR code/u);
  page.check();
  await page.context().close();
});

test("each screen is accessible and fits, light and dark, in 320 and 720 px, both directions", async () => {
  for (const { name, ...look } of looks) {
    const page = await open({ reducedMotion: "reduce", ...look });
    const check = async (state) => {
      for (const dir of ["ltr", "rtl"]) {
        await page.evaluate((value) => (document.documentElement.dir = value), dir);
        await checkAccessible(page, `${name}, ${state}, ${dir}`);
        await checkSizes(page, "countersign-authenticator", `${name}, ${state}, ${dir}`);
      }
    };
    await page.getByRole("heading", { name: "No entries yet" }).waitFor();
    await check("empty");
    await paste(page, "GEZDGNBVGY3TQOJ1");
    await check("a wrong key");
    await page.getByRole("button", { name: "Cancel" }).click();
    await paste(page, bank);
    await paste(page, `otpauth://totp/Other:a-very-long-account-name@a-very-long-host-name.example.org?secret=GEZDGNBVGY3TQOJQ&issuer=A%20Very%20Long%20Issuer%20Name&digits=10`);
    await rows(page).nth(1).waitFor();
    await page.getByRole("button", { name: "Remove Harbor Bank" }).click();
    await check("two entries, one about to be removed");
    const moving = await page.locator("countersign-authenticator").evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("*")].filter((node) => {
        const { transitionDuration, animationName } = getComputedStyle(node);
        return animationName !== "none" || !/^0s(, 0s)*$/u.test(transitionDuration);
      }).length);
    assert.equal(moving, 0, "nothing moves with reduced motion");
    page.check();
    await page.context().close();
  }
});
