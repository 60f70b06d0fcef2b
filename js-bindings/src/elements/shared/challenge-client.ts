// SPDX-License-Identifier: Apache-2.0
// The routes of one login's second factor, as the element sees them: typed answers, nothing thrown.

import { bytesFromBase64url } from "./base64url.js";
import type { NotAccepted } from "./session-client.js";
import { request, unreadable, wholeNumber, type Answer, type Body, type Failure, type Session } from "./session-request.js";

/** What can be given in a challenge. */
export type LoginMethod = "totp" | "email" | "security_code" | "kba" | "alternate_email";
/** Where a code is mailed. */
export type MailMethod = "email" | "alternate_email";
/** What Forgot My Phone leads to: questions, questions and then a mailed code, or a mailed code. */
export type Alternate = "kba" | "kba_email" | "email";

export interface Question {
  readonly id: string;
  readonly text: string;
}

/** Where a login stands: what is taken now, and what the page needs to ask for it. */
export interface Challenge {
  readonly kind: "challenge";
  readonly state: "open" | "passed" | "enrollment_required" | "ended";
  readonly accepts: readonly LoginMethod[];
  /** None: Forgot My Phone is not there. */
  readonly alternates: readonly Alternate[];
  /** Whether the questions were answered, and something else is still to come. */
  readonly questionsProven: boolean;
  /** Masked addresses; undefined where no code may be mailed there now. */
  readonly masked: Readonly<Record<MailMethod, string | undefined>>;
  readonly questions: readonly Question[];
  /** Of a mailed code. */
  readonly digits: number;
  /** The user's 16 bytes, with which a security code is stretched. */
  readonly salt: Uint8Array | undefined;
  /** A bearer token for 60 s: what the site's back end redeems. */
  readonly receipt: string | undefined;
  /** By the server's clock; undefined when it cannot be told. */
  readonly lifetimeSeconds: number | undefined;
}

/** A code was put on its way. */
export interface Mailed {
  readonly kind: "mailed";
  readonly masked: string;
  readonly resendAfterSeconds: number;
}

/** What is given, by method: `code`, `stretched` or `answers`. */
export type Given = Readonly<{ code: string } | { stretched: string } | { answers: readonly { readonly id: string; readonly answer: string }[] }>;

const saltBytes = 16;
const states = ["open", "passed", "enrollment_required", "ended"] as const;
const methods = ["totp", "email", "security_code", "kba", "alternate_email"] as const;
const alternates = ["kba", "kba_email", "email"] as const;

export class ChallengeClient {
  constructor(
    private readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  /** Where it stands; a passed one gives a fresh receipt, which voids the last. */
  async read(): Promise<Challenge | Failure> {
    const answer = await request(this.session, "challenge", this.signal);
    return answer.kind === "failed" ? answer : readChallenge(answer);
  }

  /** What an alternate needs, such as the questions. Changes nothing. */
  async forgot(alternate: Alternate): Promise<Challenge | Failure> {
    const answer = await this.#post("forgot", { alternate });
    return answer.kind === "failed" ? answer : readChallenge(answer);
  }

  async mail(method: MailMethod): Promise<Mailed | NotAccepted | Failure> {
    const answer = await this.#post("mail", { method });
    if (answer.kind === "failed") return answer;
    const { ok, masked, resend_after: wait } = answer.body;
    if (ok === false) return notAccepted(answer);
    if (ok !== true || typeof masked !== "string") return unreadable;
    return { kind: "mailed", masked, resendAfterSeconds: wholeNumber(wait) };
  }

  /** @param attempt random for each try; the same one again is answered as before and costs nothing (R4) */
  async answer(attempt: string, method: LoginMethod, given: Given): Promise<Challenge | NotAccepted | Failure> {
    const answer = await this.#post("answer", { attempt_id: attempt, method, ...given });
    if (answer.kind === "failed") return answer;
    if (answer.body["ok"] === false) return notAccepted(answer);
    return answer.body["ok"] === true ? readChallenge(answer) : unreadable;
  }

  #post(route: string, body: Body) {
    return request(this.session, `challenge/${route}`, this.signal, body);
  }
}

function notAccepted({ body }: Answer): NotAccepted {
  return { kind: "not_accepted", retryAfterSeconds: wholeNumber(body["retry_after"]) };
}

/** Of a list of the server's, what this page knows; a newer server may name more. */
function known<Name extends string>(list: unknown, names: readonly Name[]): Name[] {
  return Array.isArray(list) ? names.filter((name) => list.includes(name)) : [];
}

function readChallenge({ body, serverNow }: Answer): Challenge | Failure {
  const state = states.find((name) => name === body["state"]);
  const receipt = typeof body["receipt"] === "string" ? body["receipt"] : undefined;
  if (!state || (state === "passed" && !receipt)) return unreadable;
  const { proven, expires_at: expiresAt, code_digits: digits, questions } = body;
  const salt = typeof body["salt"] === "string" ? bytesFromBase64url(body["salt"]) : undefined;
  const stretchable = salt?.length === saltBytes;
  return {
    kind: "challenge",
    state,
    receipt,
    accepts: known(body["accepts"], methods).filter((method) => stretchable || method !== "security_code"),
    alternates: body["forgot_phone"] === true ? known(body["alternates"], alternates) : [],
    questionsProven: Array.isArray(proven) && proven.includes("kba"),
    masked: { email: maskedOf(body["email"]), alternate_email: maskedOf(body["alternate_email"]) },
    questions: Array.isArray(questions) ? questions.filter(isQuestion).map(({ id, text }) => ({ id, text })) : [],
    digits: typeof digits === "number" && digits >= 6 && digits <= 8 ? digits : 6,
    salt: stretchable ? salt : undefined,
    lifetimeSeconds: typeof expiresAt === "number" && serverNow ? expiresAt - serverNow : undefined,
  };
}

function maskedOf(value: unknown): string | undefined {
  const masked = typeof value === "object" && value !== null ? (value as Body)["masked"] : undefined;
  return typeof masked === "string" ? masked : undefined;
}

function isQuestion(value: unknown): value is Question {
  const { id, text } = (value ?? {}) as Body;
  return typeof id === "string" && typeof text === "string";
}
