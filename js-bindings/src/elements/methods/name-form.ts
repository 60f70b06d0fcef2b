// SPDX-License-Identifier: Apache-2.0
// Asks what the owner calls another authenticator.

import { html, nothing, type TemplateResult } from "lit";
import { badIcon } from "../shared/icons.js";

export function nameForm(problem: string, onName: (name: string) => void, back: TemplateResult): TemplateResult {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).elements.namedItem("name");
    if (input instanceof HTMLInputElement) onName(input.value.trim().normalize("NFC"));
  };
  return html`<form class="stack" novalidate @submit=${onSubmit}>
    <div class="stack tight">
      <h2>Add another authenticator</h2>
      <p>A second device gets you in when the first is lost. The ones you have keep working.</p>
    </div>
    <div class="name">
      <label for="name">What do you call it?</label>
      <input id="name" name="name" autocomplete="off" maxlength="64" placeholder="Work phone"
        aria-invalid=${problem !== ""} aria-describedby="name-problem">
      <p id="name-problem" class="small bad problem" role="status">${problem ? html`${badIcon}<span>${problem}</span>` : nothing}</p>
    </div>
    <div class="row"><button type="submit" class="main">Continue</button>${back}</div>
  </form>`;
}
