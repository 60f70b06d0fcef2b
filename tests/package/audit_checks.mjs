// SPDX-License-Identifier: Apache-2.0
// How the cases of audit_chain.vec are put to the package.
import assert from "node:assert/strict";

import { loadPolicyTools } from "countersign/policy";

import { expect } from "./answer.mjs";

const tools = await loadPolicyTools();

export function hashRecord(it) {
  const texts = Object.fromEntries(["Realm", "User", "Event", "Method", "Credential", "Detail"].map((key) => [key.toLowerCase(), it.text(key)]));
  const record = { timestampMs: it.number("Time") * 1000, nonce: it.bytes("Nonce"), ...texts };
  assert.equal(Buffer.from(tools.hashAuditRecord(record)).toString("hex"), it.text("Hash"));
}

export async function readCheckpoint(it) {
  const line = it.text("Line");
  expect(it, () => tools.parseCheckpoint(line), (read) => assert.deepEqual(read, {
    epoch: it.number("Epoch"),
    size: it.number("Size"),
    head: it.bytes("Head"),
    timestampMs: it.number("Time") * 1000,
    signature: it.bytes("Signature"),
  }));
  if (it.has("Valid")) assert.equal(await tools.verifyCheckpoint(line, it.bytes("Key")), it.text("Valid") === "yes");
}

export async function extend(it) {
  const question = tools.verifyCheckpointExtends(it.text("Previous"), it.text("Next"), it.bytes("Proof"), it.bytes("Key"));
  const answer = await question.then((outcome) => ({ outcome }), (error) => ({ error }));
  if (it.has("Error")) assert.deepEqual([answer.error?.name, answer.error?.code], ["CountersignError", it.text("Error")]);
  else assert.deepEqual(answer, { outcome: it.text("Outcome") });
}
