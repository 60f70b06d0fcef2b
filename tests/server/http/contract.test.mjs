// SPDX-License-Identifier: Apache-2.0
// openapi.yaml against the route table, and against what the running server answers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, built, root } from "./site.mjs";

const lines = readFileSync(join(root, "server/openapi.yaml"), "utf8").split("\n");

/** The operations, read by their indentation: `  /path:`, `    method:`, `      key: value`. */
function documentedOperations() {
  const operations = [];
  let path;
  let inPaths = false;
  for (const line of lines) {
    if (/^\S/.test(line)) inPaths = line === "paths:";
    if (!inPaths) continue;
    path = /^ {2}(\/\S*):$/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|put|post|delete|patch|options|head):$/.exec(line)?.[1];
    if (method) operations.push({ path, method: method.toUpperCase(), statuses: [] });
    const [, key, value] = /^ {6}([a-zA-Z-]+):(?: (.*))?$/.exec(line) ?? [];
    if (key && operations.length > 0) operations.at(-1)[key] = value ?? true;
    const status = /^ {8}"(\d{3})":/.exec(line)?.[1];
    if (status) operations.at(-1).statuses.push(Number(status));
  }
  return operations;
}

const documented = documentedOperations();
const routes = execFileSync(built("route_table"), { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
const nameOf = ({ method, path }) => `${method} ${path}`;

test("openapi.yaml has exactly the operations of the route table", () => {
  assert.equal(new Set(documented.map(nameOf)).size, documented.length);
  assert.deepEqual(documented.map(nameOf).sort(), routes.map(nameOf).sort());
  assert.equal(new Set(documented.map((operation) => operation.operationId)).size, routes.length);
});

for (const route of routes) {
  test(`${nameOf(route)}: openapi.yaml and the table agree on who may call, on codes and on the body [L7]`, () => {
    const operation = documented.find((each) => nameOf(each) === nameOf(route));
    assert.equal(operation["x-credential"], route.credential);
    assert.equal(operation["x-purpose"] ?? "", route.purpose);
    assert.equal(route.purpose !== "", route.credential === "session", "every session route names its purpose");
    assert.equal(operation["x-consumes-code"], String(route.consumes_code));
    assert.equal(operation.requestBody === true, route.takes_body);
    const scheme = { none: "[]", app_key: "[{ appKey: [] }]", session: "[{ sessionToken: [] }]" }[route.credential];
    assert.equal(operation.security, scheme);
    assert.equal(operation.statuses.includes(401), route.credential !== "none");
    assert.equal(operation.statuses.includes(415), route.takes_body);
    // What is stretched stands in the same line as codes do, whether it consumes one or not; changes of what one has are limited by session.
    const limited = route.path === "/v1/w/questions/save" || (route.method === "POST" && route.purpose === "manage");
    assert.equal(operation.statuses.includes(429), route.consumes_code || limited);
  });
}

test("every reference in openapi.yaml leads somewhere", () => {
  const text = lines.join("\n");
  const references = [...text.matchAll(/\$ref: "#\/components\/(\w+)\/(\w+)"/g)];
  assert.ok(references.length > 20);
  for (const [, group, name] of references) {
    const body = text.slice(text.indexOf(`\n  ${group}:\n`));
    assert.ok(body.includes(`\n    ${name}:\n`), `${group}/${name}`);
  }
});

test("every route refuses an absent and an alien token as its credential says", async () => {
  const site = new Site();
  const server = await RunningServer.start(site);
  try {
    for (const { method, path, credential } of routes) {
      const json = method === "POST" ? {} : undefined;
      const bare = await server.call(method, path, { json });
      const alien = await server.call(method, path, { json, token: `cs_ses_${"x".repeat(43)}` });
      assert.deepEqual([bare.status, alien.status], credential === "none" ? [200, 200] : [401, 401], path);
    }
  } finally {
    await server.stop();
    site.remove();
  }
});
