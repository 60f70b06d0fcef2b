// SPDX-License-Identifier: Apache-2.0
// The security questions on a person's page of second factors, against answers that stand here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { looks } from "./checks.mjs";
import { told } from "./enrolling.mjs";
import { box, button, checkState, everywhere, focused, heading, list, now, ok, own, refused, startScript, totp } from "./scripted.mjs";

let script;
before(async () => (script = await startScript()));
after(() => script?.stop());

const questions = [
  { id: "first_teacher", text: "What was the name of your first teacher?" },
  { id: "first_street", text: "In which street did you live as a child?" },
  { id: "first_pet", text: "What was your first pet called?" },
  { id: "first_job", text: "Where was your first job?" },
];
const catalog = (more = {}) => ({ status: 200, body: { questions, needed: 3, own: true, catalog: true, ...more } });
const offered = [totp(), own("kba", "not_configured", { questions: 0 })];
const active = (more = {}) => [totp(), own("kba", "active", { questions: 3, uses_left: 3, ...more })];
const kba = (page) => box(page, "questions-box");
const group = (page, number) => kba(page).getByRole("group", { name: `Question ${number}` });
const pick = (page, number, question) => group(page, number).getByLabel(`Question ${number}`).selectOption(question);
const give = (page, number, text) => group(page, number).getByLabel("Answer").fill(text);

async function openForm(page) {
  await button(page, "Configure Security questions").click();
  await heading(page, "Choose your 3 questions").waitFor();
}

async function fill(page) {
  await pick(page, 1, "first_teacher");
  await give(page, 1, "Miss Marple");
  await pick(page, 2, "first_street");
  await give(page, 2, "Nethergate");
  await pick(page, 3, "A question of my own");
  await group(page, 3).getByLabel("Your own question").fill("Which boat sank?");
  await give(page, 3, "  Gannet  ");
}

test("questions of the list and one's own are answered and saved; the warning stands before them [U7] [R24]", async () => {
  script.answer({ methods: [list(offered), list(active())], "questions/catalog": [catalog()], "questions/save": [ok({ credential_id: "crd_kba" })] });
  const page = await script.open();
  await kba(page).getByText("Answers can often be guessed or found; the security standards (NIST, OWASP) advise against them.").waitFor();
  await openForm(page);
  await kba(page).getByText("Somebody who knows you, or looks you up, may guess an answer.").waitFor();
  await pick(page, 1, "first_teacher");
  assert.equal(await group(page, 2).getByRole("option", { name: questions[0].text }).isDisabled(), true, "taken already");
  await fill(page);
  await button(page, "Save").click();
  await kba(page).getByText("Your security questions are set up.").waitFor();
  await kba(page).getByText("Active since yesterday, not used yet, 3 uses left").waitFor();
  assert.deepEqual(script.sent("questions/save"), [{ questions: [
    { id: "first_teacher", answer: "Miss Marple" }, { id: "first_street", answer: "Nethergate" }, { text: "Which boat sank?", answer: "Gannet" }] }]);
  assert.equal(await focused(page), "Security questions");
  assert.deepEqual(await told(page), [["countersign-enrolled", { method: "kba" }]]);
  page.check();
  await page.context().close();
});

test("what is missing is told at its field, one after the other, and nothing is sent [U7]", async () => {
  script.answer({ methods: [list(offered)], "questions/catalog": [catalog()] });
  const page = await script.open();
  await openForm(page);
  const expect = async (sentence, id, number) => {
    await button(page, "Save").click();
    await group(page, number).getByText(sentence).waitFor();
    assert.equal(await focused(page), id);
    assert.equal(await page.locator(id).getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(id).getAttribute("aria-describedby"), `kba-problem-${number - 1}`);
  };
  await expect("Choose a question.", "#kba-question-0", 1);
  await pick(page, 1, "first_teacher");
  await expect("Type an answer.", "#kba-answer-0", 1);
  await give(page, 1, "Miss Marple");
  await pick(page, 2, "A question of my own");
  await expect("Write the question that you will be asked.", "#kba-own-1", 2);
  assert.deepEqual(script.sent("questions/save"), []);
  assert.equal(await group(page, 1).getByLabel("Answer").inputValue(), "Miss Marple");
  page.check();
  await page.context().close();
});

test("the server's refusal stands at the very field, and every answer is still there [U7] [R24]", async () => {
  script.answer({ methods: [list(offered)], "questions/catalog": [catalog()], "questions/save": [
    refused(422, "kba.answer_denied", { index: 1, detail: "Anybody would try this answer first; take another one." }),
    refused(422, "kba.question_repeated", { index: 2, detail: "The same question stands here twice; choose another one." }),
    refused(503, "server.unavailable"),
  ] });
  const page = await script.open();
  await openForm(page);
  await fill(page);
  await button(page, "Save").click();
  await group(page, 2).getByText("Anybody would try this answer first; take another one.").waitFor();
  assert.equal(await focused(page), "#kba-answer-1");
  assert.equal(await group(page, 1).getByText("Anybody").count(), 0);
  await give(page, 2, "Nethergate 7");
  await page.keyboard.press("Enter");
  await group(page, 3).getByText("The same question stands here twice; choose another one.").waitFor();
  assert.equal(await focused(page), "#kba-own-2");
  await page.keyboard.press("Enter");
  await kba(page).getByText("The site is busy, so they were not saved. Try again in a moment.").waitFor();
  assert.deepEqual(await Promise.all([1, 2, 3].map((number) => group(page, number).getByLabel("Answer").inputValue())), ["Miss Marple", "Nethergate 7", "  Gannet  "]);
  assert.deepEqual((await told(page)).map(([, detail]) => detail.code), ["kba.answer_denied", "kba.question_repeated", "server.unavailable"]);
  page.check();
  await page.context().close();
});

test("answers are shown unless hidden, kept by no browser, and stand in no event, attribute or address [U7] [L36]", async () => {
  script.answer({ methods: [list(offered), list(active())], "questions/catalog": [catalog()], "questions/save": [ok()] });
  const page = await script.open();
  await openForm(page);
  await fill(page);
  const fields = () => kba(page).locator("input[id^=kba-answer]").evaluateAll((inputs) => inputs.map(({ type, autocomplete, spellcheck, value }) => [type, autocomplete, spellcheck, value]));
  assert.deepEqual((await fields())[0], ["text", "off", false, "Miss Marple"]);
  await page.getByLabel("Hide what I type").check();
  assert.deepEqual(await fields(), [["password", "off", false, "Miss Marple"], ["password", "off", false, "Nethergate"], ["password", "off", false, "  Gannet  "]]);
  const places = [await everywhere(page)];
  await button(page, "Save").click();
  await kba(page).getByText("Your security questions are set up.").waitFor();
  places.push(await everywhere(page), await page.locator("countersign-methods").evaluate(({ shadowRoot }) => shadowRoot.innerHTML));
  for (const secret of ["Marple", "Nethergate", "Gannet", "Which boat"]) assert.ok(!places.join("\n").includes(secret), secret);
  page.check();
  await page.context().close();
});

test("uses that are left are told; at none new answers are asked for, and old ones are never shown [U7] [R24]", async () => {
  script.answer({ methods: [list(active({ uses_left: 1, last_used: now() }))] });
  const one = await script.open();
  await kba(one).getByText("Active since yesterday, last used today, 1 use left").waitFor();
  await one.context().close();
  script.answer({ methods: [list(active({ uses_left: 0 })), list(active())], "questions/catalog": [catalog()], "questions/save": [ok()] });
  const page = await script.open();
  await kba(page).getByText("Used up").waitFor();
  await kba(page).getByText("Set new answers to use them again.").waitFor();
  await button(page, "Reconfigure your security questions").click();
  await heading(page, "Set new answers").waitFor();
  await kba(page).getByText("The answers in use are not shown. They stay until you save new ones, and end then.").waitFor();
  assert.deepEqual(await kba(page).locator("input:not([type=checkbox])").evaluateAll((inputs) => inputs.map(({ value }) => value)), ["", "", ""]);
  await fill(page);
  await button(page, "Save").click();
  await kba(page).getByText("Your new answers are in use. The old ones no longer let anybody in.").waitFor();
  page.check();
  await page.context().close();
});

test("own questions only, one question only and turned off are drawn as they are [U7] [R13]", async () => {
  script.answer({ methods: [list([totp(), own("kba", "disabled", { questions: 1 })])], "questions/catalog": [catalog({ questions: [], catalog: false, needed: 1 })], "questions/save": [ok()] });
  const page = await script.open();
  await kba(page).getByText("Turned off after too many wrong answers").waitFor();
  await button(page, "Reconfigure your security questions").click();
  assert.equal(await kba(page).getByRole("combobox").count(), 0);
  await page.getByLabel("Question", { exact: true }).last().fill("Which boat sank?");
  await page.getByLabel("Answer").fill("Gannet");
  await page.keyboard.press("Enter");
  await kba(page).getByText("Your new answers are in use.").waitFor();
  assert.deepEqual(script.sent("questions/save"), [{ questions: [{ text: "Which boat sank?", answer: "Gannet" }] }]);
  page.check();
  await page.context().close();
});

test("an elevation that ran out while the answers were typed is asked for again, and they go on [R2] [U7]", async () => {
  script.answer({ methods: [list(offered), list(active())], "questions/catalog": [catalog()], "questions/save": [refused(403, "auth.step_up_required"), ok()], elevate: [ok({ elevated_until: now() + 600 })] });
  const page = await script.open();
  await openForm(page);
  await fill(page);
  await button(page, "Save").click();
  await page.getByText("To set up Security questions, type a code").waitFor();
  await page.keyboard.type("123456");
  await kba(page).getByText("Your security questions are set up.").waitFor();
  const [first, second] = script.sent("questions/save");
  assert.deepEqual(first, second);
  page.check();
  await page.context().close();
});

test("each state of the questions is accessible, light and dark, in 320 and 720 px [U7]", async () => {
  for (const { name, ...look } of looks) {
    script.answer({ methods: [list(offered), list(active({ uses_left: 0 }))], "questions/catalog": [catalog()], "questions/save": [refused(422, "kba.answer_denied", { index: 1, detail: "Anybody would try this answer first; take another one." }), ok()] });
    const page = await script.open({ ...look, reducedMotion: "reduce" });
    await openForm(page);
    await checkState(page, `${name}, empty`);
    await fill(page);
    await button(page, "Save").click();
    await group(page, 2).getByText("Anybody would try").waitFor();
    await checkState(page, `${name}, refused`);
    await page.getByLabel("Hide what I type").check();
    await checkState(page, `${name}, hidden`);
    await button(page, "Save").click();
    await kba(page).getByText("Used up").waitFor();
    await checkState(page, `${name}, used up`);
    page.check();
    await page.context().close();
  }
});
