// SPDX-License-Identifier: Apache-2.0
// The one text of every refusal of a code that proves who is here (R14a), and how long to wait.

/** Of the codes that the server enrolls. */
const periodSeconds = 30;

/** The time until the next code, or the pause when that is longer: alike for every refusal. */
export function secondsToWait(retryAfterSeconds: number, nowMs = Date.now()): number {
  return Math.max(retryAfterSeconds, periodSeconds - (Math.floor(nowMs / 1000) % periodSeconds));
}

export function notAccepted(seconds: number): string {
  return (
    `Not accepted. If you have just used this code, wait for the next one (${seconds}\u00a0s). ` +
    "After several tries there is a pause."
  );
}
