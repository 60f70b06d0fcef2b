// SPDX-License-Identifier: Apache-2.0

// The second step of a login. It is a plain form that needs no script; with script the input becomes
// a code field that sends itself, and the waiting time counts down.

import { html } from "../bank/html.mjs";
import { renderPage } from "./layout.mjs";

/** The one text of every refusal at login: it never tells a wrong code from a used one. */
export function refusalSentence(retryAfter) {
  return (
    `Not accepted. If you have just used this code, wait for the next one (${retryAfter}\u00a0s). ` +
    "After several tries there is a pause."
  );
}

/** @param {number} [retryAfter] - seconds to wait, after a refusal */
export function renderSecondFactor({ retryAfter } = {}) {
  return renderPage({
    title: "Your code",
    narrow: true,
    links: false,
    scripts: ["/assets/second-factor.js"],
    body: html`
      <section class="card">
        <p class="step">Step 2 of 2</p>
        <h1>Enter your code</h1>
        <p class="lead small">Open your authenticator app and type the code it shows for Harbor Bank.</p>
        <form method="post" action="/login/code" class="stack" id="code-form">
          <countersign-code-field class="field" hint="The app shows a new code every 30 seconds.">
            <label slot="label" for="code">Code of 6 digits</label>
            <input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
              dir="ltr" translate="no" spellcheck="false" maxlength="40" required autofocus>
            <p slot="message" class="refusal">${retryAfter !== undefined && refusalSentence(retryAfter)}</p>
          </countersign-code-field>
          <button class="button" type="submit">Continue</button>
        </form>
      </section>
      <p class="after">Lost your phone? Call us, and we will help you back in.</p>
      <form method="post" action="/logout" class="after"><button class="link" type="submit">Start over</button></form>`,
  });
}
