// SPDX-License-Identifier: Apache-2.0
// What `<countersign-enroll>` says. The reasons are told because the person confirms an enrollment of
// their own (R14a); a login has one answer and never uses this file.

import type { Refused } from "./enrollment-client.js";

export interface Trouble {
  readonly title: string;
  readonly text: string;
  /** The label of the one way on; undefined when there is nothing to do here. */
  readonly action?: string;
}

const troubles: Readonly<Record<string, Trouble>> = {
  "element.framed": {
    title: "Not shown inside another site",
    text: "Another site shows this page in a frame. Open this site itself in the browser to set up your authenticator app.",
  },
  "auth.invalid": {
    title: "This page was open too long",
    text: "For your safety the set-up ends after a while. Nothing was changed. Reload the page to start again.",
    action: "Reload the page",
  },
  "enrollment.already_active": {
    title: "An authenticator app is already set up",
    text: "Nothing was changed. Sign in with the codes that it shows.",
  },
  "enrollment.pending_unknown": {
    title: "This QR code has expired",
    text: "Nothing was set up. Get a new one, and delete the entry that you have just added to your app: its codes will not work.",
    action: "Get a new QR code",
  },
  "network.unreachable": {
    title: "The site cannot be reached",
    text: "Nothing was changed. Check your connection, then try again.",
    action: "Try again",
  },
  "core.unavailable": {
    title: "Part of this page did not load",
    text: "Nothing was changed. Check your connection, then try again. If that does not help, update the browser.",
    action: "Try again",
  },
};

const unavailable: Trouble = {
  title: "Set-up is not available right now",
  text: "Nothing was changed. Wait a minute, then try again.",
  action: "Try again",
};

export function troubleFor(code: string): Trouble {
  if (code === "auth.missing" || code === "auth.forbidden") return troubles["auth.invalid"] ?? unavailable;
  return troubles[code] ?? unavailable;
}

/** One sentence or two for a code that was not accepted. */
export function refusalSentence({ reason, clockOffSeconds, retryAfterSeconds }: Refused): string {
  switch (retryAfterSeconds > 0 ? "wait" : reason) {
    case "wait":
      return "Several codes were wrong, so there is a pause. When it ends, type the code that your app shows then.";
    case "clock_off": {
      const direction = clockOffSeconds > 0 ? "ahead" : "behind";
      const amount = duration(Math.abs(clockOffSeconds));
      return `The clock of the device with your app is about ${amount} ${direction}. Set its time to automatic, then type the new code.`;
    }
    case "wrong":
      return "That code does not match. Look for the entry that you have just added, and type the code it shows now.";
  }
}

/** A failure that leaves the person on the code step, with the digits still there. */
export function unsentSentence(code: string): string {
  return code === "network.unreachable"
    ? "The site cannot be reached, so your code was not checked. Check your connection, then try again."
    : "The site is busy, so your code was not checked. Try again in a moment.";
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
