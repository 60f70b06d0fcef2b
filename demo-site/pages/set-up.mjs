// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { notice, renderPage } from "./layout.mjs";

/** What comes before the account where policy asks for a second factor and there is none. */
export function renderSetUp() {
  return renderPage({
    title: "Set up your second factor",
    links: false,
    scripts: ["/assets/set-up.js"],
    body: html`
      <div class="heading"><h1>Set up your second factor</h1></div>
      <p class="lead small">Harbor Bank asks for one at each login, so that a stolen password alone opens nothing. Set one up here; then your account opens.</p>
      <div id="set-up-done" hidden>
        ${notice("good", "Your second factor is on. Next, add a way in for the day your phone is lost.")}
        <p><button class="button" type="button" id="set-up-continue">Continue</button></p>
      </div>
      <countersign-methods endpoint="/countersign/w"></countersign-methods>
      <div class="card trouble" id="set-up-problem" role="alert" hidden>
        <p>We can't set up a second factor right now. Nothing has changed.</p>
        <button class="button secondary" type="button" id="set-up-again">Try again</button>
      </div>
      <noscript><p class="card">Setting up a second factor needs JavaScript, which is off in this browser.</p></noscript>
      <form method="post" action="/logout"><button class="link" type="submit">Log out</button></form>`,
  });
}
