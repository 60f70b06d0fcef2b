// SPDX-License-Identifier: Apache-2.0
// Random questions from a seed. Every kind of edge has its share: the bounds of time and counters, keys
// around a hash's block, the shortest and longest periods.

/** xoshiro128** over a seed of 32 bits: small, good, and the same everywhere. */
export function seededRandom(seed) {
  let mixed = seed >>> 0;
  const word = () => {  // splitmix32 fills the state
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  const state = Uint32Array.from([word(), word(), word(), word()]);
  const rotate = (x, by) => (x << by) | (x >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  };
}

const lastSecond = 253402300799;
const momentsOfNote = [0, 1, 29, 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, lastSecond];
const countersOfNote = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const sizesOfNote = [1, 20, 32, 63, 64, 65, 127, 128];

/** @returns `count` questions; `place` is a time in seconds or a counter, as decimal text */
export function drawCases(seed, count) {
  const next = seededRandom(seed);
  const below = (bound) => (next() * 2 ** 21 + (next() >>> 11)) % bound;
  const pick = (list) => list[below(list.length)];
  const moment = () => {
    const kind = below(8);
    if (kind === 0) return pick(momentsOfNote);
    if (kind <= 3) return below(2 ** 32);
    return kind <= 5 ? 2 ** 31 + below(2 ** 32) : below(lastSecond + 1);
  };
  const counter = () => {
    const kind = below(4);
    if (kind === 0) return pick(countersOfNote);
    const whole = (BigInt(next()) << 32n) | BigInt(next());
    return whole >> BigInt(below(64));
  };
  const period = () => [30, 60, 1, 86400, 1 + below(300), 1 + below(86400)][below(6)];
  return Array.from({ length: count }, () => {
    const kind = below(4) === 0 ? "hotp" : "totp";
    const size = below(4) === 0 ? pick(sizesOfNote) : 1 + below(128);
    return {
      kind,
      algorithm: kind === "hotp" ? "sha1" : pick(["sha1", "sha256", "sha512"]),
      digits: 6 + below(5),
      period: kind === "hotp" ? undefined : period(),
      place: String(kind === "hotp" ? counter() : moment()),
      secret: Buffer.from(Array.from({ length: size }, () => below(256))),
    };
  });
}

/** One case as a line: what has to be typed to see it again. */
export function lineOf({ kind, algorithm, digits, period, place, secret }) {
  return [kind, algorithm, digits, ...(period === undefined ? [] : [period]), place, secret.toString("hex")].join(" ");
}
