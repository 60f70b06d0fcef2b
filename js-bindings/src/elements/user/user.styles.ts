// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const userStyles = css`
  :host { container-type: inline-size; }
  form, h3 { margin: 0; padding: 0; }
  h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; overflow-wrap: anywhere; }
  h3:focus { outline: none; }
  .box { background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; padding: 24px; }
  .methods { list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); }
  .method { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding-block: 16px; border-block-start: 1px solid var(--_line); }
  .who { display: grid; gap: 4px; }
  .state, .problem, .told { display: flex; gap: 6px; align-items: flex-start; }
  .state { font-weight: 600; }
  .state > svg, .problem > svg, .told > svg { flex: none; inline-size: 20px; block-size: 20px; }
  .told:empty { position: absolute; }
  .panel { padding-block-start: 16px; border-block-start: 1px solid var(--_line); }
  .reason { display: grid; gap: 6px; }
  .reason label { font-weight: 600; }
  .reason input { appearance: none; min-block-size: 44px; inline-size: 100%; margin: 0; padding: 8px 12px; border: 1px solid var(--_text-2); border-radius: 8px;
    background: var(--_surface); color: var(--_text); font: inherit; }
  .reason input[aria-invalid="true"] { border-color: var(--_bad); }
  .problem { min-block-size: 24px; }
  .issued-code { font-size: 1.75rem; line-height: 1.3; text-align: left; overflow-wrap: anywhere; }
  .said { min-block-size: 21px; }
  .skeleton { display: grid; gap: 12px; }
  .skeleton > div { background: var(--_surface-2); border-radius: 8px; block-size: 20px; inline-size: 40%; }
  @container (max-width: 440px) {
    .box { padding: 20px 16px; }
    .issued-code { font-size: 1.25rem; }
  }
  @container (min-width: 520px) {
    .method { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
  }
  @media print {
    .paper, .paper .secondary { background: #fff; color: #000; border-color: #000; }
  }
`;
