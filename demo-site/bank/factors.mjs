// SPDX-License-Identifier: Apache-2.0

// How a sign-in is written down and listed.

const names = {
  totp: "authenticator app",
  email: "OTP over email",
  static_code: "security code",
  backup_code: "backup code",
  kba: "security questions",
  alternate_email: "code to the alternate address",
};

export const passwordAlone = "Password";
export const passwordAndSetUp = "Password, and a second factor was set up";

/** @param {string[]} methods - as a receipt names them */
export function describeFactors(methods) {
  const proven = methods.map((method) => names[method] ?? method);
  return proven.length > 1 ? `Password, ${proven.slice(0, -1).join(", ")} and ${proven.at(-1)}` : `Password and ${proven[0] ?? "second factor"}`;
}
