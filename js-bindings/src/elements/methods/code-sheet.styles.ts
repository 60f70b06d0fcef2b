// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const codeSheetStyles = css`
  progress { inline-size: 100%; max-inline-size: 360px; block-size: 12px; accent-color: var(--_accent); }
  .codes { margin: 0; padding: 0; list-style: none; counter-reset: code; display: grid; gap: 4px 24px;
    grid-template-columns: minmax(0, max-content); font-size: 1.125rem; line-height: 1.6; text-align: left; unicode-bidi: isolate; }
  .codes li { display: flex; gap: 12px; counter-increment: code; white-space: nowrap; unicode-bidi: isolate; }
  .codes li::before { content: counter(code); min-inline-size: 2ch; text-align: right; color: var(--_text-2); }
  .saved { display: flex; gap: 12px; align-items: center; min-block-size: 44px; inline-size: fit-content; font-weight: 550; cursor: pointer; }
  .saved input { flex: none; inline-size: 44px; block-size: 44px; margin: 0; padding: 0; accent-color: var(--_accent); cursor: pointer;
    appearance: none; display: grid; place-items: center; border-radius: 8px; }
  .saved input::before { content: ""; inline-size: 22px; block-size: 22px; border: 2px solid var(--_text-2); border-radius: 5px; }
  .saved input:checked::before { background: var(--_accent); border-color: var(--_accent); }
  .saved input:checked::after { content: ""; position: absolute; inline-size: 6px; block-size: 12px; margin-block-end: 4px;
    border: solid var(--_on-accent); border-width: 0 3px 3px 0; transform: rotate(45deg); }
  .said { min-block-size: 42px; }
  .sheet .notice { font-weight: 550; }
  @container (min-width: 480px) {
    .codes { grid-template-columns: repeat(2, max-content); grid-auto-flow: column; grid-template-rows: repeat(5, auto); }
  }
  @container (max-width: 300px) {
    .codes { font-size: 0.9375rem; }
    .codes li { gap: 6px; }
  }
  @media print {
    .codes { grid-template-columns: repeat(2, max-content); grid-auto-flow: column; grid-template-rows: repeat(5, auto); color: #000; }
    .paper, .paper .secondary, .codes li::before { background: #fff; color: #000; border-color: #000; }
  }
  @media (forced-colors: active) {
    .saved input:checked::before { background: Highlight; forced-color-adjust: none; }
  }
`;
