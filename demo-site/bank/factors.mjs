// SPDX-License-Identifier: Apache-2.0

/** How a sign-in is written down and listed. */
export const factors = {
  password: "Password",
  authenticator: "Password and authenticator app",
  securityCode: "Password and security code",
};
