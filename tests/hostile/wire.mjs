// SPDX-License-Identifier: Apache-2.0
// Bytes to the server as they stand, and what comes back; and what the kernel says of its memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { preset } from "../server/http/site.mjs";

/**
 * Sends bytes and reads until the server ends the connection.
 * @param {number} port
 * @param {string} bytes  latin1
 * @param {{end?: boolean}} options  `end`: says that nothing more comes
 * @returns {Promise<string>} what came back, latin1; empty when the connection was cut
 */
export function exchange(port, bytes, { end = true } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (part) => { received += part; });
    socket.on("error", () => resolve(received));
    socket.on("close", () => resolve(received));
    if (end) socket.end(bytes, "latin1");
    else socket.write(bytes, "latin1");
  });
}

/** Every answer of a connection. @returns {{status: number, code: string | undefined, head: string}[]} */
export function answersIn(text) {
  const answers = [];
  let rest = text;
  while (rest.startsWith("HTTP/1.1 ")) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const head = rest.slice(0, end);
    const length = Number(/\r\nContent-Length: (\d+)/.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(head.slice(9, 12)), code: /"code":"([a-z_.]+)"/.exec(body)?.[1], head });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** Resident memory of a process, in MiB. */
export function residentMiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/**
 * Fails unless a bound on memory or on a ratio of times holds. Under a sanitizer, which keeps what was freed and slows one thing more than
 * another, the figure is told and the bound not judged.
 * @param {import("node:test").TestContext} context
 */
export function judge(context, holds, words) {
  if (preset === "release") assert.ok(holds, words);
  else if (!holds) context.diagnostic(`not judged in the build ${preset}: ${words}`);
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Numbers that follow from a seed: xorshift32. */
export class Chance {
  constructor(seed) {
    this.state = (seed >>> 0) || 1;
  }

  below(limit) {
    this.state ^= this.state << 13;
    this.state >>>= 0;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % limit;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

/** A seed of this run, or that of COUNTERSIGN_SEED. Tests say it when they fail. */
export const seed = Number(process.env.COUNTERSIGN_SEED ?? Date.now() % 0x7fffffff);
