// SPDX-License-Identifier: Apache-2.0
// The Embind border itself: its names, its glue, and what it leaves in the heap.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { gluePath, root, startModule } from "./module.mjs";

/** What Emscripten and Embind put beside our names. */
const foreign = /^(_.*|dynCall_\w+|asm|run|instantiateWasm|BindingError|InternalError|UnboundTypeError|count_emval_handles|get_first_emval)$/;

const utf8 = (text) => new TextEncoder().encode(text);

test("the border has exactly the names that raw.ts types", async () => {
  const { core } = await startModule();
  const typed = await readFile(join(root, "js-bindings/src/wasm/raw.ts"), "utf8");
  const body = /export interface RawCore \{(.*?)\n\}/s.exec(typed)[1];
  const names = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  const bound = Object.keys(core).filter((name) => typeof core[name] === "function" && !foreign.test(name));
  assert.deepEqual(bound.sort(), names.sort());
});

test("the glue makes no code at run time [L37]", async () => {
  const glue = await readFile(gluePath, "utf8");
  assert.doesNotMatch(glue, /\bnew Function\b|\bFunction\(|\beval\(/);
});

test("random bytes come in any amount, past the 65536 that one request gives", async () => {
  const { core } = await startModule();
  for (const size of [0, 1, 65535, 65536, 65537, 200_000]) {
    const bytes = core.randomSecret(size);
    assert.equal(bytes.length, size);
    if (size > 65536) {
      for (let at = 0; at + 16 <= size; at += 16) {
        assert.ok(bytes.subarray(at, at + 16).some((byte) => byte !== 0), `16 zero bytes at ${at}`);
      }
    }
  }
});

test("answers are copies, which growth of the heap leaves whole", async () => {
  const { core, heap } = await startModule();
  const before = core.encodeBase32(utf8("foobar"));
  const size = heap().length;
  core.randomSecret(4 * size);
  assert.ok(heap().length > size);
  assert.equal(new TextDecoder().decode(before), "MZXW6YTBOI");
});

test("the glue of the module without SIMD is that of the other, but for its name", async () => {
  const scalar = await readFile(join(dirname(gluePath), "core_scalar.mjs"), "utf8");
  assert.equal(scalar.replaceAll("core_scalar.wasm", "core.wasm"), await readFile(gluePath, "utf8"));
});

const sample = utf8("K7QF2M9XTRB4V3HF");
const salt = Uint8Array.from({ length: 16 }, (_, i) => i);

test("the modules with and without SIMD stretch alike", async () => {
  const stretched = [];
  for (const name of ["core", "core_scalar"]) {
    const { core } = await startModule(name);
    stretched.push(Buffer.from(core.stretchSecurityCode(sample, salt).value).toString("hex"));
  }
  assert.equal(stretched[0], stretched[1]);
});

test("stretching leaves neither code nor result nor the matrix in the heap [R21]", async () => {
  for (const name of ["core", "core_scalar"]) {
    const { core, heap } = await startModule(name);
    const busy = () => heap().reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);
    const before = busy();
    const { value } = core.stretchSecurityCode(sample, salt);
    assert.ok(heap().length > 19456 * 1024, "the matrix was in this heap");
    assert.ok(busy() - before < 4096, `${busy() - before} bytes are left`);
    for (const [what, bytes] of Object.entries({ sample, value })) {
      assert.equal(heap().indexOf(bytes), -1, `${name}: ${what} is still in the heap`);
    }
  }
});

/** The first case of sealed_box.vec: keys, names and a box, as they cross the border. */
async function firstBox() {
  const file = await readFile(join(root, "tests/vectors/sealed_box.vec"), "utf8");
  const of = (key) => new RegExp(`^${key} = (.*)$`, "m").exec(file)[1];
  const hex = (key) => new Uint8Array(Buffer.from(of(key), "hex"));
  return {
    question: [hex("PublicKey"), hex("SecretKey"), utf8(of("Session")), utf8(of("User")), utf8(of("PendingId")), hex("Sealed")],
    message: hex("Message"),
  };
}

test("opening a box leaves neither the secret key nor the message in the heap [R22]", async () => {
  const { core, heap } = await startModule();
  const { question, message } = await firstBox();
  const { value } = core.openBox(...question);
  assert.deepEqual(value, message);
  const made = core.makeBoxKeyPair();
  for (const [what, bytes] of Object.entries({ given: question[1], made: made.secretKey, message })) {
    assert.equal(heap().indexOf(bytes), -1, `${what} is still in the heap`);
    assert.equal(heap().indexOf(bytes.subarray(-12)), -1, `the end of ${what} is still in the heap`);
  }
});

test("libsodium's table of the base point's multiples is not linked", async () => {
  const table = Buffer.alloc(8);
  table.writeInt32LE(25967493, 0);
  table.writeInt32LE(-14356035, 4);
  const source = ".deps/src/libsodium-1.0.18/src/libsodium/crypto_core/ed25519/ref10/fe_25_5/base.h";
  assert.match(await readFile(join(root, source), "utf8"), /25967493,\s*-14356035/);
  for (const name of ["core", "core_scalar"]) {
    assert.equal((await readFile(join(dirname(gluePath), `${name}.wasm`))).indexOf(table), -1, name);
  }
});

test("neither a secret nor its base32 or URI stays in the heap after a call", async () => {
  const { core, heap } = await startModule();
  const secret = Uint8Array.from({ length: 32 }, (_, i) => 0xa0 + 2 * i + 1);
  const base32 = Buffer.from(core.encodeBase32(secret));
  core.generateTotp(secret, 59, 0, 6, 30);
  core.verifyTotp(secret, utf8("123456"), 59, 1, 6, 30, 1, 1, false, 0);
  core.generateHotp(secret, 0, 7, 0, 6);
  core.verifyHotp(secret, utf8("123456"), 0, 6, 10, true, 0, 5);
  core.resyncHotp(secret, utf8("123456"), utf8("654321"), 0, 6, 10, true, 0, 5);
  core.resyncTotp(secret, utf8("123456"), utf8("654321"), 59, 0, 6, 30, 20, false, 0);
  core.generateSteam(secret, 59);
  core.verifySteam(secret, utf8("FR8RV"), 59, 1, 1, false, 0);
  const code = core.makeSecurityCode();
  const { value: grouped } = core.formatSecurityCode(code);
  core.readSecurityCode(grouped);
  const { value: uri } = core.buildOtpauthUri(false, utf8("Bank"), utf8("ann"), secret, 0, 6, 30, false, 0, 0);
  core.parseOtpauthUri(uri);
  core.qrSvg(uri, 1, 4, 8);
  core.decodeBase32(base32);
  for (const [what, bytes] of Object.entries({ secret, base32, uri, code, grouped })) {
    assert.equal(heap().indexOf(bytes), -1, `${what} is still in the heap`);
    assert.equal(heap().indexOf(bytes.subarray(-12)), -1, `the end of ${what} is still in the heap`);
  }
});

test("control: the heap search finds what the heap holds", async () => {
  const { core, heap } = await startModule();
  assert.notEqual(heap().indexOf(utf8(core.errors()[0].sentence)), -1);
});
