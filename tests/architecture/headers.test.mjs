// SPDX-License-Identifier: Apache-2.0
// Each public header stands alone: a file that includes nothing else before it compiles.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const headers = readdirSync("core/include/countersign").filter((file) => file.endsWith(".h"));

function compile(text) {
  const { status, stderr } = spawnSync("c++", ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I", "core/include", "-x", "c++", "-"],
    { input: text, encoding: "utf8" });
  return status === 0 ? "" : stderr.slice(0, 2000);
}

test("each public header compiles alone, and again after itself", () => {
  assert.ok(headers.length >= 7, `only ${headers.length} headers`);
  for (const header of headers) assert.equal(compile(`#include <countersign/${header}>\n#include <countersign/${header}>\nint main() {}\n`), "", header);
});

test("a header that lacks an include would be found", () => {
  assert.match(compile("#pragma once\nstd::string_view name();\n"), /string_view/);
});
