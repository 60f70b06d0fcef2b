// SPDX-License-Identifier: Apache-2.0
// A site for the elements: our files and the package's, the strict CSP with every answer, and
// `/countersign/w/*` answered by what the test gives: the real server, or the few answers that it cannot
// give on demand.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = process.env.COUNTERSIGN_DIST ?? join(here, "..", "..", "js-bindings", "dist");
const roots = { "/pages/": join(here, "pages"), "/dist/": dist };
const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * The policy of R29, but that one test has to frame a page: who may frame is a parameter, and our own
 * pages may hold a frame of this machine.
 */
function policy(ancestors, connect) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${connect}`.trimEnd(),
    "worker-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
    "frame-src http://127.0.0.1:*",
    "require-trusted-types-for 'script'",
    "trusted-types countersign lit-html",
  ].join("; ");
}

async function file(path) {
  const prefix = Object.keys(roots).find((start) => path.startsWith(start));
  if (!prefix || path.includes("..")) return undefined;
  return readFile(join(roots[prefix], normalize(path.slice(prefix.length)))).catch(() => undefined);
}

async function textOf(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

/**
 * @param {object} options
 * @param {(call: {route: string, method: string, authorization?: string, text: string}) =>
 *   Promise<{status: number, headers?: object, body: unknown}>} [options.widget] answers `/countersign/w/ROUTE`
 * @param {string} [options.ancestors] `frame-ancestors`
 * @param {string} [options.connect] where pages may call besides their own origin
 * @returns origin, the requests seen (method, path and text), the bodies answered, and how to end it
 */
export async function startSite({ widget = async () => ({ status: 404, body: {} }), ancestors = "'none'", connect = "" } = {}) {
  const seen = [];
  const answered = [];
  const site = { widget, seen, answered, origin: "", stop: undefined, beforePost: async () => {}, beforeSlowScript: async () => {} };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const text = await textOf(request);
    seen.push({ method: request.method, url: request.url, text, headers: request.headers });
    response.setHeader("content-security-policy", policy(ancestors, connect));
    if (pathname.startsWith("/countersign/w/")) {
      const call = { route: pathname.slice(15), method: request.method, authorization: request.headers.authorization, text };
      const answer = await site.widget(call);
      answered.push(answer.body);
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      return void response.end(JSON.stringify(answer.body));
    }
    if (request.method === "POST") await site.beforePost();
    if (pathname === "/pages/slow.js") await site.beforeSlowScript();
    const body = await file(pathname);
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(pathname)] ?? "application/octet-stream" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.origin = `http://localhost:${server.address().port}`;
  site.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return site;
}
