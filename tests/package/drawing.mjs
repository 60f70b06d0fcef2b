// SPDX-License-Identifier: Apache-2.0
// What the properties of the package are checked on, and the seed of this run.
import fc from "fast-check";

export const seed = Number(process.env.COUNTERSIGN_SEED || Math.floor(Math.random() * 2 ** 31));

/** Checks a property on cases of the printed seed; a failure is shrunk to its smallest form. */
export function forAll(arbitraries, property, rounds = 300) {
  fc.assert(fc.property(...arbitraries, property), { seed, numRuns: rounds });
}

export const bytes = (minLength, maxLength) => fc.uint8Array({ minLength, maxLength });
export const algorithm = fc.constantFrom("sha1", "sha256", "sha512");
export const parameters = fc.record({
  algorithm,
  digits: fc.integer({ min: 6, max: 10 }),
  periodSeconds: fc.oneof(fc.constant(30), fc.integer({ min: 1, max: 86400 })),
});
export const timestampMs = fc.integer({ min: 0, max: 253402300799999 });
export const counter = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

/** What people put between the symbols that they copy. */
export const separators = fc.array(fc.constantFrom(" ", "-", "\t", "\u00a0", "\u2013", "\u2212", "\u3000"), { maxLength: 2 });

/** Names as `buildOtpauthUri` takes them: no control character, no colon, no space at either end. */
const character = fc.oneof(
  fc.constantFrom("%", "+", "&", "=", "?", "#", "/", "@", "\"", "<", " ", "\u00fc", "\u9280", "\u{1f511}"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const name = fc.array(character, { minLength: 1, maxLength: 30 }).map((all) => all.join("").normalize().trim())
  .filter((text) => /^[^\p{Cc}:]+$/u.test(text) && Buffer.byteLength(text) <= 128 && !/^ | $/.test(text));

export const uriOptions = fc.record({
  issuer: name,
  account: name,
  secret: bytes(16, 64),
  algorithm,
  digits: fc.integer({ min: 6, max: 10 }),
  kind: fc.oneof(
    fc.record({ type: fc.constant("totp"), periodSeconds: fc.integer({ min: 1, max: 86400 }) }),
    fc.record({ type: fc.constant("hotp"), counter }),
  ),
}).map(({ kind, ...rest }) => ({ ...rest, ...kind }));
