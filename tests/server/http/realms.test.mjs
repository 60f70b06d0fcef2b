// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begin, enroll } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site, countersign } from "./site.mjs";
import { codeNow, codeOfStep } from "./totp.mjs";

let site;
let server;
let bank;
let shop;

before(async () => {
  site = new Site();
  bank = site.createAppKey("bank").token;
  site.must(["realm", "create", ...site.place, "--name", "shop"]);
  shop = site.createAppKey("shop", "shop").token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

test("two realms have the same user id and nothing else in common [R1]", async () => {
  const atBank = site.importUsers(["ann"]).get("ann");
  const atShop = site.importUsers(["ann"], { realm: "shop" }).get("ann");
  assert.equal((await server.verify(shop, "ann", codeNow(atBank))).json.ok, false, "the bank's code opened the shop");
  assert.equal((await server.verify(bank, "ann", codeNow(atShop))).json.ok, false, "the shop's code opened the bank");
  assert.equal((await server.verify(bank, "ann", codeNow(atBank))).json.ok, true);
  assert.equal((await server.verify(shop, "ann", codeNow(atShop))).json.ok, true);
});

test("a key, and a session opened by it, see their own realm only [R1]", async () => {
  const enrollment = await enroll(server, bank, "ben");
  const states = await server.call("POST", "/v1/users/methods", { token: shop, json: { user: "ben" } });
  assert.deepEqual(states.json.methods, [{ method: "totp", status: "not_configured" }]);
  assert.equal((await server.verify(shop, "ben", codeOfStep(enrollment.seed, enrollment.step + 1))).json.ok, false);
  // The same user at the shop starts from nothing: neither 409 nor the bank's pending secret.
  const own = await begin(server, shop, "ben");
  assert.notEqual(own.uri, enrollment.uri);
  const crossed = await server.call("POST", "/v1/w/totp/confirm", { token: enrollment.session, json: { pending_id: own.pendingId, code: codeNow(own.seed) } });
  assert.deepEqual([crossed.status, crossed.json.code], [404, "enrollment.pending_unknown"]);
});

test("failures in one realm lock nobody in the other [R1] [L10]", async () => {
  const atBank = site.importUsers(["cleo"]).get("cleo");
  const atShop = site.importUsers(["cleo"], { realm: "shop" }).get("cleo");
  for (let attempt = 0; attempt < 6; attempt += 1) await server.verify(shop, "cleo", "000000");
  assert.equal((await server.verify(shop, "cleo", codeNow(atShop))).json.ok, false);
  assert.equal((await server.verify(bank, "cleo", codeNow(atBank))).json.ok, true);
});

test("a key is revoked in its own realm only, and everything the realm is asked for exists [R1]", () => {
  const key = site.createAppKey("second", "shop");
  const elsewhere = countersign(["app-key", "revoke", "--data", site.data, "--id", key.id, "--json"]);
  assert.deepEqual([elsewhere.status, JSON.parse(elsewhere.stderr).error.code], [2, "app_key.unknown"]);
  assert.equal(site.must(["app-key", "list", "--data", site.data, "--realm", "shop"]).app_keys.length, 2);
  const nowhere = countersign(["app-key", "create", ...site.place, "--name", "x", "--realm", "mall", "--json"]);
  assert.deepEqual([nowhere.status, JSON.parse(nowhere.stderr).error.code], [2, "realm.unknown"]);
});
