// SPDX-License-Identifier: Apache-2.0
// A program of its own, so that what it costs to make a flood is not charged to who measures it: connections that send
// requests without end and wait for no answer. Arguments: port, connections, and a directory of files, one a manner: what a
// connection sends again and again. Says `flooding` when all are open; upon SIGTERM, how many answers it had.
import { readFileSync, readdirSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

const [port, connections, directory] = process.argv.slice(2);
const manners = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
const sockets = new Set();
let flooding = false;
let answered = 0;

function send(socket) {
  while (!socket.destroyed && socket.write(socket.bytes));
}

function count(part) {
  for (let at = part.indexOf("HTTP/1.1 "); at >= 0; at = part.indexOf("HTTP/1.1 ", at + 9)) answered += 1;
}

/** Opens one, and another in its place whenever it ends. */
function open(i) {
  return new Promise((resolve) => {
    // Of another address than who measures: all of 127.0.0.0/8 is this machine.
    const socket = net.connect({ port: Number(port), host: "127.0.0.1", localAddress: `127.0.${1 + (i % 4)}.1` }, () => {
      sockets.add(socket);
      if (flooding) send(socket);
      resolve();
    });
    socket.bytes = manners[i % manners.length];
    socket.on("data", count).on("drain", () => send(socket)).on("error", resolve);
    socket.on("close", () => {
      if (sockets.delete(socket)) open(i);
    });
  });
}

process.on("SIGTERM", () => {
  process.stdout.write(`${answered}\n`, () => process.exit(0));
});
await Promise.all(Array.from({ length: Number(connections) }, (_, i) => open(i)));
flooding = true;
for (const socket of sockets) send(socket);
process.stdout.write("flooding\n");
