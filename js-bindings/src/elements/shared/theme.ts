// SPDX-License-Identifier: Apache-2.0
// The tokens and the few pieces (buttons, focus ring, headings) that every element draws alike.

import { css, unsafeCSS } from "lit";

/** Token name -> [light, dark]; a site overrides any by `--countersign-NAME`. */
const tokens: Readonly<Record<string, readonly [string, string]>> = {
  surface: ["#ffffff", "#14161a"],
  "surface-2": ["#f5f6f8", "#1d2026"],
  text: ["#16181d", "#f1f3f6"],
  "text-2": ["#545b69", "#a9b1c0"],
  line: ["#d9dde4", "#343a45"],
  accent: ["#1f4fd8", "#8fb0ff"],
  "on-accent": ["#ffffff", "#0b1020"],
  good: ["#14713f", "#6fd79b"],
  warn: ["#8a5300", "#ffc46b"],
  bad: ["#b3261e", "#ff8f85"],
};

function declare(value: (light: string, dark: string) => string) {
  const lines = Object.entries(tokens).map(
    ([name, [light, dark]]) => `--_${name}:var(--countersign-${name},${value(light, dark)});`,
  );
  return unsafeCSS(lines.join(""));
}

/**
 * Light and dark follow the `color-scheme` of the place where the element stands. Browsers without
 * `light-dark()` (Chromium before 123, Safari before 17.5) follow the system's preference instead.
 */
export const themeTokens = css`
  :host { ${declare((light) => light)} }
  @media (prefers-color-scheme: dark) { :host { ${declare((_, dark) => dark)} } }
  @supports (color: light-dark(#000, #fff)) {
    :host { ${declare((light, dark) => `light-dark(${light},${dark})`)} }
  }
`;

export const pieces = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--_text);
    font-size: 1rem;
    line-height: 1.5;
    text-align: start;
    --_mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  }
  :host([hidden]) { display: none; }
  *, *::before, *::after { box-sizing: border-box; }
  h2, p, ul { margin: 0; padding: 0; overflow-wrap: anywhere; }
  h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; text-wrap: balance; }
  h2:focus { outline: none; }
  /* The sentences are English: in a page that runs from right to left they keep their own full stop. */
  h2, p, p > span, li, summary, button, label > span { unicode-bidi: plaintext; }
  :host(:dir(rtl)) { text-align: right; }
  .secondary { color: var(--_text-2); }
  .small { font-size: 0.875rem; }
  .stack { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
  .stack.tight { gap: 8px; }
  .row { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }

  button, a.button {
    appearance: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 44px;
    min-inline-size: 44px;
    padding-inline: 16px;
    padding-block: 8px;
    margin: 0;
    border: 1px solid var(--_text-2);
    border-radius: 8px;
    background: transparent;
    color: var(--_text);
    font: inherit;
    font-weight: 550;
    line-height: 1.25;
    text-decoration: none;
    cursor: pointer;
    transition: background-color 120ms, border-color 120ms;
  }
  button:hover, a.button:hover { background: var(--_surface-2); }
  button > svg, a.button > svg { flex: none; }
  button.main { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
  button.main:hover { filter: brightness(1.08); }
  button.steady { min-inline-size: 128px; font-variant-numeric: tabular-nums; }
  button.plain { border-color: transparent; color: var(--_accent); }
  button.danger { border-color: var(--_bad); color: var(--_bad); }
  button[aria-disabled="true"] { cursor: default; background: var(--_surface-2); color: var(--_text-2);
    border-color: var(--_line); filter: none; }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; border-radius: 8px; }

  .notice { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 12px; align-items: start; }
  .notice > svg { margin-block-start: 2px; }
  .inset { background: var(--_surface-2); border: 1px solid var(--_line); border-radius: 10px; padding: 16px; }
  .code { font-family: var(--_mono); font-variant-numeric: tabular-nums; direction: ltr; unicode-bidi: isolate; }
  .good { color: var(--_good); } .warn { color: var(--_warn); } .bad { color: var(--_bad); }
  .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; animation: none !important; } }
`;
