// SPDX-License-Identifier: Apache-2.0
// The examples in the comments of the public headers are compiled with their header, linked and run.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readBlocks } from "./blocks.mjs";
import { runCpp } from "./programs.mjs";

const folder = "core/include/countersign";

/** The fenced examples of a header, as programs. */
function examplesOf(header, source) {
  const comments = source.split("\n").map((line) => line.match(/^\s*\/\/\/ ?(.*)$/)?.[1] ?? "").join("\n");
  return readBlocks(comments).filter(({ language }) => language === "cpp")
    .map(({ text, line }) => ({ line, program: `#include <countersign/${header}>\n#include <cstdio>\n#include <string>\nint main() {\n${text}\n}\n` }));
}

const examples = readdirSync(folder).flatMap((header) =>
  examplesOf(header, readFileSync(`${folder}/${header}`, "utf8")).map((example) => ({ header, ...example })));

for (const { header, line, program } of examples) {
  test(`the example of ${header} in line ${line} compiles and runs`, () => {
    const printed = runCpp(`${header.replace(".h", "")}-${line}`, program);
    assert.notEqual(printed, "");
  });
}

test("examples of headers are found, and a broken one would be", () => {
  assert.ok(examples.length >= 3, `only ${examples.length}`);
  const [{ program }] = examplesOf("result.h", "/// Text.\n/// ```cpp\n/// nonesuch();\n/// ```\n");
  assert.throws(() => runCpp("broken-example", program), /nonesuch/);
});
