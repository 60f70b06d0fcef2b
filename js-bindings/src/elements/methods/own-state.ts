// SPDX-License-Identifier: Apache-2.0
// The line that says what has become of a method of which there is one: an address, the security questions.

import { html, nothing, type TemplateResult } from "lit";
import { day, moment } from "../shared/day.js";
import { badIcon, goodIcon, waitIcon } from "../shared/icons.js";
import type { OwnMethod } from "../shared/session-client.js";

export type Mood = "good" | "warn" | "bad";

const icons: Readonly<Record<Mood, TemplateResult>> = { good: goodIcon, warn: waitIcon, bad: badIcon };

export function stateLine(mood: Mood, text: unknown, icon = icons[mood]): TemplateResult {
  return html`<p class="state small ${mood}">${icon}<span>${text}</span></p>`;
}

/** Whether it is set up, whatever has become of it since. */
export const isSetUp = (own: OwnMethod | undefined): boolean => own?.status === "active" || own?.status === "disabled";

/** Whether an address is held back for a while after its change (R23). */
export const isHeld = ({ usableFrom }: OwnMethod): boolean => usableFrom !== undefined && usableFrom * 1000 > Date.now();

/** @param wrong of what there were too many, when it was turned off */
export function ownState(own: OwnMethod, wrong: "codes" | "answers", reconfigurable: boolean): TemplateResult {
  const { status, activeSince, lastUsed, usesLeft } = own;
  if (status === "not_configured") return stateLine("warn", "Not set up");
  if (status === "pending") return stateLine("warn", "Not set up. You began and did not finish.");
  if (status === "disabled") {
    return html`${stateLine("bad", `Turned off after too many wrong ${wrong}`)}
      ${reconfigurable ? html`<p class="small">Reconfigure it to turn it on again.</p>` : nothing}`;
  }
  if (usesLeft === 0) {
    return html`${stateLine("bad", "Used up")}
      <p class="small">They have let you in as often as they may. Set new answers to use them again.</p>`;
  }
  if (isHeld(own)) return stateLine("warn", html`Set up. Works from ${moment(own.usableFrom ?? 0)}`);
  const since = activeSince === undefined ? nothing : html` since ${day(activeSince)}`;
  const used = lastUsed === undefined ? "not used yet" : html`last used ${day(lastUsed)}`;
  const left = usesLeft === undefined ? nothing : `, ${usesLeft} ${usesLeft === 1 ? "use" : "uses"} left`;
  return stateLine("good", html`Active${since}, ${used}${left}`);
}
