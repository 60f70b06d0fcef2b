// SPDX-License-Identifier: Apache-2.0
// One request with a session token, and every way in which it can end. No state, no DOM.

export interface Failure {
  readonly kind: "failed";
  /** The server's `area.reason`, or `network.unreachable`, `server.answer_unreadable`. */
  readonly code: string;
  readonly status: number;
  readonly retryAfterSeconds: number;
  /** What the server said beside the code, as a field or a sentence. */
  readonly body?: Body;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly kind: "answered";
  readonly body: Body;
  /** The server's own time, in whole seconds; undefined when it did not say. */
  readonly serverNow: number | undefined;
}

/** Where to, and in whose name. */
export interface Session {
  readonly endpoint: string;
  readonly token: string;
}

const answerLimitMs = 15_000;

export const unreadable: Failure = { kind: "failed", code: "server.answer_unreadable", status: 0, retryAfterSeconds: 0 };

/** A POST of the body; without one, a GET. */
export async function request(session: Session, route: string, signal: AbortSignal, body?: Body): Promise<Answer | Failure> {
  const headers: Record<string, string> = { authorization: `Bearer ${session.token}`, accept: "application/json" };
  if (body) headers["content-type"] = "application/json";
  try {
    const response = await fetch(`${session.endpoint.replace(/\/+$/u, "")}/${route}`, {
      method: body ? "POST" : "GET",
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: anySignal([signal, AbortSignal.timeout(answerLimitMs)]),
    });
    const parsed: unknown = await response.json().catch(() => undefined);
    const read = typeof parsed === "object" && parsed !== null ? (parsed as Body) : undefined;
    if (!response.ok) return problem(response, read ?? {});
    return read ? { kind: "answered", body: read, serverNow: serverTime(response) } : unreadable;
  } catch {
    return { kind: "failed", code: "network.unreachable", status: 0, retryAfterSeconds: 0 };
  }
}

/** Whether asking again may well do: the network is away, or the server is busy. */
export function mayPass({ code, status }: Failure): boolean {
  return code === "network.unreachable" || status === 429 || status === 503;
}

/** Whether the server may have done it all the same: a site passes a call on, and answers 5xx when that fails. */
export function answerLost({ status }: Failure): boolean {
  return status === 0 || status >= 500;
}

/** What is no number, of seconds or of things, counts as none. */
export function wholeNumber(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : 0;
}

function problem(response: Response, body: Body): Failure {
  const code = typeof body["code"] === "string" ? body["code"] : "server.answer_unreadable";
  const wait = body["retry_after"] ?? Number(response.headers.get("retry-after"));
  return { kind: "failed", code, status: response.status, retryAfterSeconds: wholeNumber(wait), body };
}

function serverTime(response: Response): number | undefined {
  const time = Date.parse(response.headers.get("date") ?? "");
  return Number.isFinite(time) ? time / 1000 : undefined;
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
