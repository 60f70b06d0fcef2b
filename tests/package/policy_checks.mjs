// SPDX-License-Identifier: Apache-2.0
// How the cases of guess_budget.vec and standards.vec are put to the package.
import assert from "node:assert/strict";

import { loadPolicyTools } from "countersign/policy";

const tools = await loadPolicyTools();

const words = (text) => text.split(" ").filter((word) => word !== "");

/** The policy of a case: only what the case names, so that the defaults are the package's own. */
export function policyOf(it) {
  const numbers = {
    TotpDigits: "totpDigits", TotpPeriod: "totpPeriodSeconds", TotpPast: "totpPastSteps", TotpFuture: "totpFutureSteps",
    EmailDigits: "emailDigits", EmailLife: "emailLifeSeconds", EmailTries: "emailTries", EmailGap: "emailGapSeconds",
    EmailPerHour: "emailSendsPerHour", EmailPerDay: "emailSendsPerDay", KbaQuestions: "kbaQuestions",
    PauseFrom: "pauseFromFailure", PauseStart: "pauseStartSeconds", PauseCap: "pauseCapSeconds", WindowCap: "windowCap",
  };
  return {
    ...(it.has("Login") ? { login: words(it.text("Login")) } : {}),
    ...(it.has("AllowNone") ? { allowNone: it.text("AllowNone") === "yes" } : {}),
    ...(it.has("ForgotPhone") ? { forgotPhone: words(it.text("ForgotPhone")) } : {}),
    ...(it.has("UsersChoose") ? { usersChoose: it.text("UsersChoose") === "yes" } : {}),
    ...(it.has("SecurityCodes") ? { securityCodes: it.text("SecurityCodes") } : {}),
    ...Object.fromEntries(Object.entries(numbers).filter(([key]) => it.has(key)).map(([key, name]) => [name, it.number(key)])),
  };
}

/** Asserts the case's `Error`, or gives the answer. */
function ask(it, question) {
  if (!it.has("Error")) return question();
  assert.throws(question, { name: "CountersignError", code: it.text("Error") });
  return undefined;
}

const chancesText = ({ day, year, patientYear }) => [day, year, patientYear].map((chance) => chance.toExponential(5)).join(" ");

const stepText = ({ method, guesses: { day, window, year, patientYear } }) => [method, day, window, year, patientYear].join(" ");

export function guess(it) {
  const user = {
    ...(it.has("Authenticators") ? { authenticators: it.number("Authenticators") } : {}),
    ...(it.has("StaticCodes") ? { staticCodes: it.number("StaticCodes") } : {}),
    ...(it.has("KbaBits") ? { kbaBitsPerQuestion: Number(it.text("KbaBits")) } : {}),
  };
  const budget = ask(it, () => tools.guessBudget(policyOf(it), user));
  if (budget === undefined) return;
  const expected = [1, 2, 3, 4, 5, 6].filter((n) => it.has(`Path${n}`)).map((n) => it.text(`Path${n}`));
  assert.deepEqual(budget.paths.map(({ path, steps, chances }) => `${path}: ${steps.map(stepText).join(", ")}; ${chancesText(chances)}`), expected);
  assert.equal(budget.weakest, it.text("Weakest"));
  assert.equal(chancesText(budget.together), it.text("Together"));
}

const nameOf = ({ standard, id, level }) => `${standard}:${id}${level === undefined ? "" : `/${level}`}`;

export function judge(it) {
  const findings = ask(it, () => tools.judgePolicy(policyOf(it)));
  if (findings === undefined) return;
  for (const [key, verdict] of [["NotMet", "not_met"], ["NotApplicable", "not_applicable"], ["Met", "met"]]) {
    assert.equal(findings.filter((finding) => finding.verdict === verdict).map(nameOf).join(" "), it.text(key));
  }
}

export function explain(it) {
  const [{ statement, verdict, decidedBy, reason }, ...more] = tools.judgePolicy(policyOf(it)).filter((finding) => nameOf(finding) === it.text("Requirement"));
  assert.deepEqual(more, []);
  assert.deepEqual({ statement, verdict, decidedBy, reason },
    { statement: it.text("Statement"), verdict: it.text("Verdict"), decidedBy: it.text("Switch"), reason: it.text("Reason") });
}
