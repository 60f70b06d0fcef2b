// SPDX-License-Identifier: Apache-2.0

// A person without a mouse: finds a control by pressing Tab until the thing with that name has the
// focus, then types or presses Enter. What Tab does not reach cannot be used here.

import assert from "node:assert/strict";

const longestWay = 60;

/** The accessible name of what has the focus, through shadow roots; runs in the page. */
function nameOfFocus() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return "";
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  return label.replace(/\s+/g, " ").trim();
}

const matches = (name, wanted) => (wanted instanceof RegExp ? wanted.test(name) : name === wanted);

/** Moves the focus to the control with that name. */
export async function tabTo(page, wanted) {
  const passed = [];
  for (let presses = 0; presses <= longestWay; presses += 1) {
    const name = await page.evaluate(nameOfFocus);
    if (matches(name, wanted)) return;
    passed.push(name.slice(0, 40));
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reached ${wanted} on ${page.url()}; it passed: ${[...new Set(passed)].join(" | ")}`);
}

export async function press(page, wanted) {
  await tabTo(page, wanted);
  await page.keyboard.press("Enter");
}

export async function type(page, wanted, text) {
  await tabTo(page, wanted);
  await page.keyboard.type(text);
}
