// SPDX-License-Identifier: Apache-2.0

// What the bank asks of Countersign, with its application key: `countersign/server` does the calls, and here stands what
// the bank makes of the answers.

import { CountersignServer, CountersignServerError, createForwarder } from "countersign/server";

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
  #forward;

  constructor({ server, applicationKey }) {
    this.#server = new CountersignServer({ server, applicationKey });
    this.#forward = createForwarder({ server });
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
    if (!elevatedBy) return this.#call(() => this.#server.openSession(question));
    return (await this.#call(() => this.#server.openSession({ ...question, elevated_by: elevatedBy }), [409])) ?? this.openSession({ user, account, issuer, email });
  }

  /**
   * What becomes of a customer whose password is all there is to ask for.
   *
   * @param {string} token - of `openSession`, without an elevation
   * @returns "set_up" where policy asks for a second factor before anything else, "none" where it does not, and "has"
   *   for who has one all the same: policy does not take it now, or it was turned off after too many wrong codes
   */
  async readNeed(token) {
    const answer = await this.#read("methods", token);
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
    const { token, challenge } = await this.#call(() => this.#server.openSession({
      user, purpose: "challenge", receipt_purpose: purpose, account, issuer, email, context,
      first_factor: { method: "password", at: passwordAt },
    }));
    return { token, challenge, state: await this.readChallengeState(token) };
  }

  /** @returns "open", "passed", "enrollment_required" or "ended"; a session that is over has ended */
  async readChallengeState(token) {
    const answer = await this.#read("challenge", token);
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
    return this.#call(() => this.#server.openSession({ user, purpose: "admin", scopes, challenge }), [409]);
  }

  /**
   * Asks whether the receipt that a page brought is of this login: all three are the bank's own.
   *
   * @returns `{ok: true, methods, fallback, recovery, context}` or `{ok: false}`
   */
  async redeem({ receipt, challenge, user, purpose }) {
    const answer = await this.#call(() => this.#server.redeem({ receipt, challenge, user, purpose }));
    return answer.ok ? answer : { ok: false };
  }

  /**
   * What the customer's second factors come to, the authenticator app and OTP over email: "active" when one is;
   * anything not understood is an error, never "not_configured".
   */
  async readSecondFactorStatus(user) {
    const methods = await this.#readMethods(user);
    const found = methods.filter(({ method }) => secondFactors.includes(method)).map(({ status }) => status);
    if (found.length === 0 || !found.every((status) => statuses.includes(status))) throw new CountersignUnavailable("methods that are not understood");
    return statuses.find((status) => found.includes(status));
  }

  /** @param {Set<string>} ids - of credentials. @returns whether one of them is an active second factor of the customer */
  async isSecondFactor(user, ids) {
    const methods = await this.#readMethods(user);
    return methods.some(({ method, status, credential_id: id }) => secondFactors.includes(method) && status === "active" && ids.has(id));
  }

  /** @returns how many of the customer's own security codes are left; undefined where there is no set */
  async countSecurityCodes(user) {
    const methods = await this.#readMethods(user);
    const set = methods.find(({ method, status }) => method === "static_codes" && status === "active");
    return Number.isInteger(set?.remaining) ? set.remaining : undefined;
  }

  async #readMethods(user) {
    return (await this.#call(() => this.#server.methods(user))).methods;
  }

  /**
   * Checks a code of the authenticator app without a challenge, for who comes without script.
   *
   * @returns `{ok: true}`, or `{ok: false, retryAfter}`: the pause in seconds, 0 when there is none
   */
  async verifyCode(user, code) {
    try {
      const answer = await this.#server.verify({ user, method: "totp", code });
      return answer.ok ? { ok: true } : { ok: false, retryAfter: Math.max(0, Math.ceil(answer.retry_after)) };
    } catch (error) {
      // Too many at once (429) looks like any other refusal to the person who types.
      if (error instanceof CountersignServerError && error.status === 429) return { ok: false, retryAfter: error.retryAfter ?? 0 };
      throw this.#unavailable(error);
    }
  }

  /** What a widget would read with its token. */
  async #read(path, token) {
    const { status, body } = await this.#forward({ method: "GET", path, authorization: `Bearer ${token}` });
    try {
      return { status, body: JSON.parse(new TextDecoder().decode(body)) ?? {} };
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  /** @param {number[]} [expected] - refusals that are an answer: undefined */
  async #call(ask, expected = []) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CountersignServerError && expected.includes(error.status)) return undefined;
      throw this.#unavailable(error);
    }
  }

  #unavailable(error) {
    return new CountersignUnavailable(error instanceof CountersignServerError ? error.message : "no answer", { cause: error });
  }

  #unexpected({ status, body }) {
    return new CountersignUnavailable(`status ${status}, ${body.code ?? "no code"}`);
  }
}
