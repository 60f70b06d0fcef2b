// SPDX-License-Identifier: Apache-2.0
// Generate Backup Code: a reason, the administrator's own code, and then the code, once.

import { html, nothing, type TemplateResult } from "lit";
import type { Issued } from "../shared/admin-client.js";
import { badIcon, copyIcon, printIcon } from "../shared/icons.js";

const exact = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });

/** The longest reason that the server keeps, in UTF-8. */
const longestReasonBytes = 256;

/** @returns the sentence to say of a reason that cannot be kept, or "" */
export function reasonProblem(reason: string): string {
  if (reason === "") return "Say why: it stands in the audit trail.";
  if (/\p{C}/u.test(reason)) return "Use one line of letters, digits and signs that can be seen.";
  return new TextEncoder().encode(reason).length > longestReasonBytes ? "This is too long. Say it shorter." : "";
}

export interface IssueForm {
  readonly reason: string;
  readonly problem: string;
  readonly busy: boolean;
  readonly waiting: number;
  /** When the one expires that the user has now. */
  readonly outstandingUntil: number | undefined;
}

export interface IssueActions {
  write(reason: string): void;
  submit(event: SubmitEvent): void;
  cancel(): void;
}

export function issueForm(form: IssueForm, actions: IssueActions): TemplateResult {
  const { reason, problem, busy, waiting, outstandingUntil } = form;
  const stopped = busy || waiting > 0;
  const label = busy ? "Generating" : waiting > 0 ? `Wait ${waiting} s` : "Generate";
  return html`<form class="stack panel" novalidate @submit=${actions.submit} aria-labelledby="issue-title">
    <div class="stack tight">
      <h3 id="issue-title" tabindex="-1">Generate a backup code</h3>
      <p>It lets this user sign in once without the phone. Make sure first who is asking: call back on a number that you know.</p>
      ${outstandingUntil === undefined ? nothing : html`<p class="notice warn">${badIcon}<span>There is one already, until
        ${exact.format(new Date(outstandingUntil * 1000))}. A new one voids it.</span></p>`}
      <p class="secondary small">The user is told by mail, where this site sends any. Who, when and why stand in the audit trail.</p>
    </div>
    <div class="reason">
      <label for="reason">Reason</label>
      <input id="reason" name="reason" autocomplete="off" maxlength="256" .value=${reason} aria-invalid=${problem !== ""} aria-describedby="reason-problem"
        @input=${(event: Event) => actions.write((event.currentTarget as HTMLInputElement).value)}>
      <p id="reason-problem" class="small bad problem" role="status">${problem ? html`${badIcon}<span>${problem}</span>` : nothing}</p>
    </div>
    <countersign-code-field label="Your own code of 6 digits" hint="From your authenticator app, not the user\u2019s." .busy=${stopped}></countersign-code-field>
    <div class="row"><button type="submit" class="main steady" aria-disabled=${stopped}>${label}</button>
      <button type="button" @click=${actions.cancel}>Cancel</button></div>
  </form>`;
}

export interface ShownActions {
  copy(code: Element | null): void;
  print(paper: HTMLElement | null): void;
  done(): void;
}

export function issuedCode({ code, expiresAt }: Issued, account: string, said: string, actions: ShownActions): TemplateResult {
  const part = (event: Event, selector: string) => (event.currentTarget as Element).closest(".issued")?.querySelector<HTMLElement>(selector) ?? null;
  const until = expiresAt === undefined ? nothing : html` It works until ${exact.format(new Date(expiresAt * 1000))}, once.`;
  return html`<div class="stack panel issued" role="group" aria-labelledby="issued-title">
    <div class="stack tight"><h3 id="issued-title" tabindex="-1">The backup code</h3>
      <p>It is shown only now. Hand it to the person, and to nobody else.</p></div>
    <div class="paper inset stack tight">
      <p class="code issued-code" translate="no">${code}</p>
      <p class="small secondary">Backup code${account ? html` of <bdi>${account}</bdi>` : nothing} for <bdi>${location.host}</bdi>.${until}</p>
    </div>
    <div class="row">
      <button type="button" @click=${(event: Event) => actions.copy(part(event, ".issued-code"))}>${copyIcon}Copy</button>
      <button type="button" @click=${(event: Event) => actions.print(part(event, ".paper"))}>${printIcon}Print</button>
      <button type="button" class="main" @click=${actions.done}>Done</button>
    </div>
    <p class="small said" role="status">${said}</p>
  </div>`;
}
