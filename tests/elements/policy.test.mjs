// SPDX-License-Identifier: Apache-2.0
// `<countersign-policy>`: the administrator's menu, its prices, and how it is saved.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, asked, button, defaults, heading, ok, openAdmin, policyWith, refusal, refused, sent, told } from "./administering.mjs";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
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
const current = (policy, version = 3, more = {}) => ok({ version, policy, who: "ada", at: now() - 3600, ...more });
const open = (options) => openAdmin("policy", browser, site, options);
const toggle = (page, name) => page.getByRole("switch", { name, exact: true });
const option = (page, group, name) => page.getByRole("group", { name: group, exact: true }).getByLabel(name, { exact: true });
const save = (page) => button(page, "Save");
const status = (page) => page.locator("countersign-policy .status");
/** What stands under a switch: the verdict and the budget. */
const priceOf = (page, place) => page.locator(`countersign-policy [data-place="${place}"] .price`).first();

function start(policy = defaults(), routes = {}) {
  answer(site, { "GET admin/policy": [current(policy)], "POST admin/policy": [ok({ version: 4 })], ...routes });
}

test("Forgot Phone is off at first, with a plain warning, and its price stands beside it [A1]", async () => {
  start();
  const page = await open();
  await page.getByText("A fallback can be abused to get around the second factor").waitFor();
  assert.equal(await toggle(page, "Forgot Phone").isChecked(), false);
  assert.equal(await page.getByRole("group", { name: "Alternate method" }).count(), 0);
  const price = await priceOf(page, "forgot_phone.enabled").innerText();
  assert.match(price, /not met: OWASP ASVS 5\.0 level\s1 \(6\.4\.2\), level\s2 \(6\.3\.4, 6\.4\.4\), level\s3 \(6\.3\.6\); NIST SP 800-63B-4 \(/u);
  assert.match(price, /Guess budget with it: 1\sin\s8,400 within a day, 4\.4\s% within a year\. Without: 1\sin\s9,800 within a day, 4\s% within a year\./u);
  const sizes = await page.locator("countersign-policy").evaluate(({ shadowRoot }) =>
    ["label", ".verdict", ".guess"].map((one) => getComputedStyle(shadowRoot.querySelector(`[data-place="forgot_phone.enabled"] ${one}`)).fontSize));
  assert.deepEqual(new Set(sizes).size, 1, "the price is as large as the label");
  page.check();
  await page.context().close();
});

test("the three alternates are one choice, each with its price; nothing is saved before Save [A2] [A3] [A4] [A10]", async () => {
  start();
  const page = await open();
  await toggle(page, "Forgot Phone").check();
  assert.equal(await option(page, "Alternate method", "Security questions and a code to the alternate email address").isChecked(), true);
  await page.getByText("Security questions are on. Answers can often be guessed").waitFor();
  await option(page, "Alternate method", "A code to the alternate email address").check();
  assert.equal(await page.locator("countersign-policy .banner").count(), 0);
  await option(page, "Alternate method", "Security questions").check();
  await page.locator("countersign-policy .banner").waitFor();
  assert.match(await page.locator("countersign-policy .bar").innerText(), /2 changes are not saved/u);
  assert.match(await page.locator("countersign-policy .bar").innerText(), /Guess budget: certain within a day, certain within a year; saved: 1\sin\s9,800 within a day/u);
  assert.equal(asked(site, "POST", "admin/policy"), 0);
  await save(page).click();
  await status(page).getByText("Saved. Version 4 is in force now, also for logins that have begun.").waitFor();
  assert.deepEqual(sent(site, "admin/policy"), { version: 3, policy: policyWith({ forgot_phone: { enabled: true, alternate: "kba" } }) });
  assert.deepEqual(await told(page), [["countersign-unsaved", { unsaved: true }], ["countersign-policy-saved", { version: 4 }], ["countersign-unsaved", { unsaved: false }]]);
  page.check();
  await page.context().close();
});

test("users choose: at first the selected one is ticked, it stays ticked, and others can be [A5]", async () => {
  start();
  const page = await open();
  await toggle(page, "Forgot Phone").check();
  await option(page, "Alternate method", "A code to the alternate email address").check();
  await toggle(page, "Let users choose their own alternate").check();
  const ticks = () => page.getByRole("group", { name: "Offered to users" }).getByRole("checkbox").evaluateAll((all) => all.filter(({ checked }) => checked).map(({ value }) => value));
  assert.deepEqual(await ticks(), ["email"]);
  await option(page, "Offered to users", "A code to the alternate email address").press("Space");
  assert.deepEqual(await ticks(), ["email"], "the selected one cannot be unticked");
  await option(page, "Offered to users", "Security questions").check();
  await save(page).click();
  await status(page).getByText("Saved.").waitFor();
  assert.deepEqual(sent(site, "admin/policy").policy.forgot_phone, { enabled: true, alternate: "email", user_choice: true, offered: ["kba", "email"] });
  await page.context().close();
});

test("security codes: one switch, three kinds, and the life of a backup code [A6] [A7] [A8] [A9]", async () => {
  start();
  const page = await open();
  await toggle(page, "Enable users to sign in with security codes").check();
  const group = "Kind of security codes";
  assert.equal(await option(page, group, "Static long-lived codes").isChecked(), true);
  assert.equal(await page.getByLabel("Hours a backup code works").count(), 0);
  await option(page, group, "One-time backup codes").check();
  await page.getByLabel("Hours a backup code works").fill("8");
  await option(page, group, "Both kinds").check();
  await save(page).click();
  await status(page).getByText("Saved.").waitFor();
  assert.deepEqual(sent(site, "admin/policy").policy.security_codes, { enabled: true, kind: "both", backup_code_hours: 8 });
  await page.context().close();
});

test("login methods: the standards' verdict stands beside email, and a contradiction is told at its field [A12] [R3]", async () => {
  start(defaults(), { "POST admin/policy": [refused(422, "policy.no_login_method", { field: "login_methods", detail: "Allow at least one method as the second factor at login." })] });
  const page = await open();
  assert.match(await priceOf(page, "login_methods.email").innerText(), /not met: .*level\s3 \(6\.3\.6\).*NIST SP 800-63B-4 \(.*3\.1\.3\.1/u);
  await toggle(page, "Authenticator app").uncheck();
  await page.getByText("As set below, two settings contradict each other.").waitFor();
  await save(page).click();
  const group = page.locator("countersign-policy section[data-place=login_methods]");
  await group.getByText("Allow at least one method as the second factor at login.").waitFor();
  await page.locator("countersign-policy .bar .refused").getByText("Allow at least one method").waitFor();
  assert.equal(await page.locator("countersign-policy").evaluate(({ shadowRoot }) => shadowRoot.activeElement?.id), "login-methods-totp");
  await toggle(page, "Authenticator app").check();
  await status(page).waitFor();
  assert.equal(await page.getByText("Allow at least one method").count(), 0);
  page.check();
  await page.context().close();
});

test("a weaker policy asks for a fresh code in the bar, and the same policy is saved with it [R3] [R14a]", async () => {
  start(defaults(), { "POST admin/policy": [refused(403, "auth.fresh_factor_required"), ok({ ok: false, code: "not_accepted", retry_after: 0 }), ok({ version: 4 })] });
  const page = await open();
  await toggle(page, "OTP over email").check();
  await save(page).click();
  await page.getByText("This makes the site\u2019s second factor weaker.").waitFor();
  await page.keyboard.type("123456");
  await page.locator("countersign-policy countersign-code-field[refused]").waitFor();
  assert.match(await page.locator("countersign-policy [slot=message]").textContent(), refusal);
  await page.keyboard.type("654321");
  await status(page).getByText("Saved.").waitFor();
  assert.deepEqual(sent(site, "admin/policy"), { version: 3, policy: policyWith({ login_methods: { email: true } }), code: "654321" });
  assert.ok(!JSON.stringify(await told(page)).includes("654321"), "no event has the code");
  page.check();
  await page.context().close();
});

test("what another one saved meanwhile is shown, and one's own changes go on top of it or are dropped, by choice [A10]", async () => {
  const theirs = policyWith({ kba: { questions: 4 } });
  const routes = () => ({
    "GET admin/policy": [current(defaults()), current(theirs, 4, { who: "grace" })],
    "POST admin/policy": [refused(409, "policy.version_changed"), ok({ version: 5 })],
  });
  for (const [choice, expected] of [["Keep mine", { version: 4, policy: policyWith({ allow_none: true, kba: { questions: 4 } }) }], ["Show the saved one", undefined]]) {
    start(defaults(), routes());
    const page = await open();
    await toggle(page, "Users may be without a second factor").check();
    await save(page).click();
    await page.getByText("grace has saved version 4 meanwhile. Nothing of yours was saved.").waitFor();
    await page.locator("countersign-policy .conflict").getByText("Number of security questions: 3, now 4").waitFor();
    await button(page, choice).click();
    if (expected) {
      await save(page).click();
      await status(page).getByText("Version 5").waitFor();
      assert.deepEqual(sent(site, "admin/policy"), expected);
    } else {
      await status(page).getByText("Version 4 is in force").waitFor();
      assert.equal(await page.getByLabel("Number of security questions").inputValue(), "4");
      assert.equal(await toggle(page, "Users may be without a second factor").isChecked(), false);
    }
    await page.context().close();
  }
});

test("a save whose answer was lost is found saved, not told as somebody else's [A10]", async () => {
  start(defaults(), {
    "GET admin/policy": [current(defaults()), current(policyWith({ require_setup: true }), 4)],
    "POST admin/policy": [{ status: 502, body: {} }, refused(409, "policy.version_changed")],
  });
  const page = await open();
  await toggle(page, "Require set-up at login").check();
  await save(page).click();
  await page.locator("countersign-policy .refused").waitFor();
  await save(page).click();
  await status(page).getByText("Saved. Version 4").waitFor();
  await page.context().close();
});

test("leaving with changes is asked about; Discard brings back what is saved [A10]", async () => {
  start();
  const page = await open();
  await toggle(page, "Forgot Phone").check();
  const dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.type());
    void dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await page.locator("countersign-policy .bar").waitFor();
  while (dialogs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(dialogs, ["beforeunload"]);
  await button(page, "Discard").click();
  await status(page).getByText("Nothing to save. Version 3 is in force").waitFor();
  assert.equal(await toggle(page, "Forgot Phone").isChecked(), false);
  assert.deepEqual((await told(page)).at(-1), ["countersign-unsaved", { unsaved: false }]);
  await page.context().close();
});

test("an ended session keeps the draft, and a new one saves it [R3]", async () => {
  start(defaults(), { "POST admin/policy": [refused(401, "auth.invalid"), ok({ version: 4 })] });
  const page = await open();
  await toggle(page, "Require set-up at login").check();
  await save(page).click();
  await page.getByText("Your changes are still here. Prove again that it is you, then save.").waitFor();
  assert.deepEqual((await told(page)).at(-1), ["countersign-error", { code: "auth.invalid" }]);
  await page.locator("countersign-policy").evaluate((element) => (element.sessionToken = "cs_ses_new"));
  await page.locator("countersign-policy .refused").waitFor({ state: "detached" });
  await save(page).click();
  await status(page).getByText("Saved.").waitFor();
  assert.equal(site.seen.findLast(({ method }) => method === "POST").headers.authorization, "Bearer cs_ses_new");
  await page.context().close();
});

test("numbers: what is no number is not sent; a number out of range is refused at its field [A10]", async () => {
  start(defaults(), { "POST admin/policy": [refused(422, "policy.out_of_range", { field: "counting.disable_at", detail: "A method is disabled at 20 to 100 failures within 30 days." })] });
  const page = await open();
  await page.getByText("More numbers").click();
  const field = page.getByLabel("Wrong codes in 30 days that turn a method off");
  await field.fill("many");
  await save(page).click();
  await page.getByText("Type a whole number.").waitFor();
  assert.equal(asked(site, "POST", "admin/policy"), 0);
  await field.fill("500");
  await page.getByText("More numbers").click();
  await save(page).click();
  await page.locator("countersign-policy [data-place='counting.disable_at'] .problem").getByText("A method is disabled at 20 to 100").waitFor();
  assert.equal(await page.locator("countersign-policy").evaluate(({ shadowRoot }) => shadowRoot.activeElement?.id), "counting-disable-at");
  await page.context().close();
});

test("the history says who changed what, in words, the newest first [A10]", async () => {
  start(defaults(), { "GET admin/policy/history": [ok({ versions: [
    { version: 1, who: "", at: 0, policy: defaults() },
    { version: 2, who: "ada", at: now() - 90_000, policy: policyWith({ forgot_phone: { enabled: true } }) },
    { version: 3, who: "grace", at: now() - 60, policy: policyWith({ forgot_phone: { enabled: true, alternate: "email" }, security_codes: { backup_code_hours: 8 } }) },
  ] })] });
  const page = await open({ properties: { names: { grace: "grace@example.org" } } });
  await page.getByText("History", { exact: true }).click();
  const versions = page.locator("countersign-policy .version");
  await versions.first().waitFor();
  const texts = (await versions.allInnerTexts()).map((text) => text.replace(/\s+/gu, " "));
  assert.match(texts[0], /Version 3, grace@example\.org, (today|yesterday) Alternate method: Security questions and a code to the alternate email address, now A code to the alternate email address Hours a backup code works: 24, now 8/u);
  assert.match(texts[1], /Version 2, ada, (yesterday|.*) Forgot Phone: off, now on/u);
  assert.match(texts[2], /Version 1 The first version that is on record/u);
  await page.context().close();
});

test("a failure is a designed state, and the way on works [A10]", async () => {
  start(defaults(), { "GET admin/policy": [{ status: 503, body: {} }, current(defaults())] });
  const page = await open();
  await heading(page, "Not available right now").waitFor();
  await button(page, "Try again").click();
  await toggle(page, "Forgot Phone").waitFor();
  start(defaults(), { "GET admin/policy": [refused(403, "auth.scope_missing")] });
  const stranger = await open();
  await heading(stranger, "Not yours to decide").waitFor();
  await page.context().close();
  await stranger.context().close();
});

test("every state is accessible, light and dark, wide and narrow [A1] [A5] [A9] [A12]", async () => {
  for (const { name, colorScheme, viewport } of looks) {
    start(policyWith({ forgot_phone: { enabled: true, user_choice: true }, security_codes: { enabled: true, kind: "both" } }), {
      "POST admin/policy": [refused(403, "auth.fresh_factor_required")],
      "GET admin/policy/history": [ok({ versions: [{ version: 3, who: "ada", at: now(), policy: defaults() }] })],
    });
    const page = await open({ colorScheme, viewport });
    await status(page).waitFor();
    await checkAccessible(page, `saved, ${name}`);
    await checkSizes(page, "countersign-policy", `saved, ${name}`);
    for (const summary of ["More numbers", "History"]) await page.getByText(summary, { exact: true }).click();
    await page.getByText(/^All requirements/u).click();
    await toggle(page, "OTP over email").check();
    await checkAccessible(page, `changed, ${name}`);
    await checkSizes(page, "countersign-policy", `changed, ${name}`);
    await save(page).click();
    await page.getByText("Prove that it is you").waitFor();
    await checkAccessible(page, `asked for a code, ${name}`);
    await page.context().close();
  }
});
