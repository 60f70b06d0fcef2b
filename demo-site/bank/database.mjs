// SPDX-License-Identifier: Apache-2.0

// The bank's one SQLite file: its customers, their browser sessions and their sign-ins.

import { createHash, randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** In order; the file remembers how many of them it has had. */
const migrations = [
  `
  CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    countersign_user TEXT NOT NULL UNIQUE,
    second_factor_seen INTEGER NOT NULL DEFAULT 0,
    joined_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sign_ins (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    factors TEXT NOT NULL
  ) STRICT;
  `,
  // Sessions last an hour: those of the old shape are dropped.
  `
  DROP TABLE IF EXISTS sessions;
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    stage TEXT NOT NULL CHECK (stage IN ('second_factor', 'set_up', 'signed_in')),
    challenge TEXT NOT NULL DEFAULT '',
    entered_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  ALTER TABLE sign_ins ADD COLUMN without_phone INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE customers ADD COLUMN staff INTEGER NOT NULL DEFAULT 0;
  `,
];

const lifetimeSeconds = { second_factor: 10 * 60, set_up: 30 * 60, signed_in: 60 * 60 };

const hashToken = (token) => createHash("sha256").update(token).digest("base64url");

export class Database {
  #db;
  #now;

  /**
   * @param {string} file - path of the SQLite file, or ":memory:"
   * @param {() => number} now - whole seconds since 1970-01-01 UTC
   */
  constructor(file, now = () => Math.floor(Date.now() / 1000)) {
    this.#now = now;
    this.#db = new DatabaseSync(file);
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000;");
    this.#migrate();
  }

  #migrate() {
    const done = this.#db.prepare("PRAGMA user_version").get().user_version;
    for (const [index, statements] of migrations.entries()) {
      if (index < done) continue;
      this.#db.exec(`BEGIN IMMEDIATE; ${statements} PRAGMA user_version = ${index + 1}; COMMIT;`);
    }
  }

  close() {
    this.#db.close();
  }

  /**
   * Adds a customer; an address that is taken changes nothing.
   *
   * The customer's name at Countersign is random: the second-factor server knows nobody by an address or by the
   * order in which people joined. The address that mail goes to is told to it beside the name.
   *
   * @param {boolean} [customer.staff] - works at the bank: may be let into its administration
   */
  addCustomer({ email, name, passwordHash, staff = false }) {
    this.#db
      .prepare(
        `INSERT INTO customers (email, name, password_hash, countersign_user, joined_at, staff)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING`,
      )
      .run(email, name, passwordHash, randomBytes(16).toString("base64url"), this.#now(), Number(staff));
  }

  findCustomerByEmail(email) {
    return this.#db.prepare("SELECT * FROM customers WHERE email = ?").get(email);
  }

  findCustomerById(id) {
    return this.#db.prepare("SELECT * FROM customers WHERE id = ?").get(id);
  }

  /** By name. @param {string} [wanted] - what the name or the address has to contain */
  listCustomers(wanted = "", count = 200) {
    return this.#db
      .prepare("SELECT * FROM customers WHERE instr(lower(name || ' ' || email), lower(?)) > 0 ORDER BY name, id LIMIT ?")
      .all(wanted, count);
  }

  /**
   * Remembers that this customer has had a second factor: from now on its absence is an alarm. The first
   * time, the customer's sessions end that a password alone had opened.
   *
   * @param {string} [but] - the hash of the session that goes on: the one that has set it up
   */
  rememberSecondFactor(customerId, but = "") {
    const first = this.#db
      .prepare("UPDATE customers SET second_factor_seen = 1 WHERE id = ? AND second_factor_seen = 0")
      .run(customerId);
    if (first.changes === 0) return;
    this.#db
      .prepare("DELETE FROM sessions WHERE customer = ? AND stage = 'signed_in' AND token_hash <> ?")
      .run(customerId, but);
  }

  /** For who has removed the last second factor, where policy lets that be done: its absence is no alarm then. */
  forgetSecondFactor(customerId) {
    this.#db.prepare("UPDATE customers SET second_factor_seen = 0 WHERE id = ?").run(customerId);
  }

  /**
   * Opens a browser session and returns its token; only a hash of it is kept.
   *
   * @param {string} [challenge] - Countersign's name of the login's second factor, when it was just passed
   */
  openSession(customerId, stage, challenge = "") {
    const token = randomBytes(32).toString("base64url");
    this.#db.prepare("DELETE FROM sessions WHERE expires_at <= ?").run(this.#now());
    this.#db
      .prepare("INSERT INTO sessions (token_hash, customer, stage, challenge, entered_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)")
      .run(hashToken(token), customerId, stage, challenge, this.#now(), this.#now() + lifetimeSeconds[stage]);
    return token;
  }

  /** @returns the customer with the session's `stage`, `token_hash`, `challenge` and `entered_at`, or undefined */
  findSession(token) {
    return this.#db
      .prepare(
        `SELECT c.*, s.stage, s.token_hash, s.challenge, s.entered_at FROM sessions s JOIN customers c ON c.id = s.customer
         WHERE s.token_hash = ? AND s.expires_at > ?`,
      )
      .get(hashToken(token), this.#now());
  }

  /** @returns {boolean} whether there was one to close: of two calls at once, one is told yes */
  closeSession(token) {
    return this.#db.prepare("DELETE FROM sessions WHERE token_hash = ?").run(hashToken(token)).changes === 1;
  }

  /** @param {boolean} [withoutPhone] - something stood in for the second factor */
  recordSignIn(customerId, factors, withoutPhone = false) {
    this.#db
      .prepare("INSERT INTO sign_ins (customer, at, factors, without_phone) VALUES (?, ?, ?, ?)")
      .run(customerId, this.#now(), factors, Number(withoutPhone));
  }

  /** The last one first. */
  recentSignIns(customerId, count = 4) {
    return this.#db
      .prepare("SELECT at, factors, without_phone FROM sign_ins WHERE customer = ? ORDER BY id DESC LIMIT ?")
      .all(customerId, count);
  }
}
