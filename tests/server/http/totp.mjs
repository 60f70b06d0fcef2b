// SPDX-License-Identifier: Apache-2.0
// One-time codes from node's own HMAC: nothing here knows our core, so it can be a witness.
import { createHmac, randomBytes } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const newSeed = (bytes = 20) => randomBytes(bytes);

/** RFC 4648 base32, upper case, without padding. */
export function base32(bytes) {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

export function fromBase32(text) {
  let bits = 0;
  let value = 0;
  const bytes = [];
  for (const symbol of text) {
    value = (value << 5) | alphabet.indexOf(symbol);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

/** RFC 4226, 5.3 over RFC 6238's counter. */
export function codeOfStep(seed, step, { digits = 6, algorithm = "sha1" } = {}) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, seed).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

export const stepAt = (unixSeconds, period = 30) => Math.floor(unixSeconds / period);
export const stepNow = (period = 30) => stepAt(Date.now() / 1000, period);
/** The present step with some seconds of it left, for who needs the one before as well. */
export async function stepWithRoom(seconds = 5, period = 30) {
  const left = period - ((Date.now() / 1000) % period);
  if (left < seconds) await new Promise((resolve) => setTimeout(resolve, left * 1000 + 10));
  return stepNow(period);
}

export const codeNow = (seed, options) => codeOfStep(seed, stepNow(options?.period), options);

/** A code of six digits that no step near now has. */
export function wrongCode(seed, at = Date.now() / 1000) {
  const near = new Set();
  for (let step = stepAt(at) - 6; step <= stepAt(at) + 6; step += 1) near.add(codeOfStep(seed, step));
  for (let number = 0; ; number += 1) {
    const code = String(number).padStart(6, "0");
    if (!near.has(code)) return code;
  }
}
