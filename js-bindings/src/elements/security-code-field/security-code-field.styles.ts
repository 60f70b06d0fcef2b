// SPDX-License-Identifier: Apache-2.0
// `!important` because the page's own rules for `input` would otherwise win over `::slotted`.

import { css } from "lit";

export const securityCodeFieldStyles = css`
  :host { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); container-type: inline-size; }
  .label { font-weight: 550; inline-size: fit-content; }
  ::slotted([slot="label"]) { font-weight: 550; }
  .field { max-inline-size: 420px; }
  ::slotted(input) {
    inline-size: 100% !important;
    min-inline-size: 0 !important;
    max-inline-size: none !important;
    block-size: 56px !important;
    box-sizing: border-box !important;
    margin: 0 !important;
    padding: 0 12px !important;
    border: 1px solid var(--_text-2) !important;
    border-radius: 8px !important;
    background: var(--_surface) !important;
    color: var(--_text) !important;
    font-family: var(--_mono) !important;
    font-size: clamp(0.875rem, 6.4cqi, 1.5rem) !important;
    font-variant-numeric: tabular-nums !important;
    letter-spacing: 0.02em !important;
    text-transform: none !important;
    text-align: left !important;
    direction: ltr !important;
  }
  ::slotted(input:focus) { outline: 2px solid var(--_accent) !important; outline-offset: 2px !important; }
  :host([refused]) ::slotted(input) { border-color: var(--_bad) !important; }
  :host([busy]) ::slotted(input) { background: var(--_surface-2) !important; color: var(--_text-2) !important; border-color: var(--_line) !important; }
  .note { display: flex; gap: 8px; align-items: flex-start; min-block-size: 63px; font-size: 0.875rem; line-height: 1.5; color: var(--_text-2); }
  .note svg { inline-size: 20px; block-size: 20px; display: block; }
  ::slotted(p) { margin: 0 !important; unicode-bidi: plaintext !important; }
  :host([refused]) ::slotted([slot="message"]) { color: var(--_bad) !important; }
  ::slotted([slot="message"]:empty) { display: none !important; }
`;
