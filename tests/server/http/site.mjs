// SPDX-License-Identifier: Apache-2.0
// A place for one server under test: a temporary directory with a master key, an application key and
// imported users, and the command line to go with it.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { base32, newSeed } from "./totp.mjs";

export const root = resolve(fileURLToPath(new URL("../../..", import.meta.url)));
const buildRoot = resolve(root, process.env.COUNTERSIGN_BUILD ?? "build");
/** Which build is under test: what ships, or `asan` or `tsan` of the suite `sanitizers`. */
export const preset = process.env.SANITIZERS_PRESET ?? "release";
export const built = (name) => join(buildRoot, preset, "bin", name);
export const binary = built("countersign");

/** Runs the command line to its end. @returns {{status: number, stdout: string, stderr: string}} */
export function countersign(args, { input = "", env } = {}) {
  const done = spawnSync(binary, args, { input, encoding: "utf8", env: { ...process.env, ...env }, timeout: 60_000 });
  // A command that refuses its flags does not wait for its input.
  if (done.error && done.error.code !== "EPIPE") throw done.error;
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

export class Site {
  constructor({ parent = tmpdir() } = {}) {
    this.directory = mkdtempSync(join(parent, "countersign-test-"));
    this.data = join(this.directory, "data");
    this.key = join(this.directory, "master.key");
    this.children = new Set();
    this.must(["keygen", "--out", this.key]);
  }

  /** The flags that every command on the store takes. */
  get place() {
    return ["--data", this.data, "--master-key-file", this.key];
  }

  /** Runs a command that has to succeed, and reads its JSON. */
  must(args, options) {
    const done = countersign([...args, "--json"], options);
    if (done.status !== 0) throw new Error(`countersign ${args[0]} ${args[1]}: exit ${done.status}: ${done.stderr}`);
    return JSON.parse(done.stdout);
  }

  /** The same while the test goes on. */
  async inBackground(args, input) {
    const child = spawn(binary, args, { stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end(input);
    const [status] = await once(child, "exit");
    if (status !== 0) throw new Error(`countersign ${args[0]} ${args[1]}: exit ${status}`);
  }

  createAppKey(name = "test", realm = "default") {
    return this.must(["app-key", "create", ...this.place, "--name", name, "--realm", realm]);
  }

  /** Imports users with fresh seeds. @returns {Map<string, Buffer>} user to seed */
  importUsers(names, { realm = "default", columns = "", values = "" } = {}) {
    const seeds = new Map(names.map((name) => [name, newSeed()]));
    const rows = [...seeds].map(([name, seed]) => `${name},${base32(seed)}${values}\n`);
    const csv = `user,secret${columns}\n${rows.join("")}`;
    this.must(["users", "import", ...this.place, "--realm", realm, "--csv-stdin", "--fresh"], { input: csv });
    return seeds;
  }

  /** Every row of every table as text, but for the times the server notes by itself. */
  dump() {
    return execFileSync(built("store_dump"), [join(this.data, "countersign.sqlite")], { encoding: "utf8", maxBuffer: 1 << 28 });
  }

  /** The rows of one user in a table, without their blobs' bytes. */
  storeRows(table, user) {
    const database = new DatabaseSync(join(this.data, "countersign.sqlite"), { readOnly: true });
    try {
      return database.prepare(`SELECT * FROM ${table} WHERE user = ?`).all(user);
    } finally {
      database.close();
    }
  }

  /** Changes the store beside the server, as an operator's own hand would. */
  changeStore(sql) {
    const database = new DatabaseSync(join(this.data, "countersign.sqlite"));
    try {
      database.exec(`PRAGMA busy_timeout = 5000; ${sql}`);
    } finally {
      database.close();
    }
  }

  /** Every file of the store with its bytes. @returns {[string, Buffer][]} */
  storeFiles() {
    return readdirSync(this.data).map((name) => [name, readFileSync(join(this.data, name))]);
  }

  /** Ends the servers that a failed test has left running, and deletes all. */
  remove() {
    for (const child of this.children) child.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}
