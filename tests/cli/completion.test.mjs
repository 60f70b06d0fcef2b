// SPDX-License-Identifier: Apache-2.0
// Completions and manual pages, made from the tables: run and read by the programs they are for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { countersign } from "../server/http/site.mjs";

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-completion-"));
  for (const shell of ["bash", "zsh", "fish"]) writeFileSync(join(folder, shell), countersign(["completion", shell]).stdout);
  mkdirSync(join(folder, "a folder"));
  writeFileSync(join(folder, "a file"), "");
});
after(() => rmSync(folder, { recursive: true }));

/** What bash offers at the end of a line, as it splits the line itself. */
function complete(words, cword = words.length - 1) {
  const list = words.map((word) => `'${word}'`).join(" ");
  const script = `source ${join(folder, "bash")}; COMP_WORDS=(${list}); COMP_CWORD=${cword}; _countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const done = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: folder });
  assert.equal(done.stderr, "");
  return done.stdout.trim() === "" ? [] : done.stdout.trimEnd().split("\n");
}

/** The commands under `Subcommands:` of a help text. */
const subcommands = (words) => [...(countersign([...words, "--help"]).stdout.split("Subcommands:\n")[1] ?? "").split("\n\n")[0].matchAll(/^ {2}(\S+)/gm)].map((match) => match[1]);
const flagsOf = (words) => [...countersign([...words, "--help"]).stdout.matchAll(/^ {2}(?:-h,)?(--[a-z-]+)/gm)].map((match) => match[1]);

test("bash offers every command that --help lists, at each place", () => {
  const first = subcommands([]);
  assert.ok(first.length > 10);
  assert.deepEqual(complete(["countersign", ""]).filter((word) => !word.startsWith("-")).sort(), first.sort());
  for (const group of first) {
    const below = subcommands([group]);
    const offered = complete(["countersign", group, ""]).filter((word) => !word.startsWith("-"));
    assert.deepEqual(offered.sort(), below.sort(), group);
  }
});

test("bash offers every flag of every command, and no other", () => {
  for (const group of subcommands([])) {
    const below = subcommands([group]);
    for (const words of below.length === 0 ? [[group]] : below.map((word) => [group, word])) {
      assert.deepEqual(complete(["countersign", ...words, "--"]).sort(), flagsOf(words).sort(), words.join(" "));
    }
  }
});

test("bash narrows by what is typed, and completes files and directories after their flags", () => {
  assert.deepEqual(complete(["countersign", "serve", "--log"]), ["--log-level"]);
  assert.deepEqual(complete(["countersign", "polic"]), ["policy"]);
  assert.deepEqual(complete(["countersign", "serve", "--data", "a "]), ["a folder"]);
  assert.deepEqual(complete(["countersign", "serve", "--data", "x", "--config", "a "]).sort(), ["a file", "a folder"]);
  assert.deepEqual(complete(["countersign", "serve", "--config", "=", "a f"]).sort(), ["a file", "a folder"]);
  assert.deepEqual(complete(["countersign", "serve", "--log-level", ""]), [], "a word that nobody knows");
  assert.deepEqual(complete(["countersign", "nothing", ""]), []);
});

test("bash registers the function for the program", () => {
  const done = spawnSync("bash", ["--norc", "-c", `source ${join(folder, "bash")}; complete -p countersign`], { encoding: "utf8" });
  assert.equal(done.stdout, "complete -F _countersign countersign\n");
});

for (const [shell, check] of [["bash", ["-n"]], ["zsh", ["-n"]], ["fish", ["--no-execute"]]]) {
  test(`${shell} reads its completion without a complaint`, (context) => {
    const script = join(folder, shell);
    const done = spawnSync(shell, [...check, script], { encoding: "utf8" });
    if (done.error?.code === "ENOENT") {
      context.diagnostic(`${shell} is not installed: quotes alone are looked at`);
      const text = countersign(["completion", shell]).stdout;
      assert.ok(text.includes("serve") && (text.match(/'/g).length % 2 === 0 || shell === "fish"));
      return;
    }
    assert.deepEqual([done.status, done.stderr], [0, ""]);
  });
}

test("fish offers commands, flags and files at their places", (context) => {
  const ask = (line) => spawnSync("fish", ["--no-config", "-c", `source ${join(folder, "fish")}; complete -C '${line}'`], { encoding: "utf8", cwd: folder });
  if (ask("countersign ").error?.code === "ENOENT") return context.diagnostic("fish is not installed");
  const offered = (line) => ask(line).stdout.trimEnd().split("\n").map((choice) => choice.split("\t")[0]).sort();
  assert.deepEqual(offered("countersign serv"), ["serve"]);
  assert.deepEqual(offered("countersign totp "), subcommands(["totp"]).sort());
  assert.deepEqual(offered("countersign serve --log"), ["--log-level"]);
  assert.deepEqual(offered("countersign serve --config ba"), ["bash"]);
});

for (const [page, title] of [["countersign", "COUNTERSIGN(1)"], ["countersign.toml", "COUNTERSIGN.TOML(5)"]]) {
  test(`the manual page ${page} is shown without a warning`, () => {
    const roff = countersign(["man", "--page", page]).stdout;
    const done = spawnSync("groff", ["-man", "-ww", "-Tutf8", "-k", "-P-cbou"], { input: roff, encoding: "utf8" });
    assert.deepEqual([done.status, done.stderr], [0, ""]);
    assert.ok(done.stdout.startsWith(title), done.stdout.slice(0, 100));
  });
}

test("the pages name every command, flag, setting and variable", () => {
  const shown = (page) => spawnSync("groff", ["-man", "-Tascii", "-P-cbou", "-rLL=500n"], { input: countersign(["man", "--page", page]).stdout, encoding: "utf8" }).stdout;
  const [program, file] = [shown("countersign"), shown("countersign.toml")];
  for (const group of subcommands([])) {
    const below = subcommands([group]);
    for (const words of below.length === 0 ? [[group]] : below.map((word) => [group, word])) {
      assert.ok(program.includes(`countersign ${words.join(" ")}\n`), words.join(" "));
      for (const flag of flagsOf(words).filter((name) => name !== "--help" && name !== "--json")) assert.ok(program.includes(flag), flag);
    }
  }
  const { settings } = JSON.parse(countersign(["config", "--json"]).stdout);
  for (const { key, variable } of settings) assert.ok(file.includes(` ${key} `) && program.includes(variable), key);
});

test("a page that is none is refused", () => {
  const done = countersign(["man", "--page", "bash"]);
  assert.equal(done.status, 2);
  assert.match(done.stderr, /\[cli\.value_invalid\]\n$/);
});
