// SPDX-License-Identifier: Apache-2.0
// The audit chain as a page proves it: what the vectors do not say, and Chromium's own Ed25519.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

import { loadPolicyTools } from "countersign/policy";

import { startSite } from "./strict_site.mjs";
import { vectorFiles } from "./vector_file.mjs";

const tools = await loadPolicyTools();
const { cases } = vectorFiles().find(({ name }) => name === "audit_chain.vec");
const extensions = cases.filter(({ section }) => section === "extension");
const byTitle = (title) => extensions.find((it) => it.title === title);

/** A case as the arguments of `verifyCheckpointExtends`. */
const questionOf = (it) => [it.text("Previous"), it.text("Next"), it.bytes("Proof"), it.bytes("Key")];
const [previous, next, proof, key] = questionOf(byTitle("five more records"));

const rejects = (code, question) => assert.rejects(question, { name: "CountersignError", code });

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.COUNTERSIGN_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser.close());

test("Chromium gives every extension of the vectors the same answer, under the strict policy [R26] [R29]", async () => {
  const site = await startSite();
  const page = await browser.newPage();
  try {
    await page.goto(site.page);
    const questions = extensions.map((it) => questionOf(it).map((part) => (typeof part === "string" ? part : [...part])));
    const answers = await page.evaluate(async (asked) => {
      const { loadPolicyTools: load } = await import("/dist/policy.js");
      const loaded = await load();
      return Promise.all(asked.map(([before_, after_, hashes, publicKey]) =>
        loaded.verifyCheckpointExtends(before_, after_, Uint8Array.from(hashes), Uint8Array.from(publicKey)).catch(({ code }) => code)));
    }, questions);
    assert.deepEqual(answers, extensions.map((it) => it.text(it.has("Error") ? "Error" : "Outcome")));
    assert.ok(answers.length >= 20);
  } finally {
    await page.close();
    await site.stop();
  }
});

test("an engine without Ed25519 is told so, and nothing is taken for proven [R26]", async () => {
  const { importKey } = SubtleCrypto.prototype;
  // What an engine says that does not know the name.
  SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  try {
    await rejects("audit.signature_unknown", tools.verifyCheckpoint(next, key));
    await rejects("audit.signature_unknown", tools.verifyCheckpointExtends(previous, next, proof, key));
  } finally {
    SubtleCrypto.prototype.importKey = importKey;
  }
  assert.equal(await tools.verifyCheckpointExtends(previous, next, proof, key), "extends");
});

test("a key that is no point of the curve has signed nothing [R26]", async () => {
  for (const byte of [0x00, 0xff]) assert.equal(await tools.verifyCheckpoint(next, new Uint8Array(32).fill(byte)), false);
});

test("a wrong kind of value is a TypeError, and one too long is refused before it is copied [R26]", async () => {
  await assert.rejects(tools.verifyCheckpoint(next, "key"), TypeError);
  await assert.rejects(tools.verifyCheckpointExtends(previous, next, [1], key), TypeError);
  await assert.rejects(tools.verifyCheckpointExtends(undefined, next, proof, key), TypeError);
  await rejects("audit.key_malformed", tools.verifyCheckpoint(next, new Uint8Array(33)));
  await rejects("audit.proof_too_long", tools.verifyCheckpointExtends(previous, next, new Uint8Array(32 * 65537 + 1), key));
  await rejects("audit.proof_malformed", tools.verifyCheckpointExtends(previous, next, new Uint8Array(32 * 65536), key));
  assert.throws(() => tools.parseCheckpoint("x".repeat(70_000)), { code: "audit.checkpoint_malformed" });
  const record = { timestampMs: 0, nonce: new Uint8Array(16), realm: "", user: "", event: "", method: "", credential: "", detail: "" };
  assert.throws(() => tools.hashAuditRecord({ ...record, detail: "x".repeat(65_537) }), { code: "audit.record_malformed" });
  assert.throws(() => tools.hashAuditRecord({ ...record, timestampMs: 1.5 }), TypeError);
  assert.equal(tools.hashAuditRecord(record).length, 32);
});
