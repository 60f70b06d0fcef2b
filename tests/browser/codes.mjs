// SPDX-License-Identifier: Apache-2.0

// Codes made by the package's own core under node, for tests that are not about the authenticator.

import { loadCore } from "countersign";

const core = await loadCore();

export const generateTotp = async (secret, timestampMs = Date.now()) =>
  core.generateTotp(core.decodeBase32(secret), { timestampMs });

/** Waits, in real time, for a step after the given one. @returns the code of that step */
export async function waitForCodeAfter(secret, usedStep) {
  for (;;) {
    const { code, timeStep } = await generateTotp(secret);
    if (timeStep > usedStep) return { code, timeStep };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
