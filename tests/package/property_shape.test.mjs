// SPDX-License-Identifier: Apache-2.0
// QR symbols and boxes on random inputs. Boxes that the server seals are opened in tests/differential.
import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";
import { CountersignError, loadCore } from "countersign";

import { bytes, forAll, seed } from "./drawing.mjs";

const core = await loadCore();
process.stdout.write(`properties of shapes: COUNTERSIGN_SEED=${seed}\n`);

const level = fc.constantFrom("low", "medium", "quartile", "high");
const runs = fc.array(fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."ABCXYZ $%*+-./:"), minLength: 1, maxLength: 20 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
), { minLength: 1, maxLength: 5 }).map((all) => all.join(""));

test("a longer text never takes a smaller QR symbol, and a text always the same one", () => {
  forAll([runs, runs, level], (text, more, of) => {
    const { version, size, modules } = core.qrModules(text, { level: of });
    assert.equal(size, 17 + 4 * version);
    assert.equal(modules.length, size * size);
    assert.ok(core.qrModules(text + more, { level: of }).version >= version);
    assert.deepEqual(core.qrModules(text, { level: of }).modules, modules);
  }, 100);
});

test("the path of a QR symbol draws just its dark modules", () => {
  forAll([runs, level], (text, of) => {
    const { size, modules } = core.qrModules(text, { level: of });
    const { path } = core.qrPath(text, { level: of });
    const drawn = new Uint8Array(size * size);
    const rectangles = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)];
    assert.equal(rectangles.map(([whole]) => whole).join(""), path);
    for (const [, x, y, width] of rectangles) {
      const start = Number(y) * size + Number(x);
      drawn.fill(1, start, start + Number(width));
    }
    assert.deepEqual(drawn, modules);
  }, 100);
});

test("a box made of any bytes is refused with a code, whatever it is expected to be [R22]", () => {
  const name = fc.string({ unit: "binary", maxLength: 30 });
  forAll([bytes(0, 400), name, name, name], (sealed, session, user, pendingId) => {
    const keys = core.makeBoxKeyPair();
    assert.throws(() => core.openBox(keys, { session, user, pendingId }, sealed),
      (error) => error instanceof CountersignError && error.code === "box.not_opened");
  });
});
