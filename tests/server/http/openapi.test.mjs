// SPDX-License-Identifier: Apache-2.0
// server/openapi.yaml by itself: what a linter says of it, and what we ask beyond that. Against the route table and
// the running server: contract.test.mjs, openapi_*.test.mjs.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { contract, faultOf, operations, source } from "./openapi.mjs";
import { built, root } from "./site.mjs";

const file = join(root, "server/openapi.yaml");

async function lint(text) {
  const config = await createConfig({ extends: ["recommended-strict"] });
  const problems = await lintFromString({ source: text, absoluteRef: file, config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ""})`);
}

test("a linter has neither errors nor warnings for openapi.yaml, and finds what is planted", async () => {
  assert.equal(contract.openapi, "3.1.0");
  assert.deepEqual(await lint(source), []);
  const planted = [
    [/operationId: verifyCode/, "operationId: redeemReceipt", /operation-operationId-unique/],
    [/required: \[user, purpose\]/, "required: [user, purpos]", /no-required-schema-properties-undefined/],
    [/schemas\/User" }/, 'schemas/Usr" }', /no-unresolved-refs/],
    [/example: { status: ok }/, "example: { status: fine }", /no-invalid-media-type-examples/],
  ];
  for (const [found, put, rule] of planted) assert.match((await lint(source.replace(found, put))).join("\n"), rule);
});

/** Every schema in the document with its place, the ones inside others too. */
function* schemasIn(node, at = "") {
  if (node === null || typeof node !== "object") return;
  if (node.type === "object") yield [at, node];
  for (const [key, value] of Object.entries(node)) {
    if (key !== "example" && key !== "examples") yield* schemasIn(value, `${at}/${key}`);
  }
}

test("every object is closed and has its properties, the policy's too", () => {
  const found = [...schemasIn(contract)];
  assert.ok(found.length > 60, `${found.length} objects`);
  for (const [at, schema] of found) {
    assert.equal(schema.additionalProperties, false, at);
    if (at.includes("/responses/") || at.includes("/components/")) assert.notEqual(schema.properties, undefined, at);
  }
  assert.equal(Object.keys(contract.components.schemas.Policy.properties).length, 11);
});

test("every operation has an example of its request and of each answer that has a body", () => {
  for (const operation of operations.values()) {
    assert.equal(operation.requests.length > 0, operation.body !== undefined, operation.id);
    for (const request of operation.requests) assert.equal(faultOf(operation.body, request.value), undefined, `${operation.id} ${request.name}`);
    for (const [status, answer] of operation.answers) {
      assert.equal(answer.examples.length > 0, answer.type !== undefined, `${operation.id} ${status}`);
      for (const { name, value } of answer.examples) {
        assert.equal(faultOf(answer.schema, value), undefined, `${operation.id} ${status} ${name}`);
        if (status >= 400) assert.deepEqual([value.status, value.code], [status, name], `${operation.id} ${name}`);
      }
    }
  }
});

test("the codes of the contract are those of the server's table that HTTP can answer, with their status and sentence", () => {
  const table = execFileSync(built("problem_table"), { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
  const codes = contract.components.schemas.ProblemCode.enum;
  assert.equal(new Set(codes).size, codes.length);
  const shown = table.filter(({ status }) => status !== 500).map(({ code }) => code);
  assert.deepEqual(codes.filter((code) => !/^(kba|policy)\./.test(code) || shown.includes(code)).sort(), shown.sort());
  for (const { code, status, title, detail } of table.filter((each) => each.status !== 500 && each.code !== "route.not_found")) {
    const { value } = contract.components.examples[code];
    assert.deepEqual([value.type, value.status, value.title], ["about:blank", status, title], code);
    if (!code.startsWith("request.")) assert.equal(value.detail, detail, code);
  }
});
