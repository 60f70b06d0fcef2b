// SPDX-License-Identifier: Apache-2.0
// What the fields of a policy are called, and a change of one in words.

import { alternates, changedPlaces, codeKinds, type Alternate, type CodeKind, type Place, type PolicyDocument } from "../shared/policy-document.js";

export const labels: Readonly<Record<Place, string>> = {
  "login_methods.totp": "Authenticator app",
  "login_methods.email": "OTP over email",
  allow_none: "Users may be without a second factor",
  require_setup: "Require set-up at login",
  "forgot_phone.enabled": "Forgot Phone",
  "forgot_phone.alternate": "Alternate method",
  "forgot_phone.user_choice": "Let users choose their own alternate",
  "forgot_phone.offered": "Offered to users",
  "security_codes.enabled": "Enable users to sign in with security codes",
  "security_codes.kind": "Kind of security codes",
  "security_codes.backup_code_hours": "Hours a backup code works",
  "kba.questions": "Number of security questions",
  "kba.catalog": "Questions of our list",
  "kba.own": "Questions that users write themselves",
  "totp.past_steps": "Older app codes accepted",
  "totp.future_steps": "Newer app codes accepted",
  "email_codes.digits": "Digits of a mailed code",
  "email_codes.life_seconds": "Seconds a mailed code works",
  "email_codes.tries": "Tries at one mailed code",
  "counting.pause_from_failure": "Wrong codes in a row before the first pause",
  "counting.pause_start_seconds": "Seconds of the first pause",
  "counting.pause_cap_seconds": "Seconds of the longest pause",
  "counting.notice_at": "Wrong codes in 30 days before the owner is told",
  "counting.disable_at": "Wrong codes in 30 days that turn a method off",
  recovery_hold_hours: "Hours that changes are held back after a recovery",
  alternate_hold_hours: "Hours before a changed alternate address works",
};

export const alternateNames: Readonly<Record<Alternate, string>> = {
  kba: "Security questions",
  kba_email: "Security questions and a code to the alternate email address",
  email: "A code to the alternate email address",
};

export const kindNames: Readonly<Record<CodeKind, string>> = {
  static: "Static long-lived codes",
  backup: "One-time backup codes",
  both: "Both kinds",
};

function inWords(value: PolicyDocument[Place]): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return String(value);
  const name = (one: string) => alternates.includes(one as Alternate) ? alternateNames[one as Alternate]
    : codeKinds.includes(one as CodeKind) ? kindNames[one as CodeKind] : one;
  if (typeof value === "string") return name(value);
  return value.length === 0 ? "none" : value.map(name).join(", ");
}

/** One line for each field that differs: "Forgot Phone: off, now on". */
export function changesInWords(before: PolicyDocument, after: PolicyDocument): readonly string[] {
  return changedPlaces(before, after).map((place) => `${labels[place]}: ${inWords(before[place])}, now ${inWords(after[place])}`);
}
