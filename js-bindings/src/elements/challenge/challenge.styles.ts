// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const challengeStyles = css`
  :host { container-type: inline-size; }
  form, ul { margin: 0; padding: 0; list-style: none; }
  .others { display: grid; gap: 4px; justify-items: start; padding-block-start: 12px; border-block-start: 1px solid var(--_line); }
  .others button { padding-inline: 0; text-align: start; text-decoration: underline; text-underline-offset: 3px; }
  .others button:hover { background: transparent; }
  .ways { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
  .ways button { inline-size: 100%; display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 4px 12px; padding: 12px 16px;
    text-align: start; justify-content: stretch; align-items: start; font-weight: 400; }
  .ways span { unicode-bidi: plaintext; }
  .ways .name { font-weight: 600; }
  .ways .why { grid-column: 2; }
  .question { display: grid; gap: 6px; max-inline-size: 480px; }
  .question label { font-weight: 600; overflow-wrap: anywhere; unicode-bidi: plaintext; }
  .question input { min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--_text-2); border-radius: 8px;
    background: var(--_surface); color: var(--_text); font: inherit; inline-size: 100%; min-inline-size: 0; unicode-bidi: plaintext; }
  .refused .question input { border-color: var(--_bad); }
  .note { display: flex; gap: 8px; align-items: flex-start; min-block-size: 42px; font-size: 0.875rem; }
  .note > svg { flex: none; inline-size: 20px; block-size: 20px; display: none; }
  .refused .note > svg { display: block; }
  .refused .note { color: var(--_bad); }
  .sent { min-block-size: 21px; }

  .skeleton { display: grid; gap: 12px; }
  .skeleton > div { background: var(--_surface-2); border-radius: 8px; block-size: 24px; inline-size: 60%; }
  .skeleton > .slots { block-size: 56px; inline-size: 100%; max-inline-size: 344px; }
  .skeleton > .button { block-size: 44px; inline-size: 128px; }

  /* The longest refusal takes four lines in a narrow column: they are kept free, so that the button stays where it is. */
  @container (max-width: 360px) {
    .note, countersign-code-field > p, countersign-security-code-field > p { min-block-size: 84px; }
  }
`;
