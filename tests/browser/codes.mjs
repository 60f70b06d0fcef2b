// SPDX-License-Identifier: Apache-2.0

// Codes made by the package's own core under node, for tests that are not about the authenticator.

import { createHash } from "node:crypto";

import { loadCore } from "countersign";

const core = await loadCore();

export const generateTotp = async (secret, timestampMs = Date.now()) =>
  core.generateTotp(core.decodeBase32(secret), { timestampMs });

/**
 * The soonest code of a step after the given one that the server takes: it allows one step ahead.
 * Waits, in real time, where there is none yet.
 */
export async function freshCodeAfter(secret, usedStep) {
  const { timeStep } = await generateTotp(secret);
  if (timeStep > usedStep) return generateTotp(secret);
  if (timeStep < usedStep) await waitForCodeAfter(secret, usedStep - 1);
  return generateTotp(secret, Date.now() + 30_000);
}

/** Waits, in real time, for a step after the given one. @returns the code of that step */
export async function waitForCodeAfter(secret, usedStep) {
  for (;;) {
    const { code, timeStep } = await generateTotp(secret);
    if (timeStep > usedStep) return { code, timeStep };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * The widget's part of an enrollment, for tests without a page.
 *
 * @param {(question: object) => Promise<{pending_id: string, sealed: string}>} begin
 * @returns the pending id, and the secret in base32
 */
export async function beginSealed(token, begin) {
  const keys = core.makeBoxKeyPair();
  const { pending_id: pendingId, sealed } = await begin({ public_key: Buffer.from(keys.publicKey).toString("base64url") });
  const session = createHash("sha256").update(token).digest("hex");
  const uri = core.openBox(keys, { session, user: null, pendingId }, Buffer.from(sealed, "base64url"));
  return { pendingId, secret: new URL(Buffer.from(uri).toString()).searchParams.get("secret") };
}
