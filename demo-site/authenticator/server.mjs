// SPDX-License-Identifier: Apache-2.0

// Serves the authenticator: static files on an origin of its own. It keeps and logs nothing.

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { readFolder, readPackage } from "../bank/files.mjs";
import { authenticatorHeaders } from "../bank/headers.mjs";

const port = Number(process.env.AUTHENTICATOR_PORT ?? "4820");
const page = readFolder(fileURLToPath(new URL("./page/", import.meta.url)), "/");
const files = new Map([...page, ...readPackage("/countersign/"), ["/", page.get("/index.html")]]);

const server = createServer((request, response) => {
  const file = files.get(request.url.split("?")[0]);
  const allowed = request.method === "GET" || request.method === "HEAD";
  const status = !allowed ? 405 : file === undefined ? 404 : 200;
  const { type, body } = status === 200 ? file : { type: "text/plain; charset=utf-8", body: "Nothing here.\n" };
  response.writeHead(status, {
    ...authenticatorHeaders,
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-cache",
  });
  response.end(request.method === "HEAD" ? undefined : body);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => server.close(() => process.exit(0)) && server.closeAllConnections());
}

server.on("error", (error) => {
  console.error(`authenticator: ${error.message}`);
  process.exit(1);
});

server.listen(port, "127.0.0.1", () => {
  const origin = `http://localhost:${server.address().port}`;
  console.log(JSON.stringify({ event: "authenticator.listening", origin }));
});
