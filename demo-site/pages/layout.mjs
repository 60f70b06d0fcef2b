// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { icons, mark } from "./icons.mjs";

const publicLinks = html`
  <a class="quiet-link" href="/login">Log in</a>
  <a class="button small" href="/signup">Open an account</a>`;

function customerLinks(path) {
  const link = (to, text) =>
    html`<a class="tab" href="${to}" ${path === to && html`aria-current="page"`}>${text}</a>`;
  return html`
    ${link("/account", "Accounts")}
    ${link("/security", "Security")}
    <form method="post" action="/logout"><button class="quiet" type="submit">Log out</button></form>`;
}

/**
 * A whole page.
 *
 * @param {object} page
 * @param {string} page.title
 * @param {object} page.body - from `html`
 * @param {object} [page.customer] - who is signed in
 * @param {string} [page.path] - the page's own path, to mark it in the navigation
 * @param {string[]} [page.scripts] - module scripts, by path
 * @param {boolean} [page.narrow] - one card in the middle
 * @param {boolean} [page.links] - the navigation; left out where only one thing is to be done
 */
export function renderPage({ title, body, customer, path, scripts = [], narrow = false, links = true }) {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} - Harbor Bank</title>
  <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/theme.css">
  <link rel="stylesheet" href="/assets/bank.css">
  ${scripts.map((script) => html`<script type="module" src="${script}"></script>`)}
</head>
<body>
  <a class="skip" href="#main">Skip to the page</a>
  <header class="top ${customer && "signed-in"}">
    <div class="wrap">
      <a class="brand" href="${customer ? "/account" : "/"}">${mark}<span>Harbor Bank</span></a>
      ${links && html`<nav aria-label="Main">${customer ? customerLinks(path) : publicLinks}</nav>`}
    </div>
  </header>
  <main id="main" tabindex="-1" class="wrap ${narrow && "narrow"}">${body}</main>
  <footer class="wrap foot">
    <p>Harbor Bank is a demonstration. The money is made up; the second factor is real.</p>
  </footer>
</body>
</html>`.toString();
}

/** A sentence that matters, with its icon; `kind` is "bad", "warn" or "good". */
export function notice(kind, text) {
  const icon = kind === "good" ? icons.done : icons.warning;
  return html`<p class="notice ${kind}" role="${kind === "bad" ? "alert" : "status"}">${icon}<span>${text}</span></p>`;
}
