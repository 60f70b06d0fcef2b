// SPDX-License-Identifier: Apache-2.0

// The frame of the staff's dashboard: a sidebar on the left, which becomes a menu on narrow screens, the way to this
// page, and one column.

import { html } from "../bank/html.mjs";
import { icons, mark } from "./icons.mjs";

const sections = [
  { title: "2-Factor Authentication", links: [{ path: "/admin/policy", text: "Alternate 2FA Login Methods" }] },
  { title: "People", links: [{ path: "/admin/users", text: "Users" }] },
  { title: "Records", links: [{ path: "/admin/audit", text: "Audit trail" }] },
];

const sidebar = (person, path) => html`
  <header class="side">
    <div class="side-head">
      <a class="brand" href="/admin/policy">${mark}<span>Harbor Bank</span></a>
      <button class="button secondary small menu-button" type="button" id="menu-button" aria-expanded="false" aria-controls="menu">Menu</button>
    </div>
    <div id="menu" class="menu">
      <nav aria-label="Main">${sections.map(({ title, links }) => html`
        <div class="side-group"><p class="side-title" id="${title.replaceAll(" ", "-")}">${title}</p>
          <ul aria-labelledby="${title.replaceAll(" ", "-")}">${links.map(({ path: to, text }) => html`
            <li><a class="side-link" href="${to}" ${path === to && html`aria-current="page"`}>${text}</a></li>`)}</ul></div>`)}
      </nav>
      <form class="side-foot" method="post" action="/admin/logout">
        <p class="help">Signed in as ${person.name}</p>
        <button class="button secondary small" type="submit">Sign out</button>
      </form>
    </div>
  </header>`;

const breadcrumb = (steps) => html`
  <nav aria-label="Breadcrumb"><ol class="breadcrumb">${steps.map(({ text, href }, index) => html`
    <li>${href ? html`<a href="${href}">${text}</a>` : html`<span ${index === steps.length - 1 && html`aria-current="page"`}>${text}</span>`}</li>`)}</ol></nav>`;

/** Asked for when a session is over: the same challenge as at sign-in, in the place of the page's content. */
const proof = html`
  <section class="card proof" id="proof" aria-labelledby="proof-title" hidden>
    <h2 id="proof-title" tabindex="-1">Prove again that it is you</h2>
    <p class="lead small">Ten minutes have passed. What you have drafted stays as it is.</p>
    <countersign-challenge endpoint="/countersign/w"></countersign-challenge>
    <p class="notice bad" role="alert" id="proof-problem" hidden></p>
  </section>`;

/**
 * A whole page of the dashboard.
 *
 * @param {object} page
 * @param {string} page.title
 * @param {{text: string, href?: string}[]} page.steps - the way here; the last is this page
 * @param {object} page.body - from `html`
 * @param {object} page.person - of the staff
 * @param {string} page.path - which link of the sidebar is this page's
 * @param {string[]} [page.scripts] - module scripts, by path
 */
export function renderAdminPage({ title, steps, body, person, path, scripts = [] }) {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} - Harbor Bank administration</title>
  <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/theme.css">
  <link rel="stylesheet" href="/assets/bank.css">
  <link rel="stylesheet" href="/assets/admin.css">
  ${["/assets/admin-menu.js", ...scripts].map((script) => html`<script type="module" src="${script}"></script>`)}
</head>
<body class="admin">
  <a class="skip" href="#main">Skip to the page</a>
  ${sidebar(person, path)}
  <main id="main" tabindex="-1">
    ${breadcrumb(steps)}
    <h1>${title}</h1>
    ${scripts.length > 0 && proof}
    ${body}
  </main>
</body>
</html>`.toString();
}

/** Where an element cannot be given its session. */
export const elementTrouble = html`
  <div class="card trouble" id="problem" role="alert" hidden>
    ${icons.pause}
    <p>The second-factor server cannot be asked right now. Nothing has changed.</p>
    <button class="button secondary" type="button" id="again">Try again</button>
  </div>
  <noscript><p class="card">The administration needs JavaScript, which is off in this browser.</p></noscript>`;
