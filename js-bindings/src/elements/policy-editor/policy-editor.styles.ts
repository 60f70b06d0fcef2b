// SPDX-License-Identifier: Apache-2.0

import { css } from "lit";

export const policyEditorStyles = css`
  :host { container-type: inline-size; }
  form, h3, ol { margin: 0; padding: 0; }
  h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
  .box { background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; padding: 24px; }
  .group { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
  details.group { display: block; }
  details.group > * + * { margin-block-start: 16px; }
  summary { cursor: pointer; min-block-size: 44px; display: flex; align-items: center; gap: 12px; }
  summary::before { content: ""; flex: none; inline-size: 8px; block-size: 8px; margin-inline-start: 2px; border: solid var(--_text-2);
    border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform 120ms; }
  details[open] > summary::before { transform: rotate(45deg); }
  summary::-webkit-details-marker { display: none; }

  .setting { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); padding-block-start: 16px; border-block-start: 1px solid var(--_line); }
  .options { gap: 12px; }
  .line { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px 24px; align-items: center; }
  .what { display: grid; gap: 2px; grid-template-columns: minmax(0, 1fr); }
  label, .name { font-weight: 600; }
  .line label, .option label { cursor: pointer; }
  .option { display: grid; grid-template-columns: 44px minmax(0, 1fr); gap: 8px; align-items: start; }
  .option .what { padding-block: 10px 0; }
  .option .price { margin-block-start: 6px; }
  .price { display: grid; gap: 4px; }
  .verdict, .problem, .status { display: flex; gap: 8px; align-items: flex-start; }
  .verdict > svg, .problem > svg, .status > svg { flex: none; inline-size: 20px; block-size: 20px; margin-block-start: 2px; }
  .guess { padding-inline-start: 28px; font-variant-numeric: tabular-nums; }
  .problem { font-weight: 600; }
  .problem:empty { display: none; }
  .notice { font-weight: 550; }
  .banner { border: 2px solid var(--_bad); border-radius: 8px; padding: 12px; }

  input { appearance: none; margin: 0; padding: 0; border: 0; background: transparent; color: var(--_text); font: inherit; }
  input.switch { position: relative; inline-size: 52px; block-size: 44px; cursor: pointer; }
  input.switch::before { content: ""; position: absolute; inset: 8px 0; border: 2px solid var(--_text-2); border-radius: 14px;
    background: var(--_surface-2); transition: background-color 120ms; }
  input.switch::after { content: ""; position: absolute; inset-block-start: 14px; inset-inline-start: 6px; inline-size: 16px; block-size: 16px;
    border-radius: 50%; background: var(--_text-2); transition: inset-inline-start 120ms; }
  input.switch:checked::before { background: var(--_accent); border-color: var(--_accent); }
  input.switch:checked::after { inset-inline-start: 30px; background: var(--_on-accent); }
  .option > input { inline-size: 44px; block-size: 44px; display: grid; place-items: center; cursor: pointer; }
  .option > input::before { content: ""; inline-size: 22px; block-size: 22px; border: 2px solid var(--_text-2); border-radius: 5px; }
  .option > input[type="radio"]::before { border-radius: 50%; }
  .option > input:checked::before { border-color: var(--_accent); background: var(--_accent); }
  .option > input[type="radio"]:checked::before { box-shadow: inset 0 0 0 4px var(--_surface); }
  .option > input[type="checkbox"]:checked::after { content: ""; position: absolute; inline-size: 6px; block-size: 12px; margin-block-end: 4px;
    border: solid var(--_on-accent); border-width: 0 3px 3px 0; transform: rotate(45deg); }
  .option > input[aria-disabled="true"] { cursor: default; }
  .option > input[aria-disabled="true"]:checked::before { background: var(--_text-2); border-color: var(--_text-2); }
  input.number { inline-size: 96px; min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--_text-2); border-radius: 8px;
    background: var(--_surface); text-align: end; font-variant-numeric: tabular-nums; }
  input[aria-invalid="true"].number { border: 2px solid var(--_bad); }

  .budget { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
  .budget th, .budget td { padding: 8px; text-align: start; font-weight: 400; }
  .budget thead th { color: var(--_text-2); }
  .budget th:first-child, .budget thead td:first-child { padding-inline-start: 0; }
  .budget td { font-weight: 650; font-size: 1.25rem; }
  .budget tbody tr { border-block-start: 1px solid var(--_line); }

  .findings, .versions { list-style: none; display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
  .finding + .finding, .version + .version { padding-block-start: 12px; border-block-start: 1px solid var(--_line); }
  .version ul, .changes { padding-inline-start: 20px; }

  /* What has the focus is not hidden behind the bar. */
  .setting input, summary { scroll-margin-block: 24px 200px; }
  .foot { position: sticky; inset-block-end: 0; z-index: 1; }
  .bar, .status { background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; padding: 16px;
    box-shadow: 0 -4px 16px rgb(0 0 0 / 12%); }
  .status { padding: 12px 16px; box-shadow: none; }
  .status:focus, .count:focus, .conflict .notice:focus { outline: none; }
  .bar { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); border-color: var(--_text-2); max-block-size: 80vh; overflow: auto; }
  .bar .guess { padding: 0; }
  .count { font-weight: 650; }
  .which summary { inline-size: fit-content; }

  .skeleton { display: grid; gap: 12px; }
  .skeleton > div { background: var(--_surface-2); border-radius: 8px; block-size: 44px; }

  @container (max-width: 440px) {
    .box { padding: 20px 16px; }
    .guess { padding-inline-start: 0; }
    .option { gap: 4px; }
    .line { gap: 8px 12px; }
  }
  @container (min-width: 640px) {
    .bar { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
    .bar > .code-form, .bar > .conflict { grid-column: 1 / -1; }
  }
  @media (forced-colors: active) {
    .option > input:checked::before, input.switch:checked::before { background: Highlight; forced-color-adjust: none; }
  }
`;
