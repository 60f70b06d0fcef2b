// SPDX-License-Identifier: Apache-2.0
// The reader and the runner of examples can say no.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outputMatches, readBlocks } from "./blocks.mjs";
import { readSession, runSession } from "./session.mjs";

test("blocks are read with their marks", () => {
  const [first, second, third] = readBlocks("text\n<!-- test: one, exit 1, from a/b.mjs -->\n```sh session\n$ true\n```\n\n```cpp\nint x;\n```\n<!-- output: one -->\n```text\nhello\n```\n");
  assert.deepEqual([first.kind, first.name, first.language, first.text], ["test", "one", "sh", "$ true"]);
  assert.deepEqual([...first.options], [["exit", "1"], ["from", "a/b.mjs"]]);
  assert.equal(second.kind, null);
  assert.deepEqual([third.kind, third.text], ["output", "hello"]);
  assert.throws(() => readBlocks("```sh\n$ true\n"), /not closed/);
});

test("three dots stand for anything, and nothing else does", () => {
  assert.ok(outputMatches("a ... c\n", "a b c\n"));
  assert.ok(outputMatches("a\n...\nd\n", "a\nb\nc\nd\n"));
  assert.ok(outputMatches("a\n...\n", "a\n"));
  assert.ok(outputMatches("", ""));
  assert.ok(!outputMatches("a\n", "a\nb\n"));
  assert.ok(!outputMatches("a.c\n", "abc\n"));
  assert.ok(!outputMatches("", "surprise\n"));
  assert.ok(!outputMatches("expected\n", ""));
});

test("a session keeps its folder and variables, and is refused when a line differs", async () => {
  const path = process.env.PATH;
  assert.deepEqual(readSession("$ a \\\n  b\nout\n$ c"), [{ command: "a \\\n  b", expected: "out\n" }, { command: "c", expected: "" }]);
  assert.deepEqual(await runSession("$ x=5; echo $x > file\n$ cat file; echo $x\n5\n5\n$ ls\nfile", path), []);
  assert.equal((await runSession("$ echo a\nb", path)).length, 1);
  assert.equal((await runSession("$ false", path)).length, 1);
  assert.deepEqual(await runSession("$ echo x; false\nx", path, 1), []);
  assert.equal((await runSession("$ nonesuch-command 2>/dev/null\n$ echo a\na", path)).length, 1);
  assert.throws(() => readSession("echo a"), /starts with/);
});
