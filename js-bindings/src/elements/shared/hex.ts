// SPDX-License-Identifier: Apache-2.0

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @returns undefined when it is not lower-case hexadecimal of whole bytes */
export function bytesFromHex(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || text.length % 2 !== 0 || !/^[0-9a-f]*$/u.test(text)) return undefined;
  return Uint8Array.from(text.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
}
