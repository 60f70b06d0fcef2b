// SPDX-License-Identifier: Apache-2.0
// `<countersign-user>`: what a user has set up, Unlock, and Generate Backup Code.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, asked, button, heading, ok, openAdmin, refusal, refused, sent, told } from "./administering.mjs";
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
const code = "K7QF-2M9X-TRB4-V3HF";
const phone = { method: "totp", status: "active", credential_id: "crd_1", name: "Old phone", active_since: now() - 86_400, last_used: now() };
const paused = { ...phone, paused_until: now() + 1800 };
const set = { method: "static_codes", status: "active", credential_id: "crd_2", remaining: 3, active_since: now() - 86_400 };
const user = (methods, more = {}) => ok({ methods, backup_codes_allowed: true, ...more });
const issued = () => ok({ ok: true, code, expires_at: now() + 86_400 });
const open = (options = {}) => openAdmin("user", browser, site, { ...options, properties: { user: "u-1842", account: "grace@example.org", ...options.properties } });
const generate = (page) => button(page, "Generate Backup Code");

function start(methods, routes = {}) {
  answer(site, { "POST admin/user": [user(methods)], "POST admin/backupcode": [issued()], "POST admin/unlock": [ok({ ok: true })], ...routes });
}

async function give(page, reason = "lost phone, called back") {
  await generate(page).click();
  await page.keyboard.type(reason);
  await page.getByLabel("Your own code of 6 digits").fill("123456");
}

test("each method is told with its status, last use and what remains [A11]", async () => {
  start([phone, set, { method: "email", status: "not_configured" }, { method: "kba", status: "disabled", credential_id: "crd_3" },
    { method: "alternate_email", status: "pending", credential_id: "crd_4", masked: "m\u2022\u2022@example.org" }]);
  const page = await open();
  const rows = page.getByRole("list", { name: "Methods" }).getByRole("listitem");
  await rows.first().waitFor();
  const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/gu, " "));
  assert.equal(texts.length, 4);
  assert.match(texts[0], /^Authenticator app, Old phone Active, since \w+.*, last used (today|yesterday)$/u);
  assert.match(texts[1], /^Static security codes Active, 3 codes left, since \w+.*, not used yet$/u);
  assert.match(texts[2], /^Security questions Turned off after too many wrong codes It cannot be unlocked\. The user can reconfigure it/u);
  assert.match(texts[3], /^Alternate email address, m••@example\.org Begun, not finished$/u);
  assert.equal(await page.getByRole("button", { name: /^Unlock/u }).count(), 0);
  assert.deepEqual(sent(site, "admin/user"), { user: "u-1842" });
  page.check();
  await page.context().close();
});

test("Unlock stands where wrong codes have paused a method, and ends the pause [R13]", async () => {
  start([], { "POST admin/user": [user([paused]), user([phone])] });
  const page = await open();
  await page.getByText("Paused after wrong codes, until").waitFor();
  await button(page, "Unlock Authenticator app, Old phone").click();
  await page.getByText("Unlocked: Authenticator app, Old phone. A code is accepted again at once.").waitFor();
  assert.deepEqual(sent(site, "admin/unlock"), { user: "u-1842", credential_id: "crd_1" });
  await page.getByRole("button", { name: /^Unlock/u }).waitFor({ state: "detached" });
  assert.deepEqual(await told(page), [["countersign-unlocked", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("Generate Backup Code is there exactly while the policy has such codes [A11]", async () => {
  for (const allowed of [true, false]) {
    start([], { "POST admin/user": [user([phone], { backup_codes_allowed: allowed })] });
    const page = await open();
    await heading(page, "Authenticator app, Old phone").waitFor();
    assert.equal(await generate(page).count(), allowed ? 1 : 0);
    await page.context().close();
  }
});

test("a backup code takes a reason and the administrator's own code, and is shown once [A11] [R3]", async () => {
  start([phone]);
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await generate(page).click();
  await page.getByLabel("Your own code of 6 digits").fill("123456");
  await page.getByText("Say why: it stands in the audit trail.").waitFor();
  assert.equal(asked(site, "POST", "admin/backupcode"), 0);
  await page.getByLabel("Reason").fill("lost phone, called back");
  await button(page, "Generate").click();
  await page.getByText(code).waitFor();
  assert.deepEqual(sent(site, "admin/backupcode"), { user: "u-1842", reason: "lost phone, called back", code: "123456" });
  await page.getByText(/Backup code of grace@example\.org for .* It works until .*, once\./u).waitFor();
  assert.equal(await generate(page).count(), 0);
  await button(page, "Copy").click();
  await page.getByText("The code is copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  assert.deepEqual(await told(page), [["countersign-backup-code-issued"]]);
  await button(page, "Done").click();
  await generate(page).waitFor();
  assert.equal(await page.getByText(code).count(), 0);
  page.check();
  await page.context().close();
});

test("one that is outstanding is told before a new one voids it [R3]", async () => {
  start([], { "POST admin/user": [user([phone], { backup_code: { expires_at: now() + 3600 } })] });
  const page = await open();
  await generate(page).click();
  await page.getByText("A new one voids it.").waitFor();
  await button(page, "Cancel").click();
  await generate(page).waitFor();
  assert.equal(asked(site, "POST", "admin/backupcode"), 0);
  await page.context().close();
});

test("an own code that is not accepted gets the one text, and the reason stays [R14a]", async () => {
  start([phone], { "POST admin/backupcode": [ok({ ok: false, code: "not_accepted", retry_after: 0 }), issued()] });
  const page = await open();
  await give(page);
  await page.locator("countersign-user countersign-code-field[refused]").waitFor();
  assert.match(await page.locator("countersign-user [slot=message]").textContent(), refusal);
  assert.equal(await page.getByLabel("Reason").inputValue(), "lost phone, called back");
  await page.keyboard.type("654321");
  await page.getByText(code).waitFor();
  page.check();
  await page.context().close();
});

for (const [name, problem, sentence, there] of [
  ["another administrator", refused(403, "admin.not_on_administrators"), "Administrators act neither on themselves nor on each other here.", 1],
  ["a policy that has none any more", refused(409, "policy.not_allowed"), "The policy allows no backup codes any more. None was made.", 0],
  ["a user without a second factor", refused(409, "method.none"), "This user has no second factor", 1],
  ["an answer that was lost", { status: 502, body: {} }, "If a code was made, the next one voids it.", 1],
]) {
  test(`no code is shown for ${name}, and it is said why [A11] [R3]`, async () => {
    start([], { "POST admin/user": [user([phone]), user([phone], { backup_codes_allowed: there === 1 })], "POST admin/backupcode": [problem] });
    const page = await open();
    await give(page);
    await page.getByText(sentence).waitFor();
    assert.equal(await generate(page).count(), there);
    page.check();
    await page.context().close();
  });
}

test("every state is accessible, light and dark, wide and narrow [A11]", async () => {
  for (const { name, colorScheme, viewport } of looks) {
    start([], { "POST admin/user": [user([paused, set, { method: "kba", status: "disabled", credential_id: "crd_3" }], { backup_code: { expires_at: now() + 3600 } })] });
    const page = await open({ colorScheme, viewport });
    await generate(page).waitFor();
    await checkAccessible(page, `list, ${name}`);
    await checkSizes(page, "countersign-user", `list, ${name}`);
    await give(page, "");
    await page.getByText("Say why").waitFor();
    await checkAccessible(page, `form, ${name}`);
    await checkSizes(page, "countersign-user", `form, ${name}`);
    await page.getByLabel("Reason").fill("lost phone");
    await button(page, "Generate").click();
    await page.getByText(code).waitFor();
    await checkAccessible(page, `code, ${name}`);
    await checkSizes(page, "countersign-user", `code, ${name}`);
    await page.context().close();
  }
});
