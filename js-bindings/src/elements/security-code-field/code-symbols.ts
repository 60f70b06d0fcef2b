// SPDX-License-Identifier: Apache-2.0
// How a typed security code is read while it is typed: the folding of `Core.readSecurityCode`, for a code that
// is not complete yet. Whether a complete one is right, its check symbol tells: that is asked of the core.

import { groupText } from "../shared/clipboard.js";
import { digitOf } from "../code-field/code-text.js";

export const symbolsInCode = 16;
const groupSize = 4;

/** Crockford's base32: no I, L, O, which are read as 1, 1, 0, and no U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const lookalikes: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };

export interface Typed {
  /** The symbols of the alphabet, in order. */
  readonly symbols: string;
  /** The first letter or sign that no code has; undefined when there is none. */
  readonly foreign: string | undefined;
}

/** Spaces, dashes and marks that nobody sees are left out. */
export function readTyped(typed: string): Typed {
  let symbols = "";
  let foreign: string | undefined;
  for (const one of typed.normalize("NFKC")) {
    if (/[\s\p{Pd}\p{Cf}]/u.test(one)) continue;
    const upper = digitOf(one) ?? one.toUpperCase();
    const symbol = lookalikes[upper] ?? upper;
    if (alphabet.includes(symbol)) symbols += symbol;
    else foreign ??= one;
  }
  return { symbols, foreign };
}

/** `K7QF-2M9X-TRB4-V3HF` */
export function grouped(symbols: string): string {
  return groupText(symbols, groupSize, "-");
}

/** Where the caret stands behind so many symbols of a grouped text. */
export function caretBehind(count: number): number {
  return count + Math.floor(Math.max(0, count - 1) / groupSize);
}
