// SPDX-License-Identifier: Apache-2.0
// Every case of tests/vectors through the package's public API.
import assert from "node:assert/strict";
import { test } from "node:test";

import { checkCase, checkedFiles } from "./vector_checks.mjs";
import { vectorFiles } from "./vector_file.mjs";

const files = vectorFiles();

/** Ids of what a file proves. */
const claims = {
  "audit_chain.vec": "[R26]",
  "code_fold.vec": "[R14b] [L4] [L31]",
  "code_stretch.vec": "[R21] [R25]",
  "guess_budget.vec": "[R9] [R13] [R23]",
  "hotp.vec": "[L5] [L20] [L26]",
  "otpauth_uri_invalid.vec": "[L23] [L25] [L26]",
  "otpauth_uri_valid.vec": "[L23] [L24] [L25] [L26]",
  "qr_capacity.vec": "[L32]",
  "qr_matrix.vec": "[L32]",
  "sealed_box.vec": "[R22]",
  "security_code.vec": "[R25] [L4]",
  "standards.vec": "[R21]",
  "totp_resync.vec": "[L5] [L20]",
  "totp_verify.vec": "[R12] [L22]",
};

for (const { name, cases, inFile } of files) {
  test(`the package agrees with every case of ${name} ${claims[name] ?? ""}`.trim(), async () => {
    let run = 0;
    const wrong = [];
    for (const it of cases) {
      try {
        await checkCase(name, it);
      } catch (error) {
        wrong.push(`${it.title}: ${error.message}`);
      }
      run += 1;
    }
    process.stdout.write(`${name}: ${run} run / ${inFile} in file\n`);
    assert.deepEqual(wrong, []);
    assert.equal(run, inFile);
    assert.notEqual(run, 0);
  });
}

test("every vector file is there and has a check", () => {
  assert.deepEqual(files.map(({ name }) => name), [...checkedFiles].sort());
});
