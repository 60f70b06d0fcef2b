// SPDX-License-Identifier: Apache-2.0
// What the boxes of addresses say. The reasons are told because the person confirms an address of their own (R14a).

import type { MailRefused } from "../shared/mail-client.js";

/** Of a code that did not confirm an address. */
export function mailRefusal(reason: MailRefused["reason"]): string {
  switch (reason) {
    case "wait":
      return "Several codes were wrong, so there is a pause. When it ends, type the code from the newest mail.";
    case "expired":
      return "This code does not work any more. Send a new one.";
    case "wrong":
      return "That code does not match. Type the one from the newest mail.";
  }
}

/** Why no code can be sent, of whichever address. */
export const beginSentences: Readonly<Record<string, string>> = {
  "mail.not_configured": "This site cannot send mail, so no code was sent.",
  "method.none": "Set up an authenticator app first. Nothing was changed.",
};

/** @param what did not happen */
export function unmailedSentence(code: string, what: "sent" | "checked" = "sent"): string {
  const not = what === "sent" ? "no code was sent" : "your code was not checked";
  return code === "network.unreachable"
    ? `The site cannot be reached, so ${not}. Check your connection, then try again.`
    : `The site is busy, so ${not}. Try again in a moment.`;
}
