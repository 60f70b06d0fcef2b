// SPDX-License-Identifier: Apache-2.0
// A login's second factor in every state, at once: the answers stand in challenging.mjs, by the contract of
// openapi.yaml. With the real server: challenge-server.test.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadCore } from "countersign";
import { launch } from "./browser.mjs";
import {
  accepted, answer, button, challenge, code, everything, focused, heading, mailed, masked, message, notAccepted, openChallenge, passed, questions, receipt,
  refusal, refused, sent, told, token,
} from "./challenging.mjs";
import { startSite } from "./site.mjs";

const core = await loadCore();
let site, browser;
before(async () => {
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const open = (options) => openChallenge(browser, site, options);
const close = async (page) => {
  page.check();
  await page.context().close();
};
const takeReceipt = (page) => page.evaluate(() => document.querySelector("countersign-challenge").takeReceipt() ?? null);

/** Answers the questions by their labels. */
async function answerQuestions(page, answers) {
  for (const [index, { text }] of questions.entries()) await page.getByLabel(text).fill(answers[index]);
}

test("the app's code passes: the receipt is handed out once, by a method alone [U6] [R4] [R7] [L36]", async () => {
  answer(site, { read: [challenge()], answer: [passed()] });
  const page = await open();
  await code(page).fill("123456");
  await heading(page, "It is you").waitFor();
  assert.deepEqual(await told(page), [["countersign-passed"]]);
  const [{ attempt_id: attempt, ...given }] = sent(site, "answer");
  assert.match(attempt, /^[\w-]{22}$/);
  assert.deepEqual(given, { method: "totp", code: "123456" });
  const markup = await page.locator("countersign-challenge").evaluate((element) => element.outerHTML + element.shadowRoot.innerHTML);
  for (const secret of [receipt, token]) assert.ok(!markup.includes(secret));
  assert.ok(site.seen.every(({ url }) => !url.includes(token)));
  assert.equal(await takeReceipt(page), receipt);
  assert.equal(await takeReceipt(page), null);
  await close(page);
});

test("a refused code stays and is selected, with the one text and the time to the next code [R14a]", async () => {
  answer(site, { read: [challenge()], answer: [notAccepted()] });
  const page = await open();
  await code(page).fill("123456");
  await message(page).waitFor();
  assert.match(await message(page).textContent(), refusal);
  assert.equal(await code(page).inputValue(), "123456");
  assert.equal(await focused(page), "Code of 6 digits");
  assert.deepEqual(await told(page), []);
  await close(page);
});

test("a try whose answer was lost is the same try again; another code is another try [R4] [L18]", async () => {
  answer(site, { read: [challenge()], answer: [refused(503, "server.unavailable"), notAccepted(), passed()] });
  const page = await open({ allowed: /Failed to load|net::/u });
  await page.route("**/challenge/answer", (route) => route.abort("connectionreset"), { times: 1 });
  const ids = [];
  page.on("request", (request) => request.url().endsWith("/answer") && ids.push(request.postDataJSON().attempt_id));
  await code(page).fill("123456");
  await page.getByText("The site cannot be reached. Check your connection, then press Continue again: no code is lost.").waitFor();
  await button(page, "Continue").click();
  await page.getByText("The site is busy, so it gave no answer.").waitFor();
  await button(page, "Continue").click();
  await page.getByText("Not accepted.").waitFor();
  await code(page).fill("");
  await code(page).fill("654321");
  await heading(page, "It is you").waitFor();
  assert.equal(ids.length, 4);
  assert.equal(new Set(ids.slice(0, 3)).size, 1, "until an answer came it was one try");
  assert.notEqual(ids[3], ids[2]);
  await close(page);
});

test("a code that was taken while its answer was lost is found by the next try [R4] [L18]", async () => {
  answer(site, { read: [challenge(), passed()], answer: [refused(502, "server.answer_unreadable"), refused(409, "challenge.not_allowed")] });
  const page = await open();
  await code(page).fill("123456");
  await page.getByText("it gave no answer").waitFor();
  await code(page).fill("");
  await code(page).fill("654321");
  await heading(page, "It is you").waitFor();
  assert.equal(await takeReceipt(page), receipt);
  await close(page);
});

test("where handing over the receipt failed, a fresh one is to be had from the same session [R4]", async () => {
  answer(site, { read: [passed(), passed({ receipt: `${receipt}-2` })] });
  const page = await open();
  await heading(page, "It is you").waitFor();
  assert.equal(await takeReceipt(page), receipt);
  await page.evaluate(() => document.querySelector("countersign-challenge").resume());
  assert.equal(await takeReceipt(page), `${receipt}-2`);
  assert.deepEqual(await told(page), [["countersign-passed"], ["countersign-passed"]]);
  await close(page);
});

test("OTP over email: the masked address, Send code, the code; another one after the time [U11] [R23]", async () => {
  const by = { accepts: ["totp", "email"], email: { masked: masked.email } };
  answer(site, { read: [challenge(by)], mail: [mailed("email", { resend_after: 1 }), mailed("email")], answer: [passed({ proven: ["email"] })] });
  const page = await open();
  await button(page, "Use OTP over email").click();
  await page.getByText(masked.email).waitFor();
  assert.equal(await focused(page), "A code by email");
  assert.deepEqual(sent(site, "mail"), [], "nothing is sent before it is asked for");
  await button(page, "Send code").click();
  await page.getByText("The code is on its way.").waitFor();
  assert.equal(await focused(page), "Code of 6 digits");
  await button(page, "Send another code").click();
  await page.getByText("Another code is on its way. The one before does not work any more.").waitFor();
  await page.getByRole("button", { name: /^Send another code \(\d+ s\)$/u }).press("Enter");
  assert.deepEqual(sent(site, "mail"), [{ method: "email" }, { method: "email" }], "none before its time");
  await code(page).fill("314159");
  await heading(page, "It is you").waitFor();
  const [{ method, code: given }] = sent(site, "answer");
  assert.deepEqual([method, given], ["email", "314159"]);
  await close(page);
});

test("where no mail goes out, that is all that is told, and a code that has come can be typed [L9] [R14]", async () => {
  const by = { accepts: ["totp", "email"], email: { masked: masked.email } };
  answer(site, { read: [challenge(by)], mail: [notAccepted(40)], answer: [passed()] });
  const page = await open();
  await button(page, "Use OTP over email").click();
  await button(page, "Send code").click();
  await page.getByText("No new code was sent.").waitFor();
  await page.getByRole("button", { name: /^Send another code \((39|40) s\)$/u }).waitFor();
  await button(page, "Back").click();
  assert.equal(await heading(page, "Enter your code").count(), 1);
  await code(page).fill("2718");
  await button(page, "Use OTP over email").click();
  assert.equal(await code(page).inputValue(), "", "what was typed for the app is for the app");
  await code(page).fill("314159");
  await heading(page, "It is you").waitFor();
  await close(page);
});

test("where email is the only second factor it stands first, and its way back is the site's [U11]", async () => {
  answer(site, { read: [challenge({ accepts: ["email"], email: { masked: masked.email }, code_digits: 8 })] });
  const page = await open();
  await heading(page, "A code by email").waitFor();
  await page.getByText("We send a code of 8 digits to").waitFor();
  assert.equal(await button(page, "Back").count(), 0);
  assert.equal(await page.getByRole("group", { name: "Other ways to sign in" }).count(), 0);
  await close(page);
});

test("a security code is judged while it is typed, and leaves the page stretched only [A6] [R25] [R21]", async () => {
  answer(site, { read: [challenge({ accepts: ["totp", "security_code"], salt: everything.salt })], answer: [passed({ proven: ["static_code"] })] });
  const page = await open();
  await button(page, "Use a security code").click();
  const field = page.getByLabel("Security code");
  await field.fill("K7QF-2M9X-TRB4-V3HG");
  await page.getByText("There is a mistake in it").waitFor();
  await page.keyboard.press("Enter");
  assert.deepEqual(sent(site, "answer"), []);
  await field.fill("k7qf2m9xtrb4v3hf");
  await page.getByText("The code is complete.").waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "It is you").waitFor();
  const [{ attempt_id: _, ...given }] = sent(site, "answer");
  const [stretched] = await core.stretchCodes(["K7QF-2M9X-TRB4-V3HF"], new Uint8Array(16).fill(7));
  assert.deepEqual(given, { method: "security_code", stretched: Buffer.from(stretched).toString("base64url") });
  assert.ok(!/k7qf/iu.test(site.seen.map(({ url, text }) => url + text).join("")));
  await close(page);
});

test("without the core or its worker no security code is sent, and that is said [A6]", async () => {
  for (const file of ["**/core.wasm", "**/stretch-worker.js"]) {
    answer(site, { read: [challenge({ accepts: ["totp", "security_code"], salt: everything.salt })] });
    const page = await open({ prepare: (fresh) => fresh.route(file, (route) => route.abort()), allowed: /Failed to load|net::/u });
    await button(page, "Use a security code").click();
    await page.getByLabel("Security code").fill("K7QF-2M9X-TRB4-V3HF");
    await page.keyboard.press("Enter");
    await page.getByText("Part of this page did not load, so your code was not sent.").waitFor();
    assert.deepEqual(sent(site, "answer"), []);
    assert.deepEqual((await told(page)).at(-1), ["countersign-error", { code: "core.unavailable" }]);
    await close(page);
  }
});

const forgotSets = [
  { name: "Forgot Phone off", forgot_phone: false, alternates: ["kba"], shows: undefined },
  { name: "A2", forgot_phone: true, alternates: ["kba"], shows: ["Answer your security questions"] },
  { name: "A3", forgot_phone: true, alternates: ["kba_email"], shows: ["Answer your security questions"] },
  { name: "A4", forgot_phone: true, alternates: ["email"], shows: ["A code to your alternate address"] },
  { name: "A2 and A4", forgot_phone: true, alternates: ["kba", "email"], shows: ["Security questions", "A code to your alternate address"] },
];

for (const { name, shows, ...offer } of forgotSets) {
  test(`Forgot My Phone leads to exactly what is allowed: ${name} [U6] [A2] [A3] [A4] [A5]`, async () => {
    const forgot = challenge({ ...offer, questions, alternate_email: { masked: masked.alternate_email } });
    answer(site, { read: [challenge(offer)], forgot: [forgot] });
    const page = await open();
    await heading(page, "Enter your code").waitFor();
    assert.equal(await button(page, "Forgot My Phone").count(), shows ? 1 : 0);
    if (shows) await button(page, "Forgot My Phone").click();
    if (shows?.length === 1) {
      await heading(page, shows[0]).waitFor();
      assert.deepEqual(sent(site, "forgot"), [{ alternate: offer.alternates[0] }]);
    } else if (shows) {
      await heading(page, "Forgot My Phone").waitFor();
      assert.deepEqual(await page.locator("countersign-challenge .ways .name").allTextContents(), shows);
    }
    await close(page);
  });
}

test("the questions are one form, answered together; a refusal never tells which was wrong [A2] [R24] [R14a]", async () => {
  const offer = { forgot_phone: true, alternates: ["kba"] };
  answer(site, { read: [challenge(offer)], forgot: [challenge({ ...offer, accepts: ["totp", "kba"], questions })], answer: [notAccepted(), passed({ proven: ["kba"] })] });
  const page = await open();
  await button(page, "Forgot My Phone").click();
  await heading(page, "Answer your security questions").waitFor();
  assert.equal(await focused(page), questions[0].text);
  await page.getByLabel(questions[0].text).fill("Miss Moneypenny");
  await button(page, "Continue").click();
  await page.getByText("Answer all of the questions.").waitFor();
  assert.equal(await focused(page), questions[1].text);
  assert.deepEqual(sent(site, "answer"), []);
  const answers = ["Miss Moneypenny", "Baker Street", "Pilot"];
  await answerQuestions(page, answers);
  await page.keyboard.press("Enter");
  await page.getByText("Not accepted.").waitFor();
  assert.match(await page.locator("countersign-challenge #refusal").textContent(), refusal);
  assert.deepEqual(await page.locator("countersign-challenge input").evaluateAll((inputs) => inputs.map(({ value }) => value)), answers);
  assert.equal(await page.locator("countersign-challenge [aria-invalid=true]").count(), 0);
  await page.getByLabel(questions[2].text).fill("Captain");
  await page.keyboard.press("Enter");
  await heading(page, "It is you").waitFor();
  const [{ attempt_id: _, ...given }] = sent(site, "answer");
  assert.deepEqual(given, { method: "kba", answers: questions.map(({ id }, index) => ({ id, answer: answers[index] })) });
  await close(page);
});

const afterQuestions = { forgot_phone: true, alternates: ["kba_email"], accepts: ["totp", "alternate_email"], proven: ["kba"], alternate_email: { masked: masked.alternate_email } };

test("questions, then a code to the alternate address: two steps, told in words; mail only after the first [A3] [R24]", async () => {
  const offer = { forgot_phone: true, alternates: ["kba_email"] };
  answer(site, {
    read: [challenge(offer)],
    forgot: [challenge({ ...offer, accepts: ["totp", "kba"], questions })],
    answer: [accepted(afterQuestions), passed({ proven: ["kba", "alternate_email"] })],
    mail: [mailed("alternate_email")],
  });
  const page = await open();
  await button(page, "Forgot My Phone").click();
  await page.getByText("Step 1 of 2: your questions").waitFor();
  await answerQuestions(page, ["Miss Moneypenny", "Baker Street", "Pilot"]);
  await page.keyboard.press("Enter");
  await page.getByText("Step 2 of 2: a code by email").waitFor();
  await page.getByText(masked.alternate_email).waitFor();
  assert.deepEqual(sent(site, "mail"), []);
  await button(page, "Send code").click();
  await code(page).fill("271828");
  await heading(page, "It is you").waitFor();
  assert.deepEqual(sent(site, "answer").map(({ method }) => method), ["kba", "alternate_email"]);
  await close(page);
});

test("who loads the page again after the questions goes on with the second step, also by way of Back [A3]", async () => {
  answer(site, { read: [challenge(afterQuestions)] });
  const page = await open();
  await page.getByText("Step 2 of 2: a code by email").waitFor();
  await button(page, "Back").click();
  await heading(page, "Enter your code").waitFor();
  await button(page, "Forgot My Phone").click();
  await page.getByText("Step 2 of 2: a code by email").waitFor();
  assert.deepEqual(sent(site, "forgot"), []);
  await close(page);
});

test("a code to the alternate address alone [A4]", async () => {
  const offer = { forgot_phone: true, alternates: ["email"] };
  const forgot = challenge({ ...offer, accepts: ["totp", "alternate_email"], alternate_email: { masked: masked.alternate_email } });
  answer(site, { read: [challenge(offer)], forgot: [forgot], mail: [mailed("alternate_email")], answer: [passed({ proven: ["alternate_email"] })] });
  const page = await open();
  await button(page, "Forgot My Phone").click();
  await page.getByText(masked.alternate_email).waitFor();
  assert.equal(await page.getByText("Step 2 of 2").count(), 0);
  await button(page, "Send code").click();
  await code(page).fill("271828");
  await heading(page, "It is you").waitFor();
  await close(page);
});

test("every screen beside the first has one way back, and the focus goes along [U6]", async () => {
  answer(site, { read: [challenge(everything)], forgot: [challenge({ ...everything, questions })] });
  const page = await open();
  await heading(page, "Enter your code").waitFor();
  const back = async (to) => {
    assert.equal(await button(page, "Back").count(), 1);
    await button(page, "Back").click();
    assert.equal(await focused(page), to);
  };
  await button(page, "Use OTP over email").click();
  await back("Code of 6 digits");
  await button(page, "Use a security code").click();
  assert.equal(await focused(page), "Security code");
  await back("Code of 6 digits");
  await button(page, "Forgot My Phone").click();
  assert.equal(await focused(page), "Forgot My Phone");
  await page.getByRole("button", { name: /^Security questions and a code by email/u }).click();
  await page.getByText("Step 1 of 2: your questions").waitFor();
  assert.equal(await focused(page), questions[0].text);
  await back("Forgot My Phone");
  await page.getByRole("button", { name: /^A code to your alternate address/u }).click();
  await heading(page, "A code to your alternate address").waitFor();
  await back("Forgot My Phone");
  await back("Code of 6 digits");
  await close(page);
});

test("the page's word to take the focus counts while it loads; without it the page keeps its own [U6]", async () => {
  for (const [wanted, where] of [[true, "Code of 6 digits"], [false, undefined]]) {
    answer(site, { read: [challenge()] });
    const page = await open({ prepare: async (fresh) => fresh.route("**/w/challenge", async (route) => {
      if (wanted) await fresh.evaluate(() => document.querySelector("countersign-challenge").focus());
      await route.continue();
    }) });
    await heading(page, "Enter your code").waitFor();
    if (where) await page.waitForFunction(() => document.activeElement?.tagName === "COUNTERSIGN-CHALLENGE");
    const found = await page.evaluate(() => document.activeElement?.tagName);
    assert.equal(found, wanted ? "COUNTERSIGN-CHALLENGE" : "BODY");
    if (where) assert.equal(await focused(page), where);
    await close(page);
  }
});
