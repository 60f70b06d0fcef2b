// SPDX-License-Identifier: Apache-2.0
// Made store.sql, master.key.hex and facts.json, with a build of the version that they are of:
//   COUNTERSIGN_BUILD=<its build directory> node tests/operations/upgrade/make.mjs
// Kept for the next version: each one that changes the schema adds a directory made by its predecessor.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { enroll } from "../../server/http/enroll.mjs";
import { RunningServer } from "../../server/http/running_server.mjs";
import { setCodesPolicy, userWithCodes, verifyCode } from "../../server/http/security_codes.mjs";
import { Site } from "../../server/http/site.mjs";
import { codeNow } from "../../server/http/totp.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const site = new Site();
try {
  const { token } = site.createAppKey("bank");
  setCodesPolicy(site, "static");
  const imported = site.importUsers(["ann", "ben"]);
  const server = await RunningServer.start(site);
  await server.verify(token, "ann", codeNow(imported.get("ann")));
  await server.verify(token, "ben", "000000");
  const cat = await enroll(server, token, "cat");
  const dan = await userWithCodes(server, token, "dan");
  await verifyCode(server, token, "dan", dan.codes[0]);
  await server.call("POST", "/v1/sessions", { token, json: { user: "ann", purpose: "manage", account: "ann", issuer: "Bank", email: "ann@example.org" } });
  await server.stop();
  const { checkpoint } = site.must(["audit", "verify", ...site.place]);
  const database = join(site.data, "countersign.sqlite");
  const sql = (text) => execFileSync("sqlite3", [database, text], { encoding: "utf8", maxBuffer: 1 << 28 });
  const version = sql("PRAGMA user_version").trim();
  const application = sql("PRAGMA application_id").trim();
  // A machine whose clock is behind the one this was made on would check no codes (R16).
  sql("UPDATE state SET high_water = 1700000000");
  const head = `-- SPDX-License-Identifier: Apache-2.0\n-- Schema ${version}, written by make.mjs; see there.\nPRAGMA application_id=${application};\nPRAGMA user_version=${version};\n`;
  writeFileSync(join(here, "store.sql"), head + sql(".dump"));
  writeFileSync(join(here, "master.key.hex"), `${readFileSync(site.key).toString("hex")}\n`);
  const seeds = { ann: imported.get("ann"), ben: imported.get("ben"), cat: cat.seed, dan: dan.enrollment.seed };
  const facts = {
    token, checkpoint, schema: Number(version),
    seeds: Object.fromEntries(Object.entries(seeds).map(([user, seed]) => [user, seed.toString("hex")])),
    codes: { user: "dan", used: dan.codes[0], unused: dan.codes.slice(1, 4) },
  };
  writeFileSync(join(here, "facts.json"), `${JSON.stringify(facts, null, 2)}\n`);
} finally {
  site.remove();
}
