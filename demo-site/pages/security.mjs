// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { day, dayInWords } from "./day.mjs";
import { icons } from "./icons.mjs";
import { renderPage } from "./layout.mjs";

/**
 * A method's state as a person reads it; the sentence is also what the page's script shows after an
 * enrollment. `authenticator` is undefined when Countersign did not answer.
 */
export function describeAuthenticator(authenticator, now) {
  switch (authenticator?.status) {
    case "active": {
      const used = authenticator.last_used ? `last used ${dayInWords(authenticator.last_used, now)}` : "not used yet";
      return { kind: "good", sentence: `Active since ${dayInWords(authenticator.active_since, now)}, ${used}` };
    }
    case "disabled":
      return { kind: "bad", sentence: "Turned off after too many wrong codes. Call us to set it up again." };
    case "pending":
    case "not_configured":
      return { kind: "warn", sentence: "Not set up", mayConfigure: true };
    default:
      return { kind: "bad", sentence: "We can't look this up right now. Nothing has changed; try again in a minute." };
  }
}

const stateIcons = { good: icons.done, warn: icons.warning, bad: icons.pause };

function methodBox(authenticator, now) {
  const { kind, sentence, mayConfigure } = describeAuthenticator(authenticator, now);
  return html`
    <article class="method card" id="authenticator" aria-labelledby="authenticator-name">
      <div class="method-head">
        <span class="method-icon">${icons.phone}</span>
        <div>
          <h3 id="authenticator-name">Authenticator app</h3>
          <p class="help">Google Authenticator, Microsoft Authenticator, Authy, or any other. A new code every 30 seconds.</p>
          <p class="state ${kind}" id="authenticator-state" role="status">${stateIcons[kind]}<span>${sentence}</span></p>
        </div>
        ${mayConfigure && html`<button class="button" type="button" id="configure" aria-expanded="false" aria-controls="enroll-panel">Configure</button>`}
      </div>
      <div id="enroll-panel" class="enroll-panel" role="region" aria-label="Set up the authenticator app" tabindex="-1" hidden></div>
      <p class="notice bad" id="enroll-problem" role="alert" hidden>${icons.warning}<span></span></p>
      <noscript><p class="help">Setting up an authenticator app needs JavaScript, which is off in this browser.</p></noscript>
      <template id="state-done">${icons.done}</template>
    </article>`;
}

const passwordBox = (customer, now) => html`
  <article class="method card" aria-labelledby="password-name">
    <div class="method-head">
      <span class="method-icon">${icons.key}</span>
      <div>
        <h3 id="password-name">Password</h3>
        <p class="help">For ${customer.email}</p>
        <p class="state good">${icons.done}<span>Set ${day(customer.joined_at, now)}</span></p>
      </div>
    </div>
  </article>`;

export function renderSecurity({ customer, authenticator, signIns, now }) {
  return renderPage({
    title: "Security",
    path: "/security",
    customer,
    scripts: ["/assets/security.js"],
    body: html`
      <div class="heading"><h1>Security</h1></div>
      <section aria-labelledby="how">
        <h2 id="how">How you log in</h2>
        <p class="lead small">First your password, then your second factor, each time.</p>
        ${passwordBox(customer, now)}
        ${methodBox(authenticator, now)}
      </section>
      <section class="card flush">
        <h2 id="sign-ins">Recent sign-ins</h2>
        <table aria-labelledby="sign-ins">
          <thead><tr><th scope="col">How</th><th scope="col">When</th></tr></thead>
          <tbody>${signIns.map(({ at, factors }) => html`<tr><td>${factors}</td><td class="when">${day(at, now)}</td></tr>`)}</tbody>
        </table>
      </section>`,
  });
}
