// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const authenticatorStyles = css`
  :host { container-type: inline-size; }
  form { margin: 0; }
  .retry { margin-block-start: 16px; }
  .head { display: flex; align-items: center; justify-content: space-between; gap: 12px; }

  .ways { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); }
  .ways button { justify-content: flex-start; text-align: start; gap: 16px; padding: 16px; border-color: var(--_line);
    background: var(--_surface-2); }
  .ways button:hover { border-color: var(--_text-2); }
  .ways button svg { flex: none; color: var(--_accent); }
  .ways button span { display: grid; font-weight: 400; }
  .ways strong { font-weight: 550; }

  .panel { background: var(--_surface-2); border: 1px solid var(--_line); border-radius: 10px; padding: 16px; }
  .viewfinder { aspect-ratio: 4 / 3; max-inline-size: 480px; overflow: hidden; border-radius: 8px; background: #000000; }
  video { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
  .reserved { display: flex; gap: 8px; min-block-size: 48px; }
  .reserved svg { flex: none; }

  .field { display: grid; gap: 4px; font-weight: 550; }
  .names { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); }
  input, textarea { appearance: none; inline-size: 100%; min-block-size: 44px; margin: 0; padding: 8px 12px; resize: vertical;
    border: 1px solid var(--_text-2); border-radius: 8px; background: var(--_surface); color: var(--_text);
    font: inherit; font-weight: 400; }
  textarea { font-family: var(--_mono); overflow-wrap: anywhere; text-align: left; }

  .told { min-block-size: 24px; }
  .told ul { padding-inline-start: 20px; color: var(--_warn); }

  .entries { list-style: none; display: grid; border: 1px solid var(--_line); border-radius: 10px; overflow: hidden; }
  .entry { display: grid; gap: 4px 12px; align-items: center; padding: 12px 16px; background: var(--_surface);
    grid-template-columns: minmax(0, 1fr) auto auto; grid-template-areas: "who who ring" "code actions actions" "removal removal removal"; }
  .entry + .entry { border-block-start: 1px solid var(--_line); }
  .who { grid-area: who; display: grid; min-inline-size: 0; }
  .who bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .issuer { font-weight: 600; }
  .entry .code { grid-area: code; font-size: 1.75rem; line-height: 1.3; letter-spacing: 0.02em; white-space: nowrap; justify-self: start; }
  .ring { grid-area: ring; font-size: 14px; font-variant-numeric: tabular-nums; justify-self: end; }
  .ring text { fill: currentColor; font-weight: 550; }
  .ring .track { stroke: var(--_line); }
  .ring .left { stroke: currentColor; }
  .ring:not(.warn) .left { stroke: var(--_accent); }
  .actions { grid-area: actions; display: flex; gap: 4px; justify-self: end; }
  .actions button { padding-inline: 12px; }
  .actions .quiet { color: var(--_text-2); }
  .removal { grid-area: removal; padding-block-start: 12px; margin-block-start: 8px; border-block-start: 1px solid var(--_line); }
  .memory { border-block-start: 1px solid var(--_line); padding-block-start: 16px; }

  @container (max-width: 359px) {
    .entry { padding-inline: 12px; }
    .entry .code { font-size: 1.5rem; }
    .actions button > span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  }
  @container (min-width: 600px) {
    .entry { grid-template-columns: minmax(0, 1fr) auto auto auto; column-gap: 20px;
      grid-template-areas: "who code ring actions" "removal removal removal removal"; }
  }
`;
