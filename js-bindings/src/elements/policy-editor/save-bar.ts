// SPDX-License-Identifier: Apache-2.0
// The bar at the bottom: what is not saved yet, Save and Discard, and what saving may ask for.

import { html, nothing, type TemplateResult } from "lit";
import type { CurrentPolicy } from "../shared/admin-client.js";
import { day } from "../shared/day.js";
import { badIcon, goodIcon } from "../shared/icons.js";
import { nameOf, type Names } from "../shared/names.js";
import type { PolicyDocument } from "../shared/policy-document.js";
import { changesInWords } from "./words.js";

/** What stands between the person and a saved policy. */
export type Obstacle =
  | { readonly kind: "none" }
  | { readonly kind: "code" }
  | { readonly kind: "conflict"; readonly theirs: CurrentPolicy }
  | { readonly kind: "refused"; readonly sentence: string };

export interface Bar {
  readonly saved: PolicyDocument;
  readonly draft: PolicyDocument;
  readonly obstacle: Obstacle;
  readonly budget: string;
  readonly busy: boolean;
  /** Seconds in which nothing is sent. */
  readonly waiting: number;
  readonly names: Names;
}

export interface BarActions {
  save(): void;
  discard(): void;
  submitCode(event: SubmitEvent): void;
  noCode(): void;
  showTheirs(): void;
  keepMine(): void;
}

function count(lines: readonly string[]): string {
  return `${lines.length} ${lines.length === 1 ? "change is" : "changes are"} not saved`;
}

function codeForm({ busy, waiting }: Bar, actions: BarActions): TemplateResult {
  const stopped = busy || waiting > 0;
  const label = busy ? "Saving" : waiting > 0 ? `Wait ${waiting} s` : "Save with this code";
  return html`<form class="stack code-form" @submit=${actions.submitCode}>
    <p>This makes the site\u2019s second factor weaker. Prove that it is you: type a code of your own authenticator app.</p>
    <countersign-code-field label="Your own code of 6 digits" .busy=${stopped}></countersign-code-field>
    <div class="row"><button type="submit" class="main steady" aria-disabled=${stopped}>${label}</button>
      <button type="button" @click=${actions.noCode}>Back</button></div>
  </form>`;
}

function conflict(theirs: CurrentPolicy, { saved, names }: Bar, actions: BarActions): TemplateResult {
  const lines = changesInWords(saved, theirs.policy);
  return html`<div class="stack tight conflict" role="group" aria-label="Somebody else has saved">
    <p class="notice warn" tabindex="-1">${badIcon}<span><bdi>${nameOf(names, theirs.who) || "Somebody"}</bdi> has saved version ${theirs.version} meanwhile. Nothing of yours was saved.</span></p>
    <ul class="changes">${(lines.length > 0 ? lines : ["Saved without a change"]).map((line) => html`<li class="small">${line}</li>`)}</ul>
    <p>Keep yours, and your changes are put on top of that. Or see what is saved, and yours are gone.</p>
    <div class="row"><button type="button" @click=${actions.showTheirs}>Show the saved one</button>
      <button type="button" @click=${actions.keepMine}>Keep mine</button></div>
  </div>`;
}

export function saveBar(bar: Bar, actions: BarActions): TemplateResult {
  const { obstacle } = bar;
  const lines = changesInWords(bar.saved, bar.draft);
  const buttons = html`<div class="row">
    <button type="button" class="main steady save" aria-disabled=${bar.busy} @click=${actions.save}>${bar.busy ? "Saving" : "Save"}</button>
    <button type="button" class="discard" @click=${actions.discard}>Discard</button></div>`;
  return html`<section class="bar" aria-labelledby="bar-title">
    <div class="stack tight">
      <p class="count" id="bar-title" tabindex="-1">${lines.length > 0 ? count(lines) : "A number is not readable yet"}</p>
      <details class="which"><summary class="small">Which</summary><ul class="changes">${lines.map((line) => html`<li class="small">${line}</li>`)}</ul></details>
      <p class="guess">${bar.budget}</p>
      ${obstacle.kind === "refused" ? html`<p class="notice bad refused">${badIcon}<span>${obstacle.sentence}</span></p>` : nothing}
    </div>
    ${obstacle.kind === "code" ? codeForm(bar, actions) : obstacle.kind === "conflict" ? conflict(obstacle.theirs, bar, actions) : buttons}
  </section>`;
}

/** What stands in the bar's place when there is nothing to save. */
export function statusLine({ version, who, at }: CurrentPolicy, justSaved: boolean, names: Names): TemplateResult {
  return html`<p class="status ${justSaved ? "good" : "secondary"}" role="status" tabindex="-1">${justSaved
    ? html`${goodIcon}<span>Saved. Version ${version} is in force now, also for logins that have begun.</span>`
    : html`<span>Nothing to save. Version ${version} is in force${at === undefined ? nothing : html`, saved ${day(at)}`}${who ? html` by <bdi>${nameOf(names, who)}</bdi>` : nothing}.</span>`}</p>`;
}
