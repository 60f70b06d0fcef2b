// SPDX-License-Identifier: Apache-2.0
// Reads all that another process of ours may write to: heap, stacks, its own and its libraries' data.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** @returns {Buffer[]} each writable region as it is now */
export function writableMemory(pid) {
  const file = openSync(`/proc/${pid}/mem`, "r");
  try {
    return readFileSync(`/proc/${pid}/maps`, "utf8").split("\n").flatMap((line) => {
      const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (region === null) return [];
      const [begin, end] = [BigInt(`0x${region[1]}`), BigInt(`0x${region[2]}`)];
      const bytes = Buffer.alloc(Number(end - begin));
      const read = readSync(file, bytes, 0, bytes.length, begin);
      return [bytes.subarray(0, read)];
    });
  } finally {
    closeSync(file);
  }
}
