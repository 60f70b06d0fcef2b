// SPDX-License-Identifier: Apache-2.0

// Who is behind a request: the session cookie and the server-side session it names.

const cookieName = "harbor_session";

function readCookie(request) {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === cookieName) return value;
  }
  return undefined;
}

export class Visits {
  #database;
  #secure;

  constructor({ database, secure }) {
    this.#database = database;
    this.#secure = secure;
  }

  #find(request, stage) {
    const token = readCookie(request);
    const found = token && this.#database.findSession(token);
    return found?.stage === stage ? found : undefined;
  }

  /** The customer who has passed every factor asked for, or undefined. */
  signedIn(request) {
    return this.#find(request, "signed_in");
  }

  /** The customer whose password was right and whose code is still to come, or undefined. */
  awaitingSecondFactor(request) {
    return this.#find(request, "second_factor");
  }

  /** The customer who has to set up a second factor before anything else, or undefined. */
  settingUp(request) {
    return this.#find(request, "set_up");
  }

  /**
   * Closes the session the request came with and opens the next under a new token, so that a token
   * planted before a login is worth nothing after it.
   *
   * @param {string} [challenge] - of the second factor that was just passed
   * @returns the customer with the new session
   */
  enter(request, reply, customer, stage, challenge) {
    this.leave(request, reply);
    const token = this.#database.openSession(customer.id, stage, challenge);
    reply.header("set-cookie", this.#cookie(token));
    return this.#database.findSession(token);
  }

  /** @returns {boolean} whether a session was closed by this very call */
  leave(request, reply) {
    const token = readCookie(request);
    reply.removeHeader("set-cookie");
    reply.header("set-cookie", `${this.#cookie("")}; Max-Age=0`);
    return token !== undefined && this.#database.closeSession(token);
  }

  #cookie(token) {
    return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax${this.#secure() ? "; Secure" : ""}`;
  }
}
