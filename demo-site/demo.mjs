// SPDX-License-Identifier: Apache-2.0

// `scripts/demo`: starts the demonstration, says where it is and what to try, stops on Ctrl-C.

import { fileURLToPath } from "node:url";

import { launch } from "./launch.mjs";

const [binary, directory] = process.argv.slice(2);
const find = fileURLToPath(new URL("./find-customer.mjs", import.meta.url));
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
};

let stopping = false;
let site;

async function stop(exitCode) {
  if (stopping) return;
  stopping = true;
  await site?.stop();
  say("stopped the server, the bank and the authenticator");
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
  say("starting the server, the bank and the authenticator ...");
  site = await launch({ binary, directory, ports, onUnexpectedExit });
} catch (error) {
  console.error(`demo: ${error.message}`);
  console.error("demo: remedy: stop another scripts/demo that still runs, or choose other ports with COUNTERSIGN_PORT, BANK_PORT and AUTHENTICATOR_PORT;");
  console.error(`demo: if the data is from another version, delete ${directory} and run scripts/demo again`);
  process.exit(1);
}

say("ready");
say();
say(`  the bank           ${site.bank}`);
say(`  the authenticator  ${site.authenticator}   (another origin; or use an app on your phone)`);
say(`  Countersign        ${site.address}   (the bank's back end and its pages talk to it)`);
say();
say("what to try");
say("  1. At the bank open an account, log in, and go to Security > Configure.");
say("  2. In the authenticator choose Scan a QR code, or in the bank open \"Can't scan?\", copy the key and paste it.");
say("  3. Type the code at the bank. The second factor is on.");
say("  4. Log out and in again with the code you have just used: it is refused. Wait for the next one: it is accepted.");
say("  5. Use that one again: it is refused as well.");
say("  6. Under Security choose Reconfigure or Add another: a code is asked for first. Until the new QR code is confirmed the");
say("     old authenticator keeps working. With two of them, remove one: its codes are refused from then on.");
say("  7. Under Security make a set of security codes and save it. Log out, log in with the password, and choose \"Use a security");
say("     code instead\", as with a lost phone. The same code again is refused. Mistype one: the page tells before it is sent.");
say("     Then set up the new phone: Security > Reconfigure > Use a security code instead.");
say("  8. With no code left, the operator issues one, for one sign-in. In another terminal:");
say(`       ${binary} backup-code issue --data ${site.paths.data} --master-key-file ${site.paths.masterKey} \\`);
say(`         --user "$(${process.execPath} ${find} ${site.paths.bankDatabase} EMAIL)" --reason "lost phone, called back" --who operator`);
say();
say(`keys, accounts and logs are in ${directory}; Ctrl-C stops everything`);
