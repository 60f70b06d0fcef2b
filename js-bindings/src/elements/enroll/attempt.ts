// SPDX-License-Identifier: Apache-2.0
// One attempt to enroll: the keys to which the server seals the secret, from the first request to the end.

import { CountersignError, type BoxKeyPair, type Core } from "../../index.js";
import type { Begun } from "../shared/session-client.js";

/** Whom a box has to be for. */
export interface Addressee {
  readonly sessionToken: string;
  /** Undefined where the page does not name its user. */
  readonly user: string | undefined;
}

/**
 * The same keys for the whole attempt, so that asking again after a lost answer, a retry or a move in the
 * page gives the same secret (L33). `end` wipes them.
 */
export class Attempt {
  readonly #keys: BoxKeyPair;

  constructor(private readonly core: Core) {
    this.#keys = core.makeBoxKeyPair();
  }

  get publicKey(): Uint8Array {
    return this.#keys.publicKey;
  }

  /** Opens what came for this session, user and pending id. @returns the URI, or the code of the refusal */
  async open({ sealed, pendingId }: Begun, { sessionToken, user }: Addressee): Promise<{ uri: string } | { code: string }> {
    const session = await sessionName(sessionToken);
    try {
      const message = this.core.openBox(this.#keys, { session, user: user ?? null, pendingId }, sealed);
      const uri = new TextDecoder().decode(message);
      message.fill(0);
      return { uri };
    } catch (error) {
      return { code: error instanceof CountersignError ? error.code : "server.answer_unreadable" };
    }
  }

  end(): void {
    this.#keys.secretKey.fill(0);
  }
}

/** What stands for the session inside the box: the SHA-256 of its token, in lower-case hexadecimal. */
async function sessionName(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
