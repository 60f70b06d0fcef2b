// SPDX-License-Identifier: Apache-2.0

// Listens on the wires of the demonstration: between the bank and the server as bytes, between the page
// and the bank as the browser sees it.

import { connect, createServer } from "node:net";

/** Stands between the bank and the server, passes every byte on and keeps it. */
export class Wiretap {
  #bytes = [];
  #server;

  /** @param {string} address - of the server @returns {Promise<string>} the address to use in its place */
  async between(address) {
    const { hostname, port } = new URL(address);
    this.#server = createServer((caller) => {
      const callee = connect(Number(port), hostname);
      for (const [from, to] of [[caller, callee], [callee, caller]]) {
        from.on("data", (piece) => this.#bytes.push(piece));
        from.on("error", () => to.destroy());
        from.pipe(to);
      }
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Everything that passed, one byte a character. */
  text() {
    return Buffer.concat(this.#bytes).toString("latin1");
  }

  stop() {
    return new Promise((resolve) => this.#server?.close(resolve) ?? resolve());
  }
}

/** Keeps what a context's pages send and get. @returns a function that gives all of it as text */
export function recordPages(context) {
  const pieces = [];
  context.on("request", (request) => {
    pieces.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? "");
  });
  context.on("response", (response) => {
    pieces.push(JSON.stringify(response.headers()), bodyOf(response));
  });
  return async () => (await Promise.all(pieces)).join("\n");
}

/** A base32 secret in every form in which it might be written. */
export function formsOfSecret(core, secret) {
  const bytes = Buffer.from(core.decodeBase32(secret));
  return {
    base32: secret,
    "base32 in groups": secret.match(/.{1,4}/g).join(" "),
    hexadecimal: bytes.toString("hex"),
    base64: bytes.toString("base64").replace(/=+$/, ""),
    base64url: bytes.toString("base64url"),
    "a list of bytes": bytes.join(","),
    bytes: bytes.toString("latin1"),
    "an otpauth URI": "otpauth:",
  };
}

/** An answer whose body a page leaves unread never ends in Chromium; one that was not heard fails the test by its address. */
async function bodyOf(response) {
  const limit = AbortSignal.timeout(20_000);
  const unheard = new Promise((_, reject) => {
    limit.onabort = () => reject(new Error(`the body of ${response.url()} was never heard: does the page read it?`));
  });
  unheard.catch(() => {});
  return Promise.race([response.body().then((bytes) => bytes.toString("latin1"), () => ""), unheard]);
}
