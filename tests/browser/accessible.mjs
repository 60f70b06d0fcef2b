// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";

import axe from "axe-core";

/** axe finds nothing on the page as it is now, shadow trees included. @param {string} state - its name, for the complaint */
export async function assertAccessible(page, state) {
  const { violations } = await page.evaluate(`${axe.source}; axe.run()`);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" ")}`), [], state);
}
