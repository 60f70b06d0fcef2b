// SPDX-License-Identifier: Apache-2.0
// A stranger's first hour: the packed tarball, installed without a network in an empty folder, imported,
// type-checked, and built with a bundler.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const folder = mkdtempSync(join(tmpdir(), "countersign-pack-"));
const installed = join(folder, "node_modules", "countersign");
const tarballs = [];

function run(command, args, cwd = folder) {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

before(() => {
  const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, "--workspace", "js-bindings"], root);
  tarballs.push(...Object.values(JSON.parse(packed)));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", join(folder, tarballs[0].filename)]);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the tarball holds what it needs, its licenses, and nothing of the workshop [L38]", () => {
  const files = tarballs[0].files.map(({ path }) => path);
  for (const needed of ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/core.wasm", "dist/core_scalar.wasm", "dist/policy.js", "dist/policy.wasm", "dist/server.js", "dist/stretch-worker.js", "dist/zxing_reader.wasm"]) {
    assert.ok(files.includes(needed), `${needed} is missing`);
  }
  const notices = readFileSync(join(installed, "dist", "THIRD-PARTY-NOTICES.txt"), "utf8");
  for (const work of ["lit-html", "zxing-wasm", "libsodium", "QR Code generator", "fast-png", "fflate", "iobuffer"]) assert.ok(notices.includes(work), work);
  assert.deepEqual(files.filter((path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$)/.test(path)), []);
  assert.equal(readFileSync(join(installed, "LICENSE"), "utf8"), readFileSync(join(root, "LICENSE"), "utf8"));
});

test("every export leads to a file of the tarball, types included [L38]", () => {
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  for (const target of Object.values(exports).flatMap((it) => (typeof it === "string" ? [it] : Object.values(it)).filter((target) => target !== null))) {
    assert.ok(existsSync(join(installed, target)), `${target} is missing`);
  }
});

test("the back end's client loads nothing, no page's bundle loads it, and no bundler puts it into a page [L38]", async () => {
  const source = readFileSync(join(installed, "dist", "server.js"), "utf8");
  assert.ok(source.includes("CountersignServerError"));
  assert.equal(/\b(?:from|import)\b\s*\(?\s*["']/.test(source), false);
  assert.ok(source.length < 8192, `${source.length} bytes`);
  for (const { path } of tarballs[0].files.filter((file) => /^dist\/[^/]+\.js$/.test(file.path) && file.path !== "dist/server.js")) {
    assert.equal(readFileSync(join(installed, path), "utf8").includes("CountersignServerError"), false, path);
  }
  const page = { stdin: { contents: 'import "countersign/server";', resolveDir: folder }, bundle: true, format: "esm", write: false, logLevel: "silent" };
  await assert.rejects(build({ ...page, platform: "browser" }), /countersign\/server/);
  await build({ ...page, platform: "node" });
});

test("every chunk that a bundle imports is in the tarball [L38]", () => {
  for (const { path } of tarballs[0].files.filter((file) => file.path.endsWith(".js"))) {
    const source = readFileSync(join(installed, path), "utf8");
    for (const [, chunk] of source.matchAll(/(?:from|import|import\()\s*"(\.\/[^"]+)"/g)) {
      assert.ok(existsSync(join(installed, dirname(path), chunk)), `${path} imports ${chunk}`);
    }
  }
});

test("the installed package has no dependencies and works in Node at once [L38]", () => {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  assert.deepEqual(Object.keys(lock.packages).sort(), ["", "node_modules/countersign"]);
  writeFileSync(join(folder, "use.js"), `
    import { loadCore } from "countersign";
    const core = await loadCore();
    const secret = new TextEncoder().encode("12345678901234567890");
    console.log(core.generateTotp(secret, { digits: 8, timestampMs: 59000 }).code);`);
  assert.equal(run(process.execPath, ["use.js"]).trim(), "94287082");
});

const stretchOne = (core) => `
    const [stretched] = await ${core}.stretchCodes(["K7QF-2M9X-TRB4-V3HF"], Uint8Array.from({ length: 16 }, (_, index) => index));
    console.log(Array.from(stretched, (byte) => byte.toString(16).padStart(2, "0")).join(""));`;
const stretchedOne = "204e7975c87f6327f339b48e5f24d8e26d241b531574ca9c0165246e96750c03";

test("the script of the worker needs no other file, and is longer than what a bundler writes into a data: address [L38] [R29]", () => {
  const source = readFileSync(join(installed, "dist", "stretch-worker.js"), "utf8");
  assert.doesNotMatch(source, /\bimport\s*["{*(]|\bfrom\s*"/);
  assert.ok(source.length > 4096, `${source.length} bytes`);
});

test("the installed package stretches in a thread of its own, and draws PNG [L38] [R21]", () => {
  writeFileSync(join(folder, "stretch.js"), `
    import { loadCore } from "countersign";
    const core = await loadCore();${stretchOne("core")}
    console.log((await core.qrPng("x")).subarray(1, 4).reduce((text, byte) => text + String.fromCharCode(byte), ""));`);
  assert.deepEqual(run(process.execPath, ["stretch.js"]).trim().split("\n"), [stretchedOne, "PNG"]);
});

test("a stranger's strict TypeScript compiles against the types, and misuse does not [L38]", () => {
  copyFileSync(join(here, "stranger.ts.txt"), join(folder, "stranger.ts"));
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022,dom"];
  for (const resolution of [["--module", "nodenext"], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
    run(process.execPath, [tsc, ...options, ...resolution, "stranger.ts"]);
  }
});

test("esbuild bundles it, with the wasm as a file of its own [L38]", async () => {
  writeFileSync(join(folder, "app.js"), `
    import { loadCore } from "countersign";
    import wasm from "countersign/core.wasm";
    const core = await loadCore({ wasm: new URL(wasm, import.meta.url) });
    console.log(core.version);`);
  const outfile = join(folder, "out", "app.js");
  await build({
    absWorkingDir: folder,
    entryPoints: ["app.js"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "file" },
    logLevel: "silent",
  });
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.equal(run(process.execPath, [pathToFileURL(outfile).pathname]).trim(), version);
});

test("esbuild bundles the worker beside the program, and it runs [L38] [R21]", async () => {
  writeFileSync(join(folder, "worked.js"), `
    import { loadCore } from "countersign";
    import wasm from "countersign/core.wasm";
    const core = await loadCore({ wasm: new URL(wasm, import.meta.url) });${stretchOne("core")}`);
  await build({
    absWorkingDir: folder,
    entryPoints: { worked: "worked.js", "stretch-worker": "countersign/stretch-worker.js" },
    outdir: join(folder, "worked"),
    bundle: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "file" },
    logLevel: "silent",
  });
  assert.equal(run(process.execPath, [join(folder, "worked", "worked.js")]).trim(), stretchedOne);
});

test("a bundler keeps what defines an element [L38]", async () => {
  writeFileSync(join(folder, "page.js"), `import "countersign/enroll/define";`);
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["page.js"],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  const [{ text }] = outputFiles;
  assert.match(text, /countersign-enroll/);
  assert.match(text, /customElements\.define\(/);
});
