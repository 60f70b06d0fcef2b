// SPDX-License-Identifier: Apache-2.0
// What `<countersign-enroll>` says. The reasons are told because the person confirms an enrollment of
// their own (R14a); a login has one answer and never uses this file.

import type { Refused } from "../shared/session-client.js";
import type { Trouble, Troubles } from "../shared/troubles.js";

const misdirected: Trouble = {
  title: "This QR code was not made for this page",
  text: "What came was sealed for another page or another person, so it is not shown. Nothing was changed. Try again; if it happens once more, tell the site.",
  action: "Try again",
};

export const enrollTroubles: Troubles = {
  "enrollment.pending_unknown": {
    title: "This QR code has expired",
    text: "Nothing was set up. Get a new one, and delete the entry that you have just added to your app: its codes will not work.",
    action: "Get a new QR code",
  },
  "enrollment.too_many": {
    title: "There is no room for another authenticator",
    text: "Nothing was changed. Remove one that you do not use any more, then add the new one.",
  },
  "auth.step_up_required": {
    title: "First, prove that it is you",
    text: "An authenticator app is set up already, so a change needs one of its codes. Nothing was changed.",
    action: "Try again",
  },
  "method.unknown": {
    title: "This authenticator is not there any more",
    text: "It was removed or replaced in the meantime. Reload the page to see what is set up now.",
  },
  "box.not_opened": misdirected,
  "box.malformed": misdirected,
  "box.context_mismatch": misdirected,
  otherwise: {
    title: "Set-up is not available right now",
    text: "Nothing was changed. Wait a minute, then try again.",
    action: "Try again",
  },
};

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

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
