// SPDX-License-Identifier: Apache-2.0
// Makes dist/: bundles, declarations and the .wasm files. The bundles share their common parts in chunks
// beside them and carry everything they need, so that a page can load them without a bundler of its own.
// Reads the WASM build from ${COUNTERSIGN_BUILD:-build}/wasm/wasm.
import { build } from "esbuild";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

import { declare } from "./declarations.mjs";
import { writeNotices } from "./notices.mjs";
import { reportSizes } from "./sizes.mjs";

const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(packageDir);
const buildDir = resolve(root, process.env.COUNTERSIGN_BUILD ?? "build");
const wasmDir = join(buildDir, "wasm", "wasm");
const dist = join(packageDir, "dist");
/** The second is for engines without SIMD; both run under the glue of the first. */
const modules = ["core.wasm", "core_scalar.wasm", "policy.wasm"];
// Made aside and moved into place whole, so that nobody meets half a package.
const fresh = join(buildDir, `package-${process.pid}`);

/** Emscripten's glue, with what this module does not use taken out. */
async function trimmedGlue(name) {
  const trimmed = await minify(readFileSync(join(wasmDir, `${name}.mjs`), "utf8"), {
    module: true,
    compress: { passes: 3 },
    mangle: true,
  });
  const path = join(wasmDir, `${name}.min.mjs`);
  writeFileSync(path, trimmed.code);
  return path;
}

/** `dist` name -> source, for the API and for each element that exists. */
function entryPoints() {
  const entries = { index: "src/index.ts", policy: "src/policy.ts" };
  const elements = join(packageDir, "src", "elements");
  for (const folder of readdirSync(elements, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const { name } = folder;
    if (existsSync(join(elements, name, "index.ts"))) entries[name] = `src/elements/${name}/index.ts`;
    if (existsSync(join(elements, name, "define.ts"))) entries[`${name}-define`] = `src/elements/${name}/define.ts`;
  }
  return entries;
}

/** Gives Lit stand-ins for the globals it reads while it loads, see src/without-page.ts. */
const importableLit = {
  name: "importable-lit",
  setup(build) {
    const standIns = JSON.stringify(join(packageDir, "src", "without-page.ts"));
    build.onLoad({ filter: /node_modules\/(lit|lit-html|lit-element|@lit\/reactive-element)\/.*\.js$/ }, ({ path }) => ({
      contents: `import { document, HTMLElement } from ${standIns};\n${readFileSync(path, "utf8")}`,
    }));
  },
};

/** @returns esbuild's account of what went in */
async function bundle(glue, entries, splitting) {
  const { metafile } = await build({
    absWorkingDir: packageDir,
    entryPoints: entries,
    outdir: fresh,
    bundle: true,
    splitting,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none", // THIRD-PARTY-NOTICES.txt has them whole
    metafile: true,
    chunkNames: "chunk-[hash]",
    alias: { "countersign-core-glue": glue, "countersign-policy-glue": join(wasmDir, "policy.min.mjs") },
    plugins: [importableLit],
    external: ["node:*", "module"],
    logLevel: "warning",
  });
  return metafile;
}

/** The reader's wasm has to be of the very version whose glue barcode-detector carries. */
function copyReader() {
  const ours = createRequire(join(packageDir, "package.json"));
  const theirs = createRequire(ours.resolve("barcode-detector/ponyfill"));
  copyFileSync(theirs.resolve("zxing-wasm/reader/zxing_reader.wasm"), join(fresh, "zxing_reader.wasm"));
}

async function makeFresh(glue) {
  mkdirSync(fresh, { recursive: true });
  const metafile = await bundle(glue, entryPoints(), true);
  // Whole in one file: bundlers copy the script of a worker and nothing that it imports.
  await bundle(glue, { "stretch-worker": "src/stretch-worker.ts" }, false);
  // For back ends; shares nothing with what pages load.
  await bundle(glue, { server: "src/server-client/index.ts" }, false);
  for (const name of modules) copyFileSync(join(wasmDir, name), join(fresh, name));
  copyReader();
  declare(packageDir, join(fresh, "types"));
  writeNotices({
    metafile,
    modules: join(root, "node_modules"),
    sources: join(root, ".deps", "src"),
    out: join(fresh, "THIRD-PARTY-NOTICES.txt"),
  });
}

for (const name of ["core.mjs", "policy.mjs", ...modules]) {
  if (existsSync(join(wasmDir, name))) continue;
  console.error(`js-bindings: ${join(wasmDir, name)} is missing. Run scripts/build, which makes the WASM first.`);
  process.exit(1);
}
try {
  const glue = await trimmedGlue("core");
  await trimmedGlue("policy");
  await makeFresh(glue);
  rmSync(dist, { recursive: true, force: true });
  cpSync(fresh, dist, { recursive: true });
  reportSizes({ dist, glue, entries: [...Object.keys(entryPoints()), "stretch-worker"], out: join(buildDir, "sizes.json") });
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
