// SPDX-License-Identifier: Apache-2.0
// Writes PNG by fast-png. A chunk of its own, loaded when the first PNG is asked for.
import { encode } from "fast-png";

/** @internal @param rows - `side` rows of `ceil(side / 8)` bytes, a bit a pixel, 1 for white */
export function encodePng(side: number, rows: Uint8Array): Uint8Array {
  return encode({ width: side, height: side, data: rows, depth: 1, channels: 1 });
}
