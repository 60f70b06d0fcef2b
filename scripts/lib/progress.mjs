// SPDX-License-Identifier: Apache-2.0
// Says what is under way: a line when something ends, and in between one line that is rewritten on a
// terminal, or repeated each minute where output is a file.
import { readFileSync } from "node:fs";

const tailLines = 60;
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

export class Progress {
  #running = new Map();
  #terminal = process.stdout.isTTY === true;
  #timer = setInterval(() => this.#status(), this.#terminal ? 1000 : 60_000);

  #clear() {
    if (this.#terminal) process.stdout.write("\r\x1b[K");
  }

  #status() {
    if (this.#running.size === 0) return;
    const now = [...this.#running].map(([name, since]) => `${name} (${seconds(since)})`).join(", ");
    this.#clear();
    process.stdout.write(`test: under way: ${now}${this.#terminal ? "" : "\n"}`);
  }

  /** @returns {Promise<boolean>} whether it passed; a failure shows the end of its log */
  async watch(name, run) {
    const since = Date.now();
    this.#running.set(name, since);
    this.#clear();
    process.stdout.write(`test: ${name} ...\n`);
    const { ok, note, log } = await run();
    this.#running.delete(name);
    this.#clear();
    process.stdout.write(`test: ${name}: ${ok ? "done" : `FAILED (${note})`} (${seconds(since)})\n`);
    if (!ok) {
      const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-tailLines).map((line) => `    ${line.slice(0, 300)}\n`);
      process.stdout.write(`test: the end of ${log}:\n${lines.join("")}`);
    }
    return ok;
  }

  end() {
    clearInterval(this.#timer);
    this.#clear();
  }
}
