// SPDX-License-Identifier: Apache-2.0
import { CountersignServerError } from "./error.js";

export const defaultTimeoutMs = 5000;
/** More than the server ever says, so that nothing else at its address fills our memory. */
const maxAnswerBytes = 1 << 20;
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The server's address: https, or http on this machine.
 *
 * @throws TypeError for every other one
 */
export function readAddress(server: string | URL): URL {
  const url = new URL(server);
  const safe = url.protocol === "https:" || (url.protocol === "http:" && loopback.has(url.hostname));
  const bare = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!safe) throw new TypeError("the server's address has to be https, or http on loopback");
  if (!bare) throw new TypeError("the server's address has no path, query or credentials");
  return url;
}

/** The whole body, and no more than `maxAnswerBytes`. */
async function readBytes(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > maxAnswerBytes) {
      await reader?.cancel();
      throw new CountersignServerError("client.unexpected_answer", { status: response.status });
    }
    parts.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export interface Exchange {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/**
 * One request, once: nothing is tried again, because the server may have acted and a code is good for one use.
 *
 * @throws CountersignServerError `client.no_answer`, `client.timeout`, `client.unexpected_answer`
 */
export async function exchange(address: URL, path: string, request: RequestInit, timeoutMs: number): Promise<Exchange> {
  try {
    const response = await fetch(new URL(path, address), { ...request, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, headers: response.headers, body: await readBytes(response) };
  } catch (error) {
    if (error instanceof CountersignServerError) throw error;
    // Neither the error nor its cause goes on: some name the header that they did not like, with what was in it.
    const late = error instanceof Error && error.name === "TimeoutError";
    throw new CountersignServerError(late ? "client.timeout" : "client.no_answer", { status: 0 });
  }
}
