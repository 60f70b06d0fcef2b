// SPDX-License-Identifier: Apache-2.0
// What `<countersign-challenge>` says where something does not go through. Why a code was refused is never told:
// that text is the one of step-up/refusal.ts (R14a).

import type { Failure } from "../shared/session-client.js";
import type { Trouble, Troubles } from "../shared/troubles.js";

const ended: Trouble = {
  title: "This sign-in took too long",
  text: "For your safety it ends after some minutes. You are not signed in, and nothing was changed. Start again.",
  action: "Start again",
};

/** The way on is to begin the login anew, which the page does and not the element. */
export const endedCodes: readonly string[] = ["challenge.ended", "auth.invalid", "auth.missing"];

export const challengeTroubles: Troubles = {
  "challenge.ended": ended,
  "auth.invalid": ended,
  "auth.missing": ended,
  "element.framed": {
    title: "Not shown inside another site",
    text: "Another site shows this page in a frame. Open this site itself in the browser to sign in.",
  },
  "network.unreachable": {
    title: "The site cannot be reached",
    text: "You are not signed in, and nothing was changed. Check your connection, then try again.",
    action: "Try again",
  },
  otherwise: {
    title: "We can't check your code right now",
    text: "You are not signed in, and nothing was changed. Wait a minute, then try again.",
    action: "Try again",
  },
};

/** Where the core or its worker cannot be had: nothing was sent. */
export const notStretched = "Part of this page did not load, so your code was not sent. Check your connection, then press Continue again.";

export function unansweredSentence({ code }: Failure): string {
  return code === "network.unreachable"
    ? "The site cannot be reached. Check your connection, then press Continue again: no code is lost."
    : "The site is busy, so it gave no answer. Press Continue again in a moment: no code is lost.";
}

export function unsentMailSentence({ code }: Failure): string {
  return code === "network.unreachable"
    ? "The site cannot be reached, so no code was sent. Check your connection, then try again."
    : "The site is busy, so no code was sent. Try again in a moment.";
}

/** Locked, too early and too often are one (R14). */
export const noNewMail = "No new code was sent. If one has come already, type it here; else wait, then send another.";
