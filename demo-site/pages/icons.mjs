// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";

const line = (paths) =>
  html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const mark = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
  <rect width="32" height="32" rx="8" fill="currentColor"/>
  <g fill="none" stroke="#fff" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round">
    <circle cx="16" cy="8.25" r="2.25"/><path d="M16 10.5v14M11.5 14h9M7.5 18.5c.5 4 4 6.25 8.5 6.25s8-2.25 8.5-6.25"/>
  </g></svg>`;

export const icons = {
  phone: line(html`<rect x="6.5" y="2.5" width="11" height="19" rx="2.5"/><path d="M10.5 18.5h3"/>`),
  key: line(html`<circle cx="8" cy="15.5" r="4.5"/><path d="m11.25 12.25 8.25-8.25M16 7.5l2.75 2.75M13.5 10l2 2"/>`),
  shield: line(html`<path d="M12 3 4.5 6v5.5c0 4.5 3 7.75 7.5 9.5 4.5-1.75 7.5-5 7.5-9.5V6z"/><path d="m8.75 12 2.25 2.25 4.25-4.5"/>`),
  done: line(html`<circle cx="12" cy="12" r="9"/><path d="m8 12.25 2.75 2.75L16 9.5"/>`),
  warning: line(html`<path d="M12 4 2.75 20h18.5z"/><path d="M12 10v4.5M12 17.25v.01"/>`),
  pause: line(html`<circle cx="12" cy="12" r="9"/><path d="M12 7v5.25l3.25 2"/>`),
  wave: line(html`<path d="M2.5 9c2.4-2 4-2 6.4 0s4 2 6.3 0 4-2 6.3 0M2.5 15c2.4-2 4-2 6.4 0s4 2 6.3 0 4-2 6.3 0"/>`),
  arrow: line(html`<path d="M5 12h14M13 6l6 6-6 6"/>`),
};
