// SPDX-License-Identifier: Apache-2.0

import { Throttle } from "./throttle.mjs";

/**
 * How often a password is tried: a few times for one email address from one place, and more often from everywhere, so
 * that a stranger elsewhere does not use up what its owner may try.
 */
export class LoginThrottle {
  #byAddress = new Throttle({ limit: 120, windowSeconds: 600 });
  #byPlace = new Throttle({ limit: 10, windowSeconds: 300 });
  #byEmail = new Throttle({ limit: 100, windowSeconds: 300 });

  /** Takes one try. @returns {number} 0 when allowed, else the seconds to wait */
  take(address, email) {
    return this.#byAddress.take(address) || this.#byPlace.take(`${address} ${email}`) || this.#byEmail.take(email);
  }

  /** After the right password. */
  clear(address, email) {
    this.#byPlace.clear(`${address} ${email}`);
    this.#byEmail.clear(email);
  }
}
