// SPDX-License-Identifier: Apache-2.0
// A person's page of second factors against the real server: configure, add, reconfigure, remove, each with
// a code of an authenticator where one is set up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { codeOf, message, next, nextCodeOf, openMethods, scan, told, wrongCode } from "./enrolling.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let server, site, browser;
before(async () => {
  server = await startServer();
  site = await startSite({ widget: server.widget });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

let users = 0;
const newUser = () => `owner-${++users}`;
const open = async (user, options) => openMethods(browser, site, await server.openSession(user), { properties: { userId: user }, ...options });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const row = (page, name) => page.getByRole("listitem").filter({ hasText: name });
const rows = (page) => page.locator("countersign-methods .authenticator");
const elevates = () => site.seen.filter(({ url }) => url.endsWith("/elevate")).length;

/** From the QR code on the screen to "set up". @returns the URI that was scanned */
async function finish(page, action = "Turn it on") {
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  await button(page, action).waitFor();
  await page.keyboard.type(codeOf(uri));
  await heading(page, "Your authenticator app is set up").waitFor();
  return uri;
}

/** A user with one authenticator. */
async function settle() {
  const user = newUser();
  const page = await open(user);
  await button(page, "Configure").click();
  const uri = await finish(page);
  await page.context().close();
  return { user, uri };
}

async function proveIt(page, code) {
  await heading(page, "First, prove that it is you").waitFor();
  await page.keyboard.type(code);
}

/** Another authenticator under that name, after a code where one is asked for. */
async function add(page, name, code) {
  await button(page, "Add another").click();
  if (code) await proveIt(page, code);
  await page.getByLabel("What do you call it?").fill(name);
  await button(page, "Continue").click();
  return finish(page);
}

test("nothing set up: one box with Configure, which leads to a QR code and then to the list [U1] [U2]", async () => {
  const page = await open(newUser());
  await page.getByText("Google Authenticator, Microsoft Authenticator, Authy").waitFor();
  await page.getByText("Not set up", { exact: true }).waitFor();
  assert.equal(await rows(page).count(), 0);
  await button(page, "Configure").click();
  await finish(page);
  await page.getByText("Active since today").waitFor();
  assert.equal(await button(page, "Configure").count(), 0);
  await button(page, "Reconfigure your authenticator app").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Remove/u }).count(), 0, "the only one stays");
  assert.deepEqual(await told(page), [["countersign-enrolled", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("a set-up that was begun and left is told, and Configure begins anew [U1]", async () => {
  const page = await open(newUser());
  await button(page, "Configure").click();
  await next(page).waitFor();
  const first = await scan(page);
  await button(page, "Cancel").click();
  await page.getByText("Not set up. You began and did not finish.").waitFor();
  assert.equal(await page.locator("countersign-methods").evaluate(({ shadowRoot }) => shadowRoot.activeElement?.textContent), "Configure");
  await button(page, "Configure").click();
  assert.notEqual(await finish(page), first);
  page.check();
  await page.context().close();
});

test("before a change a code of an authenticator is asked for, once, and then comes what was wanted [R2]", async () => {
  const { user, uri } = await settle();
  const page = await open(user);
  site.seen.length = 0;
  await add(page, "Spare phone", nextCodeOf(uri));
  assert.equal(elevates(), 1);
  await row(page, "Spare phone").getByText("Active since today").waitFor();
  assert.equal(await rows(page).count(), 2);
  await button(page, "Add another").click();
  await page.getByLabel("What do you call it?").waitFor();
  assert.equal(elevates(), 1, "for ten minutes no further code is asked for");
  assert.deepEqual(await told(page), [["countersign-elevated"], ["countersign-enrolled", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("a code that is not accepted gets one text, whatever was wrong, and nothing is issued [R2] [R14a]", async () => {
  const { user, uri } = await settle();
  const page = await open(user);
  site.seen.length = 0;
  await button(page, "Add another").click();
  const refusal = /^Not accepted\. If you have just used this code, wait for the next one \(\d+\u00a0s\)\. After several tries there is a pause\.$/u;
  for (const code of [wrongCode(uri), codeOf(uri), codeOf(uri, 300)]) {
    const seen = elevates();
    await proveIt(page, code);
    while (elevates() === seen) await new Promise((resolve) => setTimeout(resolve, 20));
    await message(page).filter({ hasText: "Not accepted." }).waitFor();
    assert.match(await message(page).textContent(), refusal);
    assert.equal(await page.locator("countersign-code-field input").inputValue(), code);
  }
  const first = await message(page).textContent();
  await page.waitForFunction((text) => document.querySelector("countersign-methods").shadowRoot.querySelector("countersign-step-up")
    .shadowRoot.querySelector("[slot=message]").textContent !== text, first, { timeout: 3000 });
  assert.match(await message(page).textContent(), refusal, "the seconds count down");
  assert.equal(site.seen.filter(({ url }) => url.endsWith("/begin")).length, 0);
  assert.deepEqual(await told(page), [], "no event says more");
  page.check();
  await page.context().close();
});

test("wrong codes bring a pause on the button, in which nothing is sent [R2] [R9]", async () => {
  const { user, uri } = await settle();
  const page = await open(user);
  await button(page, "Add another").click();
  const wrong = Number(wrongCode(uri));
  const pause = page.getByRole("button", { name: /^Wait \d+ s$/u });
  await heading(page, "First, prove that it is you").waitFor();
  for (let tries = 0; (await pause.count()) === 0; tries++) {
    assert.ok(tries < 10, "a pause comes within ten wrong codes");
    const seen = elevates();
    await page.keyboard.type(String(wrong + tries));
    while (elevates() === seen || (await button(page, "Checking").count())) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seen = elevates();
  await page.keyboard.type(nextCodeOf(uri));
  await page.keyboard.press("Enter");
  assert.equal(elevates(), seen);
  page.check();
  await page.context().close();
});

test("Reconfigure keeps the old one working until the new one is confirmed, and not after [U3]", async () => {
  const { user, uri } = await settle();
  const page = await open(user);
  await button(page, "Reconfigure your authenticator app").click();
  await proveIt(page, nextCodeOf(uri));
  await page.getByText("Until then the codes of the old one keep working.").waitFor();
  const methods = async () => {
    const authorization = `Bearer ${await server.openSession(user)}`;
    return (await server.widget({ route: "methods", method: "GET", authorization })).body.methods;
  };
  const [old] = await methods();
  assert.equal(old.status, "active", "the old one is there while the new one is shown");
  await finish(page, "Use the new one");
  await page.getByText("It has taken the place of the old one").waitFor();
  const now = await methods();
  assert.deepEqual(now.map(({ status }) => status), ["active"]);
  assert.notEqual(now[0].credential_id, old.credential_id);
  await page.getByText("Active since today").waitFor();
  assert.equal(await rows(page).count(), 1);
  page.check();
  await page.context().close();
});

test("Remove says what it costs, keeps on Keep it, and removes after a code [U1] [R2]", async () => {
  const { user, uri } = await settle();
  const first = await open(user);
  await add(first, "Spare phone", nextCodeOf(uri));
  await first.context().close();

  const page = await open(user);
  site.seen.length = 0;
  await button(page, "Remove Authenticator").click();
  await page.getByText("Remove Authenticator? Its codes stop working at once. You sign in with your other authenticator.").waitFor();
  await button(page, "Keep it").click();
  assert.equal(await page.getByText("Its codes stop working at once").count(), 0);
  assert.equal(site.seen.filter(({ method }) => method === "POST").length, 0, "nothing was asked of the server");
  assert.equal(await page.locator("countersign-methods").evaluate(({ shadowRoot }) => shadowRoot.activeElement?.ariaLabel), "Remove Authenticator");
  page.check();
  await page.context().close();
});

test("with both, one is removed by a code of the other, and the last one stays [U1] [R2]", async () => {
  const { user, uri } = await settle();
  const first = await open(user);
  const spare = await add(first, "Spare phone", nextCodeOf(uri));
  await first.context().close();

  const page = await open(user);
  await button(page, "Remove Authenticator").click();
  await button(page, "Remove").click();
  await proveIt(page, nextCodeOf(spare));
  await page.getByText("Removed Authenticator. Its codes no longer work.").waitFor();
  assert.equal(await rows(page).count(), 1);
  await row(page, "Spare phone").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Remove/u }).count(), 0);
  assert.deepEqual(await told(page), [["countersign-elevated"], ["countersign-removed", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("the keyboard alone configures, adds and removes, and the focus is never lost [U1] [U2]", async () => {
  const active = () => page.evaluate(() => {
    let node = document.activeElement;
    while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node.ariaLabel || node.textContent.trim() || node.localName;
  });
  const press = async (name) => {
    for (let tabs = 0; (await active()) !== name; tabs++) {
      assert.ok(tabs < 12, `Tab does not reach ${name}`);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
  };
  const page = await open(newUser());
  await button(page, "Configure").waitFor();
  await press("Configure");
  await next(page).waitFor();
  const uri = await scan(page);
  await press("Next: type the code");
  await page.keyboard.type(codeOf(uri));
  await heading(page, "Your authenticator app is set up").waitFor();
  assert.equal(await active(), "Your authenticator app is set up");
  await button(page, "Add another").waitFor();
  await press("Add another");
  await proveIt(page, nextCodeOf(uri));
  await page.locator("input#name:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Type a name to tell them apart.").waitFor();
  assert.equal(await active(), "input", "the focus is in the field to be mended");
  await page.keyboard.type("Tablet");
  await page.keyboard.press("Enter");
  await next(page).waitFor();
  const spare = await scan(page);
  await press("Next: type the code");
  await page.keyboard.type(codeOf(spare));
  await row(page, "Tablet").waitFor();
  await press("Remove Tablet");
  assert.equal(await active(), "Keep it");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await active(), "Remove");
  await page.keyboard.press("Enter");
  await page.getByText("Removed Tablet. Its codes no longer work.").waitFor();
  assert.equal(await active(), "Authenticator app");
  page.check();
  await page.context().close();
});

test("no event, attribute, form field, address or storage holds a secret, a code or the token [L36] [R7]", async () => {
  const { user, uri } = await settle();
  const token = await server.openSession(user);
  const page = await openMethods(browser, site, token);
  await button(page, "Add another").click();
  const code = nextCodeOf(uri);
  const wrong = wrongCode(uri);
  await proveIt(page, wrong);
  await message(page).filter({ hasText: "Not accepted." }).waitFor();
  await page.keyboard.type(code);
  await page.getByLabel("What do you call it?").waitFor();
  const outside = await page.evaluate(() => JSON.stringify([document.documentElement.outerHTML, location.href,
    { ...localStorage }, { ...sessionStorage }, document.cookie, window.told]));
  const inside = await page.locator("countersign-methods").evaluate(({ shadowRoot }) => shadowRoot.innerHTML);
  for (const secret of [token, code, wrong]) assert.ok(!(outside + inside + site.seen.map(({ url }) => url)).includes(secret));
  page.check();
  await page.context().close();
});

test("each state is accessible, light and dark, in 320 and 720 px, and from right to left [U1] [R2]", async () => {
  for (const { name, ...look } of looks) {
    const user = newUser();
    const page = await open(user, look);
    const check = async (state) => {
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-methods", `${name}, ${state}`);
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await checkSizes(page, "countersign-methods", `${name}, ${state}, right to left`);
      await page.evaluate(() => (document.documentElement.dir = "ltr"));
    };
    await button(page, "Configure").waitFor();
    await check("not set up");
    await button(page, "Configure").click();
    await check("scan");
    const uri = await finish(page);
    await button(page, "Add another").waitFor();
    await check("set up just now");
    await button(page, "Add another").click();
    await proveIt(page, wrongCode(uri));
    await message(page).filter({ hasText: "Not accepted." }).waitFor();
    await check("step-up refused");
    await page.keyboard.type(nextCodeOf(uri));
    await page.getByLabel("What do you call it?").waitFor();
    await button(page, "Continue").click();
    await check("name missing");
    await page.getByLabel("What do you call it?").fill("A spare phone with a name that is rather long for a column");
    await button(page, "Continue").click();
    await finish(page);
    await button(page, "Remove Authenticator").click();
    await check("asked to remove");
    page.check();
    await page.context().close();
  }
});
