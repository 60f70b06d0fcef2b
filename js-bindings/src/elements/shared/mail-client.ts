// SPDX-License-Identifier: Apache-2.0
// The routes by which a person sets up the addresses to which codes are mailed, and picks the way in that serves
// when the phone is lost. Typed answers, nothing thrown.

import type { Alternate } from "./methods-answer.js";
import { request, unreadable, wholeNumber, type Answer, type Body, type Failure, type Session } from "./session-request.js";

/** A code is on its way. */
export interface Mailed {
  readonly kind: "mailed";
  readonly pendingId: string;
  readonly masked: string;
  /** 6 to 8. */
  readonly digits: number;
  /** How long the code is good for, by the server's clock; undefined when it cannot be told. */
  readonly lifetimeSeconds: number | undefined;
  /** Before that nothing is mailed again. */
  readonly resendAfterSeconds: number;
}

/** Nothing was mailed: a code went there a moment ago. */
export interface MailWait {
  readonly kind: "mail_wait";
  readonly retryAfterSeconds: number;
  /** That code's set-up, where it was this session's and still stands. */
  readonly standing: Mailed | undefined;
}

export interface Done {
  readonly kind: "done";
}

/** A code that did not confirm the address; the reason is told (R14a). */
export interface MailRefused {
  readonly kind: "refused";
  readonly reason: "wrong" | "expired" | "wait";
  readonly retryAfterSeconds: number;
}

/** Which address: the one that the site gave, or one of the person's own. */
export type Address = "email" | "alternate";

const usualDigits = 6;

export class MailClient {
  constructor(
    private readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  /** @param address the person's own one; the site's is known to the server */
  async begin(which: Address, address?: string): Promise<Mailed | MailWait | Failure> {
    const answer = await this.#post(`${which}/begin`, address === undefined ? {} : { address });
    return answer.kind === "failed" ? answer : readMailed(answer);
  }

  async confirm(which: Address, pendingId: string, code: string): Promise<Done | MailRefused | Failure> {
    const answer = await this.#post(`${which}/confirm`, { pending_id: pendingId, code });
    if (answer.kind === "failed") return answer;
    const { ok, reason, retry_after: wait } = answer.body;
    if (ok === true) return { kind: "done" };
    if (ok !== false) return unreadable;
    return { kind: "refused", reason: reason === "expired" || reason === "wait" ? reason : "wrong", retryAfterSeconds: wholeNumber(wait) };
  }

  /** Which of the ways in shall serve when the phone is lost. */
  async choose(alternates: readonly Alternate[]): Promise<Done | Failure> {
    const answer = await this.#post("alternate/choose", { alternates });
    if (answer.kind === "failed") return answer;
    return answer.body["ok"] === true ? { kind: "done" } : unreadable;
  }

  #post(route: string, body: Body) {
    return request(this.session, route, this.signal, body);
  }
}

function readMailed({ body, serverNow }: Answer): Mailed | MailWait | Failure {
  const { ok, pending_id: pendingId, masked, code_digits: digits, expires_at: expiresAt, resend_after: resend, retry_after: wait } = body;
  const told = typeof pendingId === "string" && typeof masked === "string";
  const mailed: Mailed | undefined = told ? {
    kind: "mailed",
    pendingId,
    masked,
    digits: digits === 7 || digits === 8 ? digits : usualDigits,
    lifetimeSeconds: typeof expiresAt === "number" && serverNow ? expiresAt - serverNow : undefined,
    resendAfterSeconds: wholeNumber(ok === false ? wait : resend),
  } : undefined;
  if (ok === false) return { kind: "mail_wait", retryAfterSeconds: wholeNumber(wait), standing: mailed };
  return mailed ?? unreadable;
}
