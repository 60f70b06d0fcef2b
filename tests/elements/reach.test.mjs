// SPDX-License-Identifier: Apache-2.0
// How far a session reaches, told before anything is tried: who came in by a fallback, who has nothing left that can
// prove it, who has only just begun. Against answers that stand here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looks } from "./checks.mjs";
import { told } from "./enrolling.mjs";
import { box, button, checkState, heading, list, not, now, ok, own, refused, startScript, totp } from "./scripted.mjs";

let script;
before(async () => (script = await startScript()));
after(() => script?.stop());

const codes = (status = "active") => ({ ...own("static_codes", status), remaining: 7 });
const everything = [totp(), own("email", "active", { masked: "a•••@bank.example" }), own("kba", "active", { uses_left: 2 }), own("alternate_email", "active"), codes()];
const alternates = { alternates: { offered: ["kba"], chosen: ["kba"], user_choice: true } };
const fallback = "You signed in without your phone, so for now only the authenticator app can be set up here.";

test("who came in by a fallback is told first; what it does not cover asks for an older authenticator at once [R2]", async () => {
  script.answer({ methods: [list(everything, { ...alternates, recovery: true, step_up: ["totp", "security_code"] })], elevate: [ok({ elevated_until: now() + 600, recovery: false })], "codes/salt": [refused(503, "server.unavailable")] });
  const page = await script.open();
  await page.getByText(`${fallback} The rest opens after a wait, on most sites a day. A code of an authenticator that you had before opens it at once.`).waitFor();
  for (const name of ["Reconfigure OTP over email", "Reconfigure your security questions", "Reconfigure your alternate email address", "Make a new set", "Remove your security questions"]) {
    await button(page, name).click();
    if (name.startsWith("Remove")) await box(page, "questions-box").getByRole("button", { name: "Remove", exact: true }).click();
    await heading(page, "First, prove that it is you").waitFor();
    assert.equal(await button(page, "Use a security code instead").count(), 0, `${name}: no fallback will do`);
  }
  assert.deepEqual(script.site.seen.filter(({ method, url }) => method === "POST" && url.includes("/w/")), [], "nothing was tried in vain");
  await button(page, "Make a new set").click();
  await page.getByText("To make new security codes, type a code").waitFor();
  await page.keyboard.type("123456");
  await page.getByText("The site is busy, so nothing was changed.").waitFor();
  assert.equal(await page.getByText(fallback).count(), 0, "a full proof ends it");
  page.check();
  await page.context().close();
});

test("who came in by a fallback sets up an authenticator without another code [R2] [U3]", async () => {
  script.answer({ methods: [list(everything, { recovery: true, step_up: ["totp", "security_code"] })], "totp/begin": [refused(503, "server.unavailable")] });
  const page = await script.open();
  assert.equal(await page.getByText(fallback).count(), 1);
  await button(page, "Reconfigure your authenticator app").click();
  await heading(page, "Set-up is not available right now").waitFor();
  assert.equal(script.sent("elevate").length, 0);
  page.check();
  await page.context().close();
});

test("with nothing but the fallback, what it does not cover has no buttons [R2]", async () => {
  script.answer({ methods: [list([totp("disabled"), own("email", "disabled", { masked: "a•••@bank.example" }), own("kba", "active", { uses_left: 2 }), codes()], { ...alternates, recovery: true, step_up: ["security_code"] })] });
  const page = await script.open();
  await page.getByText(`${fallback} The rest opens after a wait, on most sites a day.`, { exact: true }).waitFor();
  await button(page, "Reconfigure your authenticator app").waitFor();
  await page.getByText("Reconfigure it to turn it on again.").waitFor();
  for (const id of ["email-box", "questions-box", "codes-box", "choice-box"]) assert.equal(await box(page, id).locator("button:not(.to), input").count(), 0, id);
  page.check();
  await page.context().close();
});

test("an authenticator that a fallback bound proves no more: that is told, and nothing is sent [R2]", async () => {
  script.answer({ methods: [list(everything, { step_up_required: true, step_up: ["totp"] })], elevate: [ok({ elevated_until: now() + 600, recovery: true })] });
  const page = await script.open();
  await button(page, "Reconfigure your security questions").click();
  await page.keyboard.type("123456");
  await box(page, "questions-box").getByText("You signed in without your phone, and that lets you set up an authenticator app and no more.").waitFor();
  await page.getByText(fallback).waitFor();
  assert.deepEqual(script.site.seen.filter(({ method, url }) => method === "POST" && url.includes("/w/")).map(({ url }) => url), ["/countersign/w/elevate"]);
  page.check();
  await page.context().close();
});

test("with only a disabled authenticator no new codes are offered: they would need one that works [R13] [U9]", async () => {
  for (const [state, sentence] of [[codes(), "7 codes left"], [codes("disabled"), "Set up an authenticator app that works, then make a new set."], [{ ...own("static_codes", "not_configured"), remaining: 0 }, "Not set up. Set up an authenticator app first."]]) {
    script.answer({ methods: [list([totp("disabled"), state], { step_up_required: true })] });
    const page = await script.open();
    await box(page, "codes-box").getByText(sentence).waitFor();
    assert.equal(await box(page, "codes-box").getByRole("button").count(), 0);
    page.check();
    await page.context().close();
  }
});

test("with backup codes only a security code still proves who is here, as the server says that it takes one [R2] [A8]", async () => {
  script.answer({ methods: [list([totp("disabled")], { step_up_required: true, step_up: ["security_code"] })], elevate: [ok({ elevated_until: now() + 600, recovery: true })], "totp/begin": [refused(503, "server.unavailable")] });
  const page = await script.open();
  await page.getByText("Reconfigure it with one of your security codes.").waitFor();
  assert.equal(await box(page, "codes-box").count(), 0);
  await button(page, "Reconfigure your authenticator app").click();
  await page.getByText("type one of your security codes. It is spent with that.").waitFor();
  await page.keyboard.type("K7QF-2M9X-TRB4-V3HF");
  await page.keyboard.press("Enter");
  await heading(page, "Set-up is not available right now").waitFor();
  assert.deepEqual(script.sent("elevate"), [{ method: "security_code", code: "K7QF-2M9X-TRB4-V3HF" }]);
  page.check();
  await page.context().close();
  script.answer({ methods: [list([totp()], { step_up_required: true, step_up: ["totp", "security_code"] })] });
  const lost = await script.open();
  await button(lost, "Reconfigure your authenticator app").click();
  await button(lost, "Use a security code instead").waitFor();
  await lost.context().close();
});

test("who has OTP over email only is sent to sign in again, which opens the page for changes [R2] [U11]", async () => {
  script.answer({ methods: [list([{ method: "totp", status: "not_configured" }, own("email", "active", { masked: "a•••@bank.example" })], { step_up_required: true, step_up: [] })] });
  const page = await script.open();
  await page.getByText("To change something here, sign out and sign in again. For 10 minutes after that you can.").waitFor();
  assert.equal(await page.locator("countersign-methods").getByRole("button").count(), 0);
  await page.context().close();
  // A site with backup codes takes one, should there be one.
  script.answer({ methods: [list([{ method: "totp", status: "not_configured" }, own("email", "active", { masked: "a•••@bank.example" })], { step_up_required: true, step_up: ["security_code"] })] });
  const helped = await script.open();
  await helped.getByText("To change something here, sign out and sign in again.").waitFor();
  assert.deepEqual(await helped.locator("countersign-methods").getByRole("button").allTextContents(), ["Configure"]);
  await helped.context().close();
  script.answer({ methods: [list([{ method: "totp", status: "not_configured" }, own("email", "active", { masked: "a•••@bank.example" })])] });
  const fresh = await script.open();
  await button(fresh, "Configure").waitFor();
  await button(fresh, "Remove OTP over email").waitFor();
  fresh.check();
  await fresh.context().close();
});

test("with OTP over email beside it the last authenticator may go, and what follows is said [U1] [U11] [R6]", async () => {
  script.answer({ methods: [list([totp(), own("email", "active", { masked: "a•••@bank.example" })]), list([{ method: "totp", status: "not_configured" }, own("email", "active")])], "totp/remove": [ok()] });
  const page = await script.open();
  await button(page, "Remove your authenticator app").click();
  await page.getByText("You will sign in with OTP over email.").waitFor();
  await box(page, "authenticator-box").getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("Removed your authenticator app. Its codes no longer work.").waitFor();
  assert.deepEqual(await told(page), [["countersign-removed", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("the last second factor may go only where the site allows it, and what is left is said [R6] [U1]", async () => {
  const only = [totp()];
  script.answer({ methods: [list(only)] });
  const kept = await script.open();
  await button(kept, "Reconfigure your authenticator app").waitFor();
  assert.equal(await button(kept, "Remove your authenticator app").count(), 0);
  await kept.context().close();
  for (const [methods, name] of [[only, "Remove your authenticator app"], [[{ method: "totp", status: "not_configured" }, own("email", "active")], "Remove OTP over email"]]) {
    script.answer({ methods: [list(methods, { allow_none: true })] });
    const page = await script.open();
    await button(page, name).click();
    await page.getByText("Then nothing but your password guards your account.").waitFor();
    page.check();
    await page.context().close();
  }
});

test("one thing is open at a time: what opens in one box closes what is open in the others [U1]", async () => {
  script.answer({ methods: [list(everything, alternates)], "questions/catalog": [{ status: 200, body: { questions: [{ id: "a", text: "A?" }], needed: 1, own: false, catalog: true } }], "alternate/begin": [not({ code: "mail.wait", retry_after: 9 })] });
  const page = await script.open();
  const openPanels = page.locator("countersign-methods .panel, countersign-methods .removal");
  const open = [
    [button(page, "Reconfigure your security questions"), heading(page, "Set new answers")],
    [button(page, "Reconfigure your alternate email address"), heading(page, "Change the address")],
    [button(page, "Remove OTP over email"), page.getByText("No code is mailed to you at sign-in any more")],
    [button(page, "Reconfigure OTP over email"), heading(page, "Is this your address?")],
    [button(page, "Add another"), page.getByLabel("What do you call it?")],
    [button(page, "Remove your security questions"), page.getByText("Then they let nobody in any more")],
  ];
  for (const [way, sign] of open) {
    await way.click();
    await sign.waitFor();
    assert.equal(await openPanels.count(), 1);
  }
  page.check();
  await page.context().close();
});

test("how far a session reaches is accessible, light and dark, in 320 and 720 px [R2]", async () => {
  for (const { name, ...look } of looks) {
    script.answer({ methods: [list(everything, { ...alternates, recovery: true, step_up: ["totp"] })] });
    const page = await script.open({ ...look, reducedMotion: "reduce" });
    await page.getByText(fallback).waitFor();
    await checkState(page, `${name}, recovery`);
    page.check();
    await page.context().close();
  }
});
