// SPDX-License-Identifier: Apache-2.0

// The static files of the bank and of the authenticator: a closed list, read once, each with its
// type. A path that is not in the list is not looked for on the disk.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** The files of one folder, by URL path, as `prefix` + name; other kinds of files are left out. */
export function readFolder(folder, prefix) {
  const files = new Map();
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type !== undefined) files.set(prefix + name, { type, body: readFileSync(join(folder, name)) });
  }
  return files;
}

/** The `countersign` package's modules and WebAssembly, as any site would serve them. */
export function readPackage(prefix) {
  const entry = fileURLToPath(import.meta.resolve("countersign/enroll/define"));
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run scripts/build first`);
  return readFolder(dirname(entry), prefix);
}
