// SPDX-License-Identifier: Apache-2.0
// One login's second factor: the back end opens it, the page answers, the back end redeems the receipt.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { stretch } from "../server/http/security_codes.mjs";

export const newAttempt = () => randomBytes(18).toString("base64url");

export class Login {
  /** Asks as the back end does, refusals included. `first_factor: null` names none. */
  static ask(person, { first_factor: firstFactor, key = person.site.token, ...fields } = {}) {
    const named = firstFactor === undefined ? { method: "password", at: Math.floor(person.site.now) } : firstFactor;
    return person.call("POST", "/v1/sessions", key, {
      user: person.user, purpose: "challenge", receipt_purpose: "login", account: person.user, issuer: "Bank", email: person.email,
      ...(named === null ? {} : { first_factor: named }), ...fields,
    });
  }

  static async open(person, fields = {}) {
    const opened = await Login.ask(person, fields);
    assert.equal(opened.status, 201, opened.text);
    return new Login(person, opened.json, fields);
  }

  constructor(person, { token, challenge, expires_at: expiresAt }, { key = person.site.token, receipt_purpose: purpose = "login" }) {
    Object.assign(this, { person, token, challenge, expiresAt, key, purpose });
  }

  call(method, path, json) {
    return this.person.call(method, `/v1/w/challenge${path}`, this.token, json);
  }

  /** The challenge object. */
  async state() {
    const got = await this.call("GET", "");
    assert.equal(got.status, 200, got.text);
    return got.json;
  }

  forgot(alternate) {
    return this.call("POST", "/forgot", { alternate });
  }

  mail(method) {
    return this.call("POST", "/mail", { method });
  }

  /** @param {"totp"|"email"|"alternate_email"|"security_code"|"kba"} method */
  answer(method, fields, attempt = newAttempt()) {
    return this.call("POST", "/answer", { attempt_id: attempt, method, ...fields });
  }

  async byApp() {
    return this.answer("totp", { code: await this.person.code() });
  }

  byQuestions(given = this.person.questions) {
    return this.answer("kba", { answers: given });
  }

  /** With a code as the page sends it. */
  async byCode(code, salt = this.person.salt) {
    return this.answer("security_code", { stretched: stretch(code, salt ?? (await this.state()).salt) });
  }

  /** Asks for the mail, reads it and answers with its code. */
  async byMail(method) {
    return this.answer(method, { code: await this.mailedCode(method) });
  }

  async mailedCode(method) {
    const address = method === "email" ? this.person.email : this.person.otherEmail;
    const before = this.person.site.mail.count(address);
    const sent = await this.mail(method);
    assert.equal(sent.json?.ok, true, sent.text);
    return this.person.site.mail.nextCode(address, before);
  }

  /** What the back end does with the receipt; it knows challenge, user and purpose itself (R4). */
  redeem(receipt, fields = {}) {
    const { key = this.key, ...changed } = fields;
    return this.person.call("POST", "/v1/receipts/redeem", key,
      { receipt, challenge: this.challenge, user: this.person.user, purpose: this.purpose, ...changed });
  }
}

/** That an answer let in, and what the receipt is worth. @returns what redeem answered */
export async function assertPassed(login, answer) {
  assert.equal(answer.json?.ok, true, answer.text);
  assert.equal(answer.json.state, "passed", answer.text);
  const redeemed = await login.redeem(answer.json.receipt);
  assert.equal(redeemed.json?.ok, true, redeemed.text);
  return redeemed.json;
}

/** That nothing came of it, and that nothing is told (R14). */
export function assertRefused(answer) {
  assert.equal(answer.status, 200, answer.text);
  const { retry_after: wait, ...rest } = answer.json;
  assert.deepEqual(rest, { ok: false, code: "not_accepted" });
  assert.ok(Number.isInteger(wait) && wait >= 0, answer.text);
}

/** That the way is not open at all. */
export function assertNotAllowed(answer) {
  assert.deepEqual([answer.status, answer.json?.code], [409, "challenge.not_allowed"], answer.text);
}
