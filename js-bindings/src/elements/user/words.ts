// SPDX-License-Identifier: Apache-2.0

import type { Failure, UserMethod } from "../shared/admin-client.js";
import type { Troubles } from "../shared/troubles.js";

const names: Readonly<Record<string, string>> = {
  totp: "Authenticator app",
  email: "OTP over email",
  alternate_email: "Alternate email address",
  kba: "Security questions",
  static_codes: "Static security codes",
  backup_code: "Backup code",
};

/** "Authenticator app, Work phone". */
export function nameOfMethod({ method, name, masked }: UserMethod): string {
  const own = name ?? masked;
  return `${names[method] ?? method}${own ? `, ${own}` : ""}`;
}

export const troubles: Troubles = {
  "auth.invalid": {
    title: "Your administrator\u2019s session has ended",
    text: "It lasts 10 minutes. Nothing was changed. Prove again that it is you, then go on.",
  },
  "auth.scope_missing": {
    title: "Not yours to see",
    text: "Your session does not include what users have set up. Ask who runs this site.",
  },
  "auth.wrong_purpose": {
    title: "Not an administrator\u2019s session",
    text: "This page was given a session for something else. Nothing was changed.",
  },
};

/** Of an action that did not happen, or of which it is not known. */
export function refusalSentence({ code }: Failure, action: "unlock" | "generate"): string {
  switch (code) {
    case "admin.not_on_administrators":
      return "Administrators act neither on themselves nor on each other here. Who runs the server can, by its command line.";
    case "policy.not_allowed":
      return "The policy allows no backup codes any more. None was made.";
    case "method.none":
      return "This user has no second factor, so there is nothing that a backup code could stand in for. None was made.";
    case "method.unknown":
      return "The user has changed this method meanwhile. Nothing was unlocked.";
    case "auth.invalid":
    case "auth.missing":
      return "Your administrator\u2019s session has ended. Nothing was changed. Prove again that it is you, then go on.";
    case "network.unreachable":
      return action === "generate"
        ? "The site cannot be reached, so it is not known whether a code was made. Generate another one: it voids any before it."
        : "The site cannot be reached, so it is not known whether it was unlocked. Check your connection, then try again.";
    default:
      return action === "generate"
        ? "The site did not answer as it should. If a code was made, the next one voids it. Try again in a moment."
        : "The site is busy, so nothing was unlocked. Try again in a moment.";
  }
}
