// SPDX-License-Identifier: Apache-2.0
// A data directory as the version before made it (upgrade/make.mjs says how).
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const kept = (name) => readFileSync(new URL(`upgrade/${name}`, import.meta.url), "utf8");

export const facts = JSON.parse(kept("facts.json"));
export const seedOf = (user) => Buffer.from(facts.seeds[user], "hex");

export const databaseOf = (site) => join(site.data, "countersign.sqlite");

/** One value of a store, read beside whoever else has it open. */
export function valueOf(file, sql) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Object.values(database.prepare(sql).get())[0];
  } finally {
    database.close();
  }
}

/** Puts the old store and its master key in the place of the site's own. */
export function putOldStore(site) {
  mkdirSync(site.data, { mode: 0o700 });
  const database = new DatabaseSync(databaseOf(site));
  database.exec(kept("store.sql"));
  database.exec("PRAGMA journal_mode = WAL");
  database.close();
  chmodSync(databaseOf(site), 0o600);
  writeFileSync(site.key, Buffer.from(kept("master.key.hex").trim(), "hex"));
}
