// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const methodsStyles = css`
  :host { container-type: inline-size; }
  form, ul, h3 { margin: 0; padding: 0; }
  h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; overflow-wrap: anywhere; unicode-bidi: plaintext; }
  h3:focus { outline: none; }
  .box { background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; padding: 24px; }
  .head { display: grid; grid-template-columns: 48px minmax(0, 1fr); gap: 4px 16px; align-items: start; }
  .head > .icon { display: grid; place-items: center; inline-size: 48px; block-size: 48px; border-radius: 10px;
    background: var(--_surface-2); color: var(--_accent); }
  .head > .configure { grid-column: 1 / -1; margin-block-start: 12px; }

  .state { display: flex; gap: 6px; align-items: flex-start; font-weight: 600; }
  .state > svg { flex: none; inline-size: 20px; block-size: 20px; }
  .authenticators { list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); }
  .authenticator { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding-block: 16px;
    border-block-start: 1px solid var(--_line); }
  .authenticator:last-child { border-block-end: 1px solid var(--_line); }
  .who { display: grid; gap: 4px; align-content: center; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .panel { padding-block-start: 16px; border-block-start: 1px solid var(--_line); }
  .panel:focus { outline: none; }
  .told { display: flex; gap: 6px; align-items: flex-start; }
  .told:empty { position: absolute; }
  .told > svg { flex: none; inline-size: 20px; block-size: 20px; }

  .name { display: grid; gap: 6px; max-inline-size: 360px; }
  .name label { font-weight: 600; }
  .name input, .name select { min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--_text-2); border-radius: 8px;
    background: var(--_surface); color: var(--_text); font: inherit; inline-size: 100%; min-inline-size: 0; }
  .name input::placeholder { color: var(--_text-2); opacity: 1; }
  .name select { block-size: auto; text-overflow: ellipsis; }
  .name input[aria-invalid="true"], .name select[aria-invalid="true"] { border-color: var(--_bad); }
  .problem { display: flex; gap: 6px; align-items: center; min-block-size: 24px; }
  .problem > svg { flex: none; inline-size: 20px; block-size: 20px; }

  .address { overflow-wrap: anywhere; font-weight: 550; }
  .reach { grid-template-columns: 24px minmax(0, 1fr); }
  .suggestion { margin-block-start: 16px; padding-block-start: 16px; border-block-start: 1px solid var(--_line); }
  .question { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); padding-block-start: 16px; border-block-start: 1px solid var(--_line); }
  .question .name { max-inline-size: 480px; }
  .ways { list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); }
  .way { display: grid; gap: 8px 16px; grid-template-columns: minmax(0, 1fr); padding-block: 16px; border-block-start: 1px solid var(--_line); }
  .way .saved { align-items: flex-start; font-weight: 400; }
  .way:last-child { padding-block-end: 0; }
  .way .stack.tight { gap: 4px; }
  .way .stack > span { unicode-bidi: plaintext; }
  .way-title { font-weight: 600; }
  .way .saved .way-title { padding-block-start: 10px; }
  .way .saved ~ .way-state { padding-inline-start: 56px; }
  .way-state { display: flex; flex-wrap: wrap; column-gap: 24px; }
  .way-state > .state { inline-size: 100%; }
  .way-state > .to { padding-inline: 0; text-align: inherit; }

  .skeleton { display: grid; gap: 12px; }
  .skeleton > div { background: var(--_surface-2); border-radius: 8px; block-size: 20px; inline-size: 40%; }
  .skeleton > .button { block-size: 44px; inline-size: 144px; }

  @container (max-width: 440px) {
    .box { padding: 20px; }
  }
  @container (max-width: 300px) {
    .box { padding: 16px 12px; }
    .head { grid-template-columns: minmax(0, 1fr); }
    .head > .icon { display: none; }
  }
  @container (min-width: 520px) {
    .authenticator { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
    .removal { grid-column: 1 / -1; }
    .head:has(> .configure) { grid-template-columns: 48px minmax(0, 1fr) auto; align-items: center; }
    .head > .configure { grid-column: 3; margin-block-start: 0; min-inline-size: 144px; }
  }
`;
