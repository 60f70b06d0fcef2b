// SPDX-License-Identifier: Apache-2.0

// The second step of a login. With script Countersign's element asks for it, in every way that is allowed; without,
// a plain form takes a code of the authenticator app.

import { html } from "../bank/html.mjs";
import { renderPage } from "./layout.mjs";

/** The one text of every refusal at login: it never tells a wrong code from a used one. */
const refusalSentence = (retryAfter) =>
  `Not accepted. If you have just used this code, wait for the next one (${retryAfter}\u00a0s). After several tries there is a pause.`;

const plainForm = (retryAfter) => html`
  <noscript>
    <form method="post" action="/login/code" class="stack">
      <p>JavaScript is off in this browser. A code of your authenticator app works here; every other way needs JavaScript.</p>
      <div class="field">
        <label for="code">Code of 6 digits</label>
        <input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
          dir="ltr" translate="no" spellcheck="false" maxlength="40" required aria-describedby="refusal">
        <p class="refusal" id="refusal">${retryAfter !== undefined && refusalSentence(retryAfter)}</p>
      </div>
      <button class="button" type="submit">Continue</button>
    </form>
  </noscript>`;

/** @param {number} [retryAfter] - seconds to wait, after a refusal */
export function renderSecondFactor({ retryAfter } = {}) {
  return renderPage({
    title: "Confirm that it is you",
    narrow: true,
    links: false,
    scripts: ["/assets/login.js"],
    body: html`
      <section class="card">
        <h1>Confirm that it is you</h1>
        <countersign-challenge endpoint="/countersign/w"></countersign-challenge>
        <div class="trouble stack" id="login-problem" role="alert" hidden>
          <p>We can't check your code right now. You are not signed in, and nothing has changed. Try again in a minute.</p>
          <button class="button" type="button" id="login-again">Try again</button>
        </div>
        ${plainForm(retryAfter)}
      </section>
      <p class="after">Nothing here works for you? Call us, and we will help you back in.</p>
      <form method="post" action="/logout" class="after"><button class="link" type="submit">Start over</button></form>`,
  });
}
