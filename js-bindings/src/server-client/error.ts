// SPDX-License-Identifier: Apache-2.0

/** What the client itself says; everything else in `code` is the server's, see `ProblemCode` in openapi.yaml. */
export type ClientErrorCode =
  /** The server could not be reached, or the connection broke: whether it acted is not known. */
  | "client.no_answer"
  /** No whole answer in time: whether the server acted is not known. */
  | "client.timeout"
  /** The answer is not one of the contract: something else stands at this address. */
  | "client.unexpected_answer";

/** What is known of a refusal. */
export interface ServerErrorDetails {
  status: number;
  retryAfter?: number | undefined;
  requestId?: string | undefined;
}

/**
 * The server did not do what was asked. A code that is not accepted is no error: it is an answer with `ok: false`.
 *
 * Whoever catches this during a login says no. No token, code or body is in the message or anywhere else in it.
 */
export class CountersignServerError extends Error {
  override readonly name = "CountersignServerError";
  /** What to decide by; stable: `auth.invalid`, `challenge.not_passed`, `client.timeout`. */
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Seconds after which to try again, with 429 and 503. */
  readonly retryAfter: number | undefined;
  /** By which the server's log names this request. */
  readonly requestId: string | undefined;

  constructor(code: string, { status, retryAfter, requestId }: ServerErrorDetails) {
    super(`Countersign: ${code}${status === 0 ? "" : `, status ${status}`}${requestId === undefined ? "" : `, request ${requestId}`}`);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }
}
