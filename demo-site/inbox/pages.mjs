// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";

const exact = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "medium" });

/** "just now", "3 min ago", "2 h ago": inbox.js keeps it true while the page is open. */
function moment(at, now) {
  const date = new Date(at * 1000);
  const minutes = Math.floor(Math.max(0, now - at) / 60);
  const words = minutes < 1 ? "just now" : minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
  return html`<time datetime="${date.toISOString()}" title="${exact.format(date)}">${words}</time>`;
}

function renderPage(title, body) {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/inbox.css">
  <script type="module" src="/inbox.js"></script>
</head>
<body>
  <header>
    <a class="brand" href="/"><img src="/icon.svg" width="28" height="28" alt=""><span>Inbox</span></a>
  </header>
  <main>${body}</main>
  <footer>
    <p>All mail of this demonstration ends here, to whatever address it was sent. Nothing leaves this machine, and nothing is kept when it stops.</p>
  </footer>
</body>
</html>`.toString();
}

/** The beginning on one line; the row cuts it where it ends. */
const preview = (text) => text.replace(/\s+/g, " ").trim().slice(0, 200);

/** The text; a code on a line of its own is drawn so that it can be read off. */
const body = (text) => text.trim().split(/^(\d{6,8})$/m).map((part, i) => (i % 2 === 0 ? part : html`<span class="code">${part}</span>`));

const row = (letter, now) => html`
  <li>
    <a href="/mail/${letter.id}">
      <span class="to">${letter.to.join(", ")}</span>
      <span class="when">${moment(letter.at, now)}</span>
      <span class="subject">${letter.subject}</span>
      <span class="preview">${preview(letter.text)}</span>
    </a>
  </li>`;

const addressLinks = (letters, chosen) => {
  const addresses = [...new Set(letters.flatMap(({ to }) => to))].sort();
  if (addresses.length < 2) return "";
  const link = (href, text, current) => html`<a href="${href}" ${current && html`aria-current="page"`}>${text}</a>`;
  return html`<nav aria-label="Addresses">
    ${link("/", "All", chosen === undefined)}
    ${addresses.map((address) => link(`/?to=${encodeURIComponent(address)}`, address, address === chosen))}
  </nav>`;
};

/** @param {import("./mailbox.mjs").Letter[]} all - the newest first @param {string} [chosen] - show what went there */
export function renderList(all, chosen, now) {
  const letters = chosen === undefined ? all : all.filter(({ to }) => to.includes(chosen));
  return renderPage(letters.length === 0 ? "Inbox" : `Inbox (${letters.length})`, html`
    <h1>Mail</h1>
    ${addressLinks(all, chosen)}
    ${letters.length === 0
      ? html`<div class="empty"><p><strong>No mail yet.</strong></p><p>Codes and notices appear here within a second of being sent.</p></div>`
      : html`<ul class="letters">${letters.map((letter) => row(letter, now))}</ul>`}`);
}

/** One letter. Its text form is shown; HTML from a mail is never run or drawn. */
export function renderLetter(letter, now) {
  return renderPage(letter.subject, html`
    <p class="back"><a href="/">All mail</a></p>
    <article>
      <h1>${letter.subject}</h1>
      <dl>
        <div><dt>From</dt><dd>${letter.sender} <span class="address">${letter.from}</span></dd></div>
        <div><dt>To</dt><dd>${letter.to.join(", ")}</dd></div>
        <div><dt>Sent</dt><dd>${moment(letter.at, now)}</dd></div>
      </dl>
      <div class="text">${body(letter.text)}</div>
      ${letter.hasHtml && html`<p class="note">This mail has an HTML form as well. The text form is shown.</p>`}
    </article>
    <p class="news" role="status" id="news"></p>`);
}

export function renderNothing() {
  return renderPage("Not here", html`
    <h1>Not here</h1>
    <div class="empty"><p>There is no such mail. The inbox is emptied when the demonstration stops.</p></div>
    <p class="back"><a href="/">All mail</a></p>`);
}
