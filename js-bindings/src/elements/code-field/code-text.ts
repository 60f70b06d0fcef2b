// SPDX-License-Identifier: Apache-2.0
// The folding rule of the server and of `Core.foldCode`, for pages that need no wasm: the digits of other
// keyboards become ASCII. What is not a digit is dropped, since a field that takes only digits may do so.

/** First code points of the decimal digits that people's keyboards produce: full-width, Arabic-Indic (both). */
const zeros = [0x30, 0xff10, 0x0660, 0x06f0] as const;

/** @returns the ASCII digit that a symbol stands for, or undefined */
export function digitOf(symbol: string): string | undefined {
  const point = symbol.codePointAt(0) ?? 0;
  const zero = zeros.find((first) => point >= first && point <= first + 9);
  return zero === undefined ? undefined : String(point - zero);
}

/** @returns the ASCII digits in `typed`, in order */
export function digitsOf(typed: string): string {
  return Array.from(typed, (symbol) => digitOf(symbol) ?? "").join("");
}
