// SPDX-License-Identifier: Apache-2.0
// Runs the examples of openapi.yaml: sends a request as it stands there, with the values put in that only a running
// site can know, and holds the answer against an example of it. What was not run is told at the end.
import assert from "node:assert/strict";
import { answerFault, faultOf, operations } from "./openapi.mjs";

/** Values that differ with each run; everything else in an answer is as the example has it. */
const ownValues = new Set([
  "token", "challenge", "receipt", "credential_id", "credential", "pending_id", "sealed", "salt", "expires_at", "elevated_until", "active_since", "last_used",
  "paused_until", "usable_from", "at", "time", "number", "hash", "nonce", "key", "line", "instance", "version", "who", "user", "event", "method_detail",
]);

/** An answer without what is its own: for comparing. Numbers of seconds are compared as such. */
function shapeOf(value, name) {
  if (Array.isArray(value)) return value.map((each) => shapeOf(each));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, shapeOf(value[key], key)]));
  }
  return ownValues.has(name) ? typeof value : value;
}

/** Answers that every operation gives alike: each is run where it is easily had. */
const sameEverywhere = new Set([400, 413, 415, 429, 503]);

export class ExampleRun {
  #seen = new Set();
  #operations;

  /** @param {(operation: object) => boolean} chosen whose examples are run here */
  constructor(server, chosen) {
    this.server = server;
    this.#operations = [...operations.values()].filter(chosen);
  }

  /** @param {string} name of the request's example; `undefined` where the operation takes no body */
  request(id, name, put = {}) {
    const operation = operations.get(id);
    assert.ok(operation && this.#operations.includes(operation), id);
    if (operation.body === undefined) return undefined;
    const example = name === undefined && operation.requests.length === 1 ? operation.requests[0] : operation.requests.find((each) => each.name === name);
    assert.ok(example, `${id} has no request ${name}`);
    for (const key of Object.keys(put)) assert.ok(key in example.value, `${id} ${name}: ${key} does not stand in the example`);
    this.#seen.add(`${id} asks ${example.name}`);
    const body = { ...structuredClone(example.value), ...put };
    assert.equal(faultOf(operation.body, body), undefined, `${id} ${name}`);
    return body;
  }

  /**
   * Sends a request and expects an answer.
   * @param {string} id `operationId`, or with the name of its example: `openSession manage`
   * @param {string} expected `201`, or with the name of the answer's example: `409 policy.not_allowed`
   * @param {{token?: string, put?: object, own?: string[], headers?: object, body?: any}} given `put`: values in place of the example's;
   *   `own`: further names whose values are the run's own; `body`: sent instead of the example
   */
  async run(id, expected, { token, put, own = [], headers, body } = {}) {
    const [operationId, request] = id.split(" ");
    const operation = operations.get(operationId);
    const json = body ?? this.request(operationId, request, put);
    const answer = await this.server.call(operation.method, operation.path, { token, headers, ...(typeof json === "string" ? { body: json } : { json }) });
    this.hold(operation, expected, answer, own);
    return answer.json;
  }

  /** Holds an answer against its example. */
  hold(operation, expected, answer, own = []) {
    const [status, name = "example"] = expected.split(" ");
    assert.equal(answer.status, Number(status), `${operation.id}: ${answer.text}`);
    assert.equal(answerFault(operation, answer), undefined, `${operation.id} ${expected}: ${answer.text}`);
    const id = answer.headers["x-request-id"];
    if (Number(status) >= 400 && id) assert.equal(answer.json.instance, `urn:countersign:request:${id}`, `${operation.id} ${expected}`);
    const { examples } = operation.answers.get(Number(status));
    const example = examples.find((each) => each.name === name);
    assert.ok(example, `${operation.id} ${status} has no example ${name}`);
    const without = (value) => shapeOf(Object.fromEntries(Object.entries(value).filter(([key]) => !own.includes(key))));
    const named = (value) => Object.keys(value).filter((key) => key !== "instance").sort();
    assert.deepEqual(named(answer.json), named(example.value), `${operation.id} ${expected}`);
    const { instance: _, ...said } = without(answer.json);
    const { instance: __, ...written } = without(example.value);
    assert.deepEqual(said, written, `${operation.id} ${expected}`);
    this.#seen.add(`${operation.id} answers ${status} ${name}`);
    this.#seen.add(example.at);
  }

  /** @param {boolean} everything also those that are the same everywhere, once each @returns {string[]} what was not run */
  missing({ everything = false } = {}) {
    const missing = [];
    for (const operation of this.#operations) {
      for (const { name } of operation.requests) if (!this.#seen.has(`${operation.id} asks ${name}`)) missing.push(`${operation.id} asks ${name}`);
      for (const [status, { examples }] of operation.answers) {
        const shared = sameEverywhere.has(status);
        if (shared && !everything) continue;
        for (const { name, at } of examples) {
          const seen = shared || status < 400 ? at : `${operation.id} answers ${status} ${name}`;
          if (!this.#seen.has(seen)) missing.push(`${operation.id} answers ${status} ${name}`);
        }
      }
    }
    return missing;
  }
}
