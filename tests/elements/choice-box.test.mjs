// SPDX-License-Identifier: Apache-2.0
// What serves when the phone is lost, on a person's page of second factors, against answers that stand here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looks } from "./checks.mjs";
import { told } from "./enrolling.mjs";
import { box, button, checkState, focused, heading, list, now, ok, own, refused, startScript, totp } from "./scripted.mjs";

let script;
before(async () => (script = await startScript()));
after(() => script?.stop());

const kba = (status, more) => own("kba", status, more);
const mail = (status, more) => own("alternate_email", status, more);
const all = (chosen = [], more = {}) => ({ alternates: { offered: ["kba", "kba_email", "email"], chosen, user_choice: true, ...more } });
const ready = [totp(), kba("active", { uses_left: 3 }), mail("active", { masked: "a•••@mail.example" })];
const choice = (page) => box(page, "choice-box");
const row = (page, title) => choice(page).getByRole("listitem").filter({ has: page.getByText(title, { exact: true }) });

test("where the user chooses, exactly the offered ways stand there, ticked as chosen, and another choice is saved [U10] [A5]", async () => {
  script.answer({ methods: [list(ready, all(["kba"], { offered: ["kba", "email"] })), list(ready, all(["kba", "email"], { offered: ["kba", "email"] }))], "alternate/choose": [ok()] });
  const page = await script.open();
  await heading(page, "If you lose your phone").waitFor();
  const boxes = choice(page).getByRole("checkbox");
  assert.deepEqual(await boxes.evaluateAll((inputs) => inputs.map(({ name, checked }) => [name, checked])), [["kba", true], ["email", false]]);
  assert.equal(await button(page, "Save choice").count(), 0, "nothing to save yet");
  await page.getByRole("checkbox", { name: "A code to your alternate address", exact: true }).check();
  await button(page, "Save choice").click();
  await choice(page).getByText("Saved. From now on the ticked ones are asked for").waitFor();
  assert.deepEqual(script.sent("alternate/choose"), [{ alternates: ["kba", "email"] }]);
  assert.equal(await button(page, "Save choice").count(), 0);
  assert.deepEqual(await told(page), [["countersign-alternates-chosen", { alternates: ["kba", "email"] }]]);
  page.check();
  await page.context().close();
});

test("none at all is not saved, Cancel goes back, and a policy that changed is told [U10] [A5] [R11]", async () => {
  script.answer({ methods: [list(ready, all(["kba"])), list(ready, all(["email"], { offered: ["email"] }))], "alternate/choose": [refused(503, "server.unavailable"), refused(422, "policy.not_allowed")] });
  const page = await script.open();
  const first = choice(page).getByRole("checkbox").first();
  await first.uncheck();
  await button(page, "Save choice").click();
  await choice(page).getByText("Tick at least one.").waitFor();
  assert.deepEqual(script.sent("alternate/choose"), []);
  await button(page, "Cancel").click();
  assert.equal(await first.isChecked(), true);
  await choice(page).getByRole("checkbox").last().check();
  await button(page, "Save choice").click();
  await choice(page).getByText("The site is busy, so nothing was changed.").waitFor();
  await button(page, "Save choice").click();
  await choice(page).getByText("This site has changed what it offers. Nothing was saved; look again.").waitFor();
  assert.equal(await choice(page).getByRole("checkbox").count(), 1);
  page.check();
  await page.context().close();
});

test("each way says whether it works, what is missing, from when on, and leads to the box of what is missing [U10] [U7] [U8]", async () => {
  script.answer({ methods: [list([totp(), kba("not_configured"), mail("active", { usable_from: now() + 7200 })], all(["kba_email"]))] });
  const page = await script.open();
  await row(page, "Security questions").getByText("Does not work yet. Missing: your security questions").waitFor();
  await row(page, "Security questions and a code by email").getByText("Does not work yet. Missing: your security questions").waitFor();
  await row(page, "A code to your alternate address").getByText(/^Works from (today|tomorrow) at/u).waitFor();
  await row(page, "Security questions").getByRole("button", { name: "Go to your security questions" }).click();
  assert.equal(await focused(page), "Configure Security questions");
  page.check();
  await page.context().close();
});

test("questions that are used up count as missing, and all that is set up as ready [U10] [R24]", async () => {
  script.answer({ methods: [list([totp(), kba("active", { uses_left: 0 }), mail("active")], all())] });
  const page = await script.open();
  await row(page, "Security questions").getByText("Does not work yet. Missing: your security questions").waitFor();
  await row(page, "A code to your alternate address").getByText("Ready").waitFor();
  page.check();
  await page.context().close();
});

test("where the site decides, the way is told and nothing can be ticked; without Forgot My Phone there is no box [U10] [A5] [A1]", async () => {
  script.answer({ methods: [list(ready, all([], { offered: ["kba_email"], user_choice: false }))] });
  const page = await script.open();
  await choice(page).getByText("This is how you get in then.").waitFor();
  await row(page, "Security questions and a code by email").getByText("Ready").waitFor();
  assert.equal(await choice(page).getByRole("checkbox").count(), 0);
  await page.context().close();
  script.answer({ methods: [list([totp()])] });
  const off = await script.open();
  await button(off, "Add another").waitFor();
  for (const id of ["choice-box", "questions-box", "alternate-box", "email-box", "codes-box"]) assert.equal(await box(off, id).count(), 0, id);
  off.check();
  await off.context().close();
});

test("a choice asks for a code first where one is needed, and goes on with what was ticked [U10] [R2]", async () => {
  script.answer({ methods: [list(ready, { ...all(["kba"]), step_up_required: true }), list(ready, all(["kba", "email"]))], elevate: [ok({ elevated_until: now() + 600 })], "alternate/choose": [ok()] });
  const page = await script.open();
  await page.getByRole("checkbox", { name: "A code to your alternate address", exact: true }).check();
  await button(page, "Save choice").click();
  await page.getByText("To choose your ways in, type a code").waitFor();
  await page.keyboard.type("123456");
  await choice(page).getByText("Saved.").waitFor();
  assert.deepEqual(script.sent("alternate/choose"), [{ alternates: ["kba", "email"] }]);
  page.check();
  await page.context().close();
});

test("the ways are accessible, light and dark, in 320 and 720 px [U10]", async () => {
  for (const { name, ...look } of looks) {
    script.answer({ methods: [list([totp(), kba("not_configured"), mail("active", { usable_from: now() + 7200 })], all(["kba"]))] });
    const page = await script.open({ ...look, reducedMotion: "reduce" });
    await heading(page, "If you lose your phone").waitFor();
    await checkState(page, `${name}, ways`);
    await page.getByRole("checkbox", { name: "A code to your alternate address", exact: true }).check();
    await choice(page).getByRole("checkbox").first().uncheck();
    await page.getByRole("checkbox", { name: "A code to your alternate address", exact: true }).uncheck();
    await button(page, "Save choice").click();
    await choice(page).getByText("Tick at least one.").waitFor();
    await checkState(page, `${name}, none ticked`);
    page.check();
    await page.context().close();
  }
});
