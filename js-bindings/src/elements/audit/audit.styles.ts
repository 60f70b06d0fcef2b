// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const auditStyles = css`
  :host { container-type: inline-size; }
  ol { margin: 0; padding: 0; }
  .box { background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; padding: 24px; }
  .proof { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); color: var(--_text); }
  .proof.bad { border: 2px solid var(--_bad); }
  .proof.bad h2 { color: var(--_bad); }
  .proof .row { padding-inline-start: 36px; }
  .steps { display: grid; gap: 8px; padding-inline-start: 20px; }
  .filters { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); }
  .filter { display: grid; gap: 6px; }
  .filter label { font-weight: 600; }
  select, input { appearance: none; min-block-size: 44px; inline-size: 100%; min-inline-size: 0; margin: 0; padding: 8px 12px; border: 1px solid var(--_text-2);
    border-radius: 8px; background: var(--_surface); color: var(--_text); font: inherit; }
  select { appearance: auto; }
  .records { list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); }
  .record { display: grid; gap: 2px 16px; grid-template-columns: minmax(0, 1fr) auto; padding-block: 12px; border-block-start: 1px solid var(--_line); }
  .record > div, .record .whom { grid-column: 1 / -1; }
  .record .at { grid-row: 1; }
  .record .number { grid-row: 1; grid-column: 2; }
  .event { font-weight: 600; }
  .said:empty { position: absolute; }
  .skeleton { display: grid; gap: 12px; }
  .skeleton > div { background: var(--_surface-2); border-radius: 8px; block-size: 44px; }
  @container (max-width: 440px) {
    .box { padding: 20px 16px; }
    .proof .row { padding-inline-start: 0; }
  }
  @container (min-width: 680px) {
    .record { grid-template-columns: 10.5rem minmax(0, 1fr) 9.5rem 4.5rem; align-items: baseline; }
    .record > div, .record .whom, .record .at, .record .number { grid-column: auto; grid-row: auto; }
    .record .number { text-align: end; }
  }
`;
