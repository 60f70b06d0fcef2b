// SPDX-License-Identifier: Apache-2.0
// Who is measured: our server, the peer in each of its forms, and the bare listener. Each has a port, a process,
// and a way to ask its store what it has accepted.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { RunningServer } from "../tests/server/http/running_server.mjs";
import { Site, built } from "../tests/server/http/site.mjs";
import { base32 } from "../tests/server/http/totp.mjs";
import { Turns, userName } from "./population.mjs";

const kImportedAtOnce = 200_000;
const peerProgram = fileURLToPath(new URL("peer/server.mjs", import.meta.url));

/** Counts those of `indices` whose row says that they have used `step`, or one that began meanwhile. */
function countUsed(file, sql, step, indices) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const query = database.prepare(sql);
    return indices.reduce((sum, index) => sum + (query.get(userName(index))?.last_step >= step ? 1 : 0), 0);
  } finally {
    database.close();
  }
}

async function portOf(child, stream) {
  const [line] = await once(createInterface({ input: stream }), "line");
  return JSON.parse(line).port;
}

export class OurServer {
  constructor(name, population, parent) {
    this.name = name;
    this.turns = new Turns(population);
    this.site = new Site({ parent });
    this.token = this.site.createAppKey("bench").token;
    for (let first = 0; first < population.count; first += kImportedAtOnce) {
      const rows = Array.from({ length: Math.min(kImportedAtOnce, population.count - first) }, (_, offset) =>
        `${userName(first + offset)},${base32(population.seed(first + offset))}\n`);
      this.site.must(["users", "import", ...this.site.place, "--csv-stdin", "--fresh"], { input: `user,secret\n${rows.join("")}` });
    }
  }

  async start() {
    this.server = await RunningServer.start(this.site, { logLevel: "info" });
    this.port = this.server.port;
    this.pid = this.server.child.pid;
  }

  /** Milliseconds from starting the program to the line that says it listens. */
  async restart(signal) {
    await this.server.stop(signal);
    const began = performance.now();
    await this.start();
    return performance.now() - began;
  }

  accepted(step, indices) {
    return countUsed(join(this.site.data, "countersign.sqlite"),
      "SELECT last_step FROM credential WHERE realm = 'default' AND user = ?", step, indices);
  }

  async stop() {
    await this.server?.stop();
    this.site.remove();
  }
}

export class Peer {
  /**
   * @param {{commit: "each" | "group", workers: number}} form
   * @param {Turns} turns  one for all forms, which share the file
   */
  constructor({ commit, workers }, turns, file) {
    this.name = `peer, ${workers === 1 ? "one process" : `cluster of ${workers}`}, ${commit === "each" ? "a transaction a request" : "group commit"}`;
    this.form = { commit, workers };
    this.turns = turns;
    this.file = file;
    this.token = "cs_app_the-peer-compares-it-by-its-hash-in-constant-time";
  }

  async start() {
    this.child = spawn(process.execPath, [peerProgram], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_ENV: "production", PEER_FILE: this.file, PEER_TOKEN: this.token,
        PEER_COMMIT: this.form.commit, PEER_WORKERS: String(this.form.workers) },
    });
    this.pid = this.child.pid;
    this.port = await portOf(this.child, this.child.stdout);
  }

  accepted(step, indices) {
    return countUsed(this.file, "SELECT last_step FROM user WHERE id = ?", step, indices);
  }

  stop() {
    this.child?.kill("SIGTERM");
  }
}

/** The peer's users, by its own store's means. */
export async function fillPeer(file, population) {
  const { openDatabase } = await import("./peer/store.mjs");
  const database = openDatabase(file);
  const insert = database.prepare("INSERT INTO user (id, secret) VALUES (?, ?)");
  database.transaction(() => {
    for (let index = 0; index < population.count; index += 1) insert.run(userName(index), population.seed(index));
  })();
  database.close();
}

export class BareListener {
  name = "bare listener";
  token = "cs_app_0123456789012345678901234567890123456789012";

  constructor(population) {
    this.turns = new Turns(population);
  }

  async start() {
    this.child = spawn(built("bare_listener"), { stdio: ["ignore", "ignore", "pipe"] });
    this.pid = this.child.pid;
    this.port = await portOf(this.child, this.child.stderr);
  }

  stop() {
    this.child?.kill("SIGTERM");
  }
}

/** The least that is durable on SQLite: the listener and one statement. */
export class BareStore {
  name = "bare listener and one statement";
  token = "cs_app_0123456789012345678901234567890123456789012";

  constructor(population, parent) {
    this.turns = new Turns(population);
    this.users = population.count;
    this.file = join(parent, "bare.sqlite");
  }

  async start() {
    this.child = spawn(built("bare_store"), [this.file, String(this.users)], { stdio: ["ignore", "ignore", "pipe"] });
    this.pid = this.child.pid;
    this.port = await portOf(this.child, this.child.stderr);
  }

  accepted(step, indices) {
    return countUsed(this.file, "SELECT last_step FROM user WHERE id = ?", step, indices);
  }

  stop() {
    this.child?.kill("SIGTERM");
  }
}
