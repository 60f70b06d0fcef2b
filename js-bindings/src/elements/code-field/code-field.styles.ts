// SPDX-License-Identifier: Apache-2.0
// The input lies over the drawn slots with its own ink turned off. `!important` because the page's own
// rules for `input` would otherwise win over `::slotted`.

import { css } from "lit";

/** For the tree in which the input stands: `::slotted` cannot reach its `::selection`. */
export const inputSelectionStyles =
  "countersign-code-field > input::selection { background: transparent !important; color: transparent !important; }";

export const codeFieldStyles = css`
  :host { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); container-type: inline-size; }
  .label { font-weight: 550; inline-size: fit-content; }
  ::slotted([slot="label"]) { font-weight: 550; }

  .field { position: relative; max-inline-size: 344px; }
  .slots { display: flex; gap: 4px; }
  .slot {
    position: relative;
    flex: 1 1 0;
    min-inline-size: 0;
    block-size: 56px;
    display: grid;
    place-items: center;
    border: 1px solid var(--_text-2);
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_text);
    font-family: var(--_mono);
    font-size: 1.75rem;
    line-height: 1;
    font-variant-numeric: tabular-nums;
  }
  .slot.gap { margin-inline-start: 12px; }
  .slot.selected { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
  .slot.caret { border-color: var(--_accent); box-shadow: inset 0 0 0 1px var(--_accent); }
  .slot.caret:empty::after { content: ""; inline-size: 2px; block-size: 28px; background: var(--_accent); }
  :host([refused]) .slot:not(.selected) { border-color: var(--_bad); }
  :host([busy]) .slot { background: var(--_surface-2); color: var(--_text-2); border-color: var(--_line); }
  .field:focus-within { outline: 2px solid var(--_accent); outline-offset: 4px; border-radius: 8px; }

  ::slotted(input) {
    position: absolute !important;
    inset: 0 !important;
    inline-size: 100% !important;
    block-size: 100% !important;
    min-inline-size: 0 !important;
    max-inline-size: none !important;
    margin: 0 !important;
    padding: 0 0 0 12px !important;
    border: 0 !important;
    outline: none !important;
    box-shadow: none !important;
    background: transparent !important;
    color: transparent !important;
    -webkit-text-fill-color: transparent !important;
    caret-color: transparent !important;
    forced-color-adjust: none !important;
    font: 1.75rem/1 monospace !important;
    direction: ltr !important;
    text-align: left !important;
    cursor: text !important;
  }

  .note {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    min-block-size: 63px;
    font-size: 0.875rem;
    line-height: 1.5;
    color: var(--_text-2);
  }
  .note svg { inline-size: 20px; block-size: 20px; display: block; }
  ::slotted(p) { margin: 0 !important; }
  :host([refused]) ::slotted([slot="message"]) { color: var(--_bad) !important; }
  ::slotted([slot="message"]:empty) { display: none !important; }
  @media (forced-colors: active) {
    .slot.selected { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
`;
