// SPDX-License-Identifier: Apache-2.0

// `scripts/demo`: starts the demonstration, says where it is and what to try, stops on Ctrl-C.

import { launch } from "./launch.mjs";
import { tourOf } from "./tour.mjs";

const [binary, directory] = process.argv.slice(2);
const say = (text = "") => console.log(text && `demo: ${text}`);

function readPort(name, fallback) {
  const port = Number(process.env[name] ?? fallback);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  console.error(`demo: ${name} is not a port: ${process.env[name]}`);
  process.exit(2);
}

const ports = {
  server: readPort("COUNTERSIGN_PORT", 4800),
  bank: readPort("BANK_PORT", 4810),
  authenticator: readPort("AUTHENTICATOR_PORT", 4820),
  inbox: readPort("INBOX_PORT", 4830),
  smtp: readPort("SMTP_PORT", 4840),
};

let stopping = false;
let site;

async function stop(exitCode) {
  if (stopping) return;
  stopping = true;
  await site?.stop();
  say("stopped the server, the bank, the authenticator and the inbox");
  process.exit(exitCode);
}

function onUnexpectedExit(service) {
  // A terminal sends Ctrl-C to all of us at once, and a service may be quicker than this process.
  setTimeout(() => {
    // While starting, launch() reports it.
    if (site === undefined || stopping) return;
    console.error(`demo: the ${service.name} has ended by itself; its log is ${service.log}`);
    stop(1);
  }, 250);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));

try {
  say("starting the server, the bank, the authenticator and the inbox ...");
  site = await launch({ binary, directory, ports, onUnexpectedExit });
} catch (error) {
  console.error(`demo: ${error.message}`);
  console.error("demo: remedy: stop another scripts/demo that still runs, or choose other ports with COUNTERSIGN_PORT, BANK_PORT, AUTHENTICATOR_PORT, INBOX_PORT and SMTP_PORT;");
  console.error(`demo: if the data is from another version, delete ${directory} and run scripts/demo again`);
  process.exit(1);
}

say("ready");
for (const line of tourOf({ site, binary, directory })) say(line);
