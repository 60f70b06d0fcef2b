// SPDX-License-Identifier: Apache-2.0

// Who is let in by setting up a second factor at the first login: spoken to without a browser, as whoever has the
// password may.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { newCustomer } from "./customer.mjs";
import { setPolicy, startDemonstration } from "./demonstration.mjs";
import { newestCode } from "./mail.mjs";
import { Visitor } from "./visitor.mjs";

let site;

before(async () => {
  site = await startDemonstration({ policy: (policy) => {
    policy.require_setup = true;
    policy.login_methods.email = true;
  } });
});

after(() => site?.stop());

async function setUpEmail(visitor, token, address) {
  const { pending_id: pendingId } = await visitor.call(token, "email/begin");
  const confirmed = await visitor.call(token, "email/confirm", { pending_id: pendingId, code: await newestCode(site, address) });
  assert.equal(confirmed.ok, true);
}

test("what the owner sets up lets nobody in who has the password alone and waits to set up as well [R2] [R6] [U5]", async () => {
  const customer = newCustomer();
  const [owner, thief] = [new Visitor(site), new Visitor(site)];
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
  const [owner, thief] = [new Visitor(site), new Visitor(site)];
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
  const [owner, thief] = [new Visitor(site), new Visitor(site)];
  await owner.postForm("/signup", customer);
  await thief.givePassword(customer);
  await owner.givePassword(customer);
  await setUpEmail(owner, await owner.session("/security/session"), customer.email);
  assert.equal(await owner.tell("/security/enrolled"), 200);
  assert.deepEqual([await owner.mayEnter(), await thief.mayEnter()], [true, false]);
});

test("who has a second factor that the policy takes no more is not let in by the password, told to the bank or not [R6]", async () => {
  setPolicy(site, (policy) => (policy.require_setup = false));
  const customer = newCustomer();
  const owner = new Visitor(site);
  await owner.postForm("/signup", customer);
  await owner.givePassword(customer);
  await setUpEmail(owner, await owner.session("/security/session"), customer.email);
  setPolicy(site, (policy) => (policy.login_methods.email = false));
  const thief = new Visitor(site);
  assert.equal(await thief.givePassword(customer), null);
  assert.equal(await thief.mayEnter(), false);
});
