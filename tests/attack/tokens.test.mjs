// SPDX-License-Identifier: Apache-2.0
// A walk along every operation of server/openapi.yaml: who may call it, and what it gives away to who may not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Person } from "../menu/person.mjs";
import { MenuSite, all, forgotPhone, securityCodes } from "../menu/site.mjs";
import { newAttempt } from "../menu/login.mjs";
import { Administrator } from "../menu/staff.mjs";
import { newCode, stretch } from "../server/http/security_codes.mjs";
import { root } from "../server/http/site.mjs";

/** `  /path:`, `    method:`, `      x-key: value`. */
function readOperations() {
  const operations = [];
  let path;
  for (const line of readFileSync(join(root, "server/openapi.yaml"), "utf8").split("\n")) {
    path = /^ {2}(\/\S*):$/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|post|put|delete|patch):$/.exec(line)?.[1];
    if (method) operations.push({ method: method.toUpperCase(), path });
    const [, key, value] = /^ {6}x-([a-z-]+): (\S+)/.exec(line) ?? [];
    if (key) operations.at(-1)[key] = value;
  }
  return operations;
}

const operations = readOperations();
const nameOf = ({ method, path }) => `${method} ${path}`;
let site;
let ana;
let stella;
const tokens = {};

before(async () => {
  site = await MenuSite.open(all(forgotPhone("kba"), securityCodes("both"), (policy) => {
    policy.login_methods.email = true;
  }));
  ana = await new Person(site, "ana").addApp();
  stella = await Administrator.hire(site, "stella");
  Object.assign(tokens, { app_key: site.token, manage: await ana.session(), challenge: (await ana.login()).token, admin: await stella.signIn() });
});
after(() => site.close());

const ask = ({ method, path }, token, json = {}) => site.server.call(method, path, { token, json: method === "GET" ? undefined : json });

test("the walk meets every kind of caller and every route of the contract's menu [R7]", () => {
  assert.ok(operations.length >= 30, `${operations.length} operations`);
  assert.deepEqual([...new Set(operations.map(({ credential }) => credential))].sort(), ["app_key", "none", "session"]);
  assert.deepEqual([...new Set(operations.filter(({ credential }) => credential === "session").map(({ purpose }) => purpose))].sort(),
    ["admin", "challenge", "manage"]);
});

test("every route refuses no token, a made-up one, a cut one, one in the address, and every token of another kind [R7] [L14]", async () => {
  const guarded = operations.filter(({ credential }) => credential !== "none");
  for (const operation of guarded) {
    const right = operation.credential === "app_key" ? "app_key" : operation.purpose;
    const cut = tokens[right].slice(0, -2);
    for (const token of [undefined, `cs_ses_${"A".repeat(43)}`, `cs_app_${"A".repeat(43)}`, cut, `${tokens[right]}A`, ""]) {
      assert.equal((await ask(operation, token)).status, 401, `${nameOf(operation)} with ${String(token).slice(0, 10)}`);
    }
    const inAddress = await ask({ ...operation, path: `${operation.path}?token=${tokens[right]}&access_token=${tokens[right]}` });
    assert.equal(inAddress.status, 401, nameOf(operation));
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === right) continue;
      const { status, json } = await ask(operation, token);
      const isSession = (name) => name !== "app_key";
      if (isSession(kind) && isSession(right)) assert.deepEqual([status, json.code], [403, "auth.wrong_purpose"], `${nameOf(operation)} with ${kind}`);
      else assert.equal(status, 401, `${nameOf(operation)} with ${kind}`);
    }
  }
});

test("a cookie is no credential, and no route answers with CORS or to a preflight [R7]", async () => {
  for (const operation of operations.filter(({ credential }) => credential !== "none")) {
    const kind = operation.credential === "app_key" ? "app_key" : operation.purpose;
    const headers = { cookie: `token=${tokens[kind]}; authorization=${tokens[kind]}`, origin: "https://evil.example" };
    const answer = await site.server.call(operation.method, operation.path, { headers, json: operation.method === "GET" ? undefined : {} });
    assert.equal(answer.status, 401, nameOf(operation));
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  }
});

/** Well-formed bodies, of nobody in particular: what is malformed is told before who may do it. */
const adminBodies = {
  "/v1/w/admin/unlock": { user: "nobody", credential_id: "crd_none" },
  "/v1/w/admin/backupcode": { user: "nobody", reason: "lost phone", code: "000000" },
  "/v1/w/admin/user": { user: "nobody" },
};

test("each scope of an administrator opens its own routes alone [R3] [R7]", async () => {
  const scopeOf = (path) => (/policy/.test(path) ? "policy" : /audit/.test(path) ? "audit" : /unlock/.test(path) ? "unlock" : /backupcode/.test(path) ? "codes" : undefined);
  const { policy } = site.must(["policy", "get", "--data", site.data]);
  const bodies = { ...adminBodies, "/v1/w/admin/policy": { version: 0, policy } };
  for (const scope of ["policy", "unlock", "codes", "audit"]) {
    const token = await stella.signIn([scope]);
    for (const operation of operations.filter(({ purpose, path }) => purpose === "admin" && scopeOf(path) !== undefined)) {
      const { status, json } = await ask(operation, token, bodies[operation.path]);
      if (scopeOf(operation.path) === scope) assert.notEqual(status, 403, nameOf(operation));
      else assert.deepEqual([status, json?.code], [403, "auth.scope_missing"], `${nameOf(operation)} with ${scope}`);
    }
  }
});

/** A body for each route that takes a code, for whoever holds the session. */
const guesses = {
  "/v1/w/elevate": () => ({ method: "totp", code: "000000" }),
  "/v1/verify": (user) => ({ user, method: "totp", code: "000000" }),
};

const shapeOf = ({ status, json, headers }) => ({
  status, body: Object.fromEntries(Object.entries(json ?? {}).map(([name, value]) => [name, name === "retry_after" ? value > 0 : value])),
  type: headers["content-type"],
});

test("routes that take a code answer a known and an unknown user alike, wrong, right-looking or no code at all [R14] [L7]", async () => {
  const consuming = operations.filter((operation) => operation["consumes-code"] === "true").map(nameOf);
  for (const path of ["POST /v1/verify", "POST /v1/w/elevate", "POST /v1/w/challenge/answer", "POST /v1/w/totp/confirm",
    "POST /v1/w/email/confirm", "POST /v1/w/alternate/confirm"]) assert.ok(consuming.includes(path), `${path} is not marked as taking a code`);
  for (const [path, body] of Object.entries(guesses)) {
    const known = await new Person(site, "known").addApp();
    const unknown = new Person(site, "unknown");
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const answers = [];
      for (const person of [known, unknown]) {
        const token = path === "/v1/verify" ? site.token : await person.session();
        answers.push(shapeOf(await ask({ method: "POST", path }, token, body(person.user))));
      }
      assert.deepEqual(answers[0], answers[1], `${path}, attempt ${attempt}`);
    }
  }
});

test("in a login each wrong answer, of whatever kind, looks like every other [R14] [L17] [R14a]", async () => {
  const person = await new Person(site, "alike").addApp();
  await person.addQuestions(await person.elevated());
  await person.addCodes(await person.elevated());
  const used = await person.code();
  const first = await person.login();
  assert.equal((await first.answer("totp", { code: used })).json.ok, true);
  const { salt } = await (await person.login()).state();
  const attempts = [["totp", { code: "000000" }], ["totp", { code: used }], ["totp", { code: "12345" }],
    ["security_code", { stretched: stretch(newCode(), salt) }], ["security_code", { code: "AAAA-AAAA-AAAA-AAAA" }],
    ["kba", { answers: person.questions.map((one) => ({ ...one, answer: "no idea" })) }]];
  const texts = new Set();
  for (const [method, fields] of attempts) {
    const answer = await (await person.login()).answer(method, fields);
    texts.add(JSON.stringify(shapeOf(answer)));
  }
  assert.equal(texts.size, 1, [...texts].join("\n"));
});

test("a known and an unknown address get the same answer when mail is asked for, in time and words [R14] [R23]", async () => {
  const login = await ana.login();
  const alias = await new Person(site, "nobody").login();
  assert.equal((await login.mail("email")).status, (await alias.mail("email")).status);
});

test("an application key is not slowed by the address it calls from [R15]", async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) =>
    site.server.call("POST", "/v1/users/methods", { token: site.token, json: { user: `many-${index}` } })));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
});

test("one user's flood of 429 is for known and unknown users alike, and touches nobody else [R9b] [R14] [R15]", async () => {
  const known = await new Person(site, "flooded").addApp();
  const flood = async (user) => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask({ method: "POST", path: "/v1/verify" }, site.token, { user, method: "totp", code: "000000" })));
    return [...new Set(answers.map(({ status, json }) => `${status} ${json.code}`))].sort();
  };
  assert.deepEqual(await flood(known.user), await flood("somebody-unknown"));
  const other = await new Person(site, "beside").addApp();
  const login = await other.login();
  assert.equal((await login.byApp()).json.ok, true);
});

test("attempt ids that are too short, too long or of other letters are malformed, and cost nothing [R4] [R10]", async () => {
  const person = await new Person(site, "attempts").addApp();
  const login = await person.login();
  for (const attempt of ["short", "x".repeat(65), "with spaces in here", "null\u0000null\u0000null", ""]) {
    assert.equal((await login.answer("totp", { code: "000000" }, attempt)).status, 400, attempt);
  }
  assert.equal(site.storeRows("credential", person.user)[0].failures, 0);
  assert.equal((await login.answer("totp", { code: await person.code() }, newAttempt())).json.ok, true);
});
