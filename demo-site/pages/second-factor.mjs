// SPDX-License-Identifier: Apache-2.0

// The second step of a login, with a code of the app or with a security code. Each is a plain form that needs
// no script; with script the input becomes a field that knows its kind of code, and the waiting time counts down.

import { html } from "../bank/html.mjs";
import { renderPage } from "./layout.mjs";

/** The one text of every refusal at login: it never tells a wrong code from a used one. */
export function refusalSentence(retryAfter) {
  return (
    `Not accepted. If you have just used this code, wait for the next one (${retryAfter}\u00a0s). ` +
    "After several tries there is a pause."
  );
}

function renderStep({ heading, lead, script, action, field, other }) {
  return renderPage({
    title: heading,
    narrow: true,
    links: false,
    scripts: [script],
    body: html`
      <section class="card">
        <p class="step">Step 2 of 2</p>
        <h1>${heading}</h1>
        <p class="lead small">${lead}</p>
        <form method="post" action="${action}" class="stack" id="code-form">
          ${field}
          <button class="button" type="submit">Continue</button>
        </form>
        ${other}
      </section>
      <p class="after">Lost your phone and have no security code? Call us, and we will help you back in.</p>
      <form method="post" action="/logout" class="after"><button class="link" type="submit">Start over</button></form>`,
  });
}

const message = (retryAfter) =>
  html`<p slot="message" class="refusal">${retryAfter !== undefined && refusalSentence(retryAfter)}</p>`;

/** @param {number} [retryAfter] - seconds to wait, after a refusal */
export function renderSecondFactor({ retryAfter } = {}) {
  return renderStep({
    heading: "Enter your code",
    lead: "Open your authenticator app and type the code it shows for Harbor Bank.",
    script: "/assets/second-factor.js",
    action: "/login/code",
    field: html`
      <countersign-code-field class="field" hint="The app shows a new code every 30 seconds.">
        <label slot="label" for="code">Code of 6 digits</label>
        <input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
          dir="ltr" translate="no" spellcheck="false" maxlength="40" required autofocus>
        ${message(retryAfter)}
      </countersign-code-field>`,
    other: html`<p class="other"><a href="/login/security-code">Use a security code instead</a></p>`,
  });
}

/** @param {number} [retryAfter] - seconds to wait, after a refusal */
export function renderSecurityCode({ retryAfter } = {}) {
  return renderStep({
    heading: "Enter a security code",
    lead: "Type one that you have kept, or the one we gave you. It works once.",
    script: "/assets/security-code.js",
    action: "/login/security-code",
    field: html`
      <countersign-security-code-field class="field">
        <label slot="label" for="code">Security code</label>
        <input class="code long" id="code" name="code" type="text" autocomplete="off" autocapitalize="characters"
          dir="ltr" translate="no" spellcheck="false" maxlength="64" required autofocus>
        ${message(retryAfter)}
      </countersign-security-code-field>`,
    other: html`<p class="other"><a href="/login/code">Use your authenticator app instead</a></p>`,
  });
}
