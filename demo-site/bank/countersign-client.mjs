// SPDX-License-Identifier: Apache-2.0

// The three calls a customer's back end makes, with its application key.

/** Countersign could not be asked, or did not answer as agreed. Whoever catches this says no. */
export class CountersignUnavailable extends Error {
  constructor(reason, options) {
    super(`Countersign is unavailable: ${reason}`, options);
    this.reason = reason;
  }
}

const statuses = ["not_configured", "pending", "active", "disabled"];

export class CountersignClient {
  #server;
  #applicationKey;

  constructor({ server, applicationKey }) {
    this.#server = server;
    this.#applicationKey = applicationKey;
  }

  /** Opens a session in which the customer's page may set up a method. @returns `{token, expires_at}` */
  async openSession({ user, account, issuer }) {
    const answer = await this.#post("/v1/sessions", { user, purpose: "manage", account, issuer });
    if (answer.status !== 201 || typeof answer.body.token !== "string") throw this.#unexpected(answer);
    return answer.body;
  }

  /** The state of the authenticator app; anything not understood is an error, never "not configured". */
  async readAuthenticator(user) {
    const answer = await this.#post("/v1/users/methods", { user });
    const method = answer.body.methods?.find?.(({ method }) => method === "totp");
    if (answer.status !== 200 || !statuses.includes(method?.status)) throw this.#unexpected(answer);
    return method;
  }

  /** @returns `{ok: true}`, or `{ok: false, retryAfter}`: the pause in seconds, 0 when there is none */
  async verifyCode(user, code) {
    const answer = await this.#post("/v1/verify", { user, method: "totp", code });
    if (answer.status === 200 && answer.body.ok === true) return { ok: true };
    // Too many at once (429) looks like any other refusal to the person who types.
    if ((answer.status === 200 && answer.body.ok === false) || answer.status === 429) {
      return { ok: false, retryAfter: Math.max(0, Math.ceil(Number(answer.body.retry_after) || 0)) };
    }
    throw this.#unexpected(answer);
  }

  async #post(path, body) {
    try {
      const response = await fetch(new URL(path, this.#server), {
        method: "POST",
        headers: { authorization: `Bearer ${this.#applicationKey}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        redirect: "error",
        signal: AbortSignal.timeout(5000),
      });
      return { status: response.status, body: (await response.json()) ?? {} };
    } catch (error) {
      throw new CountersignUnavailable("no answer", { cause: error });
    }
  }

  #unexpected({ status, body }) {
    return new CountersignUnavailable(`status ${status}, ${body.code ?? "no code"}`);
  }
}
