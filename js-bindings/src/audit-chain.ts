// SPDX-License-Identifier: Apache-2.0
import type { Border, RawPolicy } from "./wasm/call.js";

/** One record of the audit log, as the server tells it. */
export interface AuditRecord {
  /** Milliseconds since the Unix epoch; a record has whole seconds. */
  readonly timestampMs: number;
  /** The random bytes that stand with the record. */
  readonly nonce: Uint8Array;
  readonly realm: string;
  readonly user: string;
  readonly event: string;
  readonly method: string;
  readonly credential: string;
  readonly detail: string;
}

/** What a checkpoint says. The line it was read from is its one form, and what to keep. */
export interface Checkpoint {
  /** From 1; raised by each restore of the server's store from a backup. */
  readonly epoch: number;
  /** How many records it covers, from 1. */
  readonly size: number;
  /** The hash that stands for all of them, 32 bytes. */
  readonly head: Uint8Array;
  /** When it was signed, by the server's clock. */
  readonly timestampMs: number;
  /** Ed25519, 64 bytes; {@link AuditApi.verifyCheckpoint} checks it. */
  readonly signature: Uint8Array;
}

/**
 * How a later checkpoint stands to an earlier one:
 *
 * - `extends`: all that the earlier one covers stands unchanged. The only good news.
 * - `extends_after_restore`: so it does, but the server's store was restored from a backup in between; what came
 *   after the backup may be gone.
 * - `forked`: records were changed, left out or put in; or lost by a restore from a backup older than `previous`.
 * - `rolled_back`: there are fewer records than there were.
 * - `bad_signature`: one of the two was not signed by this key.
 */
export type ChainOutcome = "extends" | "extends_after_restore" | "forked" | "rolled_back" | "bad_signature";

/** The audit log as a page proves it: the chain by the core, signatures by WebCrypto. */
export interface AuditApi {
  /**
   * Reads a line `cs-checkpoint-1 ...`, strictly: no space more, no line end. Says nothing of its signature.
   *
   * @throws {@link CountersignError} `audit.checkpoint_malformed`
   */
  parseCheckpoint(line: string): Checkpoint;

  /**
   * Says whether the holder of the key has signed a checkpoint.
   *
   * @param publicKey - 32 bytes; `countersign audit key` shows it
   * @returns rejects with {@link CountersignError} `audit.checkpoint_malformed`, `audit.key_malformed`, or
   *   `audit.signature_unknown` where the engine has no Ed25519 (before Chrome 137, Firefox 129, Safari 17, Node 20)
   */
  verifyCheckpoint(line: string, publicKey: Uint8Array): Promise<boolean>;

  /**
   * Proves that the log which `next` was signed for still holds all that `previous` was signed for.
   *
   * @param previous - the line that was kept
   * @param next - the line of now
   * @param proof - the hashes of the records after `previous` up to `next`, 32 bytes each, at most 65536
   * @param publicKey - 32 bytes
   * @returns rejects as {@link AuditApi.verifyCheckpoint}, and with `audit.proof_malformed`, `audit.proof_too_long`
   */
  verifyCheckpointExtends(previous: string, next: string, proof: Uint8Array, publicKey: Uint8Array): Promise<ChainOutcome>;

  /**
   * The 32 bytes that stand for a record in the chain and in a proof.
   *
   * @throws {@link CountersignError} `audit.record_malformed` for a text over 64 KiB
   */
  hashAuditRecord(record: AuditRecord): Uint8Array;
}

const keyBytes = 32;
/** 65536 records of 32 bytes; one more is seen as too long, and whatever is longer is not copied. */
const longestProof = 65537 * 32;

/** The signature of `signed`, checked by the platform. */
async function signatureHolds(border: Border<RawPolicy>, publicKey: Uint8Array, signature: Uint8Array, signed: Uint8Array) {
  if (border.bytes(publicKey, "publicKey", "audit.key_malformed").length !== keyBytes) border.refuse("audit.key_malformed");
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return border.refuse("audit.signature_unknown");
  let key: CryptoKey;
  try {
    key = await subtle.importKey("raw", new Uint8Array(publicKey), { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    // A key that is no point of the curve is refused here by some engines; nothing can be signed by it.
    if (error instanceof DOMException && error.name === "DataError") return false;
    return border.refuse("audit.signature_unknown");
  }
  return subtle.verify({ name: "Ed25519" }, key, new Uint8Array(signature), new Uint8Array(signed));
}

/** @internal */
export function auditApi(border: Border<RawPolicy>): AuditApi {
  const lineOf = (line: string, name: string) => border.text(line, name, "audit.checkpoint_malformed");
  const read = (line: string, name: string) => border.open(border.raw.parseCheckpoint(lineOf(line, name)));
  const holds = async (line: string, name: string, publicKey: Uint8Array) => {
    const { signature, signed } = read(line, name);
    return signatureHolds(border, publicKey, signature, signed);
  };
  return {
    parseCheckpoint: (line) => {
      const { epoch, size, head, seconds, signature } = read(line, "line");
      return { epoch, size, head, timestampMs: seconds * 1000, signature };
    },
    verifyCheckpoint: (line, publicKey) => holds(line, "line", publicKey),
    verifyCheckpointExtends: async (previous, next, proof, publicKey) => {
      // Both before the chain: what is not signed says nothing.
      const before = await holds(previous, "previous", publicKey);
      const after = await holds(next, "next", publicKey);
      if (!before || !after) return "bad_signature";
      const hashes = border.bytes(proof, "proof", "audit.proof_too_long", longestProof);
      const answer = border.raw.verifyExtension(lineOf(previous, "previous"), lineOf(next, "next"), hashes);
      return border.open(answer) as ChainOutcome;
    },
    hashAuditRecord: ({ timestampMs, nonce, ...texts }) => {
      const text = (name: keyof typeof texts) => border.text(texts[name], name, "audit.record_malformed");
      return border.raw.hashAuditRecord(
        Math.floor(border.integer(timestampMs, "timestampMs") / 1000),
        [
          border.bytes(nonce, "nonce", "audit.record_malformed"),
          text("realm"), text("user"), text("event"), text("method"), text("credential"), text("detail"),
        ],
      );
    },
  };
}
