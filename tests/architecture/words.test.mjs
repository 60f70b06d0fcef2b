// SPDX-License-Identifier: Apache-2.0
// What must not stand in the tree, and what must: licenses, links, sizes.
import { posix } from "node:path";
import { rule } from "./rule.mjs";

const binary = /\.(png|jpe?g|ico|woff2?|wasm|gz|y4m|mjpeg)$/;
const isText = (path) => !binary.test(path);
// Written in pieces, so that these lines do not break their own rules.
const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b|\\bnot ` + "implemented\\b|\\bun" + "implemented\\b");
const focused = new RegExp("\\b(it|test|describe)\\.(sk" + "ip|on" + "ly|to" + "do)\\b|\\[!may" + "fail\\]|\\[!should" + "fail\\]|\\bxi" + "t\\(|\\{ *(sk" + "ip|on" + "ly): *true");
const hosts = new RegExp(["registry\\.npm" + "js", "deb\\.deb" + "ian", "snapshot\\.deb" + "ian", "security\\.deb" + "ian", "deb\\.node" + "source", "unp" + "kg\\.com", "jsde" + "livr"].join("|"));
const machine = new RegExp("(?<![\\w.~-])/(ho" + "me|Use" + "rs|wo" + "rk)/\\w");

const never = (pattern, paths = (tree) => tree.paths().filter(isText)) => (tree) => paths(tree).flatMap((path) => {
  const line = tree.read(path).split("\n").findIndex((text) => pattern.test(text));
  return line < 0 ? [] : [`${path}:${line + 1}`];
});

rule("nothing reads as unfinished", never(unfinished), [{ "core/src/x.cpp": "// TO" + "DO later\n" }, { "x.md": "This is not " + "implemented.\n" }]);
rule("no test is left out, focused or allowed to fail", never(focused), [{ "tests/x.test.mjs": "test.sk" + 'ip("x", f);\n' }]);
rule("no registry's or content network's host is named", never(hosts), [{ "x.sh": "curl https://registry.npm" + "js.org/x\n" }]);
rule("no path of one machine is named", never(machine), [{ "x.sh": "cd /ho" + "me/me/countersign\n" }]);

const vague = /(^|[/_.-])(utils?|helpers?|common|misc)([/_.-]|$)/i;
rule("no file is named for having no subject",
  (tree) => tree.paths().filter((path) => vague.test(path)), [{ "core/src/string_utils.cpp": "" }, { "tests/helpers/x.mjs": "" }]);

// --- licenses --------------------------------------------------------------------------------------
const licensed = /\.(h|cpp|c|ts|mjs|js|css|sql|yaml|cmake|sh)$|(^|\/)CMakeLists\.txt$/;
rule("every source names its license in its first lines", (tree) => tree.paths().filter(isText)
  .filter((path) => licensed.test(path) || tree.read(path).startsWith("#!"))
  .filter((path) => !tree.read(path).split("\n", 3).some((line) => line.includes("SPDX-License-Identifier: Apache-2.0"))),
[{ "core/src/x.cpp": "int x;\n" }, { "scripts/x": "#!/usr/bin/env bash\n\n\n" }]);

// --- sizes -----------------------------------------------------------------------------------------
const sized = /\.(h|cpp|c|ts|mjs|js|css|html|sh|sql)$/;
const tables = /_tables\.cpp$/;
rule("no source is over 450 lines", (tree) => tree.paths().filter(isText)
  .filter((path) => (sized.test(path) || tree.read(path).startsWith("#!")) && !tables.test(path))
  .map((path) => [path, tree.read(path).split("\n").length - 1]).filter(([, lines]) => lines > 450)
  .map(([path, lines]) => `${path}: ${lines} lines`),
[{ "core/src/x.cpp": "\n".repeat(451) }]);

rule("the core's sources are ASCII", (tree) => tree.paths("core/").filter((path) => /[^\x00-\x7f]/.test(tree.read(path))),
  [{ "core/src/x.cpp": "// caf\u00e9\n" }]);

// --- links -----------------------------------------------------------------------------------------
rule("every relative link of the documents leads somewhere", (tree) => tree.paths("", [".md"]).flatMap((path) =>
  [...tree.read(path).replace(/```[\s\S]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link)
    .filter((link) => !/^([a-z]+:|#)/i.test(link))
    .map((link) => posix.join(posix.dirname(path), decodeURI(link.split("#")[0])).replace(/\/$/, ""))
    .filter((target) => target !== "." && !tree.has(target)).map((target) => `${path} links to ${target}`)),
[{ "docs/x.md": "[gone](nowhere.md)\n" }]);
