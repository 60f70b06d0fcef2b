// SPDX-License-Identifier: Apache-2.0
// The peer: Fastify, otplib and better-sqlite3, one process or a cluster. Everything that makes it fast without
// giving up the guarantee is on: a schema for body and answer, prepared statements, node's own HMAC in place of
// otplib's JavaScript one, and by PEER_COMMIT=group one transaction for all requests of a turn of the event loop.
//   PEER_FILE, PEER_TOKEN, PEER_COMMIT (each | group), PEER_WORKERS
import cluster from "node:cluster";
import { createHash, timingSafeEqual } from "node:crypto";
import { crypto as nodeCrypto } from "@otplib/plugin-crypto-node";
import Fastify from "fastify";
import { verifySync } from "otplib";
import { PeerStore } from "./store.mjs";

const workers = Number(process.env.PEER_WORKERS ?? 1);

const sha256 = (text) => createHash("sha256").update(text).digest();

/** Hands each turn's attempts to the store as one transaction. */
class GroupCommit {
  #store;
  #waiting = [];

  constructor(store) {
    this.#store = store;
  }

  /** @returns {Promise<boolean>} after the commit */
  decide(attempt) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ attempt, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush() {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const outcomes = this.#store.decideTogether(batch.map(({ attempt }) => attempt));
      batch.forEach(({ resolve }, index) => resolve(outcomes[index]));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
}

function build(store, commit, tokenHash) {
  const app = Fastify({ logger: false });
  const authorized = (header) => {
    const token = header?.startsWith("Bearer ") ? header.slice(7) : "";
    return timingSafeEqual(sha256(token), tokenHash);
  };
  const schema = {
    body: {
      type: "object", required: ["user", "method", "code"], additionalProperties: false,
      properties: {
        user: { type: "string", minLength: 1, maxLength: 128 },
        method: { type: "string", enum: ["totp"] },
        code: { type: "string", pattern: "^[0-9]{6}$" },
      },
    },
    response: { 200: { type: "object", properties: { ok: { type: "boolean" } } } },
  };
  app.post("/v1/verify", { schema }, async (request, reply) => {
    if (!authorized(request.headers.authorization)) return reply.code(401).send({ error: "unauthorized" });
    const { user, code } = request.body;
    const found = store.find(user);
    if (!found) return { ok: false };
    const now = Math.floor(Date.now() / 1000);
    const verdict = verifySync({ secret: found.secret, token: code, epoch: now, epochTolerance: 30, crypto: nodeCrypto });
    return { ok: await commit.decide({ user, step: verdict.valid ? verdict.timeStep : undefined, now }) };
  });
  return app;
}

async function serve() {
  const store = new PeerStore(process.env.PEER_FILE);
  const commit = process.env.PEER_COMMIT === "group" ? new GroupCommit(store) : store;
  const app = build(store, commit, sha256(process.env.PEER_TOKEN));
  const address = await app.listen({ host: "127.0.0.1", port: Number(process.env.PEER_PORT ?? 0) });
  return Number(new URL(address).port);
}

const announce = (port) => process.stdout.write(`${JSON.stringify({ port })}\n`);

if (cluster.isPrimary && workers > 1) {
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL");
    process.exit(0);
  });
  let ready = 0;
  for (let index = 0; index < workers; index += 1) {
    cluster.fork().on("message", ({ port }) => {
      ready += 1;
      if (ready === workers) announce(port);
    });
  }
} else {
  const port = await serve();
  if (cluster.isPrimary) announce(port);
  else process.send({ port });
}
