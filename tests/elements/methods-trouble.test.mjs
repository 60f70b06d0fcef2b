// SPDX-License-Identifier: Apache-2.0
// The states of `<countersign-methods>` that the real server does not give on demand. The answers stand
// here, by the contract of openapi.yaml.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { message, openMethods, told } from "./enrolling.mjs";
import { startSite } from "./site.mjs";

let site, other, browser;
before(async () => {
  site = await startSite();
  other = await startSite({ ancestors: "http://localhost:*" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await other?.stop();
});

const now = () => Math.floor(Date.now() / 1000);
const entry = (id, more = {}) => ({ method: "totp", status: "active", credential_id: id, active_since: now() - 86_400, ...more });
const list = (methods, more = {}) => ({ status: 200, body: { methods, step_up_required: false, ...more } });
const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });
const both = [entry("crd_1", { name: "Old phone", last_used: now() }), entry("crd_2", { name: "Tablet" })];

/** Answers each route from its own list of answers; the last stays. */
function answer(routes) {
  site.seen.length = 0;
  site.widget = async ({ route }) => (routes[route].length > 1 ? routes[route].shift() : routes[route][0]);
}

const open = (options = {}) => openMethods(browser, site, "cs_ses_scripted", { allowed: /Failed to load resource/u, ...options });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name });
const asked = (route) => site.seen.filter(({ url }) => url.endsWith(`/${route}`)).length;

async function askToRemove(page) {
  await button(page, "Remove Old phone").click();
  await button(page, "Remove").click();
}

test("several authenticators are listed with name, since when, last used and status [U1]", async () => {
  answer({ methods: [list([...both, entry("crd_3", { status: "disabled", name: "Lost phone" })])] });
  const page = await open();
  await page.getByRole("listitem").filter({ hasText: "Old phone" }).getByText("Active since yesterday, last used today").waitFor();
  await page.getByRole("listitem").filter({ hasText: "Tablet" }).getByText("Active since yesterday, not used yet").waitFor();
  const lost = page.getByRole("listitem").filter({ hasText: "Lost phone" });
  await lost.getByText("Turned off after too many wrong codes").waitFor();
  await lost.getByText("Reconfigure it with a code of another authenticator, or remove it.").waitFor();
  page.check();
  await page.context().close();
});

test("who has only a disabled authenticator is told where help is, and offered nothing that would fail [R13] [R2]", async () => {
  answer({ methods: [list([entry("crd_1", { status: "disabled" })], { step_up_required: true })] });
  const page = await open();
  await page.getByText("Nothing here can prove that it is you. Ask this site for help to get a new one.").waitFor();
  assert.equal(await page.locator("countersign-methods").getByRole("button").count(), 0);
  await page.locator("countersign-methods").evaluate((element) => {
    const help = document.createElement("span");
    help.slot = "help";
    help.textContent = "Call us.";
    element.append(help);
  });
  await page.getByText("Call us.").waitFor();
  page.check();
  await page.context().close();
});

test("an elevation that has run out is asked for again, and the removal goes on [R2]", async () => {
  answer({
    methods: [list(both), list(both.slice(1))],
    "totp/remove": [refused(403, "auth.step_up_required"), { status: 200, body: { ok: true } }],
    elevate: [{ status: 200, body: { ok: true, elevated_until: now() + 600 } }],
  });
  const page = await open();
  await askToRemove(page);
  await page.getByText("To remove Old phone, type a code of an authenticator that is set up.").waitFor();
  await page.keyboard.type("123456");
  await page.getByText("Removed Old phone. Its codes no longer work.").waitFor();
  assert.deepEqual([asked("totp/remove"), asked("elevate")], [2, 1]);
  assert.deepEqual(await told(page), [["countersign-elevated"], ["countersign-removed", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("an enrollment whose elevation has run out asks for a code in place and goes on [R2]", async () => {
  answer({
    methods: [list(both)],
    "totp/begin": [refused(403, "auth.step_up_required"), refused(409, "enrollment.too_many")],
    elevate: [{ status: 200, body: { ok: true, elevated_until: now() + 600 } }],
  });
  const page = await open();
  await button(page, "Add another").click();
  await page.getByLabel("What do you call it?").fill("Third");
  await button(page, "Continue").click();
  await heading(page, "First, prove that it is you").waitFor();
  await page.keyboard.type("123456");
  await heading(page, "There is no room for another authenticator").waitFor();
  const names = site.seen.filter(({ url }) => url.endsWith("/begin")).map(({ text }) => JSON.parse(text).name);
  assert.deepEqual(names, ["Third", "Third"], "the name is not asked for twice");
  assert.deepEqual(await told(page), [["countersign-elevated"], ["countersign-error", { code: "enrollment.too_many" }]]);
  page.check();
  await page.context().close();
});

test("the last one is not removed, and one that is gone already counts as removed [R6]", async () => {
  answer({ methods: [list(both)], "totp/remove": [refused(409, "method.last"), refused(404, "method.unknown")] });
  const page = await open();
  await askToRemove(page);
  await page.getByText("It stays: it is your only authenticator that works. Add another one first.").waitFor();
  await button(page, "Remove").click();
  await page.getByText("Removed Old phone. Its codes no longer work.").waitFor();
  page.check();
  await page.context().close();
});

test("a busy server or a dead network while removing is told where it happened, and another try is one button", async () => {
  answer({ methods: [list(both)], "totp/remove": [refused(503, "server.unavailable")] });
  const page = await open();
  await askToRemove(page);
  await page.getByText("The site is busy, so it was not removed.").waitFor();
  await page.route("**/totp/remove", (route) => route.abort("connectionreset"));
  await button(page, "Remove").click();
  await page.getByText("The site cannot be reached, so it may still be there.").waitFor();
  assert.deepEqual((await told(page)).map(([, { code }]) => code), ["server.unavailable", "network.unreachable"]);
  page.check();
  await page.context().close();
});

test("a busy server while a code is checked keeps the digits [R2]", async () => {
  answer({ methods: [list(both, { step_up_required: true })], elevate: [refused(429, "admission.busy", { retry_after: 1 })] });
  const page = await open();
  await button(page, "Add another").click();
  await heading(page, "First, prove that it is you").waitFor();
  await page.keyboard.type("123456");
  await message(page).filter({ hasText: "The site is busy, so your code was not checked" }).waitFor();
  assert.equal(await page.locator("countersign-code-field input").inputValue(), "123456");
  await button(page, "Continue").waitFor();
  page.check();
  await page.context().close();
});

test("a name that cannot be kept is told before anything is asked of the server", async () => {
  answer({ methods: [list(both)] });
  const page = await open();
  await button(page, "Add another").click();
  const input = page.getByLabel("What do you call it?");
  for (const [name, sentence] of [["", "Type a name"], ["a\u0007b", "can be seen"], ["\u00e9".repeat(33), "too long"]]) {
    await input.fill(name);
    await button(page, "Continue").click();
    await page.getByText(sentence).waitFor();
    assert.equal(await input.getAttribute("aria-invalid"), "true");
  }
  assert.equal(asked("begin"), 0);
  page.check();
  await page.context().close();
});

test("a session that ended, a server out of order and a dead network are told, each with its way on", async () => {
  for (const [said, title, action] of [
    [refused(401, "auth.invalid"), "This page was open too long", "Reload the page"],
    [refused(503, "server.unavailable"), "Not available right now", "Try again"],
    [{ status: 200, body: { methods: "none" } }, "Not available right now", "Try again"],
  ]) {
    answer({ methods: [said] });
    const page = await open();
    await heading(page, title).waitFor();
    await button(page, action).waitFor();
    page.check();
    await page.context().close();
  }
  answer({ methods: [list(both)] });
  const page = await open({ prepare: (fresh) => fresh.route("**/countersign/w/**", (route) => route.abort()), allowed: /Failed to load|net::/u });
  await heading(page, "The site cannot be reached").waitFor();
  await page.unroute("**/countersign/w/**");
  await button(page, "Try again").click();
  await button(page, "Add another").waitFor();
  page.check();
  await page.context().close();
});

test("framed by another origin the element neither lists, issues nor removes [R7]", async () => {
  const asks = [];
  other.widget = async ({ route }) => (asks.push(route), list(both));
  const page = await openMethods(browser, site, "", { allowed: /a request to/u });
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, `${other.origin.replace("localhost", "127.0.0.1")}/pages/methods.html`);
  const frame = page.frameLocator("iframe").locator("countersign-methods");
  await frame.evaluate((element) => (element.sessionToken = "cs_ses_scripted"));
  await frame.getByRole("heading", { name: "Not shown inside another site" }).waitFor();
  assert.deepEqual(asks, []);
  assert.equal(await frame.getByRole("button").count(), 0);
  page.check();
  await page.context().close();
});

test("the states of trouble are accessible, light and dark, in 320 and 720 px", async () => {
  const states = [
    ["disabled alone", list([entry("crd_1", { status: "disabled" })], { step_up_required: true }), "Turned off"],
    ["one of three disabled", list([...both, entry("crd_3", { status: "disabled" })]), "Turned off"],
    ["session ended", refused(401, "auth.invalid"), "open too long"],
    ["out of order", refused(503, "server.unavailable"), "Not available"],
  ];
  for (const { name, ...look } of looks) {
    for (const [state, said, sentence] of states) {
      answer({ methods: [said] });
      const page = await open(look);
      await page.getByText(sentence).first().waitFor();
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-methods", `${name}, ${state}`);
      page.check();
      await page.context().close();
    }
  }
});
