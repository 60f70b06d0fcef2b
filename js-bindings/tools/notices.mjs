// SPDX-License-Identifier: Apache-2.0
// THIRD-PARTY-NOTICES.txt: the licenses of everything that is inside the bundles and the .wasm files.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The packages whose files went into the bundles, found in esbuild's own account of them. */
function bundledPackages(metafile) {
  const names = Object.keys(metafile.inputs).flatMap((path) => {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path) ?? [];
    return name === undefined ? [] : [name];
  });
  // barcode-detector has zxing-wasm's glue inside its own files.
  if (names.includes("barcode-detector")) names.push("zxing-wasm");
  return [...new Set(names)].sort();
}

function licenseOfPackage(modules, name) {
  const folder = join(modules, name);
  const file = readdirSync(folder).find((it) => /^licen[cs]e/i.test(it));
  if (file === undefined) throw new Error(`${name} is bundled and has no license file`);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { title: `${name} ${version}`, text: readFileSync(join(folder, file), "utf8") };
}

/** The comment that opens a C file, as text. */
function openingComment(path) {
  const [, comment] = /^\/\*(.*?)\*\//s.exec(readFileSync(path, "utf8"));
  return comment.replace(/^ \* ?/gm, "");
}

/** What core.wasm is made of besides our own sources. */
function licensesOfCore(sources) {
  const sodium = join(sources, "libsodium-1.0.18", "LICENSE");
  const qrcodegen = join(sources, "QR-Code-generator-1.8.0", "c", "qrcodegen.c");
  for (const path of [sodium, qrcodegen]) {
    if (!existsSync(path)) throw new Error(`${path} is missing; run scripts/setup`);
  }
  return [
    { title: "libsodium 1.0.18 (in core.wasm)", text: readFileSync(sodium, "utf8") },
    { title: "QR Code generator 1.8.0 (in core.wasm)", text: openingComment(qrcodegen) },
    {
      title: "Emscripten's runtime (in the bundles and core.wasm)",
      text: "MIT or University of Illinois/NCSA License, Copyright (c) 2010-2014 Emscripten authors;\n" +
        "musl (MIT), libc++ and libc++abi (Apache-2.0 with LLVM exceptions); tl::expected (CC0).\n",
    },
    {
      title: "ZXing-C++ (in zxing_reader.wasm)",
      text: "Apache License 2.0, the text of which is in LICENSE. https://github.com/zxing-cpp/zxing-cpp\n",
    },
  ];
}

export function writeNotices({ metafile, modules, sources, out }) {
  const notices = [
    ...bundledPackages(metafile).map((name) => licenseOfPackage(modules, name)),
    ...licensesOfCore(sources),
  ];
  const parts = notices.map(({ title, text }) => `${title}\n${"-".repeat(title.length)}\n\n${text.trim()}\n`);
  writeFileSync(out, `This package carries the following works.\n\n${parts.join("\n\n")}`);
}
