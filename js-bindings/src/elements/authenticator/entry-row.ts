// SPDX-License-Identifier: Apache-2.0
// One row of the list: whose code, the code in groups, the time it has left, Copy and Remove.

import { html, type TemplateResult } from "lit";
import { digitGroup, groupText } from "../shared/clipboard.js";
import { copyIcon, removeIcon } from "../shared/icons.js";
import { nameOf, type Entry } from "./entries.js";

export interface RowActions {
  copy(entry: Entry, shown: Element): void;
  askRemove(entry: Entry): void;
  keep(entry: Entry): void;
  remove(entry: Entry): void;
}

/** The last seconds, in which a code that is typed may come too late. */
const hurrySeconds = 5;

export function entryRow(
  entry: Entry,
  code: string,
  nowSeconds: number,
  removing: boolean,
  actions: RowActions,
): TemplateResult {
  const left = entry.periodSeconds - (Math.floor(nowSeconds) % entry.periodSeconds);
  const name = nameOf(entry);
  const copy = (event: Event) => {
    const shown = (event.currentTarget as Element).closest("li")?.querySelector(".code");
    if (shown) actions.copy(entry, shown);
  };
  return html`<li class="entry" data-entry=${entry.id}>
    <div class="who">
      <bdi class="issuer">${entry.issuer || "No name"}</bdi>
      <bdi class="account small secondary">${entry.account}</bdi>
    </div>
    <p class="code" translate="no">${groupText(code, digitGroup(entry.digits))}</p>
    ${ring(left, entry.periodSeconds)}
    <div class="actions">
      <button type="button" aria-label="Copy the code of ${name}" @click=${copy}>${copyIcon}<span>Copy</span></button>
      <button type="button" class="plain quiet" aria-label="Remove ${name}" aria-expanded=${removing}
        @click=${() => actions.askRemove(entry)}>${removeIcon}</button>
    </div>
    ${removing ? removal(entry, name, actions) : ""}
  </li>`;
}

function ring(left: number, period: number): TemplateResult {
  const circumference = 2 * Math.PI * 18;
  const gone = (1 - left / period) * circumference;
  return html`<svg class="ring ${left <= hurrySeconds ? "warn" : ""}" width="44" height="44" viewBox="0 0 44 44"
    role="img" aria-label=${left === 1 ? "1 second left" : `${left} seconds left`}>
    <circle class="track" cx="22" cy="22" r="18" fill="none" stroke-width="3"></circle>
    <circle class="left" cx="22" cy="22" r="18" fill="none" stroke-width="3" stroke-linecap="butt"
      transform="rotate(-90 22 22)" stroke-dasharray=${circumference.toFixed(2)} stroke-dashoffset=${(-gone).toFixed(2)}></circle>
    <text x="22" y="22" text-anchor="middle" dominant-baseline="central" direction="ltr">${left}</text>
  </svg>`;
}

function removal(entry: Entry, name: string, actions: RowActions): TemplateResult {
  return html`<div class="removal stack tight" role="group" aria-label="Remove ${name}">
    <p>Remove <bdi>${name}</bdi>? Its key is not kept anywhere else here. If the site still asks for codes, turn that
      off there first.</p>
    <div class="row">
      <button type="button" class="danger" @click=${() => actions.remove(entry)}>Remove</button>
      <button type="button" class="keep" @click=${() => actions.keep(entry)}>Keep it</button>
    </div>
  </div>`;
}
