// SPDX-License-Identifier: Apache-2.0
// One authenticator of the list: its name, since when, last used, and what can be done with it.

import { html, nothing, type TemplateResult } from "lit";
import { day } from "../shared/day.js";
import { badIcon, goodIcon } from "../shared/icons.js";
import type { Authenticator } from "../shared/session-client.js";

export interface Row {
  readonly authenticator: Authenticator;
  readonly label: string;
  /** Whether something can be given that proves who is here. */
  readonly changeable: boolean;
  /** With what a disabled one is reconfigured: nothing more, where that was given already. */
  readonly proof: "another authenticator" | "security code" | "none" | "sign-in" | "help";
  readonly removable: boolean;
  /** What is asked for at sign-in once it is removed. */
  readonly then: "another authenticator" | "email" | "nothing";
  /** Whether the person is asked to confirm its removal. */
  readonly asked: boolean;
  readonly busy: boolean;
}

export interface RowActions {
  reconfigure(authenticator: Authenticator): void;
  askRemove(authenticator: Authenticator): void;
  keep(authenticator: Authenticator): void;
  remove(authenticator: Authenticator): void;
}

/** The name, or a number that tells it apart from others without one. */
export function labelsOf(authenticators: readonly Authenticator[]): ReadonlyMap<string, string> {
  const nameless = authenticators.filter(({ name }) => name === undefined);
  return new Map(authenticators.map((one) => {
    const number = nameless.length > 1 ? ` ${nameless.indexOf(one) + 1}` : "";
    return [one.id, one.name ?? (authenticators.length > 1 ? `Authenticator${number}` : "your authenticator app")];
  }));
}

function activeState({ activeSince, lastUsed }: Authenticator): TemplateResult {
  return html`<p class="state small good">${goodIcon}<span>Active${activeSince === undefined ? nothing : html` since ${day(activeSince)}`},
    ${lastUsed === undefined ? "not used yet" : html`last used ${day(lastUsed)}`}</span></p>`;
}

const waysBack: Readonly<Record<Row["proof"], TemplateResult | string>> = {
  "another authenticator": "Reconfigure it with a code of another authenticator, or remove it.",
  "security code": "Reconfigure it with one of your security codes.",
  none: "Reconfigure it to turn it on again.",
  "sign-in": "Sign out and in again by email, then reconfigure it.",
  help: html`<slot name="help">Nothing here can prove that it is you. Ask this site for help to get a new one.</slot>`,
};

function disabledState(proof: Row["proof"]): TemplateResult {
  return html`<p class="state small bad">${badIcon}<span>Turned off after too many wrong codes</span></p>
    <p class="small">${proof === "help" ? nothing : "Its codes are not accepted any more. "}${waysBack[proof]}</p>`;
}

export function authenticatorRow(row: Row, actions: RowActions): TemplateResult {
  const { authenticator, label, changeable, proof, removable, asked } = row;
  return html`<li class="authenticator" data-id=${authenticator.id}>
    <div class="who">
      ${authenticator.name === undefined && label === "your authenticator app" ? nothing : html`<h3><bdi>${label}</bdi></h3>`}
      ${authenticator.status === "active" ? activeState(authenticator) : disabledState(proof)}
    </div>
    ${changeable ? html`<div class="actions">
      <button type="button" class="reconfigure" aria-label="Reconfigure ${label}" @click=${() => actions.reconfigure(authenticator)}>Reconfigure</button>
      ${removable ? html`<button type="button" class="plain remove" aria-label="Remove ${label}" aria-expanded=${asked}
        @click=${() => actions.askRemove(authenticator)}>Remove</button>` : nothing}
    </div>` : nothing}
    ${asked ? removal(row, actions) : nothing}
  </li>`;
}

const afterwards: Readonly<Record<Row["then"], string>> = {
  "another authenticator": "You sign in with your other authenticator.",
  email: "You will sign in with OTP over email.",
  nothing: "Then nothing but your password guards your account.",
};

function removal({ authenticator, label, busy, then }: Row, actions: RowActions): TemplateResult {
  return html`<div class="removal inset stack tight" role="group" aria-label="Remove ${label}">
    <p>Remove <bdi>${label}</bdi>? Its codes stop working at once. ${afterwards[then]}</p>
    <div class="row">
      <button type="button" class="danger steady" aria-disabled=${busy}
        @click=${() => actions.remove(authenticator)}>${busy ? "Removing" : "Remove"}</button>
      <button type="button" class="keep" @click=${() => actions.keep(authenticator)}>Keep it</button>
    </div>
  </div>`;
}
