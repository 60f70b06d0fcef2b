// SPDX-License-Identifier: Apache-2.0

import type { Troubles } from "../shared/troubles.js";

/** What is set up cannot be looked up after a change: the change may be done all the same. */
export const unreadTroubles: Troubles = {
  "network.unreachable": {
    title: "The site cannot be reached",
    text: "What you did last may be done already. Check your connection, then look again.",
    action: "Look again",
  },
  otherwise: {
    title: "Not available right now",
    text: "What you did last may be done already. Wait a minute, then look again.",
    action: "Look again",
  },
};

/** What the status line under the list says. */
export interface Told {
  readonly kind: "good" | "bad";
  readonly sentence: string;
}

/** A change that an elevation by a security code does not cover (R2). */
export const recoveryOnly: Told = {
  kind: "bad",
  sentence: "You signed in without your phone, and that lets you set up an authenticator app and no more. An app that was set up this way can change the rest only after a wait, on most sites a day. " +
    "Type a code of an authenticator that you had before, or come back then.",
};

/** The same, told before anything is tried. */
export function recoverySentence(older: boolean): string {
  const rest = older ? " A code of an authenticator that you had before opens it at once." : "";
  return `You signed in without your phone, so for now only the authenticator app can be set up here. The rest opens after a wait, on most sites a day.${rest}`;
}

/** Nothing here can prove who this is, but a sign-in can: for ten minutes it opens the page for changes (R2). */
export const signInAgain = "To change something here, sign out and sign in again. For 10 minutes after that you can.";

/** The same, of codes that were saved already. */
export const recoveryOnlyCodes: Told = {
  kind: "bad",
  sentence: `${recoveryOnly.sentence} The codes you have just saved do not work yet; the old ones do.`,
};

/** Of something that could not even begin. */
export function unchangedSentence(code: string): string {
  return code === "network.unreachable"
    ? "The site cannot be reached. Nothing was changed. Check your connection, then try again."
    : "The site is busy, so nothing was changed. Try again in a moment.";
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

/** The same, of a method of which there is one. */
export function ownRemovalSentence(code: string): string {
  return code === "method.last" ? "It stays: without it nothing but your password would guard your account. Set up an authenticator app first." : removalSentence(code);
}

/** Of a set that was sent, when no answer of the server's came back. */
export function lostSentence(code: string): string {
  return code === "network.unreachable"
    ? "The site cannot be reached, so it is not known which codes work. Keep both sets, check your connection, then try again."
    : "The site did not answer, so it is not known which codes work. Keep both sets, then try again in a moment.";
}

/** The same, when the page cannot send it again. */
export const unsureSentence = "It is not known which codes work. Keep both sets. Reload the page to see when those in use were made.";

/** Of a set of security codes that was not turned on. */
export function replacementSentence(code: string): string {
  switch (code) {
    case "policy.not_allowed":
      return "This site offers no security codes any more. Nothing was changed; do not keep these.";
    case "method.none":
      return "Set up an authenticator app first. Nothing was changed; do not keep these codes.";
    default:
      return unchangedSentence(code);
  }
}
