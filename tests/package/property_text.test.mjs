// SPDX-License-Identifier: Apache-2.0
// Round trips and canonical forms of texts through the public API: base32, typed codes, security codes, URIs.
import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";
import { CountersignError, loadCore } from "countersign";

import { bytes, forAll, seed, separators, uriOptions } from "./drawing.mjs";

const core = await loadCore();
process.stdout.write(`properties of texts: COUNTERSIGN_SEED=${seed}\n`);

/** The text with separators between its symbols, each in either case. */
function typed(text, between, cases) {
  return Array.from(text, (symbol, i) => (between[i % between.length] ?? []).join("") +
    (cases[i % cases.length] ? symbol.toLowerCase() : symbol)).join("");
}

const spelling = [fc.array(separators, { minLength: 1, maxLength: 20 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 20 })];

/** What a question gives, or undefined when it is refused; anything else that is thrown is a defect. */
function accepted(question) {
  try {
    return question();
  } catch (error) {
    assert.ok(error instanceof CountersignError, String(error));
    return undefined;
  }
}

test("base32: bytes survive, as written and as typed", () => {
  forAll([bytes(0, 200)], (secret) => {
    const text = core.encodeBase32(secret);
    assert.deepEqual(core.decodeBase32(text), secret);
    assert.deepEqual(core.decodeBase32(text.toLowerCase().replaceAll(/(.{4})/g, "$1 ")), secret);
  });
});

test("base32: whatever is accepted has one canonical form, and nothing but a CountersignError is thrown", () => {
  forAll([fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("A", "b", "7", "Q", "=", " ", "-") }))], (text) => {
    const decoded = accepted(() => core.decodeBase32(text));
    if (decoded === undefined) return;
    const canonical = core.encodeBase32(decoded);
    assert.equal(canonical, text.replaceAll(/[ \-=\t\n\r]/g, "").toUpperCase());
    assert.equal(core.encodeBase32(core.decodeBase32(canonical)), canonical);
  }, 2000);
});

test("folding a typed code twice is folding it once, for any string at all [R14b] [L4]", () => {
  forAll([fc.string({ unit: "binary", maxLength: 40 })], (text) => {
    const once = core.foldCode(text);
    assert.equal(core.foldCode(once), once);
  }, 2000);
});

test("a code keeps its digits whatever stands between them, and in other digits [R14b] [L4]", () => {
  const zeros = [0x30, 0x660, 0x6f0, 0xff10];
  forAll([fc.integer({ min: 0, max: 999_999 }), ...spelling, fc.constantFrom(...zeros)], (number, between, cases, zero) => {
    const code = String(number).padStart(6, "0");
    const foreign = code.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    assert.equal(core.foldCode(typed(foreign, between, cases)), code);
  });
});

test("security codes: made, spelled in any way and read is the same code [R25]", () => {
  forAll(spelling, (between, cases) => {
    const grouped = core.makeSecurityCode();
    const code = core.readSecurityCode(grouped);
    assert.equal(core.readSecurityCode(typed(code, between, cases).slice(0, 100)), code);
    assert.equal(core.readSecurityCode(code), code);
    assert.equal(core.formatSecurityCode(code), grouped);
  });
});

test("otpauth: what is built is read back the same, and is built the same again [L25] [L26]", () => {
  forAll([uriOptions], (options) => {
    const built = core.buildOtpauthUri(options);
    const { uri } = core.parseOtpauthUri(built);
    for (const [key, value] of Object.entries(options)) assert.deepEqual(uri[key], value, key);
    const { periodSeconds, ...rest } = uri;
    assert.equal(core.buildOtpauthUri(uri.type === "hotp" ? rest : { ...rest, periodSeconds }), built);
  });
});

test("otpauth: a URI with a piece replaced is refused or has a canonical form [L23] [L25]", () => {
  forAll([uriOptions, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(4), fc.string({ unit: "binary", maxLength: 3 })],
    (options, at, cut, piece) => {
      const built = core.buildOtpauthUri(options);
      const place = Math.floor(at * built.length);
      const parsed = accepted(() => core.parseOtpauthUri(built.slice(0, place) + piece + built.slice(place + cut)));
      const again = parsed && accepted(() => core.buildOtpauthUri(parsed.uri));
      if (again === undefined) return;
      assert.equal(core.buildOtpauthUri(core.parseOtpauthUri(again).uri), again);
    }, 1000);
});
