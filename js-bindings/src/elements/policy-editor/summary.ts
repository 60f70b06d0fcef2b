// SPDX-License-Identifier: Apache-2.0
// What the whole policy comes to: the guess budget, saved and drafted, and every requirement.

import { html, nothing, type TemplateResult } from "lit";
import type { Finding, GuessBudget } from "../../policy.js";
import type { PolicyDocument } from "../shared/policy-document.js";
import { chanceInWords, pathNames } from "./chances.js";
import type { Scales } from "./scales.js";

function budgetRow(name: string, budget: GuessBudget | undefined): TemplateResult {
  const chance = (of: "day" | "year") => (budget ? chanceInWords(budget.together[of]) : "cannot be told");
  return html`<tr><th scope="row">${name}</th><td>${chance("day")}</td><td>${chance("year")}</td></tr>`;
}

export function budgetCard(scales: Scales, saved: PolicyDocument, draft: PolicyDocument): TemplateResult {
  const drafted = scales.budget(draft);
  return html`<section class="box group" aria-labelledby="group-budget">
    <div class="stack tight"><h2 id="group-budget" tabindex="-1">Guess budget</h2>
      <p class="secondary">How likely somebody who has a person\u2019s password guesses the way past the second factor, at full pace.</p></div>
    <table class="budget" aria-labelledby="group-budget">
      <thead><tr><td></td><th scope="col">In a day</th><th scope="col">In a year</th></tr></thead>
      <tbody>${budgetRow("Saved", scales.budget(saved))}${budgetRow("As set below", drafted)}</tbody>
    </table>
    <p>${drafted ? html`The likeliest way as set below: ${pathNames[drafted.weakest]}.` : "As set below, two settings contradict each other."}</p>
  </section>`;
}

/** One line for the bar: what the changes do to the budget. */
export function budgetChange(scales: Scales, saved: PolicyDocument, draft: PolicyDocument): string {
  const [before, after] = [scales.budget(saved)?.together, scales.budget(draft)?.together];
  if (!before || !after) return "The guess budget cannot be told: two settings contradict each other.";
  return `Guess budget: ${chanceInWords(after.day)} within a day, ${chanceInWords(after.year)} within a year; saved: ${chanceInWords(before.day)} within a day, ${chanceInWords(before.year)} within a year.`;
}

const verdictNames = { met: "Met", not_met: "Not met", not_applicable: "Does not apply" } as const;
const standardNames = { "asvs-5.0": "OWASP ASVS 5.0", "sp-800-63b-4": "NIST SP 800-63B-4" } as const;

function findingRow({ id, level, verdict, statement, reason }: Finding): TemplateResult {
  return html`<li class="finding"><p class=${verdict === "not_met" ? "warn" : verdict === "met" ? "good" : "secondary"}>
    <strong>${verdictNames[verdict]}</strong>: ${id}${level ? `, level ${level}` : nothing}. ${statement}</p>
    <p class="secondary small">${reason}</p></li>`;
}

export function requirements(findings: readonly Finding[]): TemplateResult {
  const missed = findings.filter(({ verdict }) => verdict === "not_met").length;
  return html`<details class="box group">
    <summary><h2>All requirements: ${missed} of ${findings.length} not met</h2></summary>
    <p class="secondary">A verdict on what these switches decide, as set above. Not a certificate.</p>
    ${(["asvs-5.0", "sp-800-63b-4"] as const).map((standard) => html`<h3>${standardNames[standard]}</h3>
      <ul class="findings">${findings.filter((it) => it.standard === standard).map(findingRow)}</ul>`)}
  </details>`;
}

export const skeleton = html`<p role="status" class="unseen">Looking up the policy.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div></div><div></div></div>`;
