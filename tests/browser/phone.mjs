// SPDX-License-Identifier: Apache-2.0

import { freshCodeAfter } from "./codes.mjs";

/** An app on a phone: the secret in base32, and the last step whose code was spent. */
export class Phone {
  constructor(secret, usedStep = 0) {
    this.secret = secret;
    this.usedStep = usedStep;
  }

  /** A code that has not been used, waiting for it where it has to. */
  async freshCode() {
    const { code, timeStep } = await freshCodeAfter(this.secret, this.usedStep);
    this.usedStep = timeStep;
    return code;
  }
}
