// SPDX-License-Identifier: Apache-2.0
// The three requests of an enrollment, and every way in which they can end. No state, no DOM.

export interface Failure {
  readonly kind: "failed";
  /** The server's `area.reason`, or `network.unreachable`, `server.answer_unreadable`. */
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number;
}

export interface Begun {
  readonly kind: "begun";
  readonly pendingId: string;
  readonly uri: string;
  /** How long the server keeps the pending secret, by the server's clock; undefined when it cannot be told. */
  readonly lifetimeSeconds: number | undefined;
}

export interface Confirmed {
  readonly kind: "confirmed";
}

export interface Refused {
  readonly kind: "refused";
  readonly reason: "wrong" | "clock_off" | "wait";
  readonly clockOffSeconds: number;
  readonly retryAfterSeconds: number;
}

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly kind: "answered"; readonly body: Body; readonly serverNow: number | undefined };

const answerLimitMs = 15_000;

export class EnrollmentClient {
  constructor(
    private readonly endpoint: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  async begin(): Promise<Begun | Failure> {
    const answer = await this.#send("totp/begin", {});
    if (answer.kind === "failed") return answer;
    const { pending_id: pendingId, uri, expires_at: expiresAt } = answer.body;
    if (typeof pendingId !== "string" || typeof uri !== "string") return unreadable;
    const lifetime = typeof expiresAt === "number" && answer.serverNow ? expiresAt - answer.serverNow : undefined;
    return { kind: "begun", pendingId, uri, lifetimeSeconds: lifetime };
  }

  async confirm(pendingId: string, code: string): Promise<Confirmed | Refused | Failure> {
    const answer = await this.#send("totp/confirm", { pending_id: pendingId, code });
    if (answer.kind === "failed") return answer;
    const { ok, reason, clock_off_seconds: off, retry_after: wait } = answer.body;
    if (ok === true) return { kind: "confirmed" };
    if (ok !== false) return unreadable;
    return {
      kind: "refused",
      reason: reason === "clock_off" || reason === "wait" ? reason : "wrong",
      clockOffSeconds: wholeSeconds(off),
      retryAfterSeconds: wholeSeconds(wait),
    };
  }

  /** Whether an authenticator is active: settles a confirm whose answer was lost on the way. */
  async isActive(): Promise<boolean> {
    const answer = await this.#send("methods", undefined);
    if (answer.kind === "failed" || !Array.isArray(answer.body["methods"])) return false;
    return answer.body["methods"].some((entry: Body) => entry["method"] === "totp" && entry["status"] === "active");
  }

  async #send(route: string, body: Body | undefined): Promise<Answer | Failure> {
    const limit = AbortSignal.timeout(answerLimitMs);
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}`, accept: "application/json" };
    if (body) headers["content-type"] = "application/json";
    try {
      const response = await fetch(`${this.endpoint.replace(/\/+$/u, "")}/${route}`, {
        method: body ? "POST" : "GET",
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: anySignal([this.signal, limit]),
      });
      const parsed: unknown = await response.json().catch(() => undefined);
      const read = typeof parsed === "object" && parsed !== null ? (parsed as Body) : undefined;
      if (!response.ok) return problem(response, read ?? {});
      return read ? { kind: "answered", body: read, serverNow: serverTime(response) } : unreadable;
    } catch {
      return { kind: "failed", code: "network.unreachable", status: 0, retryAfterSeconds: 0 };
    }
  }
}

const unreadable: Failure = { kind: "failed", code: "server.answer_unreadable", status: 0, retryAfterSeconds: 0 };

function problem(response: Response, body: Body): Failure {
  const code = typeof body["code"] === "string" ? body["code"] : "server.answer_unreadable";
  const wait = body["retry_after"] ?? Number(response.headers.get("retry-after"));
  return { kind: "failed", code, status: response.status, retryAfterSeconds: wholeSeconds(wait) };
}

function serverTime(response: Response): number | undefined {
  const time = Date.parse(response.headers.get("date") ?? "");
  return Number.isFinite(time) ? time / 1000 : undefined;
}

function wholeSeconds(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : 0;
}

/** `AbortSignal.any` is missing from Safari 17.0 to 17.3. */
function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const any = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) any.abort();
    signal.addEventListener("abort", () => any.abort(), { once: true, signal: any.signal });
  }
  return any.signal;
}
