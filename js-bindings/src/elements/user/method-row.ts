// SPDX-License-Identifier: Apache-2.0
// One method of a user: its name, whether it works, and Unlock while wrong codes have paused it.

import { html, nothing, type TemplateResult } from "lit";
import type { UserMethod } from "../shared/admin-client.js";
import { day } from "../shared/day.js";
import { badIcon, goodIcon, waitIcon } from "../shared/icons.js";
import { nameOfMethod } from "./words.js";

const clock = new Intl.DateTimeFormat("en-US", { timeStyle: "short" });

/** Whether wrong codes have paused it at that moment. */
export function isPaused({ pausedUntil, status }: UserMethod, nowSeconds: number): boolean {
  return status === "active" && pausedUntil !== undefined && pausedUntil > nowSeconds;
}

function dates({ activeSince, lastUsed, remaining }: UserMethod): TemplateResult {
  return html`${remaining === undefined ? nothing : html`, ${remaining} ${remaining === 1 ? "code" : "codes"} left`}${
    activeSince === undefined ? nothing : html`, since ${day(activeSince)}`}, ${lastUsed === undefined ? "not used yet" : html`last used ${day(lastUsed)}`}`;
}

function stateOf(method: UserMethod, nowSeconds: number): TemplateResult {
  const line = (kind: string, icon: TemplateResult, text: unknown) => html`<p class="state small ${kind}">${icon}<span>${text}</span></p>`;
  if (method.status === "disabled") {
    return html`${line("bad", badIcon, "Turned off after too many wrong codes")}
      <p class="small">It cannot be unlocked. The user can reconfigure it, once let in by another method or by a backup code.</p>`;
  }
  if (method.status === "pending") return line("warn", waitIcon, "Begun, not finished");
  if (isPaused(method, nowSeconds)) {
    const until = new Date((method.pausedUntil ?? 0) * 1000);
    return line("warn", waitIcon, html`Paused after wrong codes, until <time datetime=${until.toISOString()}>${clock.format(until)}</time>`);
  }
  return line("good", goodIcon, html`Active${dates(method)}`);
}

export function methodRow(method: UserMethod, nowSeconds: number, busy: boolean, unlock: (method: UserMethod) => void): TemplateResult {
  const name = nameOfMethod(method);
  return html`<li class="method" data-id=${method.id ?? nothing}>
    <div class="who"><h3><bdi>${name}</bdi></h3>${stateOf(method, nowSeconds)}</div>
    ${isPaused(method, nowSeconds) && method.id ? html`<button type="button" class="unlock" aria-label="Unlock ${name}" aria-disabled=${busy}
      @click=${() => unlock(method)}>Unlock</button>` : nothing}
  </li>`;
}
