// SPDX-License-Identifier: Apache-2.0
// The name of each try. A try whose answer was lost keeps its name when it is sent again, so that the server
// answers what it answered then: a code that was taken is not lost, and none counts twice (R4, L18).

import { toBase64url } from "../shared/base64url.js";

export class Attempts {
  #open: { readonly id: string; readonly given: string } | undefined;

  /** @param given all that is sent with it: something else is another try */
  idOf(given: string): string {
    if (this.#open?.given !== given) this.#open = { id: toBase64url(crypto.getRandomValues(new Uint8Array(16))), given };
    return this.#open.id;
  }

  /** Its answer came. */
  settle(): void {
    this.#open = undefined;
  }
}
