// SPDX-License-Identifier: Apache-2.0
// What the vectors do not say: errors, misuse, the edges of 64-bit numbers, and round trips.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { CountersignError, countersignErrorCodes, loadCore } from "countersign";

import { root, startModule } from "../wasm/module.mjs";

const core = await loadCore();
const secret = new TextEncoder().encode("12345678901234567890");
const lastSecond = 253402300799;

/** Asserts a CountersignError with this code. */
function refuses(code, question) {
  assert.throws(question, (error) => error instanceof CountersignError && error.code === code);
}

/** A small generator with a seed, so that a failure can be had again. */
function seeded(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("the union of error codes is the core's table, no code fewer and none more", async () => {
  const { core: raw } = await startModule();
  assert.deepEqual(countersignErrorCodes, raw.errors().map(({ name }) => name));
});

test("an error carries the core's own sentence for its code", async () => {
  const { core: raw } = await startModule();
  const { sentence } = raw.errors().find(({ name }) => name === "base32.bad_symbol");
  assert.throws(() => core.decodeBase32("1"), { name: "CountersignError", code: "base32.bad_symbol", message: sentence });
});

test("the version is that of the package and of CMake", async () => {
  const { version } = JSON.parse(await readFile(join(root, "js-bindings/package.json"), "utf8"));
  const cmake = await readFile(join(root, "CMakeLists.txt"), "utf8");
  assert.equal(core.version, version);
  assert.equal(/project\(countersign VERSION (\S+)/.exec(cmake)[1], version);
});

test("a malformed question is refused with its code", () => {
  refuses("secret.too_short", () => core.generateTotp(new Uint8Array()));
  refuses("secret.too_long", () => core.generateTotp(new Uint8Array(1025)));
  refuses("otp.algorithm_unknown", () => core.generateTotp(secret, { algorithm: "md5" }));
  refuses("otp.code_malformed", () => core.verifyTotp(secret, "12345"));
  refuses("otp.window_out_of_range", () => core.verifyTotp(secret, "123456", { pastSteps: 11 }));
  refuses("qr.option_out_of_range", () => core.qrModules("x", { level: "highest" }));
  refuses("qr.option_out_of_range", () => core.qrSvg("x", { modulePixels: 3 }));
  refuses("uri.counter_missing", () => core.buildOtpauthUri({ type: "hotp", issuer: "a", account: "b", secret }));
  refuses("secret.too_short", () => core.generateSecret(15));
  refuses("secret.too_long", () => core.generateSecret(65));
});

test("what is far too long is refused before it fills the heap [L4]", () => {
  const text = "7".repeat(64 * 1024 * 1024);
  refuses("otp.code_malformed", () => core.verifyTotp(secret, text));
  refuses("uri.too_long", () => core.parseOtpauthUri(`otpauth://totp/a?secret=${text}`));
  refuses("secret.too_long", () => core.decodeBase32(text));
  refuses("secret.too_long", () => core.encodeBase32(new Uint8Array(64 * 1024 * 1024)));
  refuses("qr.too_long", () => core.qrSvg(text));
  assert.equal(core.generateTotp(secret, { digits: 8, timestampMs: 59_000 }).code, "94287082");
});

test("a value of the wrong kind is a TypeError that names the argument", () => {
  const cases = [
    ["secret", () => core.generateTotp("12345678901234567890")],
    ["secret", () => core.generateTotp([1, 2, 3])],
    ["digits", () => core.generateTotp(secret, { digits: 6.5 })],
    ["digits", () => core.generateTotp(secret, { digits: "6" })],
    ["timestampMs", () => core.generateTotp(secret, { timestampMs: Number.NaN })],
    ["code", () => core.verifyTotp(secret, 123456)],
    ["lastUsedStep", () => core.verifyTotp(secret, "123456", { lastUsedStep: 2 ** 53 })],
    ["lastUsedStep", () => core.verifyTotp(secret, "123456", { lastUsedStep: null })],
    ["counter", () => core.buildOtpauthUri({ type: "hotp", issuer: "a", account: "b", secret, counter: 1 })],
    ["counter", () => core.buildOtpauthUri({ type: "hotp", issuer: "a", account: "b", secret, counter: null })],
    ["counter", () => core.buildOtpauthUri({ type: "hotp", issuer: "a", account: "b", secret, counter: 2n ** 64n })],
    ["text", () => core.parseOtpauthUri(new URL("otpauth://totp/a"))],
    ["byteLength", () => core.generateSecret(20.5)],
  ];
  for (const [name, question] of cases) {
    assert.throws(question, (error) => error instanceof TypeError && error.message.startsWith(`${name}: `));
  }
});

test("steps and times are exact beyond 32 bits", () => {
  const options = { periodSeconds: 1, timestampMs: lastSecond * 1000 + 999 };
  const { code, timeStep } = core.generateTotp(secret, options);
  assert.equal(timeStep, lastSecond);
  const verify = (more) => core.verifyTotp(secret, code, { ...options, pastSteps: 0, futureSteps: 0, ...more });
  assert.deepEqual(verify({}), { outcome: "accepted", timeStep: lastSecond });
  assert.deepEqual(verify({ lastUsedStep: lastSecond - 1 }), { outcome: "accepted", timeStep: lastSecond });
  assert.deepEqual(verify({ lastUsedStep: lastSecond }), { outcome: "replayed", timeStep: lastSecond });
  assert.deepEqual(verify({ lastUsedStep: Number.MAX_SAFE_INTEGER }), { outcome: "replayed", timeStep: lastSecond });
  assert.deepEqual(verify({ lastUsedStep: lastSecond - 2 ** 32 }), { outcome: "accepted", timeStep: lastSecond });
});

test("a number beyond its range is refused, not wrapped into it", () => {
  refuses("otp.time_out_of_range", () => core.generateTotp(secret, { timestampMs: (lastSecond + 1) * 1000 }));
  refuses("otp.time_out_of_range", () => core.generateTotp(secret, { timestampMs: -1 }));
  refuses("otp.time_out_of_range", () => core.generateTotp(secret, { timestampMs: Number.MAX_VALUE }));
  refuses("otp.period_out_of_range", () => core.generateTotp(secret, { periodSeconds: 2 ** 32 + 30 }));
  refuses("otp.digits_out_of_range", () => core.generateTotp(secret, { digits: 2 ** 32 + 6 }));
  refuses("otp.window_out_of_range", () => core.verifyTotp(secret, "123456", { futureSteps: 2 ** 32 }));
  refuses("qr.option_out_of_range", () => core.qrSvg("x", { quietZoneModules: 2 ** 32 + 4 }));
});

test("box keys are new each time, and a value that is none is told from a box that is not for us [R22]", () => {
  const keys = core.makeBoxKeyPair();
  assert.equal(keys.publicKey.length, 32);
  assert.equal(keys.secretKey.length, 32);
  assert.notDeepEqual(core.makeBoxKeyPair(), keys);
  const expected = { session: "s", user: "u", pendingId: "p" };
  refuses("box.not_opened", () => core.openBox(keys, expected, new Uint8Array(100)));
  refuses("box.key_malformed", () => core.openBox({ ...keys, secretKey: new Uint8Array(16) }, expected, new Uint8Array(100)));
  refuses("box.too_long", () => core.openBox(keys, expected, new Uint8Array(100_000)));
  assert.throws(() => core.openBox(keys, expected, "sealed"), TypeError);
  assert.throws(() => core.openBox(keys, { ...expected, user: undefined }, new Uint8Array(100)), TypeError);
});

test("security codes are made in groups of four, read in any spelling, and their typing errors told [R25]", () => {
  for (let round = 0; round < 100; round += 1) {
    const code = core.makeSecurityCode();
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const canonical = core.readSecurityCode(code.toLowerCase().replaceAll("-", "\u2013").replaceAll("0", "o"));
    assert.equal(canonical, code.replaceAll("-", ""));
    const at = round % 16;
    const wrong = canonical[at] === "7" ? "8" : "7";
    refuses("security_code.bad_check", () => core.readSecurityCode(canonical.slice(0, at) + wrong + canonical.slice(at + 1)));
  }
  refuses("security_code.bad_length", () => core.stretchSecurityCode("", new Uint8Array(16)));
  refuses("security_code.bad_length", () => core.readSecurityCode("7".repeat(100_000)));
  assert.throws(() => core.stretchSecurityCode("K7QF-2M9X-TRB4-V3HF", "salt"), TypeError);
});

test("a counter is a bigint of 64 bits, and nothing else", () => {
  for (const counter of [7, -1n, 2n ** 64n, "7", undefined]) assert.throws(() => core.generateHotp(secret, counter), TypeError);
  assert.throws(() => core.verifyHotp(secret, "123456", { lastUsedCounter: 5 }), TypeError);
  for (const counter of [0n, 2n ** 32n, 2n ** 64n - 1n]) {
    const code = core.generateHotp(secret, counter, { digits: 10 });
    const options = { digits: 10, lastUsedCounter: counter };
    assert.deepEqual(core.verifyHotp(secret, code, options), { outcome: "replayed", counter });
    if (counter > 0n) assert.deepEqual(core.verifyHotp(secret, code, { ...options, lastUsedCounter: counter - 1n }), { outcome: "accepted", counter });
  }
});

test("counters keep all of their 64 bits [L26]", () => {
  for (const counter of [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
    const uri = core.buildOtpauthUri({ type: "hotp", issuer: "Bank", account: "ann", secret, counter });
    assert.ok(uri.includes(`counter=${counter}`), uri);
    assert.equal(core.parseOtpauthUri(uri).uri.counter, counter);
  }
});

test("secrets are random, of the asked size, and 20 bytes by default", () => {
  assert.equal(core.generateSecret().length, 20);
  const seen = new Set(Array.from({ length: 1000 }, () => core.encodeBase32(core.generateSecret(16))));
  assert.equal(seen.size, 1000);
  assert.equal(core.generateSecret(64).length, 64);
});

test("bytes that go out are the caller's own, and those that come in stay as they were", () => {
  const given = secret.slice();
  const one = core.decodeBase32(core.encodeBase32(given));
  core.generateTotpBatch([{ secret: given }, { secret: given }]);
  assert.deepEqual(given, secret);
  assert.equal(one.buffer.byteLength, one.length);
  one.fill(0);
  assert.deepEqual(core.decodeBase32(core.encodeBase32(given)), secret);
});

test("a batch gives each account the code it has alone, in order", () => {
  const next = seeded(7);
  const entries = Array.from({ length: 500 }, () => ({
    secret: Uint8Array.from({ length: 1 + next(80) }, () => next(256)),
    algorithm: ["sha1", "sha256", "sha512"][next(3)],
    digits: 6 + next(5),
    periodSeconds: 1 + next(86400),
  }));
  const timestampMs = 1_234_567_890_000;
  const alone = entries.map(({ secret: key, ...rest }) => core.generateTotp(key, { ...rest, timestampMs }).code);
  assert.deepEqual(core.generateTotpBatch(entries, timestampMs), alone);
  assert.deepEqual(core.generateTotpBatch([]), []);
  refuses("otp.digits_out_of_range", () => core.generateTotpBatch([...entries, { secret, digits: 5 }]));
  refuses("secret.too_short", () => core.generateTotpBatch([{ secret: new Uint8Array() }, ...entries]));
});

/** RFC 4226, 5.3 by Node's own HMAC. */
function codeByNode(key, { algorithm, digits, periodSeconds, timestampMs }) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(Math.floor(timestampMs / 1000 / periodSeconds)));
  const digest = createHmac(algorithm, key).update(message).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

test("codes for random keys and parameters equal those of Node's HMAC", () => {
  const next = seeded(5);
  for (let round = 0; round < 1000; round += 1) {
    const key = Uint8Array.from({ length: 1 + next(200) }, () => next(256));
    const options = {
      algorithm: ["sha1", "sha256", "sha512"][next(3)],
      digits: 6 + next(5),
      periodSeconds: 1 + next(86400),
      timestampMs: next(lastSecond) * 1000 + next(1000),
    };
    assert.equal(core.generateTotp(key, options).code, codeByNode(key, options), `round ${round}`);
  }
});

test("round trips: base32 gives back every byte string", () => {
  const next = seeded(1);
  for (let round = 0; round < 500; round += 1) {
    const bytes = Uint8Array.from({ length: next(100) }, () => next(256));
    assert.deepEqual(core.decodeBase32(core.encodeBase32(bytes)), bytes);
  }
});

test("round trips: a built URI parses to what it was built from [L24] [L25]", () => {
  const next = seeded(2);
  const letters = [..."aZ09 %+&=?#/@-_.~'\"<>\\ñéßЖ中😀\u00a0"];
  const name = () => Array.from({ length: 1 + next(20) }, () => letters[next(letters.length)]).join("").trim() || "x";
  for (let round = 0; round < 500; round += 1) {
    const given = {
      type: "totp",
      issuer: name(),
      account: name(),
      secret: core.generateSecret(16 + next(49)),
      algorithm: ["sha1", "sha256", "sha512"][next(3)],
      digits: 6 + next(5),
      periodSeconds: 1 + next(86400),
    };
    const { uri } = core.parseOtpauthUri(core.buildOtpauthUri(given));
    assert.deepEqual(uri, given);
  }
});

test("round trips: what was generated is accepted once, and then replayed", () => {
  const next = seeded(3);
  for (let round = 0; round < 300; round += 1) {
    const key = core.generateSecret();
    const options = {
      algorithm: ["sha1", "sha256", "sha512"][next(3)],
      digits: 8 + next(3),
      periodSeconds: 1 + next(600),
      timestampMs: next(2 ** 31) * 1000,
    };
    const { code, timeStep } = core.generateTotp(key, options);
    assert.deepEqual(core.verifyTotp(key, code, options), { outcome: "accepted", timeStep });
    const again = core.verifyTotp(key, code, { ...options, lastUsedStep: timeStep + 1 });
    assert.deepEqual(again, { outcome: "replayed", timeStep });
  }
});

test("a QR is always dark on white with its quiet zone, whatever the theme [L32]", () => {
  const uri = core.buildOtpauthUri({ issuer: "Bank", account: "ann", secret });
  const svg = core.qrSvg(uri);
  const { size, path, version } = core.qrPath(uri);
  const { modules, size: sameSize } = core.qrModules(uri);
  assert.equal(size, 17 + 4 * version);
  assert.equal(sameSize, size);
  assert.equal(modules.length, size * size);
  const head = svg.slice(0, svg.indexOf(" d="));
  assert.match(head, new RegExp(`viewBox="-4 -4 ${size + 8} ${size + 8}"`));
  assert.match(head, /<rect [^>]*fill="#fff"/);
  assert.match(head, /<path fill="#000"/);
  assert.doesNotMatch(head, /currentColor|var\(|class=|style=/);
  assert.ok(svg.includes(path));
});
