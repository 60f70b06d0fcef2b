// SPDX-License-Identifier: Apache-2.0

// The pages of someone who is not signed in: landing, sign up, log in.

import { html } from "../bank/html.mjs";
import { icons } from "./icons.mjs";
import { notice, renderPage } from "./layout.mjs";

export function renderLanding() {
  return renderPage({
    title: "Banking in calm water",
    path: "/",
    body: html`
      <section class="hero">
        <div>
          <h1>Banking in calm water</h1>
          <p class="lead">One account for every day, one for the rainy ones, and a door that opens only for you.</p>
          <p class="actions">
            <a class="button" href="/signup">Open an account</a>
            <a class="button secondary" href="/login">Log in</a>
          </p>
        </div>
        <img src="/assets/harbor.svg" width="560" height="400" alt="">
      </section>
      <section class="trio" aria-label="Why Harbor">
        <article>${icons.shield}<h2>A second factor we keep ourselves</h2>
          <p>Your codes are checked on our own machines. No outside company learns when you log in.</p></article>
        <article>${icons.phone}<h2>Your app, your choice</h2>
          <p>Use any authenticator app on any phone. Set it up once; it works without a signal.</p></article>
        <article>${icons.wave}<h2>Nothing in the small print</h2>
          <p>No monthly fee, no minimum, no notice period. Leave when you like.</p></article>
      </section>`,
  });
}

const field = ({ id, label, help, ...attributes }) => html`
  <div class="field">
    <label for="${id}">${label}</label>
    <input id="${id}" name="${id}" required ${help && html`aria-describedby="${id}-help"`}
      ${Object.entries(attributes).map(([name, value]) => html` ${name}="${value}"`)}>
    ${help && html`<p class="help" id="${id}-help">${help}</p>`}
  </div>`;

export function renderSignUp({ problem, name = "", email = "" } = {}) {
  return renderPage({
    title: "Open an account",
    narrow: true,
    body: html`
      <section class="card">
        <h1>Open an account</h1>
        ${problem && notice("bad", problem)}
        <form method="post" action="/signup" class="stack">
          ${field({ id: "name", label: "Your name", type: "text", autocomplete: "name", maxlength: 80, value: name })}
          ${field({ id: "email", label: "Email address", type: "email", autocomplete: "username", maxlength: 120, value: email })}
          ${field({
            id: "password",
            label: "Password",
            help: "At least 12 characters. A few unrelated words work well.",
            type: "password",
            autocomplete: "new-password",
            minlength: 12,
            maxlength: 256,
          })}
          <button class="button" type="submit">Open an account</button>
        </form>
        <p class="after">Already with us? <a href="/login">Log in</a></p>
      </section>`,
  });
}

export function renderLogIn({ problem, welcome = false, email = "" } = {}) {
  return renderPage({
    title: "Log in",
    narrow: true,
    body: html`
      <section class="card">
        <h1>Log in</h1>
        ${problem && notice("bad", problem)}
        ${welcome && notice("good", "Your account is ready. Log in to open it.")}
        <form method="post" action="/login" class="stack">
          ${field({ id: "email", label: "Email address", type: "email", autocomplete: "username", maxlength: 120, value: email })}
          ${field({ id: "password", label: "Password", type: "password", autocomplete: "current-password", maxlength: 256 })}
          <button class="button" type="submit">Log in</button>
        </form>
        <p class="after">New here? <a href="/signup">Open an account</a></p>
      </section>`,
  });
}
