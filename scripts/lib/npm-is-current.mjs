// SPDX-License-Identifier: Apache-2.0
// Exits 0 when node_modules holds what package-lock.json says: npm records what it installed in
// node_modules/.package-lock.json, in the same form. Optional packages of other platforms may lack.
import { readFileSync } from "node:fs";

const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
const wanted = packagesOf("package-lock.json");
const present = packagesOf("node_modules/.package-lock.json");

const describe = (entry) => JSON.stringify([entry.version, entry.integrity, entry.link]);
const differs = Object.entries(wanted).some(([path, entry]) => {
  if (path === "") return false;
  if (!present[path]) return !entry.optional;
  return describe(present[path]) !== describe(entry);
});
const surplus = Object.keys(present).some((path) => !wanted[path]);
process.exitCode = differs || surplus ? 1 : 0;
