// SPDX-License-Identifier: Apache-2.0

// What serves when the phone is lost, on the bank's security page: every state of its boxes. The server's answers
// stand here, so that one page comes by all of them.

const now = () => Math.floor(Date.now() / 1000);
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true });

const entry = (method, status, more = {}) => ({
  method, status, ...(status === "active" || status === "disabled" ? { credential_id: `crd_${method}`, active_since: 1_767_226_200 } : {}), ...more,
});
const authenticator = entry("totp", "active", { last_used: 1_767_226_200 });
const primary = "g••••@example.org";
const other = "g••••@mail.example";
const chosen = { offered: ["kba", "kba_email", "email"], chosen: ["kba_email"], user_choice: true };
const nothingYet = [authenticator, ...["email", "kba", "alternate_email", "static_codes"].map((method) => entry(method, "not_configured"))];
const everything = [
  authenticator, entry("email", "active", { masked: primary, last_used: 1_767_226_200 }), entry("kba", "active", { questions: 3, uses_left: 2 }),
  entry("alternate_email", "active", { masked: other, usable_from: now() + 80_000 }), entry("static_codes", "active", { remaining: 10 }),
];
const spent = [
  authenticator, entry("email", "pending"), entry("kba", "active", { questions: 3, uses_left: 0, last_used: 1_767_226_200 }),
  entry("alternate_email", "disabled", { masked: other }),
];
const questions = [
  ["teacher", "What was the name of your first teacher?"], ["street", "In which street did you live as a child?"], ["job", "Where was your first job?"],
].map(([id, text]) => ({ id, text }));

/** Answers in the server's place: the methods that are given, and what each route says. */
async function script(page, methods, more = {}, routes = {}) {
  await page.unrouteAll();
  const answers = { methods: { methods, step_up_required: false, primary_masked: primary, alternates: chosen, ...more }, ...routes };
  await page.route(/\/countersign\/w\//u, (route) => {
    const json = answers[new URL(route.request().url()).pathname.replace("/countersign/w/", "")];
    return route.fulfill({ status: json.status ?? 200, json });
  });
  await page.reload();
  await heading(page, "If you lose your phone").waitFor();
}

const mailed = (masked) => ({ ok: true, pending_id: "crd_new", masked, code_digits: 6, expires_at: now() + 600, resend_after: 60 });

async function photographAddresses(page, shoot) {
  await script(page, nothingYet, {}, {
    "email/begin": mailed(primary), "email/confirm": { ok: false, reason: "wrong", retry_after: 0 },
    "alternate/begin": { status: 422, code: "email.same_as_primary" },
  });
  await shoot(page, "widget", "fallbacks not set up");
  await button(page, "Configure OTP over email").click();
  await shoot(page, "widget", "email address");
  await button(page, "Send code").click();
  await heading(page, "Type the code from the mail").waitFor();
  await shoot(page, "widget", "email code");
  await page.getByLabel("Code of 6 digits").fill("123456");
  await page.getByText("That code does not match.").waitFor();
  await shoot(page, "widget", "email code refused");
  await button(page, "Configure Alternate email address").click();
  await page.getByRole("textbox", { name: "Email address" }).fill("grace@example.org");
  await button(page, "Send code").click();
  await page.getByText("Use another one.").waitFor();
  await shoot(page, "widget", "alternate address refused");
}

async function photographQuestions(page, shoot) {
  await script(page, nothingYet, {}, {
    "questions/catalog": { questions, needed: 3, own: true, catalog: true },
    "questions/save": { status: 422, code: "kba.answer_denied", index: 1, detail: "Anybody would try this answer first; take another one." },
  });
  await button(page, "Configure Security questions").click();
  await heading(page, "Choose your 3 questions").waitFor();
  const group = (number) => page.getByRole("group", { name: `Question ${number}` });
  for (const [number, choice, answer] of [[1, "teacher", "Miss Marple"], [2, "street", "123"], [3, "A question of my own", "The Gannet"]]) {
    await group(number).getByLabel(`Question ${number}`).selectOption(choice);
    await group(number).getByLabel("Answer").fill(answer);
  }
  await group(3).getByLabel("Your own question").fill("Which boat sank under us?");
  await button(page, "Save").click();
  await page.getByText("Anybody would try this answer first").waitFor();
  await shoot(page, "widget", "questions refused");
}

/** @param page - the security page, of somebody signed in; left as it was */
export async function photographFallbacks(page, shoot) {
  await photographAddresses(page, shoot);
  await photographQuestions(page, shoot);
  await script(page, everything);
  await page.getByRole("checkbox", { name: "Security questions", exact: true }).check();
  await shoot(page, "widget", "fallbacks set up");
  await button(page, "Remove OTP over email").click();
  await shoot(page, "widget", "fallbacks asked to remove");
  await script(page, spent);
  await shoot(page, "widget", "fallbacks used up and turned off");
  await script(page, everything, { recovery: true, step_up: ["totp", "security_code"], alternates: { ...chosen, user_choice: false, offered: ["kba_email"] } });
  await shoot(page, "widget", "fallbacks after a recovery");
  await page.unrouteAll();
  await page.reload();
}
