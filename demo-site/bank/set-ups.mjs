// SPDX-License-Identifier: Apache-2.0

// Which visit has begun which set-up. Two visits may wait to set up one customer's second factor, and one of them may
// be of somebody who has the password alone: what the other sets up proves nothing for it. In memory: a bank that is
// started again asks for the password and the new second factor.

/** No shorter than a visit or its sessions at Countersign. */
const lifetimeSeconds = 60 * 60;

export class SetUps {
  #countersign;
  #now;
  #sessions = new Map();

  constructor({ countersign, now }) {
    this.#countersign = countersign;
    this.#now = now;
  }

  /** @param {string} token - of the session that this visit's page was given */
  open(customer, token) {
    const now = this.#now();
    for (const [known, { endsAt }] of this.#sessions) if (endsAt <= now) this.#sessions.delete(known);
    this.#sessions.set(token, { visit: customer.token_hash, begun: new Set(), endsAt: now + lifetimeSeconds });
  }

  /** @param {string} pendingId - as Countersign told it to that session alone; confirmed, it is the credential's name */
  begin(token, pendingId) {
    this.#sessions.get(token)?.begun.add(pendingId);
  }

  /** Whether what this visit has begun is a second factor now. */
  async isOwn({ token_hash: waiting, countersign_user: user }) {
    const own = [...this.#sessions.values()].filter(({ visit }) => visit === waiting);
    const begun = new Set(own.flatMap(({ begun: ids }) => [...ids]));
    return begun.size > 0 && (await this.#countersign.isSecondFactor(user, begun));
  }
}
