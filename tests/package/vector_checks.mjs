// SPDX-License-Identifier: Apache-2.0
// How each kind of case in tests/vectors is put to the package's public API.
import assert from "node:assert/strict";

import { loadCore } from "countersign";

import { answerOf, expect } from "./answer.mjs";
import { extend, hashRecord, readCheckpoint } from "./audit_checks.mjs";
import { explain, guess, judge } from "./policy_checks.mjs";

const core = await loadCore();

const parametersOf = (it) => ({
  algorithm: it.text("Algorithm", "sha1"),
  digits: it.number("Digits", "6"),
  periodSeconds: it.number("Period", "30"),
});

const momentOf = (it) => ({ timestampMs: it.number("Time") * 1000 });

function generate(it) {
  const secret = it.bytes("Secret");
  expect(it, () => core.generateTotp(secret, { ...parametersOf(it), ...momentOf(it) }), ({ code, timeStep }) => {
    assert.equal(code, it.text("Code"));
    assert.equal(timeStep, Math.floor(it.number("Time") / it.number("Period", "30")));
    const batch = core.generateTotpBatch([{ secret, ...parametersOf(it) }], momentOf(it).timestampMs);
    assert.deepEqual(batch, [code]);
  });
}

function verify(it) {
  const options = {
    ...parametersOf(it),
    ...momentOf(it),
    pastSteps: it.number("Past", "1"),
    futureSteps: it.number("Future", "1"),
    lastUsedStep: it.has("LastUsed") ? it.number("LastUsed") : undefined,
  };
  expect(it, () => core.verifyTotp(it.bytes("Secret"), it.text("Code"), options), (answer) => {
    const outcome = it.text("Outcome");
    assert.deepEqual(answer, outcome === "rejected" ? { outcome } : { outcome, timeStep: it.number("Step") });
  });
}

/** An answer as the file says it; `place` is what names the step or the counter in the API. */
function verdictIn(it, place, value) {
  const outcome = it.text("Outcome");
  return outcome === "rejected" ? { outcome } : { outcome, [place]: value() };
}

function resync(it) {
  const options = {
    ...parametersOf(it),
    ...momentOf(it),
    radiusSteps: it.number("Radius", "20"),
    lastUsedStep: it.has("LastUsed") ? it.number("LastUsed") : undefined,
  };
  expect(it, () => core.resyncTotp(it.bytes("Secret"), it.text("First"), it.text("Second"), options),
    (answer) => assert.deepEqual(answer, verdictIn(it, "timeStep", () => it.number("Step"))));
}

const hotpParametersOf = (it) => ({ algorithm: it.text("Algorithm", "sha1"), digits: it.number("Digits", "6") });
const lastUsedCounterOf = (it) => (it.has("LastUsed") ? BigInt(it.text("LastUsed")) : undefined);

/** @param key  what names the counter: `Time` where a file of TOTP is run as HOTP */
const generateHotp = (key) => (it) =>
  expect(it, () => core.generateHotp(it.bytes("Secret"), BigInt(it.text(key)), hotpParametersOf(it)),
    (code) => assert.equal(code, it.text("Code")));

/** A period of one second makes the time the counter. */
function generateAsBoth(it) {
  generate(it);
  generateHotp("Time")(it);
}

function verifyHotp(it) {
  const options = { ...hotpParametersOf(it), lookAhead: it.number("LookAhead", "10"), lastUsedCounter: lastUsedCounterOf(it) };
  expect(it, () => core.verifyHotp(it.bytes("Secret"), it.text("Code"), options),
    (answer) => assert.deepEqual(answer, verdictIn(it, "counter", () => BigInt(it.text("MatchedCounter")))));
}

function resyncHotp(it) {
  const options = { ...hotpParametersOf(it), reach: it.number("Reach", "100"), lastUsedCounter: lastUsedCounterOf(it) };
  expect(it, () => core.resyncHotp(it.bytes("Secret"), it.text("First"), it.text("Second"), options),
    (answer) => assert.deepEqual(answer, verdictIn(it, "counter", () => BigInt(it.text("MatchedCounter")))));
}

function generateSteam(it) {
  expect(it, () => core.generateSteam(it.bytes("Secret"), momentOf(it).timestampMs), ({ code, timeStep }) => {
    assert.equal(code, it.text("Code"));
    assert.equal(timeStep, Math.floor(it.number("Time") / 30));
  });
}

function verifySteam(it) {
  const options = {
    ...momentOf(it),
    pastSteps: it.number("Past", "1"),
    futureSteps: it.number("Future", "1"),
    lastUsedStep: it.has("LastUsed") ? it.number("LastUsed") : undefined,
  };
  expect(it, () => core.verifySteam(it.bytes("Secret"), it.text("Code"), options),
    (answer) => assert.deepEqual(answer, verdictIn(it, "timeStep", () => it.number("Step"))));
}

function fold(it) {
  assert.equal(core.foldCode(it.text("Typed")), it.text("Folded"));
}

function readCode(it) {
  expect(it, () => core.readSecurityCode(it.text("Typed")), (code) => {
    assert.equal(code, it.text("Code"));
    assert.equal(core.formatSecurityCode(it.text("Typed")), it.text("Grouped"));
  });
}

function stretch(it) {
  expect(it, () => core.stretchSecurityCode(it.text("Typed"), it.bytes("Salt")),
    (stretched) => assert.deepEqual(stretched, it.bytes("Stretched")));
}

function openBox(it) {
  const keys = { publicKey: it.bytes("PublicKey"), secretKey: it.bytes("SecretKey") };
  const expected = { session: it.text("Session"), user: it.text("User"), pendingId: it.text("PendingId") };
  expect(it, () => core.openBox(keys, expected, it.bytes("Sealed")), (message) => assert.deepEqual(message, it.bytes("Message")));
}

function encode(it) {
  assert.equal(core.encodeBase32(it.bytes("Bytes")), it.text("Text").replaceAll("=", ""));
}

function decode(it) {
  expect(it, () => core.decodeBase32(it.text("Text")), (bytes) => assert.deepEqual(bytes, it.bytes("Bytes")));
}

/** What the case says that a URI holds. */
function fieldsOf(it) {
  const type = it.text("Type", "totp");
  return {
    type,
    issuer: it.text("Issuer", ""),
    account: it.text("Account", ""),
    secret: it.bytes("Secret"),
    ...parametersOf(it),
    ...(it.has("Counter") ? { counter: BigInt(it.text("Counter")) } : {}),
  };
}

function checkParsed(it, { uri, warnings }) {
  assert.deepEqual(uri, fieldsOf(it));
  assert.equal(warnings.map(({ name }) => name).join(" "), it.text("Warnings", ""));
  for (const { sentence } of warnings) assert.match(sentence, /^[A-Z].*\.$/);
}

function build(it) {
  expect(it, () => core.buildOtpauthUri(fieldsOf(it)), (uri) => {
    assert.equal(uri, it.text("Uri"));
    checkParsed(it, core.parseOtpauthUri(uri));
  });
}

function parse(it) {
  expect(it, () => core.parseOtpauthUri(it.text("Uri")), (parsed) => checkParsed(it, parsed));
}

/** A row of modules as the file writes it. */
function rowAsHex(modules) {
  const bits = modules.join("").padEnd(Math.ceil(modules.length / 4) * 4, "0");
  return bits.match(/.{4}/g).map((four) => Number.parseInt(four, 2).toString(16)).join("");
}

function matrix(it) {
  const options = { level: it.text("Level", "medium") };
  expect(it, () => core.qrModules(it.text("Text"), options), ({ size, version, modules }) => {
    assert.equal(version, it.number("Version"));
    const rows = Array.from({ length: size }, (_, y) => rowAsHex([...modules.subarray(y * size, (y + 1) * size)]));
    assert.deepEqual(rows, it.text("Rows").toLowerCase().split(" "));
  });
}

function capacity(it) {
  const options = { level: it.text("Level") };
  const version = it.number("Version");
  for (const [key, character] of [["Digits", "7"], ["Capitals", "A"], ["Bytes", "a"]]) {
    const count = it.number(key);
    assert.equal(core.qrModules(character.repeat(count), options).version, version, key);
    const { value, error } = answerOf(() => core.qrModules(character.repeat(count + 1), options).version);
    assert.deepEqual([value, error], version === 40 ? [undefined, "qr.too_long"] : [version + 1, undefined], key);
  }
}

const totp = { generate, refused: generate };
const checks = {
  "audit_chain.vec": { record: hashRecord, checkpoint: readCheckpoint, extension: extend },
  "rfc6238_totp.vec": totp,
  "rfc4226_hotp.vec": { generate: generateAsBoth },
  "hotp.vec": {
    generate: generateHotp("Counter"),
    refused: generateHotp("Counter"),
    verify: verifyHotp,
    verify_refused: verifyHotp,
    resync: resyncHotp,
    resync_refused: resyncHotp,
  },
  "totp_resync.vec": { resync, refused: resync },
  "steam.vec": { generate: generateSteam, refused: generateSteam, verify: verifySteam, verify_refused: verifySteam },
  "totp_generate.vec": totp,
  "totp_verify.vec": { verify, refused: verify },
  "code_fold.vec": { fold },
  "security_code.vec": { read: readCode },
  "code_stretch.vec": { stretch },
  "sealed_box.vec": { open: openBox },
  "guess_budget.vec": { budget: guess, refused: guess },
  "standards.vec": { judge, explain, refused: judge },
  "rfc4648_base32.vec": { encode, decode },
  "otpauth_uri_valid.vec": { build, parse },
  "otpauth_uri_invalid.vec": { build, parse },
  "qr_capacity.vec": { capacity },
  "qr_matrix.vec": { matrix, refused: matrix },
};

/** The names of the files that have a check here. */
export const checkedFiles = Object.keys(checks);

/** Puts one case to the API; rejects when the answer differs, or when nothing knows how to ask. */
export async function checkCase(file, it) {
  const check = checks[file]?.[it.section];
  assert.ok(check, `no check for [${it.section}] of ${file}`);
  await check(it);
}
