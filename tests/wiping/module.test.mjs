// SPDX-License-Identifier: Apache-2.0
// The npm package as it ships: its module's whole linear memory is searched after each call. What JavaScript
// holds itself, strings above all, cannot be wiped and is not what this is about.
import assert from "node:assert/strict";
import { createHmac, diffieHellman, createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { loadCore } from "countersign";
import { foundIn } from "./needles.mjs";

const folder = dirname(createRequire(import.meta.url).resolve("countersign"));

/** Loads an instance of its own and keeps a hand on its memory. */
async function startSearched(name = "core.wasm") {
  const { instantiate } = WebAssembly;
  const memories = [];
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    const { exports } = made.instance ?? made;
    memories.push(...Object.values(exports).filter((it) => it instanceof WebAssembly.Memory));
    return made;
  };
  try {
    const core = await loadCore({ wasm: await readFile(join(folder, name)) });
    return { core, memory: () => Buffer.concat(memories.map(({ buffer }) => Buffer.from(buffer))) };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

function busyBytes(memory) {
  let count = 0;
  for (let at = 0; at < memory.length; at += 1) if (memory[at] !== 0) count += 1;
  return count;
}

const atMs = 1_800_000_000_000;
const step = Math.floor(atMs / 30_000);

/** What stands between a seed and its code: pads, inner hash and HMAC. */
function tracesOf(seed, algorithm, counter) {
  const block = algorithm === "sha512" ? 128 : 64;
  const pad = (filler) => Buffer.from(Buffer.concat([seed, Buffer.alloc(block - seed.length)]).map((byte) => byte ^ filler));
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  return {
    "inner pad": pad(0x36).subarray(0, seed.length),
    "outer pad": pad(0x5c).subarray(0, seed.length),
    digest: createHmac(algorithm, seed).update(message).digest(),
  };
}

test("control: what the module's memory holds is found, eight bytes of it", async () => {
  const { core, memory } = await startSearched();
  assert.ok(core.version);
  assert.deepEqual(foundIn(memory(), { held: "The secret is too short.".slice(2, 12), absent: randomBytes(9) }), ["held"]);
});

test("codes of every algorithm: neither seed nor code nor anything between is left", async () => {
  const { core, memory } = await startSearched();
  for (const algorithm of ["sha1", "sha256", "sha512"]) {
    const seed = randomBytes(32);
    const options = { algorithm, digits: 10, timestampMs: atMs };
    const { code } = core.generateTotp(seed, options);
    const secrets = { seed, code, ...tracesOf(seed, algorithm, step) };
    assert.deepEqual(foundIn(memory(), secrets), [], `generateTotp ${algorithm}`);
    assert.equal(core.verifyTotp(seed, code, options).outcome, "accepted");
    assert.deepEqual(foundIn(memory(), secrets), [], `verifyTotp ${algorithm}`);
  }
});

test("codes of counters and of Steam: nothing is left", async () => {
  const { core, memory } = await startSearched();
  const seed = randomBytes(20);
  const code = core.generateHotp(seed, 7n, { digits: 10 });
  const secrets = { seed, code, ...tracesOf(seed, "sha1", 7) };
  assert.deepEqual(foundIn(memory(), secrets), [], "generateHotp");
  core.verifyHotp(seed, secrets.code, { digits: 10 });
  assert.deepEqual(foundIn(memory(), secrets), [], "verifyHotp");
  core.generateSteam(seed, atMs);
  assert.deepEqual(foundIn(memory(), { ...secrets, ...tracesOf(seed, "sha1", step) }), [], "generateSteam");
});

test("seeds as base32, in URIs and in pictures: nothing is left", async () => {
  const { core, memory } = await startSearched();
  const secret = core.generateSecret(32);
  const base32 = core.encodeBase32(secret);
  const secrets = { secret, base32 };
  assert.deepEqual(foundIn(memory(), secrets), [], "generateSecret, encodeBase32");
  core.decodeBase32(base32.toLowerCase());
  assert.deepEqual(foundIn(memory(), { ...secrets, lower: base32.toLowerCase() }), [], "decodeBase32");
  const uri = core.buildOtpauthUri({ issuer: "Bank", account: "ann", secret });
  assert.deepEqual(foundIn(memory(), secrets), [], "buildOtpauthUri");
  core.parseOtpauthUri(uri);
  assert.deepEqual(foundIn(memory(), secrets), [], "parseOtpauthUri");
  core.qrSvg(uri);
  assert.deepEqual(foundIn(memory(), secrets), [], "qrSvg");
});

test("security codes: neither code nor grouped form nor stretched value is left, nor the matrix [R21]", async () => {
  for (const name of ["core.wasm", "core_scalar.wasm"]) {
    const { core, memory } = await startSearched(name);
    const code = core.makeSecurityCode();
    const grouped = core.formatSecurityCode(code);
    const secrets = { code, grouped, lower: grouped.toLowerCase() };
    core.readSecurityCode(grouped.toLowerCase());
    assert.deepEqual(foundIn(memory(), secrets), [], "makeSecurityCode, readSecurityCode");
    const before = busyBytes(memory());
    const stretched = core.stretchSecurityCode(grouped, randomBytes(16));
    assert.deepEqual(foundIn(memory(), { ...secrets, stretched }), [], "stretchSecurityCode");
    const left = busyBytes(memory()) - before;
    assert.ok(left < 4096, `${left} bytes of the matrix are left`);
  }
});

test("boxes: neither secret key nor shared point nor message is left [R22]", async () => {
  const { core, memory } = await startSearched();
  const keys = core.makeBoxKeyPair();
  assert.deepEqual(foundIn(memory(), { "secret key": keys.secretKey }), [], "makeBoxKeyPair");

  const vectors = await readFile("tests/vectors/sealed_box.vec", "utf8");
  const of = (key) => new RegExp(`^${key} = (.*)$`, "m").exec(vectors)[1];
  const hex = (key) => Buffer.from(of(key), "hex");
  const [publicKey, secretKey, sealed] = [hex("PublicKey"), hex("SecretKey"), hex("Sealed")];
  const message = core.openBox({ publicKey, secretKey }, { session: of("Session"), user: of("User"), pendingId: of("PendingId") }, sealed);
  const der = (prefix, raw) => Buffer.concat([Buffer.from(prefix, "hex"), raw]);
  const shared = diffieHellman({
    privateKey: createPrivateKey({ key: der("302e020100300506032b656e04220420", secretKey), format: "der", type: "pkcs8" }),
    publicKey: createPublicKey({ key: der("302a300506032b656e032100", sealed.subarray(0, 32)), format: "der", type: "spki" }),
  });
  assert.deepEqual(Buffer.from(message), hex("Message"));
  // What a URI begins with stands in the module's own constants.
  const secret = /secret=([A-Z2-7]+)/.exec(Buffer.from(message).toString())[1];
  assert.deepEqual(foundIn(memory(), { "secret key": secretKey, "shared point": shared, secret }), [], "openBox");
});
