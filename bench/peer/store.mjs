// SPDX-License-Identifier: Apache-2.0
// The peer's store, as a careful web developer writes it: one table, prepared statements, WAL with
// synchronous=FULL, and a compare-and-set that makes a code good once, on disk before the answer leaves.
import Database from "better-sqlite3";

const kBusyMilliseconds = 10_000;

/** @param {string} file @returns {import("better-sqlite3").Database} */
export function openDatabase(file) {
  const database = new Database(file, { timeout: kBusyMilliseconds });
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec(`CREATE TABLE IF NOT EXISTS user (
    id TEXT NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL,
    last_step INTEGER NOT NULL DEFAULT -1,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0,
    successes INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`);
  return database;
}

export class PeerStore {
  #find;
  #accept;
  #refuse;
  #transaction;

  constructor(file) {
    const database = openDatabase(file);
    this.#find = database.prepare("SELECT secret, last_step, locked_until FROM user WHERE id = ?");
    this.#accept = database.prepare(
      "UPDATE user SET last_step = @step, failures = 0, successes = successes + 1 "
      + "WHERE id = @user AND last_step < @step AND locked_until <= @now");
    this.#refuse = database.prepare(
      "UPDATE user SET failures = failures + 1, "
      + "locked_until = CASE WHEN failures + 1 >= 5 THEN @now + 30 ELSE locked_until END "
      + "WHERE id = @user AND locked_until <= @now");
    this.#transaction = database.transaction((attempts) => attempts.map((attempt) => this.#decide(attempt)));
  }

  /** @returns {{secret: Buffer, last_step: number, locked_until: number} | undefined} */
  find(user) {
    return this.#find.get(user);
  }

  /** One transaction of its own. @returns {boolean} whether the code was good, for the first time */
  decide(attempt) {
    return this.#decide(attempt);
  }

  /** All in one transaction. @returns {boolean[]} in the order of `attempts` */
  decideTogether(attempts) {
    return this.#transaction.immediate(attempts);
  }

  #decide({ user, step, now }) {
    if (step !== undefined) return this.#accept.run({ user, step, now }).changes === 1;
    this.#refuse.run({ user, now });
    return false;
  }
}
