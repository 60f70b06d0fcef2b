// SPDX-License-Identifier: Apache-2.0
import { CountersignServerError } from "./error.js";
import { defaultTimeoutMs, exchange, readAddress } from "./transport.js";

/** A widget's call, out of the request that the site received. */
export interface WidgetCall {
  method: string;
  /** What follows `/countersign/w/`, without the query: `totp/begin`. */
  path: string;
  /** The headers of the same names, as they came. */
  authorization?: string | undefined;
  contentType?: string | undefined;
  body?: string | Uint8Array | undefined;
}

/** To be sent to the page as it is. */
export interface WidgetAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface ForwarderOptions {
  /** `https://...`, or `http://` on loopback; no path. */
  server: string | URL;
  timeoutMs?: number;
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): WidgetAnswer => ({
  status,
  headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  body: new TextEncoder().encode(JSON.stringify({ type: "about:blank", status, code })),
});

/**
 * Makes the function that passes widgets' calls of `/countersign/w/*` on to the server's `/v1/w/*`, and nothing else.
 *
 * Method, Authorization, Content-Type and body pass: no cookie leaves the site, and no `Origin`, which the server would
 * judge. What administers (`admin/...`) passes with `{ admin: true }` alone: for requests of the site's own staff.
 *
 * @throws TypeError when the address is neither https nor loopback
 */
export function createForwarder({ server, timeoutMs = defaultTimeoutMs }: ForwarderOptions) {
  const address = readAddress(server);
  return async ({ method, path, authorization, contentType, body }: WidgetCall, { admin = false } = {}): Promise<WidgetAnswer> => {
    if (!/^[a-z]+(\/[a-z]+)*$/.test(path) || (path.split("/")[0] === "admin" && !admin)) return problem(404, "route.not_found");
    if (method !== "GET" && method !== "POST") return problem(405, "route.method_not_allowed", { allow: "GET, POST" });
    const headers: Record<string, string> = {};
    // What no token is does not pass, so that no header of another kind can be smuggled in it.
    if (/^bearer [A-Za-z0-9_-]{1,128}$/i.test(authorization ?? "")) headers["authorization"] = authorization as string;
    if (method === "POST") headers["content-type"] = /^[\w!#$&^.+/=; -]{1,100}$/.test(contentType ?? "") ? (contentType as string) : "application/octet-stream";
    try {
      const sent = method === "POST" ? { method, headers, body: (body ?? "") as BodyInit } : { method, headers };
      const answer = await exchange(address, `/v1/w/${path}`, sent, timeoutMs);
      const passed = ["content-type", "retry-after", "x-request-id"].flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      return { status: answer.status, headers: { ...Object.fromEntries(passed), "cache-control": "no-store" }, body: answer.body };
    } catch (error) {
      if (!(error instanceof CountersignServerError)) throw error;
      return problem(503, "server.unavailable", { "retry-after": "5" });
    }
  };
}
