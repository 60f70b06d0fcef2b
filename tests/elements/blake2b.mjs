// SPDX-License-Identifier: Apache-2.0
// BLAKE2b-256 without a key (RFC 7693), which Node's crypto has not. For tests alone: clear, not fast.

const mask = (1n << 64n) - 1n;
const iv = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const sigma = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const lanes = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

const rotate = (value, by) => ((value >> by) | (value << (64n - by))) & mask;

function mix(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & mask;
  v[d] = rotate(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & mask;
  v[b] = rotate(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & mask;
  v[d] = rotate(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & mask;
  v[b] = rotate(v[b] ^ v[c], 63n);
}

function compress(h, block, count, last) {
  const words = Array.from({ length: 16 }, (_, index) => block.readBigUInt64LE(index * 8));
  const v = [...h, ...iv];
  v[12] ^= BigInt(count);
  if (last) v[14] ^= mask;
  for (let round = 0; round < 12; round += 1) {
    const order = sigma[round % 10];
    lanes.forEach((lane, index) => mix(v, lane, words[order[2 * index]], words[order[2 * index + 1]]));
  }
  return h.map((value, index) => value ^ v[index] ^ v[index + 8]);
}

/** @returns {Buffer} 32 bytes */
export function blake2b256(bytes) {
  let h = iv.map((value, index) => (index === 0 ? value ^ 0x01010020n : value));
  const blocks = Math.max(1, Math.ceil(bytes.length / 128));
  for (let index = 0; index < blocks; index += 1) {
    const block = Buffer.alloc(128);
    Buffer.from(bytes).copy(block, 0, index * 128, (index + 1) * 128);
    h = compress(h, block, Math.min(bytes.length, (index + 1) * 128), index === blocks - 1);
  }
  const out = Buffer.alloc(64);
  h.forEach((value, index) => out.writeBigUInt64LE(value, index * 8));
  return out.subarray(0, 32);
}
