// SPDX-License-Identifier: Apache-2.0

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

const startLimitMs = 30_000;
const stopLimitMs = 10_000;

function readEvent(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/** One process of the demonstration: started, waited for, stopped by its own process id. */
export class Service {
  #child;
  #exited;
  #stopping = false;
  #lastLines = [];

  constructor({ name, command, args, environment, log, onUnexpectedExit = () => {} }) {
    Object.assign(this, { name, command, args, environment, log, onUnexpectedExit });
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Starts the process and waits for the JSON line that says `event`. @returns that line, parsed */
  start(event) {
    this.event = event;
    this.#stopping = false;
    const { HOME, LANG, PATH, TMPDIR, TZ } = process.env;
    const env = { HOME, LANG, PATH, TMPDIR, TZ, ...this.environment };
    const child = spawn(this.command, this.args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const log = createWriteStream(this.log, { flags: "a", mode: 0o600 });
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(this.#failure("did not start in time")), startLimitMs);
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          log.write(`${line}\n`);
          this.#lastLines = [...this.#lastLines.slice(-4), line];
          const said = readEvent(line);
          if (said.event !== event) return;
          clearTimeout(tooLate);
          resolve(said);
        });
      }
      child.on("error", (error) => reject(this.#failure(error.message)));
      this.#exited = new Promise((exited) => {
        child.on("close", (code, signal) => {
          log.end(exited);
          clearTimeout(tooLate);
          reject(this.#failure(`ended with ${signal ?? `exit code ${code}`}`));
          if (!this.#stopping) this.onUnexpectedExit(this);
        });
      });
    });
  }

  /** Asks it to end and waits; what does not end is killed. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** Ends it at once, as a crash would. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Starts it again with the same arguments. */
  restart() {
    return this.start(this.event);
  }

  async #end(signal) {
    const child = this.#child;
    if (child === undefined || child.pid === undefined) return;
    this.#stopping = true;
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const hardEnd = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await this.#exited;
    clearTimeout(hardEnd);
  }

  #failure(what) {
    const said = this.#lastLines.map((line) => `\n  ${line.slice(0, 300)}`).join("");
    return new Error(`${this.name} ${what}${said}`);
  }
}
