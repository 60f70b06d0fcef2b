// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const enrollStyles = css`
  :host { container-type: inline-size; }
  form { margin: 0; }

  .card { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); justify-items: center;
    background: var(--_surface-2); border: 1px solid var(--_line); border-radius: 10px; padding: 16px; }
  .card > .stack { inline-size: 100%; }
  /* Padded, so that the round corners leave the quiet zone whole. */
  .qr { max-inline-size: 100%; overflow-x: auto; padding: 4px; border-radius: 8px; line-height: 0; background: #ffffff;
    forced-color-adjust: none; }

  details { inline-size: 100%; }
  summary { display: inline-flex; align-items: center; gap: 8px; min-block-size: 44px; cursor: pointer;
    font-weight: 550; color: var(--_accent); list-style: none; }
  summary::-webkit-details-marker { display: none; }
  summary::before { content: ""; inline-size: 8px; block-size: 8px; border: solid currentColor;
    border-width: 0 2px 2px 0; rotate: -45deg; margin-inline-start: 3px; }
  :host(:dir(rtl)) summary::before { rotate: 135deg; }
  :host details[open] > summary::before { rotate: 45deg; }
  .otherwise { padding-block-start: 8px; }
  .key { font-size: 1.125rem; line-height: 1.6; letter-spacing: 0.04em; overflow-wrap: anywhere; text-align: left;
    background: var(--_surface); border: 1px solid var(--_line); border-radius: 8px; padding: 8px 12px;
    user-select: all; }
  .status { min-block-size: 21px; }
  a.button { inline-size: fit-content; }

  .skeleton > * { background: var(--_surface-2); border-radius: 8px; }
  .skeleton .bar { block-size: 20px; inline-size: 40%; }
  .skeleton .lines { block-size: 176px; }
  .skeleton .square { block-size: 358px; border: 1px solid var(--_line); border-radius: 10px; }
  .skeleton .button { block-size: 44px; inline-size: 190px; }

  @container (max-width: 279px) {
    .card { padding: 8px; }
  }
  @container (min-width: 600px) {
    .card:not(.large) { grid-template-columns: auto minmax(0, 1fr); align-items: start; gap: 24px; }
    .skeleton .lines { block-size: 84px; }
    .skeleton .square { block-size: 262px; }
  }
`;
