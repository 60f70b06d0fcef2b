// SPDX-License-Identifier: Apache-2.0
// Reads tests/vectors/*.vec; the format stands in tests/vectors/README.md.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "vectors");

const escape_ = /\\(?:\\|u\{([0-9A-Fa-f]{1,6})\}|\{([^\\{}*]*)\*(\d+)\})/g;

function unescaped(value) {
  if (value.replace(escape_, "").includes("\\")) throw new Error(`a stray backslash: ${value}`);
  return value.replace(escape_, (whole, point, text, times) => {
    if (point !== undefined) return String.fromCodePoint(Number.parseInt(point, 16));
    return text === undefined ? "\\" : text.repeat(Number(times));
  });
}

function keyAndValue(line) {
  const [, key, value] = /^([A-Za-z0-9]+) *=(.*)$/.exec(line) ?? [];
  if (key === undefined) throw new Error(`neither key nor section: ${line}`);
  return [key, unescaped(value.replace(/^ +| +$/g, ""))];
}

/** One `Case`: its section, its title, and its keys. */
export class VectorCase {
  constructor(section, title) {
    this.section = section;
    this.title = title;
    this.values = new Map();
  }

  has(key) {
    return this.values.has(key);
  }

  text(key, otherwise) {
    const value = this.values.get(key) ?? otherwise;
    if (value === undefined) throw new Error(`${this.title}: ${key} is missing`);
    return value;
  }

  number(key, otherwise) {
    const value = Number(this.text(key, otherwise));
    if (!Number.isSafeInteger(value)) throw new Error(`${this.title}: ${key} is no number`);
    return value;
  }

  bytes(key) {
    return Uint8Array.from(Buffer.from(this.text(key), "hex"));
  }
}

function casesOf(source) {
  const cases = [];
  let section = "";
  for (const line of source.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const heading = /^\[(\w+)\]$/.exec(line);
    if (heading !== null) {
      section = heading[1];
      continue;
    }
    const [key, value] = keyAndValue(line);
    if (key === "Case") cases.push(new VectorCase(section, value));
    else if (cases.at(-1)?.has(key) ?? true) throw new Error(`${key} twice, or outside a case: ${line}`);
    else cases.at(-1).values.set(key, value);
  }
  return cases;
}

/** @returns every file: its name, its cases, and how many `Case` lines it has, counted apart */
export function vectorFiles() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".vec"));
  return names.sort().map((name) => {
    const source = readFileSync(join(folder, name), "utf8");
    return { name, cases: casesOf(source), inFile: source.match(/^Case = /gm)?.length ?? 0 };
  });
}
