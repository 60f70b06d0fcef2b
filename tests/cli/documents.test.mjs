// SPDX-License-Identifier: Apache-2.0
// docs/cli.md against `--help`: every command and flag on both sides, and its examples run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { binary, countersign, root } from "../server/http/site.mjs";

const document = readFileSync(join(root, "docs/cli.md"), "utf8");

/** The sections of the document: command to the lines below its heading. */
const documented = new Map(document.split(/^### /m).slice(1).map((section) => {
  const name = /^`countersign ([a-z -]+)`/.exec(section)[1];
  return [name, section.split(/^## /m)[0]];
}));

const helpOf = (words) => countersign([...words, "--help"]).stdout;

/** The words under `Subcommands:`. */
const subcommandsOf = (help) => [...(help.split("Subcommands:\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}(\S+)/gm)].map((match) => match[1]);

function commands(words = []) {
  const below = subcommandsOf(helpOf(words));
  return below.length === 0 ? [words] : below.flatMap((word) => commands([...words, word]));
}

const leaves = commands();

test("docs/cli.md describes exactly the commands that --help lists", () => {
  assert.deepEqual([...documented.keys()].sort(), leaves.map((words) => words.join(" ")).sort());
});

for (const words of leaves) {
  const name = words.join(" ");
  test(`${name}: each flag stands in docs/cli.md with its value, and each documented flag exists`, () => {
    const help = helpOf(words);
    const offered = new Map([...help.matchAll(/^ {2}(?:-h,)?(--[a-z-]+)(?: ([A-Z][A-Z:,]*))?(?: |$)/gm)].map((match) => [match[1], match[2] ?? ""]));
    assert.ok(offered.delete("--help") && offered.delete("--json"), "every command has --help and --json");
    offered.delete("--config");  // stands once, for every command that has it
    const place = documented.get(name).includes("\nFlags: those of `serve`") ? "serve" : name;
    const told = new Map([...documented.get(place).matchAll(/^\| `(--[a-z-]+)` \|([^|]*)\|/gm)].map((match) => [match[1], match[2].trim()]));
    assert.deepEqual([...told].sort(), [...offered].sort());
    assert.match(help.split("\n")[0], /^[A-Z].{10,}$/, "a sentence of help");
  });
}

test("no flag of any command takes a secret in the command line", () => {
  for (const words of leaves) {
    for (const [, flag, value] of helpOf(words).matchAll(/^ {2}(--[a-z-]+)(?: ([A-Z:,]+))?/gm)) {
      if (/secret|seed|token|passphrase|password|key/.test(flag) && value && value !== "FILE") assert.match(flag, /-format$/, flag);
    }
  }
});

test("the examples of docs/cli.md print what stands below them", () => {
  const examples = [...document.matchAll(/^```\n(\$[^]*?)^```/gm)].flatMap((block) => block[1].split(/^\$ /m).slice(1));
  assert.ok(examples.length >= 5);
  for (const example of examples) {
    const [command, ...output] = example.split("\n");
    const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` };
    const done = spawnSync("sh", ["-c", command], { encoding: "utf8", env });
    assert.equal(done.stdout, output.join("\n"), command);
  }
});

test("every stable code of the command line stands in docs/cli.md", () => {
  const source = readFileSync(join(root, "server/src/cli/failure.cpp"), "utf8");
  const codes = [...source.matchAll(/return "((?:cli|config|listen)\.[a-z_]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length > 10);
  for (const code of codes) assert.ok(document.includes(`\`${code}\``), code);
});

test("every key of the file of settings stands in docs/cli.md with its flag", () => {
  const { settings } = JSON.parse(countersign(["config", "--json"]).stdout);
  const told = new Map([...document.matchAll(/^\| `([a-z_.]+)` \| `(--[a-z-]+)` \|(.*)\|$/gm)].map(([, key, flag, anew]) => [key, [flag, anew.trim() === "yes"]]));
  assert.deepEqual([...told].sort(), settings.map(({ key, flag, reloadable }) => [key, [flag, reloadable]]).sort());
});
