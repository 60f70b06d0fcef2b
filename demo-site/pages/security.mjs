// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { codeUsedNotice } from "./code-used.mjs";
import { day } from "./day.mjs";
import { icons } from "./icons.mjs";
import { renderPage } from "./layout.mjs";

const passwordBox = (customer, now) => html`
  <article class="method card" aria-labelledby="password-name">
    <span class="method-icon">${icons.key}</span>
    <div>
      <h3 id="password-name">Password</h3>
      <p class="help">For ${customer.email}</p>
      <p class="state good">${icons.done}<span>Set ${day(customer.joined_at, now)}</span></p>
    </div>
  </article>`;

const secondFactors = html`
  <countersign-methods endpoint="/countersign/w">
    <span slot="help">Call us, and we will help you to set up a new one.</span>
  </countersign-methods>
  <div class="card trouble" id="methods-problem" role="alert" hidden>
    <p>We can't look up your second factor right now. Nothing has changed.</p>
    <button class="button secondary" type="button" id="methods-again">Try again</button>
  </div>
  <noscript><p class="card">Setting up an authenticator app needs JavaScript, which is off in this browser.</p></noscript>`;

export function renderSecurity({ customer, signIns, now, codeUsed }) {
  return renderPage({
    title: "Security",
    path: "/security",
    customer,
    scripts: ["/assets/security.js"],
    body: html`
      <div class="heading"><h1>Security</h1></div>
      ${codeUsed && codeUsedNotice({ ...codeUsed, here: true })}
      <section aria-labelledby="how">
        <h2 id="how">How you log in</h2>
        <p class="lead small">First your password, then your second factor, each time.</p>
        ${passwordBox(customer, now)}
        ${secondFactors}
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
