// SPDX-License-Identifier: Apache-2.0
// The states of the security codes that the real server does not give on demand. The answers stand here, by the
// contract of openapi.yaml.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { openMethods, told } from "./enrolling.mjs";
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

const now = () => Math.floor(Date.now() / 1000);
const totp = (status = "active") => ({ method: "totp", status, credential_id: "crd_1", active_since: now() - 86_400 });
const codes = (status, more = {}) => ({ method: "static_codes", status, ...(status === "not_configured" ? {} : { credential_id: "crd_2", active_since: now() - 86_400 }), ...more });
const list = (methods, more = {}) => ({ status: 200, body: { methods, step_up_required: false, ...more } });
const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });
const salt = { status: 200, body: { salt: Buffer.alloc(16, 7).toString("base64url") } };
const replaced = { status: 200, body: { ok: true, credential_id: "crd_3", remaining: 10 } };

/** Answers each route from its own list of answers; the last stays. */
function answer(routes) {
  site.seen.length = 0;
  site.widget = async ({ route }) => (routes[route].length > 1 ? routes[route].shift() : routes[route][0]);
}

const open = (options = {}) => openMethods(browser, site, "cs_ses_scripted", { allowed: /Failed to load resource/u, ...options });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const box = (page) => page.locator("countersign-methods #codes-box");
const sent = (route) => site.seen.filter(({ url }) => url.endsWith(`/${route}`)).map(({ text }) => text && JSON.parse(text));

async function makeAndSave(page, action = "Make a set") {
  await button(page, action).click();
  await page.getByLabel("I have saved these codes").check();
  await button(page, "Turn them on").click();
}

test("a lost answer sends the very same set again [U9] [L19]", async () => {
  answer({ methods: [list([totp(), codes("not_configured")]), list([totp(), codes("active", { remaining: 10 })])], "codes/salt": [salt], "codes/replace": [refused(503, "server.unavailable"), replaced] });
  const page = await open();
  await page.route("**/codes/replace", (route) => route.abort("connectionreset"), { times: 1 });
  await makeAndSave(page);
  await page.getByText("it is not known which codes work. Keep both sets").waitFor();
  await button(page, "Turn them on").click();
  // The site's own forwarder says 503 when the server's answer is lost or late, too.
  await page.getByText("The site did not answer, so it is not known which codes work. Keep both sets").waitFor();
  await button(page, "Turn them on").click();
  await page.getByText("10 security codes are ready to use.").waitFor();
  const [first, second] = sent("codes/replace");
  assert.deepEqual(first, second);
  assert.equal(new Set(first.stretched).size, 10);
  page.check();
  await page.context().close();
});

test("once an answer was lost nothing is said to be unchanged: not when the session ends then, and not on Cancel [U9] [L19]", async () => {
  for (const lost of [refused(503, "server.unavailable"), refused(502, "server.answer_unreadable")]) {
    for (const ending of ["auth.invalid", "Cancel"]) {
      answer({ methods: [list([totp(), codes("active", { remaining: 2 })])], "codes/salt": [salt], "codes/replace": [lost, refused(401, "auth.invalid")] });
      const page = await open();
      await makeAndSave(page, "Make a new set");
      await page.getByText("it is not known which codes work. Keep both sets").waitFor();
      await button(page, ending === "Cancel" ? "Cancel" : "Turn them on").click();
      await box(page).locator(".told").getByText("It is not known which codes work. Keep both sets").waitFor();
      assert.equal(await page.locator(".codes li").count(), 0);
      assert.equal(await page.getByText("Nothing was changed").count(), 0);
      page.check();
      await page.context().close();
    }
  }
});

test("an elevation that ran out while the codes were being saved is asked for again, and the saved set goes on [R2] [U9]", async () => {
  answer({
    methods: [list([totp(), codes("active", { remaining: 2 })]), list([totp(), codes("active", { remaining: 10 })])],
    "codes/salt": [salt],
    "codes/replace": [refused(403, "auth.step_up_required"), replaced],
    elevate: [{ status: 200, body: { ok: true, elevated_until: now() + 600 } }],
  });
  const page = await open();
  await makeAndSave(page, "Make a new set");
  await page.getByText("To make new security codes, type a code of an authenticator that is set up.").waitFor();
  assert.equal(await button(page, "Use a security code instead").count(), 0);
  await page.keyboard.type("123456");
  await page.getByText("10 new codes. The old ones no longer work.").waitFor();
  assert.deepEqual(...sent("codes/replace"));
  assert.equal(sent("codes/salt").length, 1, "no second set was made");
  page.check();
  await page.context().close();
});

test("a refusal that comes after the codes were saved asks for more, and the very set goes on [R2] [U9]", async () => {
  answer({
    methods: [list([totp(), codes("active", { remaining: 2 })]), list([totp(), codes("active", { remaining: 10 })])],
    "codes/salt": [salt],
    "codes/replace": [refused(403, "auth.recovery_only"), replaced],
    elevate: [{ status: 200, body: { ok: true, elevated_until: now() + 600, recovery: true } }, { status: 200, body: { ok: true, elevated_until: now() + 600, recovery: false } }],
  });
  const page = await open();
  await makeAndSave(page, "Make a new set");
  const sentence = page.getByText("The codes you have just saved do not work yet; the old ones do.");
  await sentence.waitFor();
  await page.keyboard.type("123456");
  await page.waitForFunction(() => window.told.length === 1);
  await sentence.waitFor();
  assert.equal(sent("codes/replace").length, 1, "a proof that reaches no further sends nothing");
  assert.equal(await page.getByLabel("Code of 6 digits").inputValue(), "");
  await page.keyboard.type("654321");
  await page.getByText("10 new codes. The old ones no longer work.").waitFor();
  assert.deepEqual(...sent("codes/replace"));
  page.check();
  await page.context().close();
});

test("a policy that was switched off meanwhile is told, and nothing is kept of the set [A6]", async () => {
  for (const routes of [
    { "codes/salt": [refused(409, "policy.not_allowed")] },
    { "codes/salt": [salt], "codes/replace": [refused(409, "policy.not_allowed")] },
  ]) {
    answer({ methods: [list([totp(), codes("active", { remaining: 5 })])], ...routes });
    const page = await open();
    if (routes["codes/replace"]) await makeAndSave(page, "Make a new set");
    else await button(page, "Make a new set").click();
    await page.getByText("This site offers no security codes any more.").waitFor();
    assert.equal(await page.locator(".codes li").count(), 0);
    assert.deepEqual((await told(page)).at(-1), ["countersign-error", { code: "policy.not_allowed" }]);
    page.check();
    await page.context().close();
  }
});

test("where the core, the worker or the site cannot be had, nothing is changed and that is said [U9]", async () => {
  for (const [file, sentence] of [["**/core.wasm", "Part of this page did not load."], ["**/stretch-worker.js", "Part of this page did not load."], ["**/codes/salt", "The site cannot be reached. Nothing was changed."]]) {
    answer({ methods: [list([totp(), codes("not_configured")])], "codes/salt": [salt] });
    const page = await open({ prepare: (fresh) => fresh.route(file, (route) => route.abort()), allowed: /Failed to load|net::/u });
    await button(page, "Make a set").click();
    await page.getByText(sentence).waitFor();
    assert.equal(sent("codes/replace").length, 0);
    page.check();
    await page.context().close();
  }
});

test("making shows how far it is, and Cancel ends it [U9]", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  answer({ methods: [list([totp(), codes("not_configured")])] });
  const methods = site.widget;
  site.widget = async (call) => (call.route === "codes/salt" ? (await held, salt) : methods(call));
  const page = await open();
  await button(page, "Make a set").click();
  const progress = page.getByRole("progressbar", { name: "Making your codes" });
  assert.deepEqual(await progress.evaluate(({ value, max }) => [value, max]), [0, 10]);
  await checkAccessible(page, "making");
  await button(page, "Cancel").click();
  release();
  await button(page, "Make a set").waitFor();
  assert.equal(await heading(page, "Save your security codes").count(), 0);
  await button(page, "Make a set").click();
  await page.evaluate(() => {
    const bar = document.querySelector("countersign-methods").shadowRoot.querySelector("progress");
    window.seen = [];
    new MutationObserver(() => window.seen.push(bar.value)).observe(bar.parentNode, { subtree: true, characterData: true, childList: true });
  });
  await heading(page, "Save your security codes").waitFor();
  const seen = await page.evaluate(() => window.seen);
  assert.ok(seen.length > 1 && seen.every((value, index) => index === 0 || value >= seen[index - 1]), seen.join(" "));
  page.check();
  await page.context().close();
});

test("codes that were turned off are told, and a new set is the way back [R13] [U9]", async () => {
  answer({ methods: [list([totp(), codes("disabled", { remaining: 7 })])], "codes/salt": [salt], "codes/replace": [replaced] });
  const page = await open();
  await box(page).getByText("Turned off after too many wrong codes").waitFor();
  await makeAndSave(page, "Make a new set");
  await page.getByText("10 new codes. The old ones no longer work.").waitFor();
  page.check();
  await page.context().close();
});

test("where only a disabled authenticator is left, a security code alone is asked for and leads to Reconfigure [R2] [R13] [A9]", async () => {
  answer({
    methods: [list([totp("disabled"), codes("active", { remaining: 7 })], { step_up_required: true })],
    elevate: [{ status: 200, body: { ok: false, code: "not_accepted", retry_after: 0 } }, { status: 200, body: { ok: true, elevated_until: now() + 600 } }],
    "totp/begin": [refused(503, "server.unavailable")],
  });
  const page = await open();
  await page.getByText("Reconfigure it with one of your security codes.").waitFor();
  await button(page, "Reconfigure your authenticator app").click();
  await page.getByText("To reconfigure your authenticator app, type one of your security codes.").waitFor();
  assert.equal(await button(page, "Use your authenticator app instead").count(), 0);
  await page.keyboard.type("K7QF-2M9X-TRB4-V3HF");
  await page.keyboard.press("Enter");
  await page.getByText("Not accepted. If you have just used this code").waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "Set-up is not available right now").waitFor();
  assert.deepEqual(sent("elevate"), Array(2).fill({ method: "security_code", code: "K7QF-2M9X-TRB4-V3HF" }));
  assert.equal(sent("totp/begin")[0].replaces, "crd_1");
  page.check();
  await page.context().close();
});

test("what opens in one box closes what is open in the other, and drops its codes [U9]", async () => {
  answer({ methods: [list([totp(), codes("active", { remaining: 7 })])], "codes/salt": [salt], "codes/replace": [replaced] });
  const page = await open();
  await button(page, "Make a new set").click();
  await heading(page, "Save your new security codes").waitFor();
  await button(page, "Add another").click();
  await page.getByLabel("What do you call it?").waitFor();
  assert.equal(await page.locator(".codes li").count(), 0);
  assert.equal(sent("codes/replace").length, 0);
  page.check();
  await page.context().close();
});

test("the states of the codes in trouble are accessible, light and dark, in 320 and 720 px [U9]", async () => {
  const states = [
    ["few", [totp(), codes("active", { remaining: 3, last_used: now() })], "Make a new set before you run out."],
    ["none left", [totp(), codes("active", { remaining: 0 })], "No codes left"],
    ["turned off", [totp(), codes("disabled", { remaining: 7 })], "Turned off"],
    ["all turned off", [totp("disabled"), codes("active", { remaining: 7 })], "Reconfigure it with one of your security codes."],
  ];
  for (const { name, ...look } of looks) {
    for (const [state, methods, sentence] of states) {
      answer({ methods: [list(methods, { step_up_required: true })] });
      const page = await open(look);
      await page.getByText(sentence).first().waitFor();
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-methods", `${name}, ${state}`);
      if (state === "all turned off") {
        await button(page, "Reconfigure your authenticator app").click();
        await page.getByText("type one of your security codes").waitFor();
        await checkAccessible(page, `${name}, step-up by a security code`);
        await checkSizes(page, "countersign-step-up", `${name}, step-up by a security code`);
      }
      page.check();
      await page.context().close();
    }
  }
});
