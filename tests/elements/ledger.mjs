// SPDX-License-Identifier: Apache-2.0
// An audit log as a server keeps it, with a key of its own, made here from the format's description in
// audit_chain.h: so that a test can change its past and sign the result. Answers as the route of administrators does.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { blake2b256 } from "./blake2b.mjs";

const bytesOf = (text) => new TextEncoder().encode(text);

function littleEndian(value, length) {
  const bytes = Buffer.alloc(length);
  bytes.writeBigUInt64LE(BigInt(value), 0);
  return bytes;
}

function lengthOf(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

function hashRecord({ time, nonce, realm, user, event, method, credential, detail }) {
  const parts = [Buffer.from(nonce, "hex"), ...[realm, user, event, method, credential, detail].map(bytesOf)];
  return blake2b256(Buffer.concat([bytesOf("cs-audit-1"), littleEndian(time, 8), ...parts.flatMap((part) => [lengthOf(part), part])]));
}

const extend = (head, number, hash) => blake2b256(Buffer.concat([bytesOf("cs-chain-1"), littleEndian(number, 8), head, hash]));

export class Ledger {
  records = [];
  epoch = 1;
  #pair = generateKeyPairSync("ed25519");
  /** The checkpoint that was signed last; undefined before the first. */
  line = undefined;

  get key() {
    return this.#pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  }

  add(event, user = "", more = {}) {
    const record = { time: Math.floor(Date.now() / 1000), nonce: randomBytes(16).toString("hex"), event, realm: "default", user, method: "", credential: "", detail: "", ...more };
    this.records.push(record);
    return record;
  }

  /** Signs all that is there. */
  sign() {
    let head = Buffer.alloc(32);
    this.records.forEach((record, index) => (head = extend(head, index + 1, hashRecord(record))));
    const [size, time] = [this.records.length, Math.floor(Date.now() / 1000)];
    const signed = Buffer.concat([bytesOf("cs-checkpoint-1"), littleEndian(this.epoch, 8), littleEndian(size, 8), head, littleEndian(time, 8)]);
    const signature = sign(null, signed, this.#pair.privateKey).toString("hex");
    this.line = `cs-checkpoint-1 ${this.epoch} ${size} ${head.toString("hex")} ${time} ${signature}`;
  }

  changeKey() {
    this.#pair = generateKeyPairSync("ed25519");
  }

  /** The body of the answer; `after` as the route takes it. */
  answer({ after } = {}) {
    const sealed = this.records.map((record, index) => ({ number: index + 1, hash: hashRecord(record).toString("hex"), ...record }));
    const records = after === undefined ? sealed.slice(-200) : sealed.slice(after, after + 200);
    return { records, checkpoint: this.line === undefined ? null : { line: this.line }, key: this.key };
  }
}
