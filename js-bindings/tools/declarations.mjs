// SPDX-License-Identifier: Apache-2.0
// The .d.ts files: written by tsc, with Lit's types replaced by the few of src/lit-types.ts, since the
// package carries Lit inside and depends on nothing.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

const bare = /(from |import\()"((?!\.)[^"]+)"/g;

function pointAtOwnTypes(types, path) {
  const file = join(types, path);
  const ownTypes = relative(dirname(path), "lit-types.js");
  const own = ownTypes.startsWith(".") ? ownTypes : `./${ownTypes}`;
  const source = readFileSync(file, "utf8").replace(bare, (_, before, name) => {
    if (!/^lit(-|$)/.test(name)) throw new Error(`${path}: the types lean on "${name}", which is not shipped`);
    return `${before}"${own}"`;
  });
  writeFileSync(file, source);
}

/** Writes the declarations into `types`; throws where tsc finds a mistake, after tsc has named it. */
export function declare(packageDir, types) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", packageDir, "--emitDeclarationOnly", "--outDir", types], {
    stdio: "inherit",
  });
  for (const path of readdirSync(types, { recursive: true })) {
    if (path.endsWith(".d.ts")) pointAtOwnTypes(types, path);
  }
}
