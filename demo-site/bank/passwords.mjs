// SPDX-License-Identifier: Apache-2.0

// Passwords are kept as scrypt hashes with their own salt and their cost written beside them.

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt);

const cost = { N: 2 ** 15, r: 8, p: 3 };
const hashLength = 32;

function deriveKey(password, salt, { N, r, p }) {
  // Two spellings of one accented letter are one password.
  return derive(password.normalize("NFKC"), salt, hashLength, { N, r, p, maxmem: 256 * N * r });
}

/** @returns {Promise<string>} `scrypt$N$r$p$salt$hash`, the last two in base64url */
export async function hashPassword(password) {
  const salt = randomBytes(16);
  const hash = await deriveKey(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

// Checked when the email address is unknown, so that the answer takes as long as for a known one.
const hashOfNobody = hashPassword(randomBytes(24).toString("base64url"));

/** Checks a password; without a stored hash it does the same work and says no. */
export async function checkPassword(password, stored) {
  const [, N, r, p, salt, hash] = (stored ?? (await hashOfNobody)).split("$");
  const derived = await deriveKey(password, Buffer.from(salt, "base64url"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  const same = timingSafeEqual(derived, Buffer.from(hash, "base64url"));
  return same && stored !== undefined;
}
