// SPDX-License-Identifier: Apache-2.0

// The bank's own border, without a browser: what it forwards, whom it believes, what it gives away.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { Database } from "../../demo-site/bank/database.mjs";
import { contentSecurityPolicy } from "../../demo-site/bank/headers.mjs";
import { beginSealed, generateTotp } from "./codes.mjs";
import { startDemonstration } from "./demonstration.mjs";

let site;

before(async () => {
  site = await startDemonstration();
});

after(() => site?.stop());

const password = "a long enough password";

/** A browser in two lines: keeps the one cookie, follows nothing. */
function newVisitor() {
  let cookie = "";
  return async (method, path, { form, headers } = {}) => {
    const response = await fetch(new URL(path, site.bank), {
      method,
      redirect: "manual",
      headers: { ...(method === "POST" && { origin: site.bank }), ...(cookie && { cookie }), ...headers },
      body: form && new URLSearchParams(form),
    });
    cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? cookie;
    return response;
  };
}

async function signIn(visit, email) {
  await visit("POST", "/signup", { form: { name: "Alan Turing", email, password } });
  return visit("POST", "/login", { form: { email, password } });
}

async function openSession(visit) {
  const response = await visit("POST", "/security/session");
  assert.equal(response.status, 201);
  return (await response.json()).token;
}

test("every answer carries the strict policy and is not sniffed: pages, files, errors", async () => {
  const paths = ["/", "/login", "/assets/bank.css", "/assets/countersign/core.wasm", "/no/such/page", "/countersign/w/methods"];
  const urls = [...paths.map((path) => site.bank + path), site.authenticator, `${site.authenticator}/nothing`];
  for (const url of urls) {
    const { headers } = await fetch(url);
    assert.equal(headers.get("content-security-policy"), contentSecurityPolicy, url);
    assert.equal(headers.get("x-content-type-options"), "nosniff", url);
  }
});

test("WebAssembly and modules come with their own types", async () => {
  for (const [path, type] of [["core.wasm", "application/wasm"], ["enroll-define.js", "text/javascript; charset=utf-8"]]) {
    assert.equal((await fetch(`${site.bank}/assets/countersign/${path}`)).headers.get("content-type"), type);
    assert.equal((await fetch(`${site.authenticator}/countersign/${path}`)).headers.get("content-type"), type);
  }
});

test("a post from another origin, or from none, changes nothing", async () => {
  for (const path of ["/signup", "/login", "/login/code", "/login/session", "/login/receipt", "/login/set-up/session", "/login/set-up/done", "/logout", "/security/session", "/security/enrolled", "/countersign/w/totp/begin"]) {
    for (const origin of ["http://evil.example", "null", site.authenticator, undefined]) {
      const response = await fetch(site.bank + path, { method: "POST", headers: origin ? { origin } : {} });
      assert.equal(response.status, 403, `${path} from ${origin}`);
    }
  }
});

test("the session cookie is HttpOnly and SameSite, and a new one after each step of a login", async () => {
  const visit = newVisitor();
  const planted = "harbor_session=planted-by-someone";
  await signIn(visit, "cookie@example.org");
  const form = { email: "cookie@example.org", password };
  const response = await visit("POST", "/login", { form, headers: { cookie: planted } });
  const cookie = response.headers.getSetCookie().at(-1);
  assert.match(cookie, /^harbor_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.equal((await fetch(`${site.bank}/account`, { headers: { cookie: planted }, redirect: "manual" })).status, 303);
});

test("logging out ends the session on the server, not only in the browser", async () => {
  const visit = newVisitor();
  const cookie = (await signIn(visit, "leaver@example.org")).headers.getSetCookie().at(-1).split(";")[0];
  const openAccount = () => fetch(`${site.bank}/account`, { headers: { cookie }, redirect: "manual" });
  assert.equal((await openAccount()).status, 200);
  await visit("POST", "/logout");
  assert.equal((await openAccount()).status, 303);
});

test("an address that is taken and a free one get the same answer, and the first password stays", async () => {
  const visit = newVisitor();
  const describe = async (response) => [response.status, response.headers.get("location"), await response.text()];
  const form = { name: "First", email: "taken@example.org", password };
  const first = await describe(await visit("POST", "/signup", { form }));
  const second = await describe(await visit("POST", "/signup", { form: { ...form, password: "another long password" } }));
  assert.deepEqual(second, first);
  assert.equal((await visit("POST", "/login", { form: { ...form, password: "another long password" } })).status, 401);
  assert.equal((await visit("POST", "/login", { form })).headers.get("location"), "/account");
});

test("a wrong password and an unknown address get the same answer", async () => {
  const visit = newVisitor();
  await visit("POST", "/signup", { form: { name: "Known", email: "known@example.org", password } });
  const ask = async (email) => {
    const response = await visit("POST", "/login", { form: { email, password: "not the password" } });
    return [response.status, (await response.text()).replaceAll(email, "ADDRESS")];
  };
  assert.deepEqual(await ask("nobody@example.org"), await ask("known@example.org"));
});

test("too many tries for one address get 429 with a waiting time, whether it is known or not", async () => {
  for (const email of ["guessed@example.org", "stranger@example.org"]) {
    const visit = newVisitor();
    if (email.startsWith("guessed")) await visit("POST", "/signup", { form: { name: "Guessed", email, password } });
    const statuses = [];
    for (let tries = 0; tries < 11; tries += 1) {
      statuses.push((await visit("POST", "/login", { form: { email, password: "a guess" } })).status);
    }
    assert.deepEqual(statuses, [...Array(10).fill(401), 429]);
    const response = await visit("POST", "/login", { form: { email, password } });
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get("retry-after")) > 0);
  }
});

/** Tries a password from another address of this machine. @returns the status */
function tryFrom(localAddress, path, email, word) {
  const form = new URLSearchParams({ email, password: word }).toString();
  const { hostname, port } = new URL(site.bank);
  const headers = { origin: site.bank, "content-type": "application/x-www-form-urlencoded", "content-length": form.length };
  return new Promise((resolve, reject) => {
    const asked = request({ localAddress, hostname, family: 4, port, path, method: "POST", headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    asked.on("error", reject).end(form);
  });
}

test("who guesses elsewhere uses up his own tries, not the owner's [L8]", async () => {
  const email = "owner@example.org";
  const visit = newVisitor();
  await visit("POST", "/signup", { form: { name: "Owner", email, password } });
  for (const path of ["/login", "/admin/login"]) {
    const statuses = [];
    for (let tries = 0; tries < 11; tries += 1) statuses.push(await tryFrom("127.0.0.2", path, email, "a guess"));
    assert.deepEqual(statuses, [...Array(10).fill(401), 429], path);
    assert.equal(await tryFrom("127.0.0.1", path, email, "a slip"), 401, path);
  }
  assert.equal((await visit("POST", "/login", { form: { email, password } })).status, 303);
});

test("names and addresses are shown as text, never as markup", async () => {
  const visit = newVisitor();
  const form = { name: "<script>alert(1)</script>", email: "markup@example.org", password };
  await visit("POST", "/signup", { form });
  await visit("POST", "/login", { form });
  const page = await (await visit("GET", "/account")).text();
  assert.ok(page.includes("&lt;script&gt;"));
  assert.ok(!page.includes("<script>alert"));
});

test("the widget's calls are forwarded with the session token, and only under /v1/w/", async () => {
  const visit = newVisitor();
  await signIn(visit, "forward@example.org");
  const authorization = `Bearer ${await openSession(visit)}`;
  const methods = await visit("GET", "/countersign/w/methods", { headers: { authorization } });
  const { methods: entries, step_up_required: stepUp } = await methods.json();
  assert.deepEqual([entries[0], stepUp], [{ method: "totp", status: "not_configured" }, false]);
  const outside = ["../verify", "..%2fverify", "%2e%2e/verify", "totp/../../verify", "//healthz", "totp/begin%3fx=1", "methods/%00", ""];
  for (const path of outside) {
    for (const method of ["GET", "POST"]) {
      const response = await visit(method, `/countersign/w/${path}`, { headers: { authorization } });
      assert.equal(response.status, 404, `${method} ${path}`);
      assert.match(await response.text(), /No such page/, "the bank's own answer, not the server's");
    }
  }
});

test("a forwarded call without a session token is refused by the server, and a cookie is not one", async () => {
  const visit = newVisitor();
  await signIn(visit, "tokenless@example.org");
  const response = await visit("POST", "/countersign/w/totp/begin", { headers: { "content-type": "application/json" } });
  assert.equal(response.status, 401);
  assert.equal((await response.json()).code, "auth.missing");
});

test("nobody who is not signed in is given a session for the widget", async () => {
  assert.equal((await newVisitor()("POST", "/security/session")).status, 401);
  assert.equal((await newVisitor()("POST", "/security/enrolled")).status, 401);
});

test("one customer cannot open widget sessions without end", async () => {
  const visit = newVisitor();
  await signIn(visit, "insatiable@example.org");
  const statuses = [];
  for (let i = 0; i < 31; i += 1) statuses.push((await visit("POST", "/security/session")).status);
  assert.deepEqual(statuses, [...Array(30).fill(201), 429]);
  const other = newVisitor();
  await signIn(other, "modest@example.org");
  assert.equal((await other("POST", "/security/session")).status, 201);
});

const withDatabase = (use) => {
  const database = new Database(site.paths.bankDatabase);
  try {
    return use(database);
  } finally {
    database.close();
  }
};

test("turning the second factor on ends the sessions that passed a password alone, but for this one", async () => {
  const [owner, thief] = [newVisitor(), newVisitor()];
  await signIn(owner, "careful@example.org");
  await signIn(thief, "careful@example.org");
  const token = await openSession(owner);
  const headers = { authorization: `Bearer ${token}`, origin: site.bank, "content-type": "application/json" };
  const ask = async (path, body) => (await fetch(`${site.bank}/countersign/w/totp/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  const { pendingId, secret } = await beginSealed(token, (question) => ask("begin", question));
  const { code } = await generateTotp(secret);
  assert.equal((await thief("GET", "/account")).status, 200);
  assert.equal((await (await owner("POST", "/security/enrolled")).json()).status, "pending", "the page's word is not enough");
  assert.equal((await thief("GET", "/account")).status, 200);
  assert.equal((await ask("confirm", { pending_id: pendingId, code })).ok, true);
  assert.equal((await (await owner("POST", "/security/enrolled")).json()).status, "active");
  assert.equal((await owner("GET", "/account")).status, 200);
  assert.equal((await thief("GET", "/account")).status, 303);
  assert.equal((await thief("POST", "/security/session")).status, 401);
});

test("Countersign knows a customer by a random name, not by address, name or number [R1]", async () => {
  const visit = newVisitor();
  await signIn(visit, "opaque@example.org");
  await openSession(visit);
  const { countersign_user: user } = withDatabase((database) => database.findCustomerByEmail("opaque@example.org"));
  assert.match(user, /^[\w-]{22}$/);
});

test("a second factor that was there and is gone does not open the account by password alone [R6]", async () => {
  const visit = newVisitor();
  const form = { name: "Had One", email: "gone@example.org", password };
  await visit("POST", "/signup", { form });
  withDatabase((database) => database.rememberSecondFactor(database.findCustomerByEmail(form.email).id));
  const response = await visit("POST", "/login", { form });
  assert.deepEqual([response.status, response.headers.getSetCookie()], [503, []]);
  assert.match(await response.text(), /We can&#39;t sign you in/);
});

test("the password is kept as a salted scrypt hash, the session as a hash of its token", async () => {
  const visit = newVisitor();
  const cookie = (await signIn(visit, "kept@example.org")).headers.getSetCookie().at(-1);
  const token = /=([\w-]+);/.exec(cookie)[1];
  const { password_hash: hash } = withDatabase((database) => database.findCustomerByEmail("kept@example.org"));
  assert.match(hash, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  for (const suffix of ["", "-wal"]) {
    const stored = readFileSync(site.paths.bankDatabase + suffix, "latin1");
    assert.ok(!stored.includes(password) && !stored.includes(token));
  }
});
