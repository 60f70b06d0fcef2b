// SPDX-License-Identifier: Apache-2.0
import { CountersignServerError } from "./error.js";
import { defaultTimeoutMs, exchange, readAddress } from "./transport.js";
import type { MethodsAnswer, OpenedSession, RedeemAnswer, RedeemRequest, SessionRequest, VerifyAnswer, VerifyRequest } from "./types.js";

export interface CountersignServerOptions {
  /** `https://...`, or `http://` on loopback; no path. */
  server: string | URL;
  /** `cs_app_...`, of `countersign app-key create`. */
  applicationKey: string;
  /** How long to wait for a whole answer, in milliseconds; 5000 by default. */
  timeoutMs?: number;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

function readJson(bytes: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readRetryAfter(headers: Headers): number | undefined {
  const seconds = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined;
}

/**
 * The Countersign server, as a site's back end calls it with its application key. For Node.js; never for a page: the key
 * opens sessions for any user.
 *
 * Each call is made once. It is given up after `timeoutMs`, and then whether the server acted is not known: a login says no,
 * and the person types the next code. Where a refusal says `retryAfter`, wait for so long.
 */
export class CountersignServer {
  readonly #address: URL;
  readonly #key: string;
  readonly #timeoutMs: number;

  /** @throws TypeError when the address is neither https nor loopback, or the key is no application key */
  constructor({ server, applicationKey, timeoutMs = defaultTimeoutMs }: CountersignServerOptions) {
    if (!/^cs_app_[A-Za-z0-9_-]{43}$/.test(applicationKey)) throw new TypeError("applicationKey is not of the form cs_app_...");
    if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) throw new TypeError("timeoutMs is more than 0");
    this.#address = readAddress(server);
    this.#key = applicationKey;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Opens a session for the widget of one user; hand `token` to the page and keep `challenge`, which one of purpose
   * `challenge` has, with this login.
   *
   * @throws CountersignServerError `challenge.not_passed` when `elevated_by` or `challenge` names one that does not count,
   *   `auth.scope_missing` when the key may not open administrators' sessions
   */
  async openSession(request: SessionRequest): Promise<OpenedSession> {
    return this.#post("/v1/sessions", request, 201, ({ token, challenge }) =>
      typeof token === "string" && (request.purpose === "challenge") === (typeof challenge === "string"));
  }

  /** Asks whether the receipt that a page brought is of this login; once, and within 60 seconds of it. */
  async redeem(request: RedeemRequest): Promise<RedeemAnswer> {
    return this.#post("/v1/receipts/redeem", request, 200, ({ ok, methods }) => ok === false || (ok === true && Array.isArray(methods)));
  }

  /**
   * Checks a code and uses it up, without a challenge.
   *
   * @throws CountersignServerError `admission.busy` (429) when too many wait: nothing was checked or counted
   */
  async verify(request: VerifyRequest): Promise<VerifyAnswer> {
    return this.#post("/v1/verify", request, 200, ({ ok, retry_after }) => ok === true || (ok === false && typeof retry_after === "number"));
  }

  /** Which methods a user has; one who has none is told as `not_configured`. */
  async methods(user: string): Promise<MethodsAnswer> {
    return this.#post("/v1/users/methods", { user }, 200, ({ methods }) => Array.isArray(methods));
  }

  async #post<T>(path: string, body: object, status: number, understood: (answer: Json) => boolean): Promise<T> {
    const { status: got, headers, body: bytes } = await exchange(this.#address, path, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }, this.#timeoutMs);
    const answer = readJson(bytes);
    const requestId = /^[A-Za-z0-9._-]{1,64}$/.exec(headers.get("x-request-id") ?? "")?.[0];
    if (got === status && answer !== undefined && understood(answer)) return answer as T;
    const code = got >= 400 ? answer?.["code"] : undefined;
    const stable = typeof code === "string" && /^[a-z_]{1,32}\.[a-z_]{1,32}$/.test(code) ? code : "client.unexpected_answer";
    throw new CountersignServerError(stable, { status: got, retryAfter: readRetryAfter(headers), requestId });
  }
}
