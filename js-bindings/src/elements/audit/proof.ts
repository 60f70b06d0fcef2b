// SPDX-License-Identifier: Apache-2.0
// Whether the log of now still holds all that the kept checkpoint was signed for (R26).

import { CountersignError, type Checkpoint, type PolicyTools } from "../../policy.js";
import type { Failure, Trail, TrailRecord } from "../shared/admin-client.js";
import { toHex } from "../shared/hex.js";
import type { Kept } from "./kept.js";

export type Proof =
  /** Nothing was kept here before; the checkpoint of now is signed. */
  | { readonly kind: "first"; readonly now: Checkpoint }
  | { readonly kind: "proven"; readonly before: Checkpoint; readonly now: Checkpoint }
  | { readonly kind: "restored"; readonly before: Checkpoint; readonly now: Checkpoint }
  /** Nothing is signed yet, and nothing was kept. */
  | { readonly kind: "unsigned" }
  | { readonly kind: "failed"; readonly why: "forked" | "rolled_back" | "bad_signature" | "other_key" | "records_differ" | "records_missing" | "malformed" }
  /** It could not be tried. */
  | { readonly kind: "untried"; readonly why: "engine" | "answer" | "too_long" };

const hashBytes = 32;
/** Of one proof, as the core takes it. */
const mostRecords = 65_536;

/** Reads the records after one, the oldest first. */
export type ReadAfter = (after: number) => Promise<Trail | Failure>;

/** A sealed record whose texts are told hashes to what was sealed; one without its nonce tells nothing. */
function isAsSealed(tools: PolicyTools, record: TrailRecord): boolean {
  const { number, hash, nonce, time, realm, user, event, method, credential, detail } = record;
  if (number === undefined) return true;
  if (!nonce) return time === 0 && [realm, user, event, method, credential, detail].every((text) => text === "");
  if (!hash) return false;
  const made = tools.hashAuditRecord({ timestampMs: time * 1000, nonce, realm, user, event, method, credential, detail });
  return toHex(made) === toHex(hash);
}

/** What is wrong with the records as they are told; nothing of it needs the checkpoint. */
export function faultOf(tools: PolicyTools, records: readonly TrailRecord[]): Proof | undefined {
  if (!records.every((record) => isAsSealed(tools, record))) return { kind: "failed", why: "records_differ" };
  const numbers = records.flatMap(({ number }) => number ?? []);
  const follows = numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
  return follows ? undefined : { kind: "failed", why: "records_missing" };
}

/** The hashes of the records after one up to another; undefined when they cannot be had without a gap. */
async function hashesBetween(tools: PolicyTools, from: number, to: number, trail: Trail, readAfter: ReadAfter): Promise<Uint8Array | "differ" | undefined> {
  const proof = new Uint8Array(Math.max(0, to - from) * hashBytes);
  let next = from + 1;
  let page: readonly TrailRecord[] = trail.records;
  const shown = new Map(trail.records.map(({ number, hash }) => [number, hash]));
  while (next <= to) {
    const begun = next;
    for (const record of page) {
      if (record.number !== next || next > to || record.hash?.length !== hashBytes) continue;
      const told = shown.get(next) ?? record.hash;
      if (!isAsSealed(tools, record) || toHex(told) !== toHex(record.hash)) return "differ";
      proof.set(record.hash, (next - from - 1) * hashBytes);
      next += 1;
    }
    if (next > to) break;
    if (page !== trail.records && next === begun) return undefined;
    const answer = await readAfter(next - 1);
    if (answer.kind === "failed") return undefined;
    page = answer.records;
  }
  return proof;
}

async function proveSince(tools: PolicyTools, kept: Kept, line: string, trail: Trail, readAfter: ReadAfter): Promise<Proof> {
  const [before, now] = [tools.parseCheckpoint(kept.checkpoint), tools.parseCheckpoint(line)];
  if (now.size - before.size > mostRecords) return { kind: "untried", why: "too_long" };
  const proof = await hashesBetween(tools, before.size, now.size, trail, readAfter);
  if (proof === "differ") return { kind: "failed", why: "records_differ" };
  if (!proof) return { kind: "untried", why: "answer" };
  const outcome = await tools.verifyCheckpointExtends(kept.checkpoint, line, proof, trail.key);
  if (outcome === "extends") return { kind: "proven", before, now };
  return outcome === "extends_after_restore" ? { kind: "restored", before, now } : { kind: "failed", why: outcome };
}

async function prove(tools: PolicyTools, kept: Kept | undefined, trail: Trail, readAfter: ReadAfter): Promise<Proof> {
  const { checkpoint: line, key } = trail;
  if (kept && kept.key !== toHex(key)) return { kind: "failed", why: "other_key" };
  const fault = faultOf(tools, trail.records);
  if (fault) return fault;
  if (line === undefined) return kept ? { kind: "failed", why: "rolled_back" } : { kind: "unsigned" };
  if (kept) return proveSince(tools, kept, line, trail, readAfter);
  if (!(await tools.verifyCheckpoint(line, key))) return { kind: "failed", why: "bad_signature" };
  return { kind: "first", now: tools.parseCheckpoint(line) };
}

/** Never rejects. */
export async function proveTrail(tools: PolicyTools, kept: Kept | undefined, trail: Trail, readAfter: ReadAfter): Promise<Proof> {
  try {
    return await prove(tools, kept, trail, readAfter);
  } catch (error) {
    const unknown = error instanceof CountersignError && error.code === "audit.signature_unknown";
    return unknown ? { kind: "untried", why: "engine" } : { kind: "failed", why: "malformed" };
  }
}
