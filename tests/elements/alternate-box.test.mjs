// SPDX-License-Identifier: Apache-2.0
// The alternate email address on a person's page of second factors, against answers that stand here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looks } from "./checks.mjs";
import { message, told } from "./enrolling.mjs";
import { box, button, checkState, everywhere, focused, heading, list, not, now, ok, own, refused, startScript, totp } from "./scripted.mjs";

let script;
before(async () => (script = await startScript()));
after(() => script?.stop());

const masked = "a•••@mail.example";
const mailed = (more = {}) => ({ status: 200, headers: { date: new Date().toUTCString() }, body: { pending_id: "crd_new", masked, code_digits: 6, expires_at: now() + 600, resend_after: 60, ...more } });
const alternates = { alternates: { offered: ["email"], chosen: [], user_choice: false } };
const offered = [totp(), own("alternate_email", "not_configured")];
const active = (more = {}) => [totp(), own("alternate_email", "active", { masked, ...more })];
const alternate = (page) => box(page, "alternate-box");
const address = (page) => page.getByRole("textbox", { name: "Email address" });
const configure = "Configure Alternate email address";

test("an address is typed, a code goes there, and once it is entered the page says from when on it works [U8] [R23]", async () => {
  const tomorrow = now() + 86_400;
  script.answer({ methods: [list(offered, alternates), list(active({ usable_from: tomorrow }), alternates)], "alternate/begin": [mailed()], "alternate/confirm": [ok({ credential_id: "crd_new" })] });
  const page = await script.open();
  await button(page, configure).click();
  await heading(page, "Which address is it?").waitFor();
  await address(page).focus();
  assert.deepEqual(await address(page).evaluate(({ type, autocomplete }) => [type, autocomplete]), ["email", "email"]);
  await page.keyboard.type(" ada@mail.example ");
  await page.keyboard.press("Enter");
  await heading(page, "Type the code from the mail").waitFor();
  await page.keyboard.type("123456");
  await alternate(page).getByText("Your alternate email address is confirmed. Before it works there is a wait").waitFor();
  await alternate(page).getByText(/^Set up\. Works from tomorrow at \d+:\d\d [AP]M$/u).waitFor();
  await alternate(page).getByText(masked).waitFor();
  assert.equal(await alternate(page).locator("time").getAttribute("datetime"), new Date(tomorrow * 1000).toISOString());
  assert.deepEqual(script.sent("alternate/begin"), [{ address: "ada@mail.example" }]);
  assert.deepEqual(script.sent("alternate/confirm"), [{ pending_id: "crd_new", code: "123456" }]);
  assert.deepEqual(await told(page), [["countersign-enrolled", { method: "alternate_email" }]]);
  assert.ok(!(await everywhere(page)).includes("123456"));
  page.check();
  await page.context().close();
});

test("nothing, what is no address, and the site's own are told at the field, with what was typed still there [U8] [R23]", async () => {
  script.answer({ methods: [list(offered, alternates)], "alternate/begin": [refused(422, "email.address_invalid"), refused(422, "email.same_as_primary"), refused(503, "server.unavailable"), mailed()] });
  const page = await script.open();
  await button(page, configure).click();
  const said = alternate(page).locator("#alternate-box-problem");
  await button(page, "Send code").click();
  await said.filter({ hasText: "Type an email address." }).waitFor();
  assert.equal(await focused(page), "#alternate-address");
  assert.deepEqual(script.sent("alternate/begin"), []);
  await address(page).fill("ada@bank.example");
  for (const sentence of ["This is not an email address that mail can go to.", "This is the address that this site has for you already.", "The site is busy, so no code was sent."]) {
    await page.keyboard.press("Enter");
    await said.filter({ hasText: sentence }).waitFor();
    assert.equal(await focused(page), "#alternate-address");
    assert.equal(await address(page).inputValue(), "ada@bank.example");
  }
  assert.equal(await address(page).getAttribute("aria-describedby"), "alternate-box-problem");
  await page.keyboard.press("Enter");
  await heading(page, "Type the code from the mail").waitFor();
  page.check();
  await page.context().close();
});

test("Send again begins with the same address, and a wait that the server tells counts down [U8] [R23]", async () => {
  script.answer({ methods: [list(offered, alternates)], "alternate/begin": [mailed({ resend_after: 0 }), not({ code: "mail.wait", retry_after: 55 })] });
  const page = await script.open();
  await button(page, configure).click();
  await address(page).fill("ada@mail.example");
  await button(page, "Send code").click();
  await button(page, "Send again").click();
  await message(page).filter({ hasText: "A code went there a moment ago." }).waitFor();
  await page.getByRole("button", { name: /^Send again in 5\d s$/u }).waitFor();
  assert.deepEqual(script.sent("alternate/begin"), Array(2).fill({ address: "ada@mail.example" }));
  page.check();
  await page.context().close();
});

test("a code that went there before may still be typed, and what comes first is said [U8] [R23] [R6]", async () => {
  script.answer({ methods: [list(offered, alternates), list(active(), alternates)], "alternate/begin": [refused(409, "mail.not_configured"), not({ code: "mail.wait", retry_after: 42, pending_id: "crd_old", masked, code_digits: 7 })], "alternate/confirm": [ok()] });
  const page = await script.open();
  await button(page, configure).click();
  await address(page).fill("ada@mail.example");
  await button(page, "Send code").click();
  await alternate(page).getByText("This site cannot send mail, so no code was sent.").waitFor();
  await button(page, "Send code").click();
  await message(page).filter({ hasText: "A code went there a moment ago. Type that one, or wait before you send another." }).waitFor();
  await page.getByRole("button", { name: /^Send again in 4\d s$/u }).waitFor();
  await page.getByLabel("Code of 7 digits").fill("1234567");
  await alternate(page).getByText("Your alternate email address is confirmed.").waitFor();
  assert.deepEqual(script.sent("alternate/confirm"), [{ pending_id: "crd_old", code: "1234567" }]);
  page.check();
  await page.context().close();
  script.answer({ methods: [list([{ method: "totp", status: "not_configured" }, own("alternate_email", "not_configured"), own("kba", "not_configured")], alternates)] });
  const first = await script.open();
  assert.equal(await first.getByText("Not set up. Set up an authenticator app first.").count(), 2);
  assert.deepEqual(await first.locator("countersign-methods").getByRole("button", { name: "Configure" }).allTextContents(), ["Configure"], "of the authenticator alone");
  await first.context().close();
});

test("Reconfigure says that the old one works until the new one is confirmed; Remove says what follows [U8] [U1] [R2]", async () => {
  script.answer({ methods: [list(active(), { ...alternates, step_up_required: true }), list(offered, alternates)], elevate: [ok({ elevated_until: now() + 600 })], "methods/remove": [refused(404, "method.unknown")] });
  const page = await script.open();
  await alternate(page).getByText("Active since yesterday, not used yet").waitFor();
  await button(page, "Reconfigure your alternate email address").click();
  await page.getByText("To reconfigure your alternate email address, type a code").waitFor();
  await page.keyboard.type("123456");
  await heading(page, "Change the address").waitFor();
  await alternate(page).getByText(`The old one, ${masked}, works until the new one is confirmed, and is told of the change.`).waitFor();
  assert.equal(await address(page).inputValue(), "", "the old one is not filled in");
  script.answer({ methods: [list(active(), alternates), list(offered, alternates)], "methods/remove": [refused(404, "method.unknown")] });
  await button(page, "Cancel").click();
  await button(page, "Remove your alternate email address").click();
  await alternate(page).getByText("Then no code can be sent there when you have lost your phone.").waitFor();
  await alternate(page).getByRole("button", { name: "Remove", exact: true }).click();
  await alternate(page).getByText("Removed your alternate email address.").waitFor();
  assert.deepEqual(script.sent("methods/remove"), [{ credential_id: "crd_alternate_email" }]);
  page.check();
  await page.context().close();
});

test("by keyboard alone an address is set up, and the focus is never lost [U8]", async () => {
  script.answer({ methods: [list(offered, alternates), list(active(), alternates)], "alternate/begin": [mailed()], "alternate/confirm": [ok()] });
  const page = await script.open();
  await button(page, configure).waitFor();
  for (let tabs = 0; (await focused(page)) !== configure; tabs++) {
    assert.ok(tabs < 12);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await heading(page, "Which address is it?").waitFor();
  assert.equal(await focused(page), "Which address is it?");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "#alternate-address");
  await page.keyboard.type("ada@mail.example");
  await page.keyboard.press("Enter");
  await page.getByLabel("Code of 6 digits").waitFor();
  await page.keyboard.type("123456");
  await alternate(page).getByText("A code can go there when you have lost your phone.").waitFor();
  assert.equal(await focused(page), "Alternate email address");
  page.check();
  await page.context().close();
});

test("each state of the alternate address is accessible, light and dark, in 320 and 720 px [U8]", async () => {
  for (const { name, ...look } of looks) {
    script.answer({ methods: [list(offered, alternates), list(active({ usable_from: now() + 7200 }), alternates)], "alternate/begin": [refused(422, "email.same_as_primary"), mailed()], "alternate/confirm": [ok()] });
    const page = await script.open({ ...look, reducedMotion: "reduce" });
    await button(page, configure).waitFor();
    await checkState(page, `${name}, not set up`);
    await button(page, configure).click();
    await address(page).fill("ada.lovelace.with.a.rather.long.name@mail.example");
    await page.keyboard.press("Enter");
    await alternate(page).getByText("Use another one.").waitFor();
    await checkState(page, `${name}, refused`);
    await page.keyboard.press("Enter");
    await page.getByLabel("Code of 6 digits").waitFor();
    await page.keyboard.type("123456");
    await alternate(page).getByText("Set up. Works from").waitFor();
    await checkState(page, `${name}, held`);
    page.check();
    await page.context().close();
  }
});
