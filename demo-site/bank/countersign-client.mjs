// SPDX-License-Identifier: Apache-2.0

// The calls that a customer's back end makes, with its application key.

/** Countersign could not be asked, or did not answer as agreed. Whoever catches this says no. */
export class CountersignUnavailable extends Error {
  constructor(reason, options) {
    super(`Countersign is unavailable: ${reason}`, options);
    this.reason = reason;
  }
}

const challengeStates = ["open", "passed", "enrollment_required", "ended"];

/** What a customer's second factors come to, the strongest first. */
const secondFactors = ["totp", "email"];
const statuses = ["active", "disabled", "pending", "not_configured"];

export class CountersignClient {
  #server;
  #applicationKey;

  constructor({ server, applicationKey }) {
    this.#server = server;
    this.#applicationKey = applicationKey;
  }

  /**
   * Opens a session in which the customer's page may set up a method.
   *
   * @param {string} [of.email] - the address that notices go to
   * @param {string} [of.elevatedBy] - a challenge that was passed a moment ago: then no code is asked for again. One
   *   that does not count any more opens the session all the same
   * @returns `{token, expires_at}`
   */
  async openSession({ user, account, issuer, email, elevatedBy }) {
    const question = { user, purpose: "manage", account, issuer, ...(email && { email }) };
    const answer = await this.#post("/v1/sessions", { ...question, ...(elevatedBy && { elevated_by: elevatedBy }) });
    if (elevatedBy && answer.status === 409) return this.openSession({ user, account, issuer, email });
    if (answer.status !== 201 || typeof answer.body.token !== "string") throw this.#unexpected(answer);
    return answer.body;
  }

  /**
   * What becomes of a customer whose password is all there is to ask for.
   *
   * @param {string} token - of `openSession`, without an elevation
   * @returns "set_up" where policy asks for a second factor before anything else, "none" where it does not, and "has"
   *   for who has one all the same: policy does not take it now, or it was turned off after too many wrong codes
   */
  async readNeed(token) {
    const answer = await this.#ask("/v1/w/methods", { authorization: token });
    const { require_setup: required, step_up_required: has } = answer.body;
    if (answer.status !== 200 || typeof required !== "boolean" || typeof has !== "boolean") throw this.#unexpected(answer);
    return has ? "has" : required ? "set_up" : "none";
  }

  /**
   * Opens the second factor of a login whose password was right.
   *
   * @param {string} of.purpose - what the receipt will be good for
   * @param {number} of.passwordAt - when the password was checked; seconds since 1970-01-01 UTC
   * @param {string} of.context - given back when the receipt is redeemed
   * @returns `{token, challenge, state}`: for the page, for the bank alone, and "open" or "enrollment_required"
   */
  async openChallenge({ user, account, issuer, email, purpose, passwordAt, context }) {
    const answer = await this.#post("/v1/sessions", {
      user, purpose: "challenge", receipt_purpose: purpose, account, issuer, email, context,
      first_factor: { method: "password", at: passwordAt },
    });
    const { token, challenge } = answer.body;
    if (answer.status !== 201 || typeof token !== "string" || typeof challenge !== "string") throw this.#unexpected(answer);
    return { token, challenge, state: await this.readChallengeState(token) };
  }

  /** @returns "open", "passed", "enrollment_required" or "ended"; a session that is over has ended */
  async readChallengeState(token) {
    const answer = await this.#ask("/v1/w/challenge", { authorization: token });
    if (answer.status === 401) return "ended";
    if (answer.status !== 200 || !challengeStates.includes(answer.body.state)) throw this.#unexpected(answer);
    return answer.body.state;
  }

  /**
   * Opens a session in which one of the staff administers; the application key has to have the scope `admin`.
   *
   * @param {string} of.user - the actor, at Countersign
   * @param {string[]} of.scopes - of `policy`, `unlock`, `codes`, `audit`
   * @param {string} of.challenge - the actor's own, passed a moment ago
   * @returns `{token, expires_at}`; undefined when the challenge does not count: the actor has to prove again who it is
   */
  async openAdminSession({ user, scopes, challenge }) {
    const answer = await this.#post("/v1/sessions", { user, purpose: "admin", scopes, challenge });
    if (answer.status === 409) return undefined;
    if (answer.status !== 201 || typeof answer.body.token !== "string") throw this.#unexpected(answer);
    return answer.body;
  }

  /**
   * Asks whether the receipt that a page brought is of this login: all three are the bank's own.
   *
   * @returns `{ok: true, methods, fallback, recovery, context}` or `{ok: false}`
   */
  async redeem({ receipt, challenge, user, purpose }) {
    const answer = await this.#post("/v1/receipts/redeem", { receipt, challenge, user, purpose });
    const { ok, methods } = answer.body;
    if (answer.status === 200 && ok === false) return { ok: false };
    if (answer.status !== 200 || ok !== true || !Array.isArray(methods)) throw this.#unexpected(answer);
    return answer.body;
  }

  /**
   * What the customer's second factors come to, the authenticator app and OTP over email: "active" when one is;
   * anything not understood is an error, never "not_configured".
   */
  async readSecondFactorStatus(user) {
    const answer = await this.#readMethods(user);
    const found = answer.body.methods?.filter?.(({ method }) => secondFactors.includes(method)).map(({ status }) => status) ?? [];
    const understood = found.length > 0 && found.every((status) => statuses.includes(status));
    if (answer.status !== 200 || !understood) throw this.#unexpected(answer);
    return statuses.find((status) => found.includes(status));
  }

  /** @param {Set<string>} ids - of credentials. @returns whether one of them is an active second factor of the customer */
  async isSecondFactor(user, ids) {
    const answer = await this.#readMethods(user);
    if (answer.status !== 200 || !Array.isArray(answer.body.methods)) throw this.#unexpected(answer);
    return answer.body.methods.some(({ method, status, credential_id: id }) => secondFactors.includes(method) && status === "active" && ids.has(id));
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
   * Checks a code of the authenticator app without a challenge, for who comes without script.
   *
   * @returns `{ok: true}`, or `{ok: false, retryAfter}`: the pause in seconds, 0 when there is none
   */
  async verifyCode(user, code) {
    const answer = await this.#post("/v1/verify", { user, method: "totp", code });
    if (answer.status === 200 && answer.body.ok === true) return { ok: true };
    // Too many at once (429) looks like any other refusal to the person who types.
    if ((answer.status === 200 && answer.body.ok === false) || answer.status === 429) {
      return { ok: false, retryAfter: Math.max(0, Math.ceil(Number(answer.body.retry_after) || 0)) };
    }
    throw this.#unexpected(answer);
  }

  #post(path, body) {
    return this.#ask(path, { authorization: this.#applicationKey, body });
  }

  /** A POST of the body; without one, a GET. */
  async #ask(path, { authorization, body }) {
    try {
      const response = await fetch(new URL(path, this.#server), {
        method: body ? "POST" : "GET",
        headers: { authorization: `Bearer ${authorization}`, ...(body && { "content-type": "application/json" }) },
        body: body && JSON.stringify(body),
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
