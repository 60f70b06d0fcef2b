// SPDX-License-Identifier: Apache-2.0

// Every screen of a login's second factor. The bank and its page are real; what takes mail, questions or a lockout
// is answered here in the server's place.

import { givePassword } from "../customer.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true }).waitFor();

const questions = [
  { id: "q_1", text: "What was the name of your first teacher?" },
  { id: "q_2", text: "In which street did you live when you were 10?" },
  { id: "q_3", text: "What did you want to become as a child?" },
];
const offer = {
  challenge: "chl_1", state: "open", accepts: ["totp", "email", "security_code", "kba", "alternate_email"], forgot_phone: true,
  alternates: ["kba", "kba_email", "email"], proven: [], code_digits: 6, email: { masked: "g\u2022\u2022\u2022\u2022@example.org" },
  alternate_email: { masked: "h\u2022\u2022\u2022\u2022@example.net" }, salt: "AAAAAAAAAAAAAAAAAAAAAA", expires_at: 4_000_000_000,
};
const notAccepted = (wait) => ({ json: { ok: false, code: "not_accepted", retry_after: wait } });

/** Opens the login's second step with these answers; the last of a route stays. */
async function open(page, bank, customer, answers) {
  await page.unrouteAll();
  await page.context().clearCookies();
  const lists = { "": [{ json: offer }], "/forgot": [{ json: { ...offer, questions } }], ...answers };
  await page.route(/\/w\/challenge(\/\w+)?$/u, (route) => {
    const list = lists[/challenge(\/\w+)?$/u.exec(route.request().url())[1] ?? ""];
    return list.length > 1 ? list.shift()(route) : answerWith(route, list[0]);
  });
  await givePassword(page, bank, customer);
  await page.waitForURL("**/login/code");
}

const answerWith = (route, answer) => (typeof answer === "function" ? answer(route) : route.fulfill(answer));

async function photographMail(page, bank, customer, shoot) {
  await open(page, bank, customer, { "/mail": [{ json: { ok: true, masked: offer.email.masked, expires_at: offer.expires_at, resend_after: 60 } }] });
  await heading(page, "Enter your code");
  await shoot(page, "widget", "challenge with every way");
  await button(page, "Use OTP over email").click();
  await heading(page, "A code by email");
  await shoot(page, "widget", "challenge email");
  await button(page, "Send code").click();
  await page.getByText("The code is on its way.").waitFor();
  await shoot(page, "widget", "challenge email sent");
  await open(page, bank, customer, { "/mail": [notAccepted(45)] });
  await button(page, "Use OTP over email").click();
  await button(page, "Send code").click();
  await page.getByText("No new code was sent.").waitFor();
  await shoot(page, "widget", "challenge email not sent");
}

async function photographForgot(page, bank, customer, shoot) {
  await open(page, bank, customer, { "/answer": [notAccepted(0)] });
  await button(page, "Forgot My Phone").click();
  await heading(page, "Forgot My Phone");
  await shoot(page, "widget", "challenge forgot my phone");
  await page.getByRole("button", { name: /^Security questions and/u }).click();
  await heading(page, "Answer your security questions");
  await shoot(page, "widget", "challenge questions");
  for (const { text } of questions) await page.getByLabel(text).fill("Pilot");
  await button(page, "Continue").click();
  await page.getByText("Not accepted.").waitFor();
  await shoot(page, "widget", "challenge questions refused");
  await open(page, bank, customer, { "": [{ json: { ...offer, proven: ["kba"] } }] });
  await heading(page, "A code to your alternate address");
  await shoot(page, "widget", "challenge alternate address");
}

const loading = () => {};

async function photographEnds(page, bank, customer, shoot) {
  const ended = { json: { ...offer, state: "ended", accepts: [] } };
  const read = (answer) => (route) => route.fulfill(answer);
  await open(page, bank, customer, { "": [read({ json: offer }), ended], "/answer": [notAccepted(30)] });
  await page.getByLabel("Code of 6 digits").fill("123456");
  await heading(page, "This sign-in has ended");
  await shoot(page, "widget", "challenge locked");
  await open(page, bank, customer, { "": [ended] });
  await heading(page, "This sign-in took too long");
  await shoot(page, "widget", "challenge took too long");
  await open(page, bank, customer, { "": [(route) => route.abort()] });
  await heading(page, "The site cannot be reached");
  await shoot(page, "widget", "challenge offline");
  await open(page, bank, customer, { "": [loading] });
  await page.getByText("Getting ready to check your second factor.").waitFor({ state: "attached" });
  await shoot(page, "widget", "challenge loading");
  await open(page, bank, customer, { "": [{ json: { ...offer, state: "passed", accepts: [], receipt: "a receipt" } }] });
  await page.route("**/login/receipt", loading);
  await heading(page, "It is you");
  await shoot(page, "widget", "challenge passed");
  await open(page, bank, customer, { "": [{ json: { ...offer, state: "passed", accepts: [], receipt: "a receipt" } }] });
  await button(page, "Try again").waitFor();
  await shoot(page, "bank", "second factor not handed over");
}

/** @param page - of somebody with an authenticator app; ends with nothing scripted */
export async function photographChallenge(page, bank, customer, shoot) {
  await photographMail(page, bank, customer, shoot);
  await photographForgot(page, bank, customer, shoot);
  await photographEnds(page, bank, customer, shoot);
  await page.unrouteAll();
}
