// SPDX-License-Identifier: Apache-2.0

// The pages that say that something did not go through, and what to do.

import { html } from "../bank/html.mjs";
import { icons } from "./icons.mjs";
import { renderPage } from "./layout.mjs";

function renderTrouble({ title, sentence, link, linkText, icon, customer }) {
  return renderPage({
    title,
    customer,
    narrow: true,
    body: html`
      <section class="card trouble">
        ${icon}
        <h1>${title}</h1>
        <p>${sentence}</p>
        <p><a class="button" href="${link}">${linkText}</a></p>
      </section>`,
  });
}

export const renderNotFound = ({ customer } = {}) =>
  renderTrouble({
    title: "No such page",
    sentence: "The address may be mistyped, or the page has moved.",
    link: customer ? "/account" : "/",
    linkText: customer ? "To your accounts" : "To the front page",
    icon: icons.wave,
    customer,
  });

export const renderSignInUnavailable = () =>
  renderTrouble({
    title: "We can't check your code right now",
    sentence: "You are not signed in, and nothing has changed. Your account stays protected. Try again in a minute.",
    link: "/login",
    linkText: "Back to log in",
    icon: icons.pause,
  });

export const renderSecondFactorLost = () =>
  renderTrouble({
    title: "We can't sign you in",
    sentence: "Your account has a second factor that we cannot find any more, so we will not open it with a password alone. Call us and we will sort it out.",
    link: "/",
    linkText: "To the front page",
    icon: icons.warning,
  });

export const renderRefusedOrigin = () =>
  renderTrouble({
    title: "That did not come from our page",
    sentence: "Nothing has changed. Open the page again and repeat what you did.",
    link: "/",
    linkText: "To the front page",
    icon: icons.warning,
  });

export const renderFault = () =>
  renderTrouble({
    title: "Something went wrong on our side",
    sentence: "Nothing has changed. Try again in a minute.",
    link: "/",
    linkText: "To the front page",
    icon: icons.pause,
  });
