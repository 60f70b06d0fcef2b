// SPDX-License-Identifier: Apache-2.0
import type { Border } from "./wasm/call.js";

/** A widget's keys for one enrollment; `secretKey` never leaves it and is yours to `fill(0)`. */
export interface BoxKeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
}

/** What a box has to be sealed for. */
export interface BoxContext {
  readonly session: string;
  /** `null` takes any: for a page that does not know its user's id. */
  readonly user: string | null;
  readonly pendingId: string;
}

/** Boxes that the server seals to a key of the page, so that what is in them never crosses the wire in clear. */
export interface SealedBoxApi {
  /** Makes keys from the system's random generator. */
  makeBoxKeyPair(): BoxKeyPair;

  /**
   * Opens a box and checks that it was sealed for this session, user and enrollment.
   *
   * @returns the message, yours to `fill(0)`
   * @throws {@link CountersignError} `box.key_malformed`, `box.too_long`, `box.not_opened`, `box.malformed`,
   *   `box.context_mismatch`
   */
  openBox(keys: BoxKeyPair, expected: BoxContext, sealed: Uint8Array): Uint8Array;
}

/** @internal */
export function sealedBoxApi(border: Border): SealedBoxApi {
  return {
    makeBoxKeyPair: () => border.raw.makeBoxKeyPair(),
    openBox: ({ publicKey, secretKey }, { session, user, pendingId }, sealed) =>
      border.open(
        border.raw.openBox(
          border.bytes(publicKey, "publicKey", "box.key_malformed"),
          border.bytes(secretKey, "secretKey", "box.key_malformed"),
          border.text(session, "session", "box.too_long"),
          user === null ? null : border.text(user, "user", "box.too_long"),
          border.text(pendingId, "pendingId", "box.too_long"),
          border.bytes(sealed, "sealed", "box.too_long"),
        ),
      ),
  };
}
