// SPDX-License-Identifier: Apache-2.0

// Starts the demonstration's mail: an SMTP server and a page that shows what it took, on an origin of its own. Tests read
// the same as JSON: /mail.json, /mail.json?to=ADDRESS, the newest first. Everything is in memory.

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { readFolder } from "../bank/files.mjs";
import { inboxHeaders } from "../bank/headers.mjs";
import { Mailbox } from "./mailbox.mjs";
import { renderLetter, renderList, renderNothing } from "./pages.mjs";
import { createMailServer } from "./smtp.mjs";

const now = () => Math.floor(Date.now() / 1000);
const mailbox = new Mailbox(now);
const files = readFolder(fileURLToPath(new URL("./page/", import.meta.url)), "/");

const page = (body, status = 200) => ({ status, type: "text/html; charset=utf-8", body });

function answerTo(url) {
  const file = files.get(url.pathname);
  if (file !== undefined) return { status: 200, ...file };
  const address = url.searchParams.get("to") ?? undefined;
  if (url.pathname === "/") return page(renderList(mailbox.list(), address, now()));
  if (url.pathname === "/mail.json") return { status: 200, type: "application/json", body: JSON.stringify(mailbox.list(address)) };
  const letter = mailbox.find(Number(url.pathname.match(/^\/mail\/(\d{1,9})$/)?.[1]));
  return letter === undefined ? page(renderNothing(), 404) : page(renderLetter(letter, now()));
}

/** One line for each letter, as it comes in, until the reader leaves. */
function streamNews(response) {
  response.writeHead(200, { ...inboxHeaders, "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("retry: 1000\n\n");
  response.on("close", mailbox.watch(({ id, subject }) => response.write(`data: ${JSON.stringify({ id, subject })}\n\n`)));
}

const web = createServer((request, response) => {
  const url = URL.parse(request.url, "http://inbox.localhost");
  if (url === null || !["GET", "HEAD"].includes(request.method)) {
    response.writeHead(url === null ? 400 : 405, inboxHeaders).end();
    return;
  }
  if (url.pathname === "/news") {
    streamNews(response);
    return;
  }
  const { status, type, body } = answerTo(url);
  response.writeHead(status, {
    ...inboxHeaders, "content-type": type, "content-length": Buffer.byteLength(body), "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : body);
});

const smtp = createMailServer(mailbox);

function fail(error) {
  console.error(`inbox: ${error.message}`);
  process.exit(1);
}

const listen = (server, port) => new Promise((resolve) => {
  server.listen(port, "127.0.0.1", resolve);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    web.close();
    web.closeAllConnections();
    smtp.close(() => process.exit(0));
  });
}

web.on("error", fail);
// A client that hangs up is no reason to end; a port that is taken is.
smtp.on("error", (error) => (error.syscall === "listen" ? fail(error) : console.error(`inbox: ${error.message}`)));

await Promise.all([listen(web, Number(process.env.INBOX_PORT ?? "4830")), listen(smtp, Number(process.env.SMTP_PORT ?? "4825"))]);
console.log(JSON.stringify({
  event: "inbox.listening", origin: `http://localhost:${web.address().port}`, smtp: `smtp://127.0.0.1:${smtp.server.address().port}`,
}));
