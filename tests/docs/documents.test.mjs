// SPDX-License-Identifier: Apache-2.0
// One test for each marked block of each document.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { test } from "node:test";
import { outputMatches, readBlocks } from "./blocks.mjs";
import { bundle, checkPage, runCpp, runModule } from "./programs.mjs";
import { runSession } from "./session.mjs";
import { playLogin, playSite } from "./site.mjs";

const builds = process.env.COUNTERSIGN_BUILD ?? "build";
const path = [resolve(builds, "release/bin"), process.env.PATH].join(delimiter);
const documents = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], { encoding: "utf8" })
  .split("\0").filter((file) => file !== "");

const isSession = ({ language }) => ["sh", "console", "session"].includes(language);

const dedent = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");

async function check(block, output, blocks) {
  const { name, options, language, text } = block;
  if (options.has("from")) {
    const source = dedent(readFileSync(options.get("from"), "utf8"));
    assert.ok(source.includes(dedent(text)), `these lines do not stand in ${options.get("from")}`);
  }
  let printed = null;
  if (isSession(block)) assert.deepEqual(await runSession(text, path, Number(options.get("exit") ?? 0)), []);
  else if (language === "cpp") printed = runCpp(name, text);
  else if (language === "html") assert.deepEqual(await checkPage(name, text), []);
  else if (options.has("site")) await playSite(text, blocks.find((other) => other.name === options.get("site")).text);
  else if (options.has("login")) await playLogin(text, blocks.find((other) => other.name === options.get("login")).text);
  else if (["js", "ts"].includes(language) && options.has("run")) printed = runModule(name, text);
  else if (["js", "ts"].includes(language) && !options.has("from")) await bundle(name, text);
  else if (!options.has("from")) assert.fail(`no way to test a block of '${language}'`);
  if (output) assert.ok(outputMatches(output.text, printed ?? ""), `prints:\n${printed}`);
}

for (const document of documents) {
  const blocks = readBlocks(readFileSync(document, "utf8"));
  const outputs = new Map(blocks.filter(({ kind }) => kind === "output").map((block) => [block.name, block]));
  for (const block of blocks.filter(({ kind }) => kind === "test")) {
    // What a program prints in C++ and in TypeScript alike stands below the two once.
    const output = outputs.get(block.name) ?? outputs.get(block.name.replace(/-(cpp|ts)$/, ""));
    test(`${document}: ${block.name}`, () => check(block, output, blocks));
  }
}

// tests/cli runs the sessions of the one; tests/consumer builds the first program of the other, word for word.
const testedElsewhere = ["docs/cli.md"];
const firstBuiltByConsumer = "docs/using-the-core.md";

test("every program, page and session of README.md and docs/ is marked as tested", () => {
  const unmarked = documents.filter((file) => file === "README.md" || file.startsWith("docs/") || file === "js-bindings/README.md")
    .filter((file) => !testedElsewhere.includes(file))
    .flatMap((file) => readBlocks(readFileSync(file, "utf8"))
      .filter((block, _, all) => file !== firstBuiltByConsumer || block !== all.find(({ language }) => language === "cpp"))
      .filter(({ kind, language, text }) => !kind && (["cpp", "html", "js", "ts"].includes(language) || text.startsWith("$ ")))
      .map(({ line }) => `${file}:${line}`));
  assert.deepEqual(unmarked, []);
});

test("README.md shows a session, a program and a page", () => {
  const marked = readBlocks(readFileSync("README.md", "utf8")).filter(({ kind }) => kind === "test");
  assert.ok(marked.some(isSession), "no session");
  assert.ok(marked.some(({ language }) => language === "cpp"), "no C++ program");
  assert.ok(marked.some(({ language }) => language === "html"), "no page");
});
