// SPDX-License-Identifier: Apache-2.0
// One planted bug: a patch of one source file, and above it what it breaks and who has to notice.
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * @typedef {object} Mutant
 * @property {string} name     of the file, without its ending
 * @property {string} patch    path of the file
 * @property {string} breaks   one line: the bug in words
 * @property {string} program  the test program that has to be red
 * @property {string} tests    which of its tests, as Catch2 takes it; empty: all
 * @property {string} source   the one file that is changed
 */

/** @returns {Mutant} */
export function readMutant(patch) {
  const text = readFileSync(patch, "utf8");
  const field = (name) => new RegExp(`^${name}: (.+)$`, "m").exec(text)?.[1] ?? "";
  const changed = [...text.matchAll(/^\+\+\+ b\/(\S+)$/gm)].map(([, path]) => path);
  const [breaks, program] = [field("Breaks"), field("Program")];
  if (!breaks || !program) throw new Error(`${patch}: begins with the lines "Breaks: ..." and "Program: ..."`);
  if (changed.length !== 1 || !changed[0].endsWith(".cpp")) throw new Error(`${patch}: changes one .cpp file, not ${changed}`);
  return { name: basename(patch, ".patch"), patch, breaks, program, tests: field("Tests"), source: changed[0] };
}

export function readMutants(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".patch")).sort();
  return names.map((name) => readMutant(join(folder, name)));
}
