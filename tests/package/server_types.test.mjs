// SPDX-License-Identifier: Apache-2.0
// The types of `countersign/server` against the schemas of openapi.yaml: the same fields, required or not, with the same
// words; and every example of the contract compiles as its type.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { contract, find, operations } from "../server/http/openapi.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const declarations = join(root, "js-bindings/dist/types/server-client/index.d.ts");
const options = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };

const request = (id) => find(operations.get(id).body).node;
const answer = (id, status) => find(operations.get(id).answers.get(status).schema).node;
/** Exported type -> the schema that it is. */
const pairs = {
  SessionRequest: request("openSession"), OpenedSession: answer("openSession", 201), VerifyRequest: request("verifyCode"), VerifyAnswer: answer("verifyCode", 200),
  RedeemRequest: request("redeemReceipt"), RedeemAnswer: answer("redeemReceipt", 200), Method: contract.components.schemas.Method,
  MethodsAnswer: answer("listUserMethods", 200),
};

const program = ts.createProgram([declarations], options);
const checker = program.getTypeChecker();
const exported = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(declarations))).map((symbol) => [symbol.name, symbol]));
const typeOf = (name) => checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(exported.get(name)));

const partsOf = (type) => (type.isUnion() ? type.types : [type]);
/** The words of a union of literals; undefined where it is no such union. */
function wordsOf(type) {
  const words = partsOf(type).filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never))).map((part) => (part.isStringLiteral() ? part.value : undefined));
  return words.length > 0 && words.every((word) => word !== undefined) ? words : undefined;
}

/** name -> required in every part, and the words it may be. */
function fieldsOfType(type) {
  const fields = new Map();
  const parts = partsOf(type);
  for (const part of parts) {
    for (const symbol of checker.getPropertiesOfType(part)) {
      const of = checker.getTypeOfSymbol(symbol);
      if (of.flags & ts.TypeFlags.Never || (of.isUnion() && of.types.every((each) => each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never))) || of.flags & ts.TypeFlags.Undefined) continue;
      const field = fields.get(symbol.name) ?? { count: 0, words: new Set() };
      if (!(symbol.flags & ts.SymbolFlags.Optional)) field.count += 1;
      const listed = checker.isArrayType(of) ? checker.getTypeArguments(of)[0] : of;
      for (const word of wordsOf(listed) ?? []) field.words.add(word);
      fields.set(symbol.name, field);
    }
  }
  return Object.fromEntries([...fields].sort().map(([name, { count, words }]) => [name, [count === parts.length, [...words].sort()]]));
}

const followed = (schema) => (schema.$ref === undefined ? schema : find(schema.$ref.slice(1)).node);

function fieldsOfSchema(schema) {
  const parts = (schema.properties === undefined ? schema.oneOf : [schema]).map(followed);
  const fields = new Map();
  for (const part of parts) {
    for (const [name, property] of Object.entries(part.properties)) {
      const field = fields.get(name) ?? { count: 0, words: new Set() };
      if (part.required?.includes(name)) field.count += 1;
      const of = followed(property);
      const listed = of.items === undefined ? of : followed(of.items);
      for (const word of [...(listed.enum ?? []), listed.const].filter((each) => typeof each === "string")) field.words.add(word);
      fields.set(name, field);
    }
  }
  return Object.fromEntries([...fields].sort().map(([name, { count, words }]) => [name, [count === parts.length, [...words].sort()]]));
}

for (const [name, schema] of Object.entries(pairs)) {
  test(`${name} has the fields and the words of its schema`, () => {
    const fields = fieldsOfType(typeOf(name));
    assert.ok(Object.keys(fields).length > 0);
    assert.deepEqual(fields, fieldsOfSchema(schema));
  });
}

/** Compiles a program against the declarations. @returns {Set<number>} the lines, from 0, of which the compiler complains */
function faultyLines(lines) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-types-"));
  try {
    const file = join(folder, "use.ts");
    writeFileSync(file, `import type * as C from ${JSON.stringify(declarations.replace(/\.d\.ts$/, ".js"))};\n${lines.join("\n")}`);
    const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
    return new Set(found.map(({ file: source, start }) => source.getLineAndCharacterOfPosition(start).line - 1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("every example of the contract compiles as its type, and what the contract has not does not", () => {
  const examples = {
    SessionRequest: operations.get("openSession").requests, OpenedSession: operations.get("openSession").answers.get(201).examples,
    VerifyRequest: operations.get("verifyCode").requests, VerifyAnswer: operations.get("verifyCode").answers.get(200).examples,
    RedeemRequest: operations.get("redeemReceipt").requests, RedeemAnswer: operations.get("redeemReceipt").answers.get(200).examples,
    MethodsAnswer: operations.get("listUserMethods").answers.get(200).examples,
  };
  const lines = Object.entries(examples).flatMap(([type, list]) => list.map(({ value }) => `({} as { use(value: C.${type}): void }).use(${JSON.stringify(value)});`));
  assert.ok(lines.length >= 12, `${lines.length}`);
  const wrong = [
    ["SessionRequest", { user: "u", purpose: "manage", account: "a", issuer: "b", scopes: ["policy"] }], ["SessionRequest", { user: "u", purpose: "challenge", account: "a", issuer: "b" }],
    ["VerifyRequest", { user: "u", method: "totp" }], ["VerifyRequest", { user: "u", method: "email", code: "1" }], ["RedeemRequest", { receipt: "r", user: "u", purpose: "login" }],
  ];
  const wrongLines = wrong.map(([type, value], i) => `export const value${i}: C.${type} = ${JSON.stringify(value)};`);
  assert.deepEqual([...faultyLines([...lines, ...wrongLines])].sort((a, b) => a - b), wrong.map((_, i) => lines.length + i));
  assert.ok(readFileSync(declarations, "utf8").includes("CountersignServerError"));
});
