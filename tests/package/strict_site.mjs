// SPDX-License-Identifier: Apache-2.0
// A site of static files that sends one Content Security Policy with everything, workers included.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const roots = { "/pages/": join(here, "pages"), "/dist/": join(here, "..", "..", "js-bindings", "dist") };
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The policy of R29. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "media-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types countersign lit-html",
].join("; ");

async function fileFor(path) {
  const prefix = Object.keys(roots).find((start) => path.startsWith(start));
  if (prefix === undefined || path.includes("..")) return undefined;
  return readFile(join(roots[prefix], normalize(path.slice(prefix.length)))).catch(() => undefined);
}

/** @returns the address of the page, and how to end the site */
export async function startSite(policy = strictPolicy) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const body = await fileFor(pathname);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-security-policy": policy,
      "content-type": types[extname(pathname)] ?? "application/octet-stream",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    page: `http://127.0.0.1:${server.address().port}/pages/index.html`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
