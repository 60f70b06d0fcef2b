// SPDX-License-Identifier: Apache-2.0
import { type Border, takeText } from "./wasm/call.js";

/** Making secrets and writing them down. */
export interface SecretApi {
  /**
   * Makes a new secret from the system's random generator.
   *
   * @param byteLength - 16 to 64, as authenticator apps and the URI builder take; default 20 (160 bits)
   * @throws {@link CountersignError} `secret.too_short`, `secret.too_long`
   */
  generateSecret(byteLength?: number): Uint8Array;

  /**
   * Writes bytes as upper-case base32 without padding (RFC 4648, 6).
   *
   * @throws {@link CountersignError} `secret.too_long` over 65536 bytes
   */
  encodeBase32(bytes: Uint8Array): string;

  /**
   * Reads a seed as people write it: either case, with or without padding, spaces and dashes between.
   *
   * @throws {@link CountersignError} `base32.bad_symbol`, `base32.bad_length`, `base32.bad_padding`,
   *   `base32.trailing_bits`, `secret.too_long`
   */
  decodeBase32(text: string): Uint8Array;
}

const shortest = 16;
const longest = 64;

/** @internal */
export function secretApi(border: Border): SecretApi {
  return {
    generateSecret(byteLength = 20) {
      const size = border.integer(byteLength, "byteLength");
      if (size < shortest) border.refuse("secret.too_short");
      if (size > longest) border.refuse("secret.too_long");
      return border.raw.randomSecret(size);
    },

    encodeBase32: (bytes) => takeText(border.raw.encodeBase32(border.bytes(bytes, "bytes", "secret.too_long"))),

    decodeBase32: (text) => border.open(border.raw.decodeBase32(border.text(text, "text", "secret.too_long"))),
  };
}
