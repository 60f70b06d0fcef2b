// SPDX-License-Identifier: Apache-2.0
// The routes that a session may call, as the elements see them: typed answers, nothing thrown.

import { bytesFromBase64url, toBase64url } from "./base64url.js";
import { readMethods, type Methods, type Proof } from "./methods-answer.js";
import { request, unreadable, wholeNumber, type Body, type Failure, type Session } from "./session-request.js";

export { hasSecondFactor } from "./methods-answer.js";
export type { Alternate, Alternates, Authenticator, Methods, OwnMethod, Proof, SecurityCodes } from "./methods-answer.js";
export { answerLost, mayPass, type Failure, type Session } from "./session-request.js";

/** What an enrollment is for. */
export interface EnrollmentWish {
  /** The credential whose place the new one takes. */
  readonly replaces?: string | undefined;
  /** What the owner calls it. */
  readonly name?: string | undefined;
}

export interface Begun {
  readonly kind: "begun";
  readonly pendingId: string;
  /** A `cs-box-1` box with the `otpauth:` URI. */
  readonly sealed: Uint8Array;
  /** How long the server keeps the pending secret, by the server's clock; undefined when it cannot be told. */
  readonly lifetimeSeconds: number | undefined;
}

export interface Confirmed {
  readonly kind: "confirmed";
}

/** A code that did not confirm an enrollment; the reason is told (R14a). */
export interface Refused {
  readonly kind: "refused";
  readonly reason: "wrong" | "clock_off" | "wait";
  readonly clockOffSeconds: number;
  readonly retryAfterSeconds: number;
}

/** The session may change things now. */
export interface Elevated {
  readonly kind: "elevated";
  /** By a fallback: it may set up an authenticator, and no more (R2). */
  readonly recovery: boolean;
}

/** A code of an active authenticator that was not accepted; no reason is ever told (R14). */
export interface NotAccepted {
  readonly kind: "not_accepted";
  readonly retryAfterSeconds: number;
}

export interface Salt {
  readonly kind: "salt";
  /** 16 bytes. */
  readonly salt: Uint8Array;
}

export interface Replaced {
  readonly kind: "replaced";
  readonly remaining: number;
}

const saltBytes = 16;

export class SessionClient {
  constructor(
    private readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  /** @param publicKey the widget's X25519 key, to which the secret is sealed */
  async begin(publicKey: Uint8Array, { replaces, name }: EnrollmentWish): Promise<Begun | Failure> {
    const wish = { ...(replaces ? { replaces } : {}), ...(name ? { name } : {}) };
    const answer = await this.#post("totp/begin", { public_key: toBase64url(publicKey), ...wish });
    if (answer.kind === "failed") return answer;
    const { pending_id: pendingId, sealed: text, expires_at: expiresAt } = answer.body;
    const sealed = typeof text === "string" ? bytesFromBase64url(text) : undefined;
    if (typeof pendingId !== "string" || !sealed) return unreadable;
    const lifetime = typeof expiresAt === "number" && answer.serverNow ? expiresAt - answer.serverNow : undefined;
    return { kind: "begun", pendingId, sealed, lifetimeSeconds: lifetime };
  }

  async confirm(pendingId: string, code: string): Promise<Confirmed | Refused | Failure> {
    const answer = await this.#post("totp/confirm", { pending_id: pendingId, code });
    if (answer.kind === "failed") return answer;
    const { ok, reason, clock_off_seconds: off, retry_after: wait } = answer.body;
    if (ok === true) return { kind: "confirmed" };
    if (ok !== false) return unreadable;
    return {
      kind: "refused",
      reason: reason === "clock_off" || reason === "wait" ? reason : "wrong",
      clockOffSeconds: wholeNumber(off),
      retryAfterSeconds: wholeNumber(wait),
    };
  }

  async methods(): Promise<Methods | Failure> {
    const answer = await request(this.session, "methods", this.signal);
    if (answer.kind === "failed") return answer;
    return readMethods(answer.body);
  }

  /** Proves with a code of an active authenticator, or with a security code, that the owner is here. */
  async elevate(code: string, method: Proof = "totp"): Promise<Elevated | NotAccepted | Failure> {
    const answer = await this.#post("elevate", { method, code });
    if (answer.kind === "failed") return answer;
    const { ok, recovery, retry_after: wait } = answer.body;
    if (ok === true) return { kind: "elevated", recovery: recovery === true || method === "security_code" };
    return ok === false ? { kind: "not_accepted", retryAfterSeconds: wholeNumber(wait) } : unreadable;
  }

  /** Ends one authenticator. */
  async remove(credentialId: string): Promise<Confirmed | Failure> {
    const answer = await this.#post("totp/remove", { credential_id: credentialId });
    if (answer.kind === "failed") return answer;
    return answer.body["ok"] === true ? { kind: "confirmed" } : unreadable;
  }

  /** Ends what there is one of: the mailed codes of an address, the security questions, a set of security codes. */
  async removeOwn(credentialId: string): Promise<Confirmed | Failure> {
    const answer = await this.#post("methods/remove", { credential_id: credentialId });
    if (answer.kind === "failed") return answer;
    return answer.body["ok"] === true ? { kind: "confirmed" } : unreadable;
  }

  /** The user's salt, with which security codes are stretched. */
  async codesSalt(): Promise<Salt | Failure> {
    const answer = await request(this.session, "codes/salt", this.signal);
    if (answer.kind === "failed") return answer;
    const { salt: text } = answer.body;
    const salt = typeof text === "string" ? bytesFromBase64url(text) : undefined;
    return salt?.length === saltBytes ? { kind: "salt", salt } : unreadable;
  }

  /** Puts a new set of security codes in the place of the old one, in one step. */
  async replaceCodes(stretched: readonly string[]): Promise<Replaced | Failure> {
    const answer = await this.#post("codes/replace", { stretched });
    if (answer.kind === "failed") return answer;
    return answer.body["ok"] === true ? { kind: "replaced", remaining: wholeNumber(answer.body["remaining"]) } : unreadable;
  }

  #post(route: string, body: Body) {
    return request(this.session, route, this.signal, body);
  }
}
