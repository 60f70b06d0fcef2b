// SPDX-License-Identifier: Apache-2.0
// server/openapi.yaml as tests use it: its operations, its examples, and its schemas as validators.
import { parseYaml } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./site.mjs";

export const source = readFileSync(join(root, "server/openapi.yaml"), "utf8");
export const contract = parseYaml(source);

const escaped = (part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1");
const pointerOf = (...parts) => parts.map((part) => `/${escaped(part)}`).join("");

/** What stands at a pointer, references followed. @returns {{node: any, at: string}} and where it really stands */
export function find(pointer) {
  const node = pointer.split("/").slice(1).reduce((found, part) => found?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
  return node?.$ref === undefined ? { node, at: pointer } : find(node.$ref.slice(1));
}

/** Every named example of a media type, also the one without a name. @returns {{name: string, at: string, value: any}[]} */
function examplesAt({ node, at }) {
  if (node === undefined) return [];
  if (node.example !== undefined) return [{ name: "example", at: `${at}/example`, value: node.example }];
  return Object.keys(node.examples ?? {}).map((name) => {
    const found = find(at + pointerOf("examples", name));
    return { name, at: found.at, value: found.node.value };
  });
}

function readAnswer(at) {
  const answer = find(at);
  const type = Object.keys(answer.node.content ?? {})[0];
  const media = type === undefined ? undefined : find(answer.at + pointerOf("content", type));
  return { type, schema: media && `${media.at}/schema`, examples: media ? examplesAt(media) : [] };
}

/** By operationId. */
export const operations = new Map(Object.entries(contract.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => {
  const at = pointerOf("paths", path, method);
  const body = operation.requestBody && find(`${at}/requestBody/content/application~1json`);
  return [operation.operationId, {
    id: operation.operationId, method: method.toUpperCase(), path, credential: operation["x-credential"], purpose: operation["x-purpose"],
    body: body && `${body.at}/schema`,
    requests: body ? examplesAt(body) : [],
    answers: new Map(Object.keys(operation.responses).map((status) => [Number(status), readAnswer(`${at}/responses/${status}`)])),
  }];
})));

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { int64: true } });
ajv.addSchema(contract, "openapi", false, false);
const compiled = new Map();

/** @param {string} schema where it stands @returns {string | undefined} what is wrong with a value */
export function faultOf(schema, value) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile({ $ref: `openapi#${schema}` }));
  const validate = compiled.get(schema);
  return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: "value" });
}

const byRoute = new Map([...operations.values()].map((operation) => [`${operation.method} ${operation.path}`, operation]));
export const operationOf = (method, path) => byRoute.get(`${method} ${path}`);

/** What any request may be answered with, as the contract's description says. */
const anywhere = new Set([400, 413, 503]);

/** @returns {string | undefined} what in an answer of the server is not as the contract has it */
export function answerFault(operation, { status, headers, json, text }) {
  const answer = operation.answers.get(status);
  if (answer === undefined) return anywhere.has(status) ? faultOf("/components/schemas/Problem", json) : `no status ${status}`;
  if (answer.type === undefined) return text === "" ? undefined : "a body";
  if (headers["content-type"] !== answer.type) return `Content-Type ${headers["content-type"]}`;
  return faultOf(answer.schema, json);
}
