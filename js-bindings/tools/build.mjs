// SPDX-License-Identifier: Apache-2.0
// Makes dist/: bundles, declarations and the .wasm files. The bundles share their common parts in chunks
// beside them and carry everything they need, so that a page can load them without a bundler of its own.
// Reads the WASM build from ${COUNTERSIGN_BUILD:-build}/wasm/wasm.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
// Made aside and moved into place whole, so that nobody meets half a package.
const fresh = join(buildDir, `package-${process.pid}`);

function requireFile(path, remedy) {
  if (existsSync(path)) return path;
  console.error(`js-bindings: ${path} is missing. ${remedy}`);
  process.exit(1);
}

/** Emscripten's glue, with what this module does not use taken out. */
async function trimmedGlue() {
  const source = requireFile(join(wasmDir, "core.mjs"), "Build the WASM first: scripts/build.");
  const trimmed = await minify(readFileSync(source, "utf8"), {
    module: true,
    compress: { passes: 3 },
    mangle: true,
  });
  const path = join(buildDir, "wasm", "wasm", "core.min.mjs");
  writeFileSync(path, trimmed.code);
  return path;
}

/** `dist` name -> source, for the API and for each element that exists. */
function entryPoints() {
  const entries = { index: "src/index.ts" };
  const elements = join(packageDir, "src", "elements");
  if (!existsSync(elements)) return entries;
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
async function bundle(glue) {
  const { metafile } = await build({
    absWorkingDir: packageDir,
    entryPoints: entryPoints(),
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none", // THIRD-PARTY-NOTICES.txt has them whole
    metafile: true,
    chunkNames: "chunk-[hash]",
    alias: { "countersign-core-glue": glue },
    plugins: [importableLit],
    external: ["node:*", "module"],
    logLevel: "warning",
  });
  return metafile;
}

/** The reader's wasm has to be of the very version whose glue is bundled. */
function copyReader() {
  if (!existsSync(join(packageDir, "src", "elements", "authenticator"))) return;
  const require = createRequire(join(packageDir, "package.json"));
  let from = require;
  try {
    from = createRequire(require.resolve("barcode-detector/ponyfill"));
  } catch {
    // The elements use zxing-wasm itself.
  }
  copyFileSync(from.resolve("zxing-wasm/reader/zxing_reader.wasm"), join(fresh, "zxing_reader.wasm"));
}

const glue = await trimmedGlue();
const coreWasm = requireFile(join(wasmDir, "core.wasm"), "Build the WASM first: scripts/build.");
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const metafile = await bundle(glue);
copyFileSync(coreWasm, join(fresh, "core.wasm"));
copyReader();
declare(packageDir, join(fresh, "types"));
writeNotices({
  metafile,
  modules: join(root, "node_modules"),
  sources: join(process.env.COUNTERSIGN_DEPS ?? join(root, ".deps"), "src"),
  out: join(fresh, "THIRD-PARTY-NOTICES.txt"),
});
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
reportSizes({ dist, glue, entries: Object.keys(entryPoints()), out: join(buildDir, "sizes.json") });
