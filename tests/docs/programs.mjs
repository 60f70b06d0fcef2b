// SPDX-License-Identifier: Apache-2.0
// Compiles the C++ programs of the documents against the built core, and bundles their pages.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const builds = process.env.COUNTERSIGN_BUILD ?? "build";
// Beneath the repository, so that node and esbuild find `countersign` as a user's project does.
const folder = `${builds}/documents`;
mkdirSync(folder, { recursive: true });

/** @returns {string} what the program prints; throws with the compiler's words */
export function runCpp(name, text) {
  const source = `${folder}/${name}.cpp`;
  const program = `${folder}/${name}`;
  writeFileSync(source, text);
  const libraries = execFileSync("pkg-config", ["--cflags", "--libs", "libsodium", "qrcodegen", "libpng"], { encoding: "utf8" }).trim().split(/\s+/);
  execFileSync("c++", ["-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", "-I", "core/include", "-I", `${builds}/release/generated`,
    source, `${builds}/release/core/libcountersign_core.a`, ...libraries, "-o", program], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  return execFileSync(program, { encoding: "utf8" });
}

/** A page names the package's files by where its site serves them: /countersign/. */
const served = {
  name: "served",
  setup: ({ onResolve }) => onResolve({ filter: /^\/countersign\// }, ({ path }) => ({ path: resolve("js-bindings/dist", path.slice("/countersign/".length)) })),
};

export async function bundle(name, text) {
  const result = await build({
    stdin: { contents: text, resolveDir: folder, sourcefile: `${name}.mjs` },
    bundle: true, format: "esm", platform: "browser", write: false, logLevel: "silent", plugins: [served],
  });
  return result.outputFiles[0].text;
}

/** Bundles a page's module scripts; complains of elements that they do not define. */
export async function checkPage(name, html) {
  const scripts = [...html.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)].map(([, text]) => text);
  if (scripts.length === 0) return ["the page has no module script"];
  const code = await bundle(name, scripts.join("\n"));
  const tags = new Set([...html.matchAll(/<(countersign-[a-z-]+)/g)].map(([, tag]) => tag));
  return [...tags].filter((tag) => !code.includes(`"${tag}"`)).map((tag) => `nothing defines <${tag}>`);
}

/** Runs a module in node, which finds the package by its name. */
export function runModule(name, text) {
  const file = `${folder}/${name}.mjs`;
  writeFileSync(file, text);
  return execFileSync(process.execPath, [file], { encoding: "utf8" });
}

if (!existsSync(`${builds}/release/core/libcountersign_core.a`)) throw new Error("the core is not built: run scripts/build release");
