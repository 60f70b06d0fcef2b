// SPDX-License-Identifier: Apache-2.0

/** What the status line under the list says. */
export interface Told {
  readonly kind: "good" | "bad";
  readonly sentence: string;
}

/** Of a removal that did not happen, or of which it is not known. */
export function removalSentence(code: string): string {
  switch (code) {
    case "method.last":
      return "It stays: it is your only authenticator that works. Add another one first.";
    case "network.unreachable":
      return "The site cannot be reached, so it may still be there. Check your connection, then try again.";
    default:
      return "The site is busy, so it was not removed. Try again in a moment.";
  }
}
