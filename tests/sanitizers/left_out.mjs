// SPDX-License-Identifier: Apache-2.0
// Tests that cannot be what they are under a sanitizer, each with its reason. Everything else is run as it stands.
// A file without `names` is left out whole. main.mjs refuses an entry that matches nothing any more.

/** @type {{file: string, names?: string[], presets?: string[], reason: string}[]} */
export const leftOut = [
  { file: "tests/operations/package.test.mjs", reason: "is about the package, which is made of the release build alone" },
  { file: "tests/operations/unit.test.mjs", names: ["a server works under the unit's user, credential, file system, limits and system calls"],
    reason: "the unit empties the environment and allows neither ptrace nor personality: a sanitizer could neither start nor report" },
];
