// SPDX-License-Identifier: Apache-2.0
// What an element says instead of its content, and the one way on from there.

import { html, nothing, type TemplateResult } from "lit";
import { badIcon } from "./icons.js";

export interface Trouble {
  readonly title: string;
  readonly text: string;
  /** The label of the one way on; undefined when there is nothing to do here. */
  readonly action?: string;
}

/** By error code. */
export type Troubles = Readonly<Record<string, Trouble>>;

const ended: Trouble = {
  title: "This page was open too long",
  text: "For your safety it works for a while only. Nothing was changed. Reload the page to start again.",
  action: "Reload the page",
};

const common: Troubles = {
  "element.framed": {
    title: "Not shown inside another site",
    text: "Another site shows this page in a frame. Open this site itself in the browser to set up or change your second factor.",
  },
  "element.insecure": {
    title: "This page is not protected",
    text: "The connection to this site is not encrypted, so no secret is shown on it. Open the site with https:// in front of its address.",
  },
  "auth.invalid": ended,
  "auth.missing": ended,
  "network.unreachable": {
    title: "The site cannot be reached",
    text: "Nothing was changed. Check your connection, then try again.",
    action: "Try again",
  },
  "core.unavailable": {
    title: "Part of this page did not load",
    text: "Nothing was changed. Check your connection, then try again. If that does not help, update the browser.",
    action: "Try again",
  },
};

const unavailable: Trouble = {
  title: "Not available right now",
  text: "Nothing was changed. Wait a minute, then try again.",
  action: "Try again",
};

/**
 * @param own what the element says differently, or of its own codes
 * @param beside what stands beside the button
 */
export function troubleView(code: string, own: Troubles, again: () => void, beside?: TemplateResult): TemplateResult {
  const trouble = own[code] ?? common[code] ?? own["otherwise"] ?? unavailable;
  const onClick = () => (trouble === ended ? location.reload() : again());
  return html`<div class="notice" role="status"><span class="bad">${badIcon}</span><div class="stack">
    <div class="stack tight"><h2 tabindex="-1">${trouble.title}</h2><p>${trouble.text}</p></div>
    ${trouble.action || beside ? html`<div class="row">
      ${trouble.action ? html`<button type="button" class="main" @click=${onClick}>${trouble.action}</button>` : nothing}${beside}</div>` : nothing}
  </div></div>`;
}

/** A failure that leaves the person where the code was typed, with the digits still there. */
export function unsentSentence(code: string): string {
  return code === "network.unreachable"
    ? "The site cannot be reached, so your code was not checked. Check your connection, then try again."
    : "The site is busy, so your code was not checked. Try again in a moment.";
}
