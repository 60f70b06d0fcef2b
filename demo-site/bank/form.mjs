// SPDX-License-Identifier: Apache-2.0

// Reads the fields of a form; what is missing or not text reads as empty.

/** @returns {string} at most `maxLength` UTF-16 units */
export function readField(body, name, maxLength) {
  const value = body?.[name];
  return typeof value === "string" ? value.slice(0, maxLength) : "";
}

/** @returns {string} an address in lower case, or "" when it cannot be one */
export function readEmail(body) {
  const email = readField(body, "email", 200).trim().toLowerCase();
  // No colon: the address becomes the account's label in the authenticator app.
  return /^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/.test(email) && Buffer.byteLength(email) <= 120 ? email : "";
}
