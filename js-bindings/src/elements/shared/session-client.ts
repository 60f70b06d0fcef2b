// SPDX-License-Identifier: Apache-2.0
// The routes that a session may call, as the elements see them: typed answers, nothing thrown.

import { bytesFromBase64url, toBase64url } from "./base64url.js";
import { request, unreadable, wholeNumber, type Body, type Failure, type Session } from "./session-request.js";

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

/** A code of an active authenticator that was not accepted; no reason is ever told (R14). */
export interface NotAccepted {
  readonly kind: "not_accepted";
  readonly retryAfterSeconds: number;
}

/** One authenticator of the user that is set up. Times are seconds since 1970-01-01 UTC. */
export interface Authenticator {
  readonly id: string;
  readonly name: string | undefined;
  readonly status: "active" | "disabled";
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
}

/** The user's own set of security codes. Times as above. */
export interface SecurityCodes {
  readonly status: "not_configured" | "active" | "disabled";
  /** How many are not used yet. */
  readonly remaining: number;
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
}

export interface Methods {
  readonly kind: "methods";
  readonly authenticators: readonly Authenticator[];
  /** Undefined where the site has none and offers none. */
  readonly codes: SecurityCodes | undefined;
  /** Whether one was begun and not confirmed. */
  readonly begun: boolean;
  readonly stepUpRequired: boolean;
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

/** What can prove inside a session who is here. */
export type Proof = "totp" | "security_code";

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
    const { methods, step_up_required: stepUp } = answer.body;
    if (!Array.isArray(methods)) return unreadable;
    const of = (wanted: string) => methods.filter((entry: Body | undefined): entry is Body => entry?.["method"] === wanted);
    const entries = of("totp");
    const authenticators = entries.flatMap((entry) => readAuthenticator(entry) ?? []);
    return {
      kind: "methods",
      authenticators,
      codes: of("static_codes").flatMap((entry) => readCodes(entry) ?? [])[0],
      begun: entries.some(({ status }) => status === "pending"),
      stepUpRequired: stepUp === true,
    };
  }

  /** Proves with a code of an active authenticator, or with a security code, that the owner is here. */
  async elevate(code: string, method: Proof = "totp"): Promise<Confirmed | NotAccepted | Failure> {
    const answer = await this.#post("elevate", { method, code });
    if (answer.kind === "failed") return answer;
    const { ok, retry_after: wait } = answer.body;
    if (ok === true) return { kind: "confirmed" };
    return ok === false ? { kind: "not_accepted", retryAfterSeconds: wholeNumber(wait) } : unreadable;
  }

  async remove(credentialId: string): Promise<Confirmed | Failure> {
    const answer = await this.#post("totp/remove", { credential_id: credentialId });
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

const optionalNumber = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function readCodes({ status, remaining, active_since: since, last_used: used }: Body): SecurityCodes | undefined {
  if (status !== "not_configured" && status !== "active" && status !== "disabled") return undefined;
  return { status, remaining: wholeNumber(remaining), activeSince: optionalNumber(since), lastUsed: optionalNumber(used) };
}

function readAuthenticator(entry: Body): Authenticator | undefined {
  const { credential_id: id, status, name, active_since: since, last_used: used } = entry;
  if (typeof id !== "string" || (status !== "active" && status !== "disabled")) return undefined;
  return {
    id,
    status,
    name: typeof name === "string" && name !== "" ? name : undefined,
    activeSince: optionalNumber(since),
    lastUsed: optionalNumber(used),
  };
}
