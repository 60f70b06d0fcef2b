// SPDX-License-Identifier: Apache-2.0
// What is looked for, in any memory: eight bytes in a row of a secret are enough to be found.

const window = 8;

/** @param {Uint8Array|string} secret @returns {Buffer[]} each eight bytes of it */
function windowsOf(secret) {
  const bytes = Buffer.from(secret);
  if (bytes.length < window) throw new Error("too short to be looked for");
  return Array.from({ length: bytes.length - window + 1 }, (_, at) => bytes.subarray(at, at + window));
}

/**
 * @param {Buffer} memory
 * @param {Record<string, Uint8Array|string>} secrets
 * @returns {string[]} the names of those of which a part is there
 */
export function foundIn(memory, secrets) {
  return Object.entries(secrets).filter(([, secret]) => windowsOf(secret).some((part) => memory.includes(part))).map(([name]) => name);
}
