// SPDX-License-Identifier: Apache-2.0
// The login's second factor: set-up at first, the app, OTP over email where the policy has it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNotAllowed, assertPassed, assertRefused } from "./login.mjs";
import { Person } from "./person.mjs";
import { MenuSite } from "./site.mjs";

const byEmail = (policy) => { policy.login_methods.email = true; };
const byApp = (policy) => Object.assign(policy.login_methods, { totp: true, email: false });
let site;

before(async () => {
  site = await MenuSite.open();
});
after(() => site.close());

test("somebody without a second factor is asked to set one up, and never gets a receipt before [U5] [R6]", async () => {
  const person = new Person(site, "first");
  const login = await person.login();
  const { state, accepts, receipt } = await login.state();
  assert.deepEqual([state, accepts, receipt], ["enrollment_required", [], undefined]);
  const session = await person.session();
  await person.addApp(session);
  const second = await person.login();
  assert.deepEqual((await second.state()).accepts, ["totp"]);
  const { methods, fallback, recovery } = await assertPassed(second, await second.byApp());
  assert.deepEqual([methods, fallback, recovery], [["totp"], false, false]);
});

test("a policy that requires set-up says so to the page [U5]", async () => {
  const person = new Person(site, "required");
  assert.equal((await person.methods()).require_setup, false);
  site.setPolicy((policy) => { policy.require_setup = true; });
  assert.equal((await person.methods()).require_setup, true);
  site.setPolicy((policy) => { policy.require_setup = false; });
});

test("the app's code passes a login once, and its receipt tells the back end its own context [U2] [R4]", async () => {
  const person = await new Person(site, "app").addApp();
  const login = await person.login({ context: "cart 17" });
  const code = await person.code();
  const passed = await login.answer("totp", { code });
  const { context } = await assertPassed(login, passed);
  assert.equal(context, "cart 17");
  const again = await person.login();
  assertRefused(await again.answer("totp", { code }));
});

test("OTP over email is no second factor until the policy says so, and from then on at once [A12] [U11]", async () => {
  site.setPolicy(byEmail);
  const person = await new Person(site, "mailed").addApp();
  const { masked } = await person.addMail("email");
  assert.notEqual(masked, person.email);
  site.setPolicy(byApp);
  const login = await person.login();
  assert.deepEqual((await login.state()).accepts, ["totp"]);
  assertNotAllowed(await login.mail("email"));
  assertNotAllowed(await login.answer("email", { code: "123456" }));
  site.setPolicy(byEmail);
  const { accepts, email, code_digits: digits } = await login.state();
  assert.deepEqual([[...accepts].sort(), email.masked, digits], [["email", "totp"], masked, 6]);
  await site.pass(61);
  const { methods, fallback } = await assertPassed(login, await login.byMail("email"));
  assert.deepEqual([methods, fallback], [["email"], false]);
});

test("somebody with OTP over email alone signs in by it, and a policy without it asks for set-up, never for nothing [U11] [A12] [R6]", async () => {
  site.setPolicy(byEmail);
  const person = new Person(site, "mail-only");
  await person.addMail("email");
  const login = await person.login();
  assert.deepEqual((await login.state()).accepts, ["email"]);
  site.setPolicy(byApp);
  const state = await login.state();
  assert.notEqual(state.state, "passed");
  assert.equal(state.receipt, undefined);
  site.setPolicy(byEmail);
  await site.pass(61);
  await assertPassed(login, await login.byMail("email"));
});

test("a code by email has the digits and the life of the policy, belongs to its own login, and is good once [U11] [A12] [R23]", async () => {
  site.setPolicy((policy) => {
    byEmail(policy);
    Object.assign(policy.email_codes, { digits: 8, life_seconds: 120 });
  });
  const person = new Person(site, "digits");
  await person.addMail("email");
  await site.pass(61);
  const login = await person.login();
  const code = await login.mailedCode("email");
  assert.match(code, /^\d{8}$/);
  const other = await person.login();
  assertRefused(await other.answer("email", { code }));
  await assertPassed(login, await login.answer("email", { code }));
  await site.pass(61);
  const late = await person.login();
  const expired = await late.mailedCode("email");
  await site.pass(121);
  assertRefused(await late.answer("email", { code: expired }));
  site.setPolicy((policy) => Object.assign(policy.email_codes, { digits: 6, life_seconds: 600 }));
});

test("only the app may be the second factor where the policy says so, only email where it says that [A12]", async () => {
  site.setPolicy(byEmail);
  const person = await new Person(site, "both").addApp();
  await person.addMail("email");
  site.setPolicy((policy) => Object.assign(policy.login_methods, { totp: false, email: true }));
  const login = await person.login();
  assert.deepEqual((await login.state()).accepts, ["email"]);
  assertNotAllowed(await login.byApp());
  site.setPolicy(byApp);
  assert.deepEqual((await login.state()).accepts, ["totp"]);
  await assertPassed(login, await login.byApp());
});

test("an attempt sent twice because its answer was lost is answered as before and costs nothing [R4] [U6]", async () => {
  site.setPolicy(byApp);
  const person = await new Person(site, "twice").addApp();
  const login = await person.login();
  const wrong = { code: "000000" };
  const first = await login.answer("totp", wrong, "attempt-of-sixteen");
  for (let i = 0; i < 9; i += 1) assert.equal((await login.answer("totp", wrong, "attempt-of-sixteen")).json.ok, false);
  assertRefused(first);
  const passed = await login.answer("totp", { code: await person.code() }, "another-of-sixteen");
  assert.equal(passed.json.ok, true, "nine repetitions were counted");
  const repeated = await login.answer("totp", { code: "111111" }, "another-of-sixteen");
  assert.equal(repeated.json.ok, true, repeated.text);
  const fresh = (await login.state()).receipt;
  const old = await login.redeem(passed.json.receipt);
  assertRefused({ ...old, json: { retry_after: 0, ...old.json } });
  assert.equal((await login.redeem(fresh)).json.ok, true);
});
