// SPDX-License-Identifier: Apache-2.0
// The files of the repository as the rules see them, and the same with violations planted in memory:
// each rule is shown to be able to fail.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;

export class Tree {
  #planted;
  #paths;

  /** @param {Record<string, string>} planted path -> text, laid over the real files */
  constructor(planted = {}) {
    this.#planted = new Map(Object.entries(planted));
    // What is tracked and what is about to be; never what is ignored.
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
    const present = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
    this.#paths = [...new Set([...present, ...this.#planted.keys()])].sort();
  }

  with(planted) {
    return new Tree({ ...Object.fromEntries(this.#planted), ...planted });
  }

  /** Paths within `folder` (or all) whose name ends in one of `endings` (or any). */
  paths(folder = "", endings = null) {
    return this.#paths.filter((path) => path.startsWith(folder) && (!endings || endings.some((end) => path.endsWith(end))));
  }

  has(path) {
    return this.#paths.includes(path) || this.#paths.some((other) => other.startsWith(`${path}/`));
  }

  read(path) {
    return this.#planted.get(path) ?? readFileSync(join(root, path), "utf8");
  }

  /** The text of a file that must exist and have all that follows tested. */
  readOr(path, fallback) {
    return this.has(path) ? this.read(path) : fallback;
  }
}

export const cppEndings = [".h", ".cpp", ".c"];
export const scriptEndings = [".ts", ".mjs", ".js"];

/** @returns {{path: string, header: string, quoted: boolean}[]} every #include under a folder */
export function includesIn(tree, folder) {
  return tree.paths(folder, cppEndings).flatMap((path) =>
    [...tree.read(path).matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map(([, mark, header]) => ({ path, header, quoted: mark === '"' })));
}

/** Code without comments, so that prose cannot break a rule. Strings stay. */
export function codeOf(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}
