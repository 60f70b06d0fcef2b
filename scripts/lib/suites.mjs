// SPDX-License-Identifier: Apache-2.0
// Every suite of `scripts/test`, in the order they start. Each is an executable tests/<name>/run.
//
//   needs  what must be built first: parts of scripts/build; `needsFull` for --full and --long besides
//   alone  measures or races: nothing else runs beside it
//   full   what --full adds, in words; null when it adds nothing yet
//   long   the same for --long

/** @typedef {{name: string, needs: string[], needsFull?: string[], alone?: boolean, full: string|null, long: string|null}} Suite */

/** @type {Suite[]} */
export const suites = [
  { name: "architecture", needs: [], full: null, long: null },
  { name: "core", needs: ["release", "asan"], full: "3,000 random codes against two other programs, not 300", long: null },
  { name: "coverage", needs: ["coverage"], full: null, long: null },
  { name: "lint", needs: ["release", "wasm"], full: "clang-tidy over wasm and server, too: a quarter of an hour", long: null },
  { name: "wasm", needs: ["wasm"], full: null, long: null },
  { name: "package", needs: ["package"], full: null, long: null },
  { name: "docs", needs: ["release", "package"], full: null, long: null },
  { name: "consumer", needs: ["release", "package"], full: null, long: null },
  { name: "elements", needs: ["release", "package"], full: null, long: null },
  { name: "server", needs: ["release", "asan"], full: null, long: null },
  { name: "menu", needs: ["release"], full: null, long: null },
  { name: "attack", needs: ["release"], full: null, long: null },
  { name: "operations", needs: ["release"], full: "installs the .deb in a bare tree, and opens a store of a million users", long: null },
  { name: "hostile", needs: ["release"], alone: true, full: "2,000 slow connections for longer", long: null },
  { name: "browser", needs: ["release", "package"], alone: true, full: null, long: null },
  { name: "differential", needs: ["release", "package"], full: "200,000 random codes, not 20,000", long: null },
  { name: "fuzz", needs: ["fuzz"], full: "40 s for each target, not 4", long: "10 min for each target: two hours" },
  { name: "constant-time", needs: ["release"], full: null, long: null },
  { name: "wiping", needs: ["release", "package"], full: null, long: null },
  { name: "mutants", needs: ["release"], full: null, long: null },
  { name: "race", needs: ["release"], alone: true, full: "kills a server 200 times, not 20, and races all that is consumed in 200 rounds", long: null },
  { name: "sanitizers", needs: ["asan"], needsFull: ["asan-server", "tsan"], alone: true,
    full: "the suites server, race, hostile and operations under AddressSanitizer with UBSan, and under ThreadSanitizer", long: null },
];

/** Parts of scripts/build in the order they are made; `package` builds the module it packs. */
export const buildOrder = ["release", "wasm", "package", "asan", "coverage", "fuzz", "asan-server", "tsan"];

/** The suites that run tests/vectors/*.vec, each by another road. */
export const vectorSuites = ["core", "wasm", "package"];

/** Longest time one suite may take before it is ended and called failed, in minutes. */
export const suiteMinutes = 25;
