// SPDX-License-Identifier: Apache-2.0

// Who is let in by setting up a second factor at the first login: spoken to without a browser, as whoever has the
// password may.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { newCustomer } from "./customer.mjs";
import { setPolicy, startDemonstration } from "./demonstration.mjs";
import { newestCode } from "./mail.mjs";

let site;

before(async () => {
  site = await startDemonstration({ policy: (policy) => {
    policy.require_setup = true;
    policy.login_methods.email = true;
  } });
});

after(() => site?.stop());

/** One browser: its cookie, and posts from the bank's own pages. */
class Visitor {
  #cookie = "";

  async post(path, body, { type = "application/json", authorization = "" } = {}) {
    const headers = { origin: site.bank, cookie: this.#cookie, "content-type": type, ...(authorization && { authorization }) };
    const answer = await fetch(site.bank + path, { method: "POST", headers, body, redirect: "manual" });
    const set = answer.headers.getSetCookie().at(-1);
    if (set) [this.#cookie] = set.split(";");
    return answer;
  }

  postForm(path, fields) {
    return this.post(path, new URLSearchParams(fields).toString(), { type: "application/x-www-form-urlencoded" });
  }

  async givePassword(customer) {
    return (await this.postForm("/login", customer)).headers.get("location");
  }

  async session(path) {
    return (await (await this.post(path, "{}")).json()).token;
  }

  /** @returns the status */
  async tell(path) {
    const answer = await this.post(path, "{}");
    await answer.arrayBuffer();
    return answer.status;
  }

  done() {
    return this.tell("/login/set-up/done");
  }

  async mayEnter() {
    const answer = await fetch(`${site.bank}/account`, { headers: { cookie: this.#cookie }, redirect: "manual" });
    await answer.arrayBuffer();
    return answer.status === 200;
  }
}

async function setUpEmail(visitor, token, address) {
  const authorization = `Bearer ${token}`;
  const begun = await (await visitor.post("/countersign/w/email/begin", "{}", { authorization })).json();
  assert.equal(begun.ok, true, JSON.stringify(begun));
  const body = JSON.stringify({ pending_id: begun.pending_id, code: await newestCode(site, address) });
  assert.equal((await (await visitor.post("/countersign/w/email/confirm", body, { authorization })).json()).ok, true);
}

test("what the owner sets up lets nobody in who has the password alone and waits to set up as well [R2] [R6] [U5]", async () => {
  const customer = newCustomer();
  const [owner, thief] = [new Visitor(), new Visitor()];
  await owner.postForm("/signup", customer);
  assert.equal(await thief.givePassword(customer), "/login/set-up");
  assert.equal(await owner.givePassword(customer), "/login/set-up");
  const [token] = [await owner.session("/login/set-up/session"), await thief.session("/login/set-up/session")];
  await setUpEmail(owner, token, customer.email);
  assert.equal(await thief.done(), 401);
  assert.equal(await thief.mayEnter(), false);
  assert.equal(await owner.done(), 200);
  assert.equal(await owner.mayEnter(), true);
  assert.notEqual(await thief.done(), 200);
  assert.equal(await thief.mayEnter(), false);
});

test("who came in by the password alone and tells the bank first of what the owner set up is put out [R2] [U5]", async () => {
  setPolicy(site, (policy) => (policy.require_setup = false));
  const customer = newCustomer();
  const [owner, thief] = [new Visitor(), new Visitor()];
  await owner.postForm("/signup", customer);
  assert.equal(await thief.givePassword(customer), "/account");
  assert.equal(await owner.givePassword(customer), "/account");
  const [token] = [await owner.session("/security/session"), await thief.session("/security/session")];
  await setUpEmail(owner, token, customer.email);
  await thief.tell("/security/enrolled");
  assert.equal(await thief.mayEnter(), false);
});

test("who sets it up stays, and those who came in by the password alone do not [R2] [U5]", async () => {
  setPolicy(site, (policy) => (policy.require_setup = false));
  const customer = newCustomer();
  const [owner, thief] = [new Visitor(), new Visitor()];
  await owner.postForm("/signup", customer);
  await thief.givePassword(customer);
  await owner.givePassword(customer);
  await setUpEmail(owner, await owner.session("/security/session"), customer.email);
  assert.equal(await owner.tell("/security/enrolled"), 200);
  assert.deepEqual([await owner.mayEnter(), await thief.mayEnter()], [true, false]);
});
