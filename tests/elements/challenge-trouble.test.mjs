// SPDX-License-Identifier: Apache-2.0
// Where a login's second factor does not go through, and how its screens look. The answers stand in challenging.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import {
  answer, button, challenge, code, everything, focused, heading, mailed, message, notAccepted, openChallenge, passed, questions, refusal, refused, sent, told, token,
} from "./challenging.mjs";
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

const open = (options) => openChallenge(browser, site, options);
const close = async (page) => {
  page.check();
  await page.context().close();
};

test("a lockout ends the login: the one text stays, and the way on is to start again [L11] [R14a]", async () => {
  answer(site, { read: [challenge(), challenge({ state: "ended", accepts: [] })], answer: [notAccepted(30)] });
  const page = await open();
  await code(page).fill("123456");
  await heading(page, "This sign-in has ended").waitFor();
  assert.match(await page.locator("countersign-challenge #refusal").textContent(), refusal);
  assert.equal(await code(page).count(), 0, "nothing more can be typed");
  assert.deepEqual(await told(page), [["countersign-error", { code: "challenge.ended" }]]);
  await Promise.all([page.waitForEvent("load"), button(page, "Start again").click()]);
  await close(page);
});

test("a pause that does not end the login counts down on the button, and nothing is sent in it [R13]", async () => {
  answer(site, { read: [challenge()], answer: [notAccepted(30)] });
  const page = await open();
  await code(page).fill("123456");
  const waiting = page.getByRole("button", { name: /^Wait \d+ s$/u });
  await waiting.waitFor();
  await waiting.press("Enter");
  assert.equal(sent(site, "answer").length, 1);
  assert.match(await message(page).textContent(), refusal);
  await close(page);
});

test("a login that is over says so: by the server's word, by a session that has ended, and by the clock [R4]", async () => {
  const ends = [
    { read: [challenge({ state: "ended", accepts: [] })] },
    { read: [refused(401, "auth.invalid")] },
    { read: [challenge({ expires_at: Math.floor(Date.now() / 1000) + 2 })] },
  ];
  for (const answers of ends) {
    answer(site, answers);
    const page = await open();
    await heading(page, "This sign-in took too long").waitFor();
    assert.equal(await button(page, "Start again").count(), 1);
    assert.equal((await told(page)).at(-1)[0], "countersign-error");
    await close(page);
  }
});

test("offline is told, and the login goes on when the site is back [U6]", async () => {
  answer(site, { read: [challenge()] });
  const page = await open({ allowed: /Failed to load|net::/u, prepare: (fresh) => fresh.route("**/w/challenge", (route) => route.abort(), { times: 1 }) });
  await heading(page, "The site cannot be reached").waitFor();
  await button(page, "Try again").click();
  await heading(page, "Enter your code").waitFor();
  assert.deepEqual(await told(page), [["countersign-error", { code: "network.unreachable" }]]);
  await close(page);
});

test("an answer that is not understood is no pass [R6] [L19]", async () => {
  const bodies = [{}, { state: "passed" }, { state: "passed", receipt: 1 }, { state: "half" }, []];
  for (const body of bodies) {
    answer(site, { read: [challenge()], answer: [{ status: 200, body: { ok: true, ...body } }] });
    const page = await open();
    await code(page).fill("123456");
    await page.getByText("it gave no answer").waitFor();
    assert.equal(await page.evaluate(() => document.querySelector("countersign-challenge").takeReceipt()), undefined);
    assert.deepEqual(await told(page), [["countersign-error", { code: "server.answer_unreadable" }]]);
    await close(page);
  }
});

test("where a second factor is missing the page is told, and no code is asked for [U5] [R6]", async () => {
  answer(site, { read: [challenge({ state: "enrollment_required", accepts: [] })] });
  const page = await open();
  await heading(page, "A second factor is missing").waitFor();
  assert.deepEqual(await told(page), [["countersign-enrollment-required"]]);
  assert.equal(await page.locator("countersign-challenge input").count(), 0);
  await close(page);
});

test("a policy that was changed meanwhile: what is not allowed any more is not shown any more [R11]", async () => {
  const open_ = { forgot_phone: true, alternates: ["kba"] };
  answer(site, { read: [challenge(open_), challenge()], forgot: [refused(409, "challenge.not_allowed")] });
  const page = await open();
  await button(page, "Forgot My Phone").click();
  await page.getByRole("button", { name: "Forgot My Phone" }).waitFor({ state: "detached" });
  await heading(page, "Enter your code").waitFor();
  assert.equal(await focused(page), "Code of 6 digits");
  await close(page);
});

test("framed by another origin the element asks for nothing and sends nothing [R7]", async () => {
  const framed = await startSite({ ancestors: "*", widget: async () => challenge() });
  const page = await browser.newPage();
  await page.goto(`${site.origin}/pages/sent.html`);
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, `${framed.origin.replace("localhost", "127.0.0.1")}/pages/challenge.html`);
  const frame = page.frameLocator("iframe").locator("countersign-challenge");
  await frame.evaluate((element, value) => (element.sessionToken = value), token);
  await frame.getByRole("heading", { name: "Not shown inside another site" }).waitFor();
  assert.deepEqual(framed.seen.filter(({ url }) => url.includes("/w/")), []);
  await page.close();
  await framed.stop();
});

/** State -> what the server answers, and how to get there. */
const states = {
  "code of the app": { reach: (page) => heading(page, "Enter your code").waitFor() },
  refused: { answers: { answer: [notAccepted()] }, reach: (page) => code(page).fill("123456").then(() => message(page).waitFor()) },
  "email, before sending": { reach: (page) => button(page, "Use OTP over email").click() },
  "email, sent": {
    answers: { mail: [mailed("email")] },
    reach: async (page) => {
      await button(page, "Use OTP over email").click();
      await button(page, "Send code").click();
      await code(page).waitFor();
    },
  },
  "security code": { reach: (page) => button(page, "Use a security code").click() },
  "Forgot My Phone": { reach: (page) => button(page, "Forgot My Phone").click() },
  questions: {
    answers: { answer: [notAccepted()] },
    reach: async (page) => {
      await button(page, "Forgot My Phone").click();
      await page.getByRole("button", { name: /^Security questions and/u }).click();
      for (const { text } of questions) await page.getByLabel(text).fill("Pilot");
      await button(page, "Continue").click();
      await page.getByText("Not accepted.").waitFor();
    },
  },
  locked: {
    answers: { read: [challenge(everything), challenge({ state: "ended", accepts: [] })], answer: [notAccepted(30)] },
    reach: (page) => code(page).fill("123456").then(() => heading(page, "This sign-in has ended").waitFor()),
  },
  passed: { answers: { read: [passed()] }, reach: (page) => heading(page, "It is you").waitFor() },
  ended: { answers: { read: [refused(401, "auth.invalid")] }, reach: (page) => heading(page, "This sign-in took too long").waitFor() },
  "nothing set up": { answers: { read: [challenge({ state: "enrollment_required", accepts: [] })] }, reach: (page) => heading(page, "A second factor is missing").waitFor() },
};

for (const [state, { answers = {}, reach }] of Object.entries(states)) {
  test(`axe finds nothing, targets are large enough and nothing runs out at the side: ${state} [U6]`, async () => {
    for (const { name, ...look } of looks) {
      answer(site, { read: [challenge(everything)], forgot: [challenge({ ...everything, questions })], ...structuredClone(answers) });
      const page = await open(look);
      await reach(page);
      await checkAccessible(page, `${state}, ${name}`);
      await checkSizes(page, "countersign-challenge", `${state}, ${name}`);
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await checkSizes(page, "countersign-challenge", `${state}, ${name}, right to left`);
      await close(page);
    }
  });
}

test("while it loads its place is kept and said [U6]", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  answer(site, { read: [challenge()] });
  const scripted = site.widget;
  site.widget = async (call) => (await held, scripted(call));
  const page = await open();
  await page.getByText("Getting ready to check your second factor.").waitFor();
  assert.equal(await page.locator("countersign-challenge [aria-busy=true]").count(), 1);
  await checkAccessible(page, "loading");
  release();
  await heading(page, "Enter your code").waitFor();
  assert.equal(await page.locator("countersign-challenge [aria-busy=true]").count(), 0);
  await close(page);
});
