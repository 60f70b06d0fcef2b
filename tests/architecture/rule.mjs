// SPDX-License-Identifier: Apache-2.0
// One rule, tested twice: the tree keeps it, and a planted violation is found.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Tree } from "./tree.mjs";

const tree = new Tree();

/**
 * @param {string} sentence what holds
 * @param {(tree: Tree) => string[]} complain what breaks it, a line each
 * @param {Record<string, string>[]} violations files, each set of which must be complained about
 */
export function rule(sentence, complain, violations) {
  test(sentence, () => {
    assert.deepEqual(complain(tree), []);
    assert.ok(violations.length > 0, "no violation is planted");
    for (const planted of violations) {
      const fresh = complain(tree.with(planted));
      assert.notDeepEqual(fresh, [], `not found: ${JSON.stringify(planted)}`);
    }
  });
}
