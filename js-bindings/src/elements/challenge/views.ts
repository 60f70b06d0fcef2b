// SPDX-License-Identifier: Apache-2.0
// The screens of a login's second factor, as functions of what the element knows.

import { html, nothing, type TemplateResult } from "lit";
import type { Alternate, Challenge, LoginMethod, MailMethod } from "../shared/challenge-client.js";
import { badIcon, codesIcon, goodIcon, keyIcon, mailIcon } from "../shared/icons.js";

/** A screen on which something is asked for; `forgot` is the choice among several alternates. */
export type Screen = LoginMethod | "forgot";

/** What a screen is drawn from. */
export interface Drawing {
  readonly challenge: Challenge;
  /** By which alternate this is; undefined where it stands for no lost phone. */
  readonly alternate: Alternate | undefined;
  readonly busy: boolean;
  /** Seconds in which no code is taken; 0: none. */
  readonly pause: number;
  /** Whether a code was asked for by mail, and in how many seconds another one may be. */
  readonly mail: { readonly asked: boolean; readonly wait: number; readonly said: string };
  /** Digits of the app's codes. */
  readonly digits: number;
  readonly wasm: string | undefined;
  /** The site's own way out stands where there is no screen before this one. */
  readonly first: boolean;
}

export interface Actions {
  readonly submit: (event: SubmitEvent) => void;
  readonly mail: () => void;
  readonly show: (screen: Screen) => void;
  readonly choose: (alternate: Alternate) => void;
  readonly back: () => void;
}

export function screenView(shown: Screen, drawing: Drawing, act: Actions): TemplateResult {
  switch (shown) {
    case "totp":
      return codeView(drawing, act, {
        title: "Enter your code",
        lead: html`Open your authenticator app and type the code that it shows for this site.`,
        digits: drawing.digits,
        hint: "The app shows a new code every 30 seconds.",
      });
    case "email":
      return mailView("email", drawing, act);
    case "alternate_email":
      return mailView("alternate_email", drawing, act);
    case "security_code":
      return securityCodeView(drawing, act);
    case "forgot":
      return choiceView(drawing, act);
    case "kba":
      return questionsView(drawing, act);
  }
}

interface Head {
  readonly step?: string | undefined;
  readonly title: string;
  readonly lead: TemplateResult;
}

const head = ({ step, title, lead }: Head) => html`<div class="stack tight">
  ${step ? html`<p class="secondary small">${step}</p>` : nothing}
  <h2 tabindex="-1">${title}</h2>
  <p>${lead}</p>
</div>`;

const screen = (content: TemplateResult, others: TemplateResult | typeof nothing = nothing) =>
  html`<div class="stack">${content}${others}</div>`;

/** One main button; beside it the one way back. */
function buttons({ busy, pause, first }: Drawing, act: Actions): TemplateResult {
  const label = busy ? "Checking" : pause > 0 ? `Wait ${pause} s` : "Continue";
  return html`<div class="row"><button type="submit" class="main steady" aria-disabled=${busy || pause > 0}>${label}</button>${wayBack(first, act)}</div>`;
}

const wayBack = (first: boolean, act: Actions) =>
  first ? html`<slot name="back"></slot>` : html`<button type="button" class="back" @click=${act.back}>Back</button>`;

function codeView(drawing: Drawing, act: Actions, of: Head & { readonly digits: number; readonly hint: string }, more: TemplateResult | typeof nothing = nothing): TemplateResult {
  const stopped = drawing.busy || drawing.pause > 0;
  return screen(html`${head(of)}
    <form class="stack" @submit=${act.submit}>
      <countersign-code-field .label=${`Code of ${of.digits} digits`} .digits=${of.digits} .hint=${of.hint} .busy=${stopped}></countersign-code-field>
      ${buttons(drawing, act)}
    </form>${more}`, otherWays(drawing, act));
}

function mailView(method: MailMethod, drawing: Drawing, act: Actions): TemplateResult {
  const { challenge, alternate, mail, first } = drawing;
  const masked = html`<bdi class="address">${challenge.masked[method] ?? "your address"}</bdi>`;
  const step = alternate === "kba_email" ? "Step 2 of 2: a code by email" : undefined;
  const title = method === "email" ? "A code by email" : "A code to your alternate address";
  if (!mail.asked) {
    const lead = html`We send a code of ${challenge.digits} digits to ${masked}. Type it on this page; it works once and for 10 minutes at most.`;
    return screen(html`${head({ step, title, lead })}
      <p class="small sent" role="status">${mail.said || nothing}</p>
      <div class="row"><button type="button" class="main steady send" aria-disabled=${drawing.busy} @click=${act.mail}>${drawing.busy ? "Sending" : "Send code"}</button>${wayBack(first, act)}</div>`,
      otherWays(drawing, act));
  }
  const lead = html`A code goes to ${masked}. Type the newest one here.`;
  const again = mail.wait > 0 ? `Send another code (${mail.wait} s)` : "Send another code";
  const hint = "It can take a minute. Look among the unwanted mail as well.";
  return codeView(drawing, act, { step, title, lead, digits: challenge.digits, hint }, html`<div class="stack tight">
    <p class="small sent" role="status">${mail.said || nothing}</p>
    <div class="row"><button type="button" class="again" aria-disabled=${drawing.busy || mail.wait > 0} @click=${act.mail}>${again}</button></div>
  </div>`);
}

function securityCodeView(drawing: Drawing, act: Actions): TemplateResult {
  const lead = html`Type one that you have kept, or the one that this site gave you. It works once.`;
  return screen(html`${head({ title: "Enter a security code", lead })}
    <form class="stack" @submit=${act.submit}>
      <countersign-security-code-field .wasm=${drawing.wasm} .busy=${drawing.busy || drawing.pause > 0}></countersign-security-code-field>
      ${buttons(drawing, act)}
    </form>`, otherWays(drawing, act));
}

function questionsView(drawing: Drawing, act: Actions): TemplateResult {
  const { challenge, alternate } = drawing;
  const lead = html`Capitals, spaces and punctuation make no difference. The answers are checked together.`;
  const question = ({ id, text }: { id: string; text: string }, index: number) => html`<div class="question">
    <label for="answer-${index}">${text}</label>
    <input id="answer-${index}" data-question=${id} type="text" maxlength="256" autocomplete="off" autocapitalize="none" spellcheck="false"
      aria-describedby="refusal" ?readonly=${drawing.busy}>
  </div>`;
  return screen(html`${head({ step: alternate === "kba_email" ? "Step 1 of 2: your questions" : undefined, title: "Answer your security questions", lead })}
    <form class="stack questions" novalidate autocomplete="off" @submit=${act.submit}>
      ${challenge.questions.map(question)}
      <div class="note">${badIcon}<p id="refusal" aria-live="polite"></p></div>
      ${buttons(drawing, act)}
    </form>`);
}

const alternateNames: Readonly<Record<Alternate, { readonly icon: TemplateResult; readonly name: string; readonly why: string }>> = {
  kba: { icon: keyIcon, name: "Security questions", why: "Answer the questions that you have set up." },
  kba_email: { icon: keyIcon, name: "Security questions and a code by email", why: "Answer your questions, then type the code that goes to your alternate address." },
  email: { icon: mailIcon, name: "A code to your alternate address", why: "Type the code that goes to the address you have set up for this." },
};

function choiceView({ challenge }: Drawing, act: Actions): TemplateResult {
  const way = (alternate: Alternate) => {
    const { icon, name, why } = alternateNames[alternate];
    return html`<li><button type="button" @click=${() => act.choose(alternate)}>${icon}<span class="name">${name}</span><span class="why small secondary">${why}</span></button></li>`;
  };
  return screen(html`${head({ title: "Forgot My Phone", lead: html`Choose how you prove that it is you. Each sign-in without your phone is noted, and you are told of it.` })}
    <ul class="ways">${challenge.alternates.map(way)}</ul>
    <div class="row">${wayBack(false, act)}</div>`);
}

/** From the first screen to the others; each of those has its way back and no way sideways. */
function otherWays({ challenge, first }: Drawing, act: Actions): TemplateResult | typeof nothing {
  if (!first) return nothing;
  const byMail = challenge.accepts.includes("email") && challenge.accepts.includes("totp");
  const byCode = challenge.accepts.includes("security_code");
  const forgot = challenge.alternates.length > 0;
  if (!byMail && !byCode && !forgot) return nothing;
  return html`<div class="others" role="group" aria-label="Other ways to sign in">
    ${byMail ? html`<button type="button" class="plain by-email" @click=${() => act.show("email")}>Use OTP over email</button>` : nothing}
    ${byCode ? html`<button type="button" class="plain by-code" @click=${() => act.show("security_code")}>Use a security code</button>` : nothing}
    ${forgot ? html`<button type="button" class="plain forgot" @click=${() => act.show("forgot")}>Forgot My Phone</button>` : nothing}
  </div>`;
}

export const loadingView = html`<p role="status" class="unseen">Getting ready to check your second factor.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div class="slots"></div><div class="button"></div></div>`;

export const lockedView = (again: () => void) => html`<div class="notice refused"><span class="bad">${badIcon}</span><div class="stack">
  <div class="stack tight"><h2 tabindex="-1">This sign-in has ended</h2><p id="refusal" aria-live="polite"></p><p>You are not signed in. Start again.</p></div>
  <div class="row"><button type="button" class="main" @click=${again}>Start again</button></div>
</div></div>`;

export const passedView = html`<div class="notice" role="status"><span class="good">${goodIcon}</span><div class="stack tight">
  <h2 tabindex="-1">It is you</h2><p>One moment, you are being signed in.</p></div></div>`;

export const enrollmentView = html`<div class="notice" role="status"><span class="accent">${codesIcon}</span><div class="stack tight">
  <h2 tabindex="-1">A second factor is missing</h2><p>None is set up that can be asked for here. This site tells you how to go on.</p></div></div>`;
