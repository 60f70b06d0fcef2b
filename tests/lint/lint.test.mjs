// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { clangTidy, clangTidyAlone, cppcheck } from "./analyzers.mjs";

const sourcesIn = (folder) => execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", `${folder}/*.cpp`], { encoding: "utf8" })
  .split("\n").filter(Boolean);
const folder = mkdtempSync(join(tmpdir(), "lint-"));
after(() => rmSync(folder, { recursive: true }));

function plant(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("cppcheck finds nothing in core, wasm and server", async () => {
  assert.equal(await cppcheck(["core/src", "core/include", "server/src", ...sourcesIn("wasm")]), "");
});

test("cppcheck reports a planted read behind the end of an array", async () => {
  const path = plant("behind.cpp", "int last() {\n    int row[4] = {1, 2, 3, 4};\n    return row[4];\n}\n");
  assert.match(await cppcheck([path]), /arrayIndexOutOfBounds/);
});

test("clang-tidy reports planted defects, each as an error", async () => {
  const path = plant("planted.cpp", [
    "#include <string>", "#include <utility>", "#include <vector>",
    "std::size_t after_move(std::string text) {", "    const std::string taken = std::move(text);", "    return taken.size() + text.size();", "}",
    "int through_null(bool known) {", "    int* const found = known ? new int(1) : nullptr;", "    const int value = *found;", "    delete found;", "    return value;", "}", "",
  ].join("\n"));
  const said = await clangTidyAlone(path);
  assert.match(said, /error: .*bugprone-use-after-move/);
  assert.match(said, /error: .*clang-analyzer-core.NullDereference/);
});

const folders = process.env.COUNTERSIGN_LINT_ALL ? ["core", "wasm", "server"] : ["core"];
for (const name of folders) {
  test(`clang-tidy finds nothing in ${name}`, async () => {
    const sources = sourcesIn(name);
    assert.ok(sources.length > 5, `${name} has only ${sources.length} sources`);
    assert.equal(await clangTidy(sources), "");
  });
}
