// SPDX-License-Identifier: Apache-2.0

import type { GuessPath } from "../../policy.js";

const grouped = new Intl.NumberFormat("en-US");

/** "1 in 8,400" below one percent, "4.4 %" above, "certain" at the end. */
export function chanceInWords(chance: number): string {
  if (chance >= 0.9995) return "certain";
  if (chance >= 0.1) return `${Math.min(99, Math.round(chance * 100))}\u00a0%`;
  if (chance >= 0.01) return `${Number((chance * 100).toFixed(1))}\u00a0%`;
  if (chance <= 0) return "none";
  // Two digits say enough, and rounding down never flatters.
  const odds = 1 / chance;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(odds)) - 1);
  return `1\u00a0in\u00a0${grouped.format(Math.floor(odds / unit) * unit)}`;
}

export const pathNames: Readonly<Record<GuessPath, string>> = {
  totp: "a code of the authenticator app",
  login_email: "a code by email at login",
  kba: "the answers to the security questions",
  kba_email: "the answers and then a mailed code",
  alternate_email: "a code to the alternate email address",
  security_code: "a security code",
};
