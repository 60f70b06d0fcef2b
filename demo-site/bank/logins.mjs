// SPDX-License-Identifier: Apache-2.0

// The second factors that are under way, by visit. The page is given the token; the challenge and the context stay
// here, so that a receipt of somebody else's login opens nothing. Kept in memory alone, since the token is a
// bearer's: a bank that is started again opens another challenge.

import { randomBytes } from "node:crypto";

import { issuer } from "./issuer.mjs";

const purpose = "login";
/** No longer than the visit that waits for it. */
const lifetimeSeconds = 10 * 60;

export class Logins {
  #countersign;
  #now;
  #underWay = new Map();

  constructor({ countersign, now }) {
    this.#countersign = countersign;
    this.#now = now;
  }

  /**
   * Opens the second factor of a customer whose password was right: just now, or when the visit began.
   *
   * @returns with `state`, as Countersign tells it
   */
  async open({ countersign_user: user, email, entered_at: passwordAt = this.#now() }) {
    const context = randomBytes(16).toString("base64url");
    const opened = await this.#countersign.openChallenge({
      user, account: email, issuer, email, purpose, context, passwordAt,
    });
    return { ...opened, context, endsAt: this.#now() + lifetimeSeconds };
  }

  /** @param customer - with the visit that now waits for it */
  keep(customer, login) {
    const now = this.#now();
    for (const [visit, { endsAt }] of this.#underWay) if (endsAt <= now) this.#underWay.delete(visit);
    this.#underWay.set(customer.token_hash, login);
  }

  /** @returns the token for the page; undefined when this login has ended */
  async tokenOf(customer) {
    const kept = this.#underWay.get(customer.token_hash);
    const login = kept ?? (await this.open(customer));
    const state = kept ? await this.#countersign.readChallengeState(kept.token) : login.state;
    if (state === "ended" || state === "enrollment_required") return undefined;
    this.keep(customer, login);
    return login.token;
  }

  /** @returns `{challenge, methods, fallback, recovery}` when the receipt is of this very login, else undefined */
  async redeem(customer, receipt) {
    const login = this.#underWay.get(customer.token_hash);
    if (login === undefined) return undefined;
    const { challenge, context } = login;
    const answer = await this.#countersign.redeem({ receipt, challenge, user: customer.countersign_user, purpose });
    if (!answer.ok || answer.context !== context) return undefined;
    this.#underWay.delete(customer.token_hash);
    return { challenge, methods: answer.methods, fallback: answer.fallback !== false, recovery: answer.recovery !== false };
  }
}
