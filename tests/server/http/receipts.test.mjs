// SPDX-License-Identifier: Apache-2.0
// A receipt is worth something once, soon, to the back end that opened the challenge, for the login it kept.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, answerTotp, changePolicy, openChallenge, passByTotp, redeem, show } from "./challenges.mjs";
import { RunningServer } from "./running_server.mjs";
import { userWithCodes } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeNow } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const refused = { ok: false, code: "not_accepted" };
const imported = (user) => site.importUsers([user]).get(user);
const of = async (answered) => (await answered).json;

test("Mallory's receipt opens nothing in Victim's login, whichever word he changes, and is not used up by it [R4] [L14]", async () => {
  const seeds = site.importUsers(["victim", "mallory"]);
  const victim = await openChallenge(server, token, "victim");
  const mallory = await passByTotp(server, token, "mallory", seeds.get("mallory"));
  const other = await openChallenge(server, token, "mallory");
  for (const fields of [
    { user: "victim", challenge: victim.id }, { user: "victim" }, { challenge: victim.id }, { challenge: other.id },
    { purpose: "payment" }, { purpose: "" }, { user: "" }, { challenge: "" },
  ]) assert.deepEqual(await of(redeem(server, token, mallory, fields)), refused, JSON.stringify(fields));
  const receipt = mallory.receipt;
  for (const forged of ["", "cs_rcp_", receipt.slice(0, -1), `${receipt}A`, receipt.replace("cs_rcp_", "cs_ses_"), mallory.session, token,
    `${receipt.slice(0, -1)}${receipt.endsWith("A") ? "B" : "A"}`, receipt.toUpperCase()]) {
    assert.deepEqual(await of(redeem(server, token, mallory, { receipt: forged })), refused, forged);
  }
  assert.equal((await of(redeem(server, token, mallory))).ok, true);
});

test("another application key of the realm, and another realm, redeem nothing [R4] [R1]", async () => {
  const passed = await passByTotp(server, token, "keyed", imported("keyed"));
  const second = site.createAppKey("second").token;
  site.must(["realm", "create", ...site.place, "--name", "elsewhere"]);
  const elsewhere = site.createAppKey("elsewhere", "elsewhere").token;
  for (const key of [second, elsewhere]) assert.deepEqual(await of(redeem(server, key, passed)), refused);
  assert.equal((await of(redeem(server, token, passed))).ok, true);
});

test("a receipt is redeemed once, of sixteen at once too, and never again [R4] [L1]", async () => {
  const passed = await passByTotp(server, token, "once", imported("once"));
  const answers = await Promise.all(Array.from({ length: 16 }, () => of(redeem(server, token, passed))));
  assert.equal(answers.filter(({ ok }) => ok).length, 1);
  assert.deepEqual(await of(redeem(server, token, passed)), refused);
  const shown = await of(show(server, passed));
  assert.deepEqual([shown.state, shown.receipt], ["ended", undefined]);
});

test("the page that lost the network asks again: a fresh receipt, and the last is void [R4]", async () => {
  const passed = await passByTotp(server, token, "lost network", imported("lost network"));
  const again = await of(show(server, passed));
  assert.equal(again.state, "passed");
  assert.notEqual(again.receipt, passed.receipt);
  assert.deepEqual(await of(redeem(server, token, passed)), refused);
  assert.equal((await of(redeem(server, token, { ...passed, receipt: again.receipt }))).ok, true);
});

test("a receipt lives sixty seconds, and its challenge may hand out another [R4]", async () => {
  const passed = await passByTotp(server, token, "late", imported("late"));
  const [{ receipt_expires_at: until }] = site.storeRows("challenge", "late");
  assert.ok(until - Date.now() / 1000 > 55 && until - Date.now() / 1000 <= 60, `${until}`);
  site.changeStore("UPDATE challenge SET receipt_expires_at = receipt_expires_at - 61 WHERE user = 'late'");
  assert.deepEqual(await of(redeem(server, token, passed)), refused);
  const { receipt } = await of(show(server, passed));
  assert.equal((await of(redeem(server, token, { ...passed, receipt }))).ok, true);
});

test("a challenge that has expired takes no code and hands out no receipt [R4] [U6]", async () => {
  const seed = imported("expired");
  const challenge = await openChallenge(server, token, "expired");
  site.changeStore("UPDATE challenge SET expires_at = expires_at - 601 WHERE user = 'expired'");
  assert.equal((await show(server, challenge)).status, 401);
  assert.equal((await answerTotp(server, challenge, codeNow(seed))).status, 401);
  assert.equal((await server.verify(token, "expired", codeNow(seed))).json.ok, true, "the code was not spent");
});

test("the policy tightened between pass and redeem: the receipt is worth nothing, and the login goes on under the new one [R11] [A6]", async () => {
  const codes = (kind) => (policy) => { policy.security_codes = { ...policy.security_codes, enabled: kind !== null, kind: kind ?? "static" }; };
  changePolicy(site, codes("static"));
  const { user, stretched } = await userWithCodes(server, token, "tightened");
  const challenge = await openChallenge(server, token, user);
  const passed = await of(answer(server, challenge, "security_code", { stretched: stretched[0] }));
  assert.equal(passed.state, "passed");
  changePolicy(site, codes(null));
  assert.deepEqual(await of(redeem(server, token, { ...challenge, receipt: passed.receipt })), refused);
  const shown = await of(show(server, challenge));
  assert.deepEqual([shown.state, shown.accepts, shown.receipt], ["open", ["totp"], undefined]);
  const opened = await server.call("POST", "/v1/sessions", {
    token, json: { user, purpose: "manage", account: "ann@example.org", issuer: "Bank", elevated_by: challenge.id } });
  assert.deepEqual([opened.status, opened.json.code], [409, "challenge.not_passed"]);
  changePolicy(site, codes("static"));
  const back = await of(show(server, challenge));
  assert.equal(back.state, "passed", "what was proven stays proven");
  assert.equal((await of(redeem(server, token, { ...challenge, receipt: back.receipt }))).ok, true);
});

test("a policy saved that changes nothing for this login costs it nothing [R11] [A10]", async () => {
  const seed = imported("unharmed");
  const challenge = await openChallenge(server, token, "unharmed");
  const saves = [];
  for (let i = 0; i < 5; i += 1) saves.push(site.inBackground(["policy", "set", "--data", site.data, "--stdin", "--who", "test"],
    JSON.stringify({ ...site.must(["policy", "get", "--data", site.data]).policy, recovery_hold_hours: i })));
  const passed = await of(answerTotp(server, challenge, codeNow(seed)));
  assert.equal(passed.state, "passed");
  await Promise.all(saves);
  assert.equal((await of(redeem(server, token, { ...challenge, receipt: passed.receipt }))).ok, true);
});

test("no receipt is in the log or in any file of the store [R4] [L36]", async () => {
  const passed = await passByTotp(server, token, "traceless", imported("traceless"));
  assert.equal((await of(redeem(server, token, passed))).ok, true);
  const needle = passed.receipt.slice("cs_rcp_".length);
  for (const [place, bytes] of [["the log", Buffer.from(server.log.join("\n"))], ...site.storeFiles()]) {
    for (const form of [needle, Buffer.from(needle, "base64url")]) assert.equal(bytes.indexOf(form), -1, place);
  }
});
