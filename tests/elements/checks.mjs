// SPDX-License-Identifier: Apache-2.0
// What every screen has to hold: axe finds nothing, targets are large enough, nothing runs out at the side.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe over the page, shadow trees included. */
export async function checkAccessible(page, state) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(violations, [], `axe on: ${state}`);
}

/** Every control of the element is 44 px in both directions, and the page does not scroll sideways. */
export async function checkSizes(page, tag, state) {
  const small = await page.locator(tag).evaluate((element) => {
    const controls = [...element.shadowRoot.querySelectorAll("button, a[href], summary, input, textarea")];
    const boxes = controls.map((control) => [control.outerHTML.slice(0, 80), control.getBoundingClientRect()]);
    return boxes.filter(([, box]) => box.height > 0 && (box.height < 43.9 || box.width < 43.9)).map(([html]) => html);
  });
  assert.deepEqual(small, [], `under 44 px on: ${state}`);
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= room, `${state}: ${width} px wide in a window of ${room}`);
}

/** The looks that a screen is checked in. */
export const looks = [
  { name: "light, 720 px", colorScheme: "light", viewport: { width: 720, height: 900 } },
  { name: "dark, 320 px", colorScheme: "dark", viewport: { width: 320, height: 800 } },
];
