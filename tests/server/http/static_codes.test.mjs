// SPDX-License-Identifier: Apache-2.0
// A user's set of static codes: made in the page, stretched there, replaced whole.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enroll, methods, methodsOf, openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { elevatedUser, newCodes, replaceCodes, saltOf, setCodesPolicy, stretch, userWithCodes, verifyCode, verifyStretched } from "./security_codes.mjs";
import { Site } from "./site.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  setCodesPolicy(site, "static");
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const refusalOf = ({ status, json }) => [status, json.code];
const staticOf = ({ methods: list }) => list.find(({ method }) => method === "static_codes");
const random = (count = 10) => Array.from({ length: count }, () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"));

test("the salt is 16 bytes, the user's own, and the same in every session and after a restart [R21]", async () => {
  const ann = await saltOf(server, await openSession(server, token, "salt ann"));
  assert.equal(Buffer.from(ann, "base64url").length, 16);
  assert.equal(await saltOf(server, await openSession(server, token, "salt ann")), ann);
  assert.notEqual(await saltOf(server, await openSession(server, token, "salt ben")), ann);
  await server.stop();
  server = await RunningServer.start(site);
  assert.equal(await saltOf(server, await openSession(server, token, "salt ann")), ann);
});

test("a set is replaced whole, tells what remains, and its codes work as typed and stretched [U9] [A7] [R21]", async () => {
  const { session, codes, stretched, credentialId } = await userWithCodes(server, token, "u9");
  const shown = staticOf(await methods(server, session));
  assert.deepEqual([shown.status, shown.credential_id, shown.remaining, shown.last_used], ["active", credentialId, 10, undefined]);
  assert.deepEqual((await verifyStretched(server, token, "u9", stretched[0])).json, { ok: true });
  const spelled = codes[1].toLowerCase().replace(/(.{4})(?=.)/g, "$1-").replaceAll("0", "o").replaceAll("1", "l");
  assert.deepEqual((await verifyCode(server, token, "u9", spelled)).json, { ok: true });
  const after = staticOf(await methods(server, session));
  assert.deepEqual([after.remaining, after.status], [8, "active"]);
  assert.ok(after.last_used >= after.active_since);
  assert.deepEqual(staticOf({ methods: await methodsOf(server, token, "u9") }), after);
});

test("renewal voids the old set in the same moment; its codes do not come back in a new one [U9] [L13]", async () => {
  const { session, salt, stretched, credentialId } = await userWithCodes(server, token, "renewed");
  assert.deepEqual((await verifyStretched(server, token, "renewed", stretched[0])).json, { ok: true });
  for (const again of [stretched, [...random(9), stretched[0]], [...random(9), stretched[1]]]) {
    assert.deepEqual(refusalOf(await replaceCodes(server, session, again)), [400, "request.field_invalid"]);
  }
  assert.equal(staticOf(await methods(server, session)).credential_id, credentialId, "nothing was changed");
  const codes = newCodes();
  const renewed = await replaceCodes(server, session, codes.map((code) => stretch(code, salt)));
  assert.equal(renewed.json.ok, true);
  assert.notEqual(renewed.json.credential_id, credentialId);
  assert.equal((await verifyStretched(server, token, "renewed", stretched[2])).json.ok, false);
  assert.deepEqual((await verifyCode(server, token, "renewed", codes[0])).json, { ok: true });
  assert.equal(staticOf(await methods(server, session)).remaining, 9);
});

test("a set that comes again because its answer was lost is told as in force, and nothing changes [U9] [L19]", async () => {
  const { session, stretched, credentialId } = await userWithCodes(server, token, "lost answer");
  assert.deepEqual((await replaceCodes(server, session, stretched)).json, { ok: true, credential_id: credentialId, remaining: 10 });
  assert.deepEqual((await verifyStretched(server, token, "lost answer", stretched[3])).json, { ok: true });
  assert.deepEqual(refusalOf(await replaceCodes(server, session, stretched)), [400, "request.field_invalid"]);
  const plain = await openSession(server, token, "lost answer");
  assert.deepEqual(refusalOf(await replaceCodes(server, plain, stretched)), [403, "auth.step_up_required"]);
});

test("a set of the wrong count, with the same code twice, or of other bytes is refused, and nothing changes [L13]", async () => {
  const { session, stretched } = await userWithCodes(server, token, "l13");
  const sets = [[], random(1), random(9), random(11), random(64), random(65), [...random(9), ""], [...random(9), "AAAA"],
    [...random(9), `${random(1)[0]}A`], [...random(9), `${random(1)[0]}=`], Array(10).fill(random(1)[0]),
    [...random(8), ...Array(2).fill(random(1)[0])], [...random(9), 5], [...random(9), null], [...random(9), [random(1)[0]]], "x", null, {}];
  for (const set of sets) {
    assert.deepEqual(refusalOf(await replaceCodes(server, session, set)), [400, "request.field_invalid"], JSON.stringify(set));
  }
  assert.equal(refusalOf(await server.call("POST", "/v1/w/codes/replace", { token: session, json: {} }))[1], "request.field_missing");
  assert.equal(staticOf(await methods(server, session)).remaining, 10);
  assert.deepEqual((await verifyStretched(server, token, "l13", stretched[9])).json, { ok: true });
});

test("replacing needs a step-up, an authenticator to stand in for, and the policy [R2] [R6] [A7]", async () => {
  const nobody = await openSession(server, token, "has nothing");
  assert.deepEqual(refusalOf(await replaceCodes(server, nobody, random())), [409, "method.none"]);
  await enroll(server, token, "not elevated");
  const session = await openSession(server, token, "not elevated");
  assert.deepEqual(refusalOf(await replaceCodes(server, session, random())), [403, "auth.step_up_required"]);
  const { session: elevated } = await elevatedUser(server, token, "not allowed");
  assert.deepEqual(staticOf(await methods(server, elevated)), { method: "static_codes", status: "not_configured" });
  for (const kind of ["backup", null]) {
    setCodesPolicy(site, kind);
    assert.deepEqual(refusalOf(await replaceCodes(server, elevated, random())), [409, "policy.not_allowed"]);
    assert.equal(staticOf(await methods(server, elevated)), undefined);
  }
  setCodesPolicy(site, "both");
  assert.equal((await replaceCodes(server, elevated, random())).json.ok, true);
});

test("a step-up in one session ends when another one replaces the codes [R2]", async () => {
  const { session, enrollment, user } = await elevatedUser(server, token, "two sessions");
  const other = await openSession(server, token, user);
  assert.deepEqual(refusalOf(await replaceCodes(server, other, random())), [403, "auth.step_up_required"]);
  assert.equal((await replaceCodes(server, session, random())).json.ok, true);
  assert.ok((await methods(server, session)).elevated_until > 0);
  assert.equal((await methods(server, other)).elevated_until, undefined);
  assert.ok(enrollment.credentialId);
});
