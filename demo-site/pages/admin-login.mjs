// SPDX-License-Identifier: Apache-2.0

// How the staff gets in: password, then the second factor, or setting one up first.

import { html } from "../bank/html.mjs";
import { notice, renderPage } from "./layout.mjs";

const away = html`<form method="post" action="/admin/logout" class="after"><button class="link" type="submit">Start over</button></form>`;

export function renderStaffLogIn({ problem, email = "" } = {}) {
  return renderPage({
    title: "Staff sign-in",
    narrow: true,
    links: false,
    body: html`
      <section class="card">
        <p class="step">Step 1 of 2</p>
        <h1>Staff sign-in</h1>
        <p class="lead small">For those who run Harbor Bank.</p>
        ${problem && notice("bad", problem)}
        <form method="post" action="/admin/login" class="stack">
          <div class="field"><label for="email">Email address</label>
            <input id="email" name="email" type="email" autocomplete="username" maxlength="120" required value="${email}"></div>
          <div class="field"><label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required></div>
          <button class="button" type="submit">Continue</button>
        </form>
      </section>
      <p class="after">A customer? <a href="/login">Log in here</a></p>`,
  });
}

const problem = html`<p class="notice bad" role="alert" id="proof-problem" hidden></p>
  <noscript><p class="card">The administration needs JavaScript, which is off in this browser.</p></noscript>`;

export function renderStaffProof() {
  return renderPage({
    title: "Second factor",
    narrow: true,
    links: false,
    scripts: ["/assets/admin-login.js"],
    body: html`
      <section class="card" aria-label="Second factor">
        <p class="step">Step 2 of 2</p>
        <h1>Prove that it is you</h1>
        <countersign-challenge endpoint="/countersign/w"></countersign-challenge>
        ${problem}
      </section>
      ${away}`,
  });
}

export function renderStaffSetUp() {
  return renderPage({
    title: "Set up your second factor",
    narrow: true,
    links: false,
    scripts: ["/assets/admin-set-up.js"],
    body: html`
      <section class="card" aria-label="Second factor">
        <p class="step">Before your first sign-in</p>
        <h1>Set up your second factor</h1>
        <p class="lead small">Nobody administers with a password alone.</p>
        <countersign-enroll endpoint="/countersign/w"></countersign-enroll>
        <p id="go-on" hidden><a class="button" href="/admin/login/code">Go on to sign in</a></p>
        ${problem}
      </section>
      ${away}`,
  });
}
