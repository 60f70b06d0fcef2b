// SPDX-License-Identifier: Apache-2.0
// OTP over email on a person's page of second factors, against answers that stand here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looks } from "./checks.mjs";
import { message, told } from "./enrolling.mjs";
import { box, button, checkState, everywhere, focused, heading, list, not, now, ok, own, refused, startScript, totp } from "./scripted.mjs";

let script;
before(async () => (script = await startScript()));
after(() => script?.stop());

const masked = "a•••@example.org";
const mailed = (more = {}) => ({ status: 200, headers: { date: new Date().toUTCString() }, body: { pending_id: "crd_new", masked, code_digits: 6, expires_at: now() + 600, resend_after: 60, ...more } });
const offered = [totp(), own("email", "not_configured")];
const active = [totp(), own("email", "active", { masked, last_used: now() })];
const open = (options) => script.open(options);
const email = (page) => box(page, "email-box");

test("the masked address is shown and confirmed, then a code is sent, entered, and the method is set up [U4] [U1]", async () => {
  script.answer({ methods: [list(offered, { primary_masked: masked }), list(active, { primary_masked: masked })], "email/begin": [mailed()], "email/confirm": [not({ reason: "wrong", retry_after: 0 }), ok({ credential_id: "crd_new" })] });
  const page = await open();
  await email(page).getByText("NIST does not accept email as an authenticator").waitFor();
  await button(page, "Configure OTP over email").click();
  await heading(page, "Is this your address?").waitFor();
  await email(page).getByText(`We mail a code to ${masked}.`).waitFor();
  assert.deepEqual(script.sent("email/begin"), [], "nothing is sent before the address was confirmed");
  await button(page, "Send code").click();
  await heading(page, "Type the code from the mail").waitFor();
  await email(page).getByText(`It is on its way to ${masked} and works for 10 minutes.`).waitFor();
  await page.keyboard.type("111111");
  await message(page).filter({ hasText: "That code does not match. Type the one from the newest mail." }).waitFor();
  await page.keyboard.type("123456");
  await email(page).getByText("OTP over email is set up.").waitFor();
  await email(page).getByText("Active since yesterday, last used today").waitFor();
  assert.equal(await focused(page), "OTP over email");
  assert.deepEqual(script.sent("email/begin"), [{}]);
  assert.deepEqual(script.sent("email/confirm"), [{ pending_id: "crd_new", code: "111111" }, { pending_id: "crd_new", code: "123456" }]);
  assert.deepEqual(await told(page), [["countersign-enrolled", { method: "email" }]]);
  const seen = await everywhere(page);
  for (const code of ["111111", "123456"]) assert.ok(!seen.includes(code));
  page.check();
  await page.context().close();
});

test("a code of 8 digits has a field of 8, and a new one may be sent after the wait [U4] [R23]", async () => {
  script.answer({ methods: [list(offered)], "email/begin": [mailed({ code_digits: 8, resend_after: 3 }), mailed({ pending_id: "crd_next", code_digits: 8, resend_after: 60 })], "email/confirm": [not({ reason: "expired", retry_after: 0 })] });
  const page = await open();
  await button(page, "Configure OTP over email").click();
  await button(page, "Send code").click();
  await page.getByLabel("Code of 8 digits").waitFor();
  const early = page.getByRole("button", { name: /^Send again in \d+ s$/u });
  await early.focus();
  await page.keyboard.press("Enter");
  assert.equal(script.sent("email/begin").length, 1, "nothing is sent during the wait");
  await page.getByLabel("Code of 8 digits").fill("12345678");
  await message(page).filter({ hasText: "This code does not work any more. Send a new one." }).waitFor();
  await button(page, "Send again").click();
  await message(page).filter({ hasText: "A new code is on its way. The one before does not work any more." }).waitFor();
  assert.equal(await page.getByLabel("Code of 8 digits").inputValue(), "");
  await page.keyboard.type("87654321");
  await message(page).filter({ hasText: "This code does not work any more." }).waitFor();
  assert.deepEqual(script.sent("email/confirm").map(({ pending_id: id }) => id), ["crd_new", "crd_next"]);
  page.check();
  await page.context().close();
});

test("a cool-down is told with its seconds, and so are a pause and a site without an address [U4] [R23] [R14a]", async () => {
  script.answer({ methods: [list(offered)], "email/begin": [not({ code: "mail.wait", retry_after: 42 })] });
  const waiting = await open();
  await button(waiting, "Configure OTP over email").click();
  await button(waiting, "Send code").click();
  await email(waiting).getByText("A code went there a moment ago.").waitFor();
  await waiting.getByRole("button", { name: /^Wait 4\d s$/u }).waitFor();
  await waiting.context().close();

  script.answer({ methods: [list(offered)], "email/begin": [refused(409, "email.no_address"), mailed()], "email/confirm": [not({ reason: "wait", retry_after: 30 })] });
  const page = await open();
  await button(page, "Configure OTP over email").click();
  await button(page, "Send code").click();
  await email(page).getByText("This site has no address of yours, so no code was sent.").waitFor();
  await button(page, "Send code").click();
  await heading(page, "Type the code from the mail").waitFor();
  await page.keyboard.type("123456");
  await message(page).filter({ hasText: "Several codes were wrong, so there is a pause." }).waitFor();
  await page.getByRole("button", { name: /^Wait \d+ s$/u }).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(script.sent("email/confirm").length, 1, "nothing is sent in the pause");
  page.check();
  await page.context().close();
});

test("Reconfigure and Remove ask for a code of an authenticator once; the removal says what follows first [U4] [R2]", async () => {
  script.answer({
    methods: [list(active, { step_up_required: true, step_up: ["totp"] }), list(offered, { step_up_required: false })],
    elevate: [ok({ elevated_until: now() + 600, recovery: false })],
    "methods/remove": [ok()],
  });
  const page = await open();
  await button(page, "Remove OTP over email").click();
  await email(page).getByText("No code is mailed to you at sign-in any more").waitFor();
  assert.equal(await focused(page), "Keep it");
  await button(page, "Keep it").click();
  assert.equal(await focused(page), "Remove OTP over email");
  await button(page, "Remove OTP over email").click();
  await email(page).getByRole("group", { name: "Remove OTP over email" }).getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("To remove OTP over email, type a code of an authenticator that is set up.").waitFor();
  await page.keyboard.type("123456");
  await email(page).getByText("Removed OTP over email.").waitFor();
  await button(page, "Configure OTP over email").click();
  await heading(page, "Is this your address?").waitFor();
  assert.deepEqual(script.sent("methods/remove"), [{ credential_id: "crd_email" }]);
  assert.equal(script.sent("elevate").length, 1, "asked for once");
  assert.deepEqual(await told(page), [["countersign-elevated"], ["countersign-removed", { method: "email" }]]);
  page.check();
  await page.context().close();
});

test("the last second factor stays, an elevation that ran out is asked for again, a lost yes counts [R6] [R2] [L19]", async () => {
  const elevate = [ok({ elevated_until: now() + 600 })];
  script.answer({ methods: [list(active)], "methods/remove": [refused(409, "method.last")] });
  const last = await open();
  await button(last, "Remove OTP over email").click();
  await email(last).getByRole("group", { name: "Remove OTP over email" }).getByRole("button", { name: "Remove", exact: true }).click();
  await email(last).getByText("It stays: without it nothing but your password would guard your account.").waitFor();
  last.check();
  await last.context().close();

  script.answer({
    methods: [list(offered), list([totp(), own("email", "active", { masked, credential_id: "crd_new" })])],
    elevate, "email/begin": [refused(403, "auth.step_up_required"), mailed()], "email/confirm": [refused(503, "server.unavailable"), refused(404, "enrollment.pending_unknown")],
  });
  const page = await open();
  await button(page, "Configure OTP over email").click();
  await button(page, "Send code").click();
  await page.getByText("To set up OTP over email, type a code of an authenticator that is set up.").waitFor();
  await page.keyboard.type("123456");
  await button(page, "Send code").click();
  await heading(page, "Type the code from the mail").waitFor();
  await page.keyboard.type("123456");
  await message(page).filter({ hasText: "The site is busy, so your code was not checked." }).waitFor();
  await page.keyboard.press("Enter");
  await email(page).getByText("OTP over email is set up.").waitFor();
  page.check();
  await page.context().close();
});

test("when the change is done and cannot be shown, nobody is told that nothing was changed [U4] [L19]", async () => {
  for (const title of ["Not available right now", "The site cannot be reached"]) {
    script.answer({ methods: [list(offered), refused(503, "server.unavailable"), list(active)], "email/begin": [mailed()], "email/confirm": [ok()] });
    const page = await open({ allowed: /Failed to load|net::/u });
    await button(page, "Configure OTP over email").click();
    await button(page, "Send code").click();
    await heading(page, "Type the code from the mail").waitFor();
    if (title.startsWith("The site")) await page.route("**/w/methods", (route) => route.abort("connectionreset"), { times: 1 });
    await page.keyboard.type("123456");
    await heading(page, title).waitFor();
    await page.getByText("What you did last may be done already.").waitFor();
    assert.equal(await page.getByText("Nothing was changed").count(), 0);
    if (title.startsWith("Not")) {
      await button(page, "Look again").click();
      await email(page).getByText("Active since yesterday, last used today").waitFor();
    }
    page.check();
    await page.context().close();
  }
});

test("begun, turned off and switched off by the site have their sentences [U4] [R13] [A12]", async () => {
  script.answer({ methods: [list([totp(), own("email", "pending")])], "email/begin": [refused(409, "policy.not_allowed")] });
  const page = await open();
  await email(page).getByText("Not set up. You began and did not finish.").waitFor();
  await button(page, "Configure OTP over email").click();
  await button(page, "Send code").click();
  await email(page).getByText("This site does not offer this any more. Nothing was changed.").waitFor();
  await page.context().close();
  script.answer({ methods: [list([totp(), own("email", "disabled", { masked })])] });
  const off = await open();
  await email(off).getByText("Turned off after too many wrong codes").waitFor();
  await email(off).getByText("Reconfigure it to turn it on again.").waitFor();
  await button(off, "Reconfigure OTP over email").waitFor();
  off.check();
  await off.context().close();
});

test("each state of OTP over email is accessible, light and dark, in 320 and 720 px, and from right to left [U4]", async () => {
  for (const { name, ...look } of looks) {
    script.answer({ methods: [list(offered, { primary_masked: masked }), list(active)], "email/begin": [mailed()], "email/confirm": [not({ reason: "wrong", retry_after: 0 }), ok()] });
    const page = await open({ ...look, reducedMotion: "reduce" });
    await button(page, "Configure OTP over email").waitFor();
    await checkState(page, `${name}, not set up`);
    await button(page, "Configure OTP over email").click();
    await checkState(page, `${name}, the address`);
    await button(page, "Send code").click();
    await heading(page, "Type the code from the mail").waitFor();
    await checkState(page, `${name}, the code`);
    await page.keyboard.type("111111");
    await message(page).filter({ hasText: "That code does not match." }).waitFor();
    await checkState(page, `${name}, wrong`);
    await page.keyboard.type("123456");
    await email(page).getByText("OTP over email is set up.").waitFor();
    await button(page, "Remove OTP over email").click();
    await checkState(page, `${name}, asked to remove`);
    page.check();
    await page.context().close();
  }
});
