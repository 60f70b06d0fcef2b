// SPDX-License-Identifier: Apache-2.0

// Who of the staff is behind a request. A cookie of its own, and sessions of their own, in memory: being signed in
// as a customer opens nothing here, and a restart of the bank signs the staff out.

import { createHash, randomBytes } from "node:crypto";

const cookieName = "harbor_staff";
const lifetimeSeconds = { password: 10 * 60, signed_in: 60 * 60 };
const mostVisits = 1000;

const hashToken = (token) => createHash("sha256").update(token).digest("base64url");

function readCookie(request) {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === cookieName) return value;
  }
  return undefined;
}

/**
 * @typedef {object} Visit
 * @property {"password" | "signed_in"} stage
 * @property {number} customer - id in the bank's database
 * @property {number} passwordAt - when the password was checked
 * @property {string} asked - the challenge that is asked for now; "" when none
 * @property {string} proven - the challenge that was passed last; "" when none
 */

export class StaffVisits {
  #database;
  #secure;
  #now;
  #visits = new Map();

  constructor({ database, secure, now }) {
    this.#database = database;
    this.#secure = secure;
    this.#now = now;
  }

  /** @returns `{visit, person}` for who is on the staff still, or undefined */
  find(request, ...stages) {
    const token = readCookie(request);
    const visit = token && this.#visits.get(hashToken(token));
    if (!visit || visit.expiresAt <= this.#now() || !stages.includes(visit.stage)) return undefined;
    const person = this.#database.findCustomerById(visit.customer);
    return person?.staff ? { visit, person } : undefined;
  }

  /** Who has passed every factor, or undefined. */
  signedIn(request) {
    return this.find(request, "signed_in");
  }

  /** Closes the visit the request came with and opens the next under a new token. @returns {Visit} */
  enter(request, reply, stage, { customer, passwordAt, proven = "" }) {
    this.leave(request, reply);
    if (this.#visits.size >= mostVisits) this.#visits.delete(this.#visits.keys().next().value);
    const token = randomBytes(32).toString("base64url");
    const visit = { stage, customer, passwordAt, asked: "", proven, expiresAt: this.#now() + lifetimeSeconds[stage] };
    this.#visits.set(hashToken(token), visit);
    reply.removeHeader("set-cookie");
    reply.header("set-cookie", this.#cookie(token));
    return visit;
  }

  /** @returns {boolean} whether there was a visit to close */
  leave(request, reply) {
    const token = readCookie(request);
    reply.header("set-cookie", `${this.#cookie("")}; Max-Age=0`);
    return token !== undefined && this.#visits.delete(hashToken(token));
  }

  #cookie(token) {
    // For the whole site: the widgets' calls, which the bank passes on, carry it too.
    return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict${this.#secure() ? "; Secure" : ""}`;
  }
}
