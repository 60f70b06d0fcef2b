// SPDX-License-Identifier: Apache-2.0
// Argon2id with 19456 KiB, 2 passes, 1 lane: the distribution's libsodium, and the package's two modules in Node and
// in Chromium under the strict policy, one hash of each in turn, so that a busy machine is alike for all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

import { loadCore } from "countersign";
import { chromium } from "playwright-core";

import { startSite } from "../tests/package/strict_site.mjs";
import { built, root } from "../tests/server/http/site.mjs";

const { rounds } = parseArgs({ options: { rounds: { type: "string", default: "31" } } }).values;
const code = "K7QF-2M9X-TRB4-V3HF";
const known = "204e7975c87f6327f339b48e5f24d8e26d241b531574ca9c0165246e96750c03";
const salt = Uint8Array.from({ length: 16 }, (_, index) => index);
const modules = ["core.wasm", "core_scalar.wasm"];

/** One way to hash. `hash` answers the milliseconds and the hash in hexadecimal. */
async function native() {
  const child = spawn(built("argon2_native"), { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  return {
    name: "native libsodium",
    async hash() {
      child.stdin.write("\n");
      const [line] = await once(lines, "line");
      const [took, hash] = line.split(" ");
      return [Number(took), hash];
    },
    stop: () => child.stdin.end(),
  };
}

async function inNode(name) {
  const core = await loadCore({ wasm: pathToFileURL(join(root, "js-bindings/dist", name)) });
  return {
    name: `node, ${name}`,
    async hash() {
      const begin = performance.now();
      const hash = core.stretchSecurityCode(code, salt);
      return [performance.now() - begin, Buffer.from(hash).toString("hex")];
    },
    stop() {},
  };
}

async function inChromium(browser, site, name) {
  const page = await browser.newPage();
  await page.goto(site.page);
  await page.evaluate(async (wasm) => {
    const { loadCore } = await import("/dist/index.js");
    globalThis.core = await loadCore({ wasm });
  }, `/dist/${name}`);
  return {
    name: `Chromium, ${name}`,
    hash: () => page.evaluate(([typed, bytes]) => {
      const begin = performance.now();
      const hash = globalThis.core.stretchSecurityCode(typed, Uint8Array.from(bytes));
      return [performance.now() - begin, Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")];
    }, [code, [...salt]]),
    stop: () => page.close(),
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const least = (values) => Math.min(...values);
const say = (text) => process.stdout.write(`${text}\n`);

const site = await startSite();
const browser = await chromium.launch({
  executablePath: process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const ways = [];
try {
  ways.push(await native());
  for (const name of modules) ways.push(await inNode(name));
  for (const name of modules) ways.push(await inChromium(browser, site, name));
  say(`${cpus().length} cores (${cpus()[0].model}), node ${process.version}, Chromium ${browser.version()}; ${rounds} hashes of each, in turn`);
  const times = new Map(ways.map((way) => [way, []]));
  for (let round = -3; round < Number(rounds); round += 1) {
    for (const way of ways) {
      const [took, hash] = await way.hash();
      if (hash !== known) throw new Error(`${way.name} made ${hash}`);
      if (round >= 0) times.get(way).push(took); // the first three let the engines compile
    }
  }
  const beside = median(times.get(ways[0]));
  say(`${"".padEnd(28)}${"median ms".padStart(10)}${"least ms".padStart(10)}${"to native".padStart(11)}`);
  for (const [{ name }, taken] of times) {
    const cells = [median(taken).toFixed(1).padStart(10), least(taken).toFixed(1).padStart(10), (median(taken) / beside).toFixed(2).padStart(11)];
    say(name.padEnd(28) + cells.join(""));
  }
} finally {
  for (const way of ways) await way.stop();
  await browser.close();
  await site.stop();
}
