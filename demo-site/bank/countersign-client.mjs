// SPDX-License-Identifier: Apache-2.0

// The calls that a customer's back end makes, with its application key.

/** Countersign could not be asked, or did not answer as agreed. Whoever catches this says no. */
export class CountersignUnavailable extends Error {
  constructor(reason, options) {
    super(`Countersign is unavailable: ${reason}`, options);
    this.reason = reason;
  }
}

/** What a customer's authenticators come to, the strongest first. */
const statuses = ["active", "disabled", "pending", "not_configured"];

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

  /**
   * What the customer's authenticators come to: "active" when one is; anything not understood is an error,
   * never "not_configured".
   */
  async readAuthenticatorStatus(user) {
    const answer = await this.#readMethods(user);
    const found = answer.body.methods?.filter?.(({ method }) => method === "totp").map(({ status }) => status) ?? [];
    const understood = found.length > 0 && found.every((status) => statuses.includes(status));
    if (answer.status !== 200 || !understood) throw this.#unexpected(answer);
    return statuses.find((status) => found.includes(status));
  }

  /** @returns how many of the customer's own security codes are left; undefined where there is no set */
  async countSecurityCodes(user) {
    const answer = await this.#readMethods(user);
    if (answer.status !== 200) throw this.#unexpected(answer);
    const set = answer.body.methods?.find?.(({ method, status }) => method === "static_codes" && status === "active");
    return Number.isInteger(set?.remaining) ? set.remaining : undefined;
  }

  #readMethods(user) {
    return this.#post("/v1/users/methods", { user });
  }

  /**
   * @param {"totp" | "security_code"} method - of which kind the code is
   * @returns `{ok: true}`, or `{ok: false, retryAfter}`: the pause in seconds, 0 when there is none
   */
  async verifyCode(user, method, code) {
    const answer = await this.#post("/v1/verify", { user, method, code });
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
