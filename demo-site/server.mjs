// SPDX-License-Identifier: Apache-2.0

// Starts the bank: settings from the environment, wiring, a clean stop. See bank/app.mjs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { createBank } from "./bank/app.mjs";
import { CountersignClient } from "./bank/countersign-client.mjs";
import { Database } from "./bank/database.mjs";
import { readFolder, readPackage } from "./bank/files.mjs";

function readSetting(name, fallback) {
  const value = process.env[name] ?? fallback;
  if (value === undefined) {
    console.error(`bank: ${name} is not set; scripts/demo sets it, or see demo-site/README.md`);
    process.exit(2);
  }
  return value;
}

const now = () => Math.floor(Date.now() / 1000);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

async function start() {
  const server = readSetting("COUNTERSIGN_SERVER", "http://127.0.0.1:4800");
  const applicationKey = readFileSync(readSetting("COUNTERSIGN_APP_KEY_FILE"), "utf8").trim();
  const adminKeyFile = process.env.COUNTERSIGN_ADMIN_KEY_FILE;
  const adminKey = adminKeyFile && readFileSync(adminKeyFile, "utf8").trim();
  const database = new Database(readSetting("BANK_DATABASE"), now);
  let origin = process.env.BANK_ORIGIN;
  const app = createBank({
    origin: () => origin,
    server,
    countersign: new CountersignClient({ server, applicationKey }),
    administration: adminKey ? new CountersignClient({ server, applicationKey: adminKey }) : undefined,
    database,
    files: new Map([...readFolder(here("./assets/"), "/assets/"), ...readPackage("/assets/countersign/")]),
    now,
    logger: true,
  });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, async () => {
      await app.close();
      database.close();
      process.exit(0);
    });
  }
  await app.listen({ host: "127.0.0.1", port: Number(readSetting("BANK_PORT", "4810")) });
  origin ??= `http://localhost:${app.server.address().port}`;
  console.log(JSON.stringify({ event: "bank.listening", origin }));
}

start().catch((error) => {
  console.error(`bank: ${error.message}`);
  process.exit(1);
});
