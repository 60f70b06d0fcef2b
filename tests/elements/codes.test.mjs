// SPDX-License-Identifier: Apache-2.0
// Security codes on a person's page of second factors, against the real server: made in the page, shown once,
// saved, turned on, renewed; and as the way back when the phone is lost.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { Phone } from "../browser/phone.mjs";
import { next, openMethods, scan, told } from "./enrolling.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let server, site, browser;
before(async () => {
  server = await startServer();
  server.setSecurityCodes({ enabled: true, kind: "static" });
  site = await startSite({ widget: server.widget });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

let users = 0;
const open = async (user, options) => openMethods(browser, site, await server.openSession(user), { properties: { userId: user }, ...options });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const shown = (page) => page.locator("countersign-methods .codes li").allTextContents();
const box = (page) => page.locator("countersign-methods #codes-box");
const focused = (page) => page.evaluate(() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.textContent.trim() || node.localName;
});

/** From the QR code on the screen to "set up". @returns the phone that scanned it */
async function finish(page, action) {
  await next(page).waitFor();
  const phone = new Phone(new URL(await scan(page)).searchParams.get("secret"));
  await next(page).click();
  await button(page, action).waitFor();
  await page.keyboard.type(await phone.freshCode());
  await heading(page, "Your authenticator app is set up").waitFor();
  return phone;
}

/** A user with one authenticator. */
async function settle() {
  const user = `holder-${++users}`;
  const page = await open(user);
  await button(page, "Configure").click();
  const phone = await finish(page, "Turn it on");
  await page.context().close();
  return { user, phone };
}

async function proveIt(page, code) {
  await heading(page, "First, prove that it is you").waitFor();
  await page.keyboard.type(code);
}

/** Makes a set and leaves it on the screen. @returns the codes */
async function make(page, action, code) {
  await button(page, action).click();
  if (code) await proveIt(page, code);
  await page.getByRole("heading", { name: /^Save your (new )?security codes$/u }).waitFor();
  return shown(page);
}

async function turnOn(page) {
  await page.getByLabel("I have saved these codes").check();
  await button(page, "Turn them on").click();
}

/** A user with an authenticator and a set of codes, and the session in which a code of it was given. */
async function settleWithCodes() {
  const { user, phone } = await settle();
  const token = await server.openSession(user);
  const page = await openMethods(browser, site, token);
  const codes = await make(page, "Make a set", await phone.freshCode());
  await turnOn(page);
  await page.getByText("10 security codes are ready to use.").waitFor();
  await page.context().close();
  return { user, phone, codes, token };
}

test("without policy there is no box; without an authenticator it says what comes first [A6] [U9]", async () => {
  server.setSecurityCodes({ enabled: false });
  const without = await open("nobody-1");
  await button(without, "Configure").waitFor();
  assert.equal(await box(without).count(), 0);
  await without.context().close();
  server.setSecurityCodes({ enabled: true });
  const page = await open("nobody-1");
  await page.getByText("Not set up. Set up an authenticator app first.").waitFor();
  assert.equal(await box(page).getByRole("button").count(), 0);
  page.check();
  await page.context().close();
});

test("ten codes are made after a code of the authenticator, and work once each after they were saved [U9] [A7] [L2]", async () => {
  const { user, phone } = await settle();
  const page = await open(user);
  await box(page).getByText("Not set up", { exact: true }).waitFor();
  site.seen.length = 0;
  const codes = await make(page, "Make a set", await phone.freshCode());
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/u);
  const asked = () => site.seen.map(({ url }) => url).filter((url) => url.includes("/codes/"));
  assert.deepEqual(asked(), ["/countersign/w/codes/salt"], "nothing is sent before they are saved");
  assert.equal(await server.verify(user, "security_code", codes[0]), false, "they do not work yet");
  await button(page, "Turn them on").focus();
  await page.keyboard.press("Enter");
  await page.getByText("Save the codes first, then tick that you have.").waitFor();
  assert.equal(asked().length, 1);
  await turnOn(page);
  await page.getByText("10 security codes are ready to use.").waitFor();
  assert.equal(await focused(page), "Security codes");
  assert.deepEqual((await told(page)).at(-1), ["countersign-codes-replaced", { remaining: 10 }]);
  assert.deepEqual(await shown(page), [], "shown once");
  assert.equal(await server.verify(user, "security_code", codes[1].toLowerCase().replaceAll("-", " ")), true);
  assert.equal(await server.verify(user, "security_code", codes[1]), false, "spent");
  page.check();
  await page.context().close();
});

test("a new set says how many it voids, leaves the old one until it is turned on, and ends it then [U9] [A7]", async () => {
  const { user, codes, token } = await settleWithCodes();
  assert.equal(await server.verify(user, "security_code", codes[0]), true);
  const page = await openMethods(browser, site, token);
  await box(page).getByText(/^9 codes left, made today, last used today$/u).waitFor();
  const left = await make(page, "Make a new set");
  await page.getByText("The 9 old codes that are left will stop working when you turn these on.").waitFor();
  await button(page, "Cancel").click();
  assert.equal(await focused(page), "Make a new set");
  assert.equal(await server.verify(user, "security_code", codes[1]), true, "what nobody saved replaced nothing");
  const fresh = await make(page, "Make a new set");
  assert.notDeepEqual(fresh, left);
  await turnOn(page);
  await page.getByText("10 new codes. The old ones no longer work.").waitFor();
  for (const [code, works] of [[codes[2], false], [left[0], false], [fresh[0], true]]) {
    assert.equal(await server.verify(user, "security_code", code), works);
  }
  page.check();
  await page.context().close();
});

test("fewer than four are a warning, and none left is told [U9]", async () => {
  const { user, codes } = await settleWithCodes();
  for (const code of codes.slice(0, 6)) assert.equal(await server.verify(user, "security_code", code), true);
  const state = async (sentence, warned) => {
    const page = await open(user);
    await box(page).getByText(sentence).waitFor();
    assert.equal(await page.getByText("Make a new set before you run out.").count(), warned ? 1 : 0);
    page.check();
    await page.context().close();
  };
  await state(/^4 codes left/u, false);
  await server.verify(user, "security_code", codes[6]);
  await state(/^3 codes left/u, true);
  for (const code of codes.slice(7)) await server.verify(user, "security_code", code);
  await state(/^No codes left/u, true);
});

test("copy, download and print give the whole set and nothing else [U9] [R29]", async () => {
  const { user, phone } = await settle();
  const page = await open(user, { permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true });
  const codes = await make(page, "Make a set", await phone.freshCode());
  await button(page, "Copy").click();
  await page.getByText("The list of codes is copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download").click()]);
  assert.equal(download.suggestedFilename(), "security-codes-localhost.txt");
  assert.match(download.url(), /^blob:http:\/\/localhost:\d+\/[\w-]{36}$/u, "no code in its address");
  assert.equal(await readFile(await download.path(), "utf8"), copied);
  for (const code of codes) assert.ok(copied.includes(code));
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await button(page, "Print").click();
  assert.equal(await page.evaluate(() => window.printed), true);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".codes li").first().isVisible(), true);
  for (const other of [heading(page, "Test"), heading(page, "Authenticator app"), button(page, "Print")]) assert.equal(await other.isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal(await heading(page, "Test").isVisible(), true, "the page's own printing is as before");
  page.check();
  await page.context().close();
});

test("no event, attribute, address, storage or request holds a code, and the stretched ones only the last request [L36] [U9]", async () => {
  const { user, phone } = await settle();
  const page = await open(user);
  site.seen.length = 0;
  const codes = await make(page, "Make a set", await phone.freshCode());
  const everywhere = () => page.evaluate(() => {
    const trees = [document];
    for (const tree of trees) for (const element of tree.querySelectorAll("*")) if (element.shadowRoot) trees.push(element.shadowRoot);
    const attributes = trees.flatMap((tree) => [...tree.querySelectorAll("*")]).flatMap((element) => [...element.attributes]).map(({ value }) => value);
    return JSON.stringify([attributes, location.href, { ...localStorage }, { ...sessionStorage }, document.cookie, window.told,
      performance.getEntriesByType("resource").map(({ name }) => name), document.documentElement.outerHTML]);
  });
  const places = [await everywhere()];
  await turnOn(page);
  await page.getByText("10 security codes are ready to use.").waitFor();
  places.push(await everywhere(), await page.locator("countersign-methods").evaluate(({ shadowRoot }) => shadowRoot.innerHTML));
  const requests = site.seen.map(({ url, text }) => url + text).join("\n");
  for (const code of codes) {
    for (const form of [code, code.replaceAll("-", "")]) assert.ok(!(places.join("\n") + requests).includes(form));
  }
  const { stretched } = JSON.parse(site.seen.find(({ url }) => url.endsWith("/codes/replace")).text);
  assert.equal(stretched.length, 10);
  for (const one of stretched) {
    assert.equal(Buffer.from(one, "base64url").length, 32);
    assert.ok(!places.join("\n").includes(one));
  }
  page.check();
  await page.context().close();
});

test("with the phone lost a security code proves who is here, and Reconfigure goes on [R2] [U9]", async () => {
  const { user, codes } = await settleWithCodes();
  const page = await open(user);
  await button(page, "Reconfigure your authenticator app").click();
  await heading(page, "First, prove that it is you").waitFor();
  await button(page, "Use a security code instead").click();
  await page.getByText("type one of your security codes. It is spent with that.").waitFor();
  await page.keyboard.type(codes[0]);
  await page.keyboard.press("Enter");
  const phone = await finish(page, "Use the new one");
  await box(page).getByText(/^9 codes left/u).waitFor();
  assert.equal(await server.verify(user, "totp", await phone.freshCode()), true);
  page.check();
  await page.context().close();
});

test("what a security code has proved makes no new codes: a code of the authenticator is asked for [R2] [U9]", async () => {
  const { user, phone, codes } = await settleWithCodes();
  const page = await open(user, { allowed: /403/u });
  await button(page, "Reconfigure your authenticator app").click();
  await heading(page, "First, prove that it is you").waitFor();
  await button(page, "Use a security code instead").click();
  await page.keyboard.type(codes[0]);
  await page.keyboard.press("Enter");
  await next(page).waitFor();
  site.seen.length = 0;
  await button(page, "Make a new set").click();
  await page.getByText("You signed in without your phone, so for now only the authenticator app can be set up here.").waitFor();
  await page.getByText("To make new security codes, type a code of an authenticator that is set up.").waitFor();
  assert.equal(await button(page, "Use a security code instead").count(), 0);
  assert.deepEqual(site.seen.filter(({ url }) => url.includes("/codes/")), [], "nothing is tried in vain");
  assert.equal(await server.verify(user, "security_code", codes[1]), true, "the old set stays");
  await page.keyboard.type(await phone.freshCode());
  await heading(page, "Save your new security codes").waitFor();
  const made = await shown(page);
  await turnOn(page);
  await page.getByText("10 new codes. The old ones no longer work.").waitFor();
  assert.equal(await server.verify(user, "security_code", made[0]), true);
  page.check();
  await page.context().close();
});

test("the keyboard alone makes a set, saves it and turns it on, and the focus is never lost [U9]", async () => {
  const { user, phone } = await settle();
  const page = await open(user);
  await button(page, "Make a set").waitFor();
  const press = async (name, key = "Enter") => {
    for (let tabs = 0; (await focused(page)) !== name; tabs++) {
      assert.ok(tabs < 16, `Tab does not reach ${name}`);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press(key);
  };
  await press("Make a set");
  await proveIt(page, await phone.freshCode());
  await heading(page, "Save your security codes").waitFor();
  assert.equal(await focused(page), "Save your security codes");
  await press("input", "Space");
  assert.equal(await page.getByLabel("I have saved these codes").isChecked(), true);
  await press("Turn them on");
  await page.getByText("10 security codes are ready to use.").waitFor();
  assert.equal(await focused(page), "Security codes");
  page.check();
  await page.context().close();
});

test("each state of the codes is accessible, light and dark, in 320 and 720 px, and from right to left [U9]", async () => {
  for (const { name, ...look } of looks) {
    const { user, phone } = await settle();
    const page = await open(user, { ...look, reducedMotion: "reduce" });
    const check = async (state) => {
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-methods", `${name}, ${state}`);
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await checkSizes(page, "countersign-methods", `${name}, ${state}, right to left`);
      await page.evaluate(() => (document.documentElement.dir = "ltr"));
    };
    await button(page, "Make a set").waitFor();
    await check("not set up");
    await make(page, "Make a set", await phone.freshCode());
    await check("sheet");
    await page.getByLabel("I have saved these codes").check();
    await check("saved");
    await button(page, "Turn them on").click();
    await page.getByText("10 security codes are ready to use.").waitFor();
    await check("active");
    await make(page, "Make a new set");
    await check("new set");
    page.check();
    await page.context().close();
  }
});
