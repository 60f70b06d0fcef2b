// SPDX-License-Identifier: Apache-2.0
// Bodies that begin as a good example and go wrong, by a seeded chance.

const oddTexts = ["", "\0", "a\0b", "\u202e", "\ud800", "x".repeat(300), "\u00e9".repeat(200), "../../etc/passwd", "' OR 1=1 --", "%s%n",
  "٤٥٦", "1e999", "\\u0000", "\r\nX-A: b", "cs_app_", "${jndi:x}", "<script>", "\ufeff", "\u{1f600}".repeat(40)];
const oddNumbers = [0, -0, -1, 1.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, 1e-320, 10_000, 86_400];

function oddValue(chance, depth = 0) {
  switch (chance.below(depth > 3 ? 5 : 8)) {
    case 0: return chance.pick(oddTexts);
    case 1: return chance.pick(oddNumbers);
    case 2: return null;
    case 3: return chance.below(2) === 0;
    case 4: return String(chance.below(1_000_000)).padStart(6, "0");
    case 5: return Array.from({ length: chance.below(6) }, () => oddValue(chance, depth + 1));
    case 6: return Object.fromEntries(Array.from({ length: chance.below(5) }, (_, i) => [chance.pick(oddTexts) + i, oddValue(chance, depth + 1)]));
    default: return Array.from({ length: 1 + chance.below(40) }, () => ({ question: oddValue(chance, depth + 2), answer: chance.pick(oddTexts) }));
  }
}

/** One place in a value, however deep, is another. */
function bend(value, chance) {
  if (value === null || typeof value !== "object" || chance.below(3) === 0) return oddValue(chance);
  const keys = Object.keys(value);
  if (keys.length === 0) return oddValue(chance);
  const key = chance.pick(keys);
  const bent = Array.isArray(value) ? [...value] : { ...value };
  switch (chance.below(6)) {
    case 0: delete bent[key]; break;
    case 1: bent[`${key}${chance.pick(["x", " ", "\0", "_"])}`] = value[key]; break;
    default: bent[key] = bend(value[key], chance);
  }
  return Array.isArray(bent) ? bent.filter((part) => part !== undefined) : bent;
}

/** The text itself, damaged. @returns {Buffer} */
function damage(text, chance) {
  const bytes = Buffer.from(text);
  const at = bytes.length === 0 ? 0 : chance.below(bytes.length);
  const around = (middle) => Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at)]);
  switch (chance.below(9)) {
    case 0: return bytes.subarray(0, at);
    case 1: return around([0]);
    case 2: return around([0xff, 0xfe]);
    case 3: return around([0xc0, 0xaf]);
    case 4: return around([0xed, 0xa0, 0x80]);
    case 5: return around("/* */");
    case 6: return Buffer.concat([bytes, bytes]);
    case 7: return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    default: bytes[at] ^= 1 << chance.below(8); return bytes;
  }
}

const deep = (open, close, depth) => open.repeat(depth) + "1" + close.repeat(depth);

/** Each key once more, with another value before or behind it. */
function repeatKeys(example, chance) {
  const parts = Object.entries(example ?? {}).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  if (parts.length === 0) return "{}";
  const again = `${JSON.stringify(Object.keys(example)[chance.below(parts.length)])}:${JSON.stringify(oddValue(chance))}`;
  parts.splice(chance.below(parts.length + 1), 0, again);
  return `{${parts.join(",")}}`;
}

/** A body of at most 16 KiB, or a little more. @param {object} example @returns {Buffer} */
export function strangeBody(example, chance) {
  switch (chance.below(8)) {
    case 0: return Buffer.from(repeatKeys(example, chance));
    case 1: return damage(JSON.stringify(example), chance);
    case 2: return Buffer.from(chance.pick([deep("[", "]", 4000), deep('{"a":', "}", 2000), "[".repeat(16_000), '{"a":'.repeat(3000),
      '"', "{", "", " ", "null", "[]", "1", "NaN", "{}{}", `{"a":${"9".repeat(8000)}}`, `{"a":"${"\\u0041".repeat(2500)}"}`]));
    case 3: return Buffer.from(JSON.stringify(oddValue(chance)));
    default: return Buffer.from(JSON.stringify(bend(bend(example, chance), chance)));
  }
}
