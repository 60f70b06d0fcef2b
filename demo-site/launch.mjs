// SPDX-License-Identifier: Apache-2.0

// Starts the whole demonstration on this machine: a mail server with an inbox, the Countersign server, the
// bank, the authenticator, each a process of its own. scripts/demo, the browser tests and the contact sheet
// all start it here.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { addPeople, allowEverything } from "./seeds.mjs";
import { Service } from "./service.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function savePolicy(run, data, change) {
  const policy = JSON.parse(run(["policy", "get", "--data", data]));
  change(policy);
  run(["policy", "set", "--data", data, "--stdin", "--who", "scripts/demo"], JSON.stringify(policy));
}

/** Makes what the demonstration keeps: the master key beside the data directory, never inside it. */
async function prepare(binary, directory, changePolicy) {
  const paths = {
    data: join(directory, "countersign-data"),
    masterKey: join(directory, "keys", "master.key"),
    applicationKey: join(directory, "keys", "application.key"),
    adminKey: join(directory, "keys", "admin.key"),
    bankDatabase: join(directory, "bank", "bank.sqlite"),
    logs: join(directory, "logs"),
  };
  for (const folder of [paths.data, join(directory, "keys"), join(directory, "bank"), paths.logs]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const run = (args, input) => execFileSync(binary, args, { encoding: "utf8", input });
  const createKey = (file, ...flags) => {
    const { token } = JSON.parse(run(["app-key", "create", "--data", paths.data, "--master-key-file", paths.masterKey, ...flags, "--json"]));
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
  };
  if (!existsSync(paths.masterKey)) run(["keygen", "--out", paths.masterKey]);
  if (!existsSync(paths.applicationKey)) {
    createKey(paths.applicationKey, "--name", "Harbor Bank");
    savePolicy(run, paths.data, changePolicy);
  }
  if (!existsSync(paths.adminKey)) createKey(paths.adminKey, "--name", "Harbor Bank, staff", "--scope", "admin");
  await addPeople(paths.bankDatabase);
  return paths;
}

/** Asks until the answer is 200; a server that is up may still refuse work, and says so on /readyz. */
async function waitUntilHealthy(url) {
  const end = Date.now() + 10_000;
  for (;;) {
    const status = await fetch(url).then((response) => response.status, (error) => error.message);
    if (status === 200) return;
    if (Date.now() > end) throw new Error(`${url} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * @param {object} options
 * @param {string} options.binary - the `countersign` program
 * @param {string} options.directory - where keys, data and logs are kept; made when missing
 * @param {{server: number, bank: number, authenticator: number, inbox: number, smtp: number}} [options.ports] - 0 picks a free one
 * @param {(policy: object) => void} [options.policy] - changes the policy that a new demonstration begins with
 * @param {(service: Service) => void} [options.onUnexpectedExit]
 * @param {(address: string) => Promise<string>} [options.between] - what stands between the bank and the server
 */
export async function launch({
  binary, directory, ports = { server: 0, bank: 0, authenticator: 0, inbox: 0, smtp: 0 }, policy = allowEverything, onUnexpectedExit,
  between = async (address) => address,
}) {
  const paths = await prepare(binary, directory, policy);
  const services = [];
  const start = async (name, command, args, environment, event) => {
    const log = join(paths.logs, `${name}.log`);
    const service = new Service({ name, command, args, environment, log, onUnexpectedExit });
    services.push(service);
    return service.start(event);
  };
  const stop = async () => {
    for (const service of [...services].reverse()) await service.stop();
  };
  const node = (script) => ["--disable-warning=ExperimentalWarning", here(script)];
  try {
    const inbox = await start("inbox", process.execPath, node("./inbox/server.mjs"), {
      INBOX_PORT: ports.inbox,
      SMTP_PORT: ports.smtp,
    }, "inbox.listening");
    const serve = (port) => [
      "serve", "--data", paths.data, "--listen", `127.0.0.1:${port}`, "--master-key-file", paths.masterKey,
      "--smtp-url", inbox.smtp, "--mail-from", "Harbor Bank <no-reply@harbor.example>",
    ];
    const { port } = await start("server", binary, serve(ports.server), {}, "server.listening");
    const server = services.at(-1);
    // Should it be started again, then where the bank looks for it.
    server.args = serve(port);
    const address = `http://127.0.0.1:${port}`;
    const bank = await start("bank", process.execPath, node("./server.mjs"), {
      BANK_PORT: ports.bank,
      BANK_DATABASE: paths.bankDatabase,
      COUNTERSIGN_SERVER: await between(address),
      COUNTERSIGN_APP_KEY_FILE: paths.applicationKey,
      COUNTERSIGN_ADMIN_KEY_FILE: paths.adminKey,
    }, "bank.listening");
    const authenticator = await start("authenticator", process.execPath, node("./authenticator/server.mjs"), {
      AUTHENTICATOR_PORT: ports.authenticator,
    }, "authenticator.listening");
    for (const url of [`${address}/readyz`, `${bank.origin}/healthz`, authenticator.origin, inbox.origin]) await waitUntilHealthy(url);
    const readLog = (name) => readFileSync(join(paths.logs, `${name}.log`), "utf8");
    return {
      address, bank: bank.origin, authenticator: authenticator.origin, inbox: inbox.origin, smtp: inbox.smtp,
      server, services, paths, readLog, stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
