// SPDX-License-Identifier: Apache-2.0

import type { Troubles } from "../shared/troubles.js";

const events: Readonly<Record<string, string>> = {
  "credential.enrolled": "Method set up",
  "credential.replaced": "Method reconfigured",
  "credential.removed": "Method removed",
  "credential.locked": "Paused after wrong codes",
  "credential.unlocked": "Unlocked by an administrator",
  "credential.disabled": "Turned off after too many wrong codes",
  "credential.many_failures": "Many wrong codes; the owner was told",
  "code.replayed": "Used code offered again",
  "security_code.used": "Security code used",
  "static_codes.replaced": "New set made",
  "address.changed": "Address changed",
  "alternates.chosen": "Ways in without the phone chosen",
  "session.elevated": "Changes allowed after a code",
  "challenge.opened": "Sign-in begun",
  "challenge.passed": "Sign-in passed",
  "challenge.advanced": "Sign-in: one step passed",
  "challenge.ended": "Sign-in ended by failures",
  "receipt.redeemed": "Sign-in accepted by the site",
  "policy.changed": "Policy changed",
  "backup_code.issued": "Backup code generated",
  "admin.session_opened": "Administrator\u2019s session opened",
  "app_key.created": "Application key made",
  "app_key.revoked": "Application key revoked",
  "realm.created": "Site added",
  "users.imported": "Users brought in",
  "users.exported": "Users taken out to a file",
  "user.deleted": "User deleted",
  "credential.imported": "Method brought in by the operator",
  "credential.disabled_by_operator": "Turned off by the operator",
  "clock.confirmed": "Clock confirmed by the operator",
  "store.backed_up": "Backup made by the operator",
  "store.restored": "Restored from a backup",
  "keys.rotation_begun": "New master key: change begun",
  "keys.rotated": "New master key: change done",
};

/** An event in words; one that is not known here by its own name. */
export function eventInWords(event: string): string {
  return events[event] ?? (event || "Not told here");
}

const methods: Readonly<Record<string, string>> = {
  totp: "authenticator app",
  email: "OTP over email",
  alternate_email: "alternate email address",
  kba: "security questions",
  kba_email: "security questions and mailed code",
  static_codes: "static security codes",
  static_code: "static security code",
  security_code: "security code",
  backup_code: "backup code",
};

export const methodInWords = (method: string): string => methods[method] ?? method;

export const troubles: Troubles = {
  "auth.invalid": {
    title: "Your administrator\u2019s session has ended",
    text: "It lasts 10 minutes. Prove again that it is you, then go on.",
  },
  "auth.scope_missing": {
    title: "Not yours to see",
    text: "Your session does not include the audit trail. Ask who runs this site.",
  },
  "auth.wrong_purpose": {
    title: "Not an administrator\u2019s session",
    text: "This page was given a session for something else.",
  },
};
