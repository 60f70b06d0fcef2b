// SPDX-License-Identifier: Apache-2.0
// The administrator's code for a user who is locked out, by the command line.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enroll } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { issueBackupCode, mistyped, newCode, setCodesPolicy, verifyCode } from "./security_codes.mjs";
import { Site, countersign } from "./site.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  setCodesPolicy(site, "backup");
  site.importUsers(["ann", "ben", "cas", "dot"]);
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const ok = async (user, code) => (await verifyCode(server, token, user, code)).json.ok;
const ask = (...flags) => countersign(["backup-code", "issue", ...site.place, "--reason", "lost phone", "--who", "ann", ...flags, "--json"]);
const errorOf = (done) => [done.status, JSON.parse(done.stderr).error.code];

test("an issued code signs its user in once, in any spelling, and is shown once [A8] [R3] [R25]", async () => {
  const started = Math.floor(Date.now() / 1000);
  const { code, expires_at: expires, user, realm } = issueBackupCode(site, "ann");
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  assert.deepEqual([user, realm], ["ann", "default"]);
  assert.ok(expires >= started + 24 * 3600 && expires <= started + 24 * 3600 + 60);
  assert.equal(await ok("ben", code), false);
  assert.equal(await ok("ann", mistyped(code.replaceAll("-", ""))), false);
  assert.equal(await ok("ann", ` ${code.toLowerCase().replaceAll("-", " ")} `), true);
  assert.equal(await ok("ann", code), false);
});

test("a new code ends the one before [R3]", async () => {
  const first = issueBackupCode(site, "ben");
  const second = issueBackupCode(site, "ben");
  assert.notEqual(first.code, second.code);
  assert.equal(await ok("ben", first.code), false);
  assert.equal(await ok("ben", second.code), true);
  assert.equal(site.storeRows("security_code", "ben").length, 1);
});

test("it is refused while the policy has no backup codes, for who has nothing, and with flags that make no sense [A8] [A11] [R6]", () => {
  for (const kind of ["static", null]) {
    setCodesPolicy(site, kind);
    assert.deepEqual(errorOf(ask("--user", "cas")), [2, "policy.not_allowed"]);
  }
  setCodesPolicy(site, "both");
  assert.deepEqual(errorOf(ask("--user", "nobody")), [2, "method.none"]);
  assert.deepEqual(errorOf(ask("--user", "cas", "--realm", "nowhere")), [2, "realm.unknown"]);
  assert.deepEqual(errorOf(ask("--user", "")), [2, "request.field_invalid"]);
  for (const hours of ["0", "169", "x"]) assert.deepEqual(errorOf(ask("--user", "cas", "--hours", hours)), [2, "cli.value_invalid"]);
  assert.equal(errorOf(countersign(["backup-code", "issue", ...site.place, "--user", "cas", "--who", "ann", "--json"]))[1], "cli.flag_missing");
  assert.equal(ask("--user", "cas", "--hours", "168").status, 0);
});

test("issue and use are in the audit log, with who and why, without the code [R3] [R9c]", async () => {
  const { code } = issueBackupCode(site, "dot", "--hours", "1");
  assert.equal(await ok("dot", code), true);
  const { records } = site.must(["audit", "list", "--data", site.data]);
  const events = records.filter(({ user }) => user === "dot");
  assert.deepEqual(events.map(({ event }) => event).sort(), ["backup_code.issued", "security_code.used"]);
  const issued = events.find(({ event }) => event === "backup_code.issued");
  assert.match(issued.detail, /^who=ann expires=\d+ reason=lost phone$/);
  assert.equal(issued.method, "backup_code");
  assert.ok(!JSON.stringify(records).includes(code));
});

test("a user who is enrolled by the page gets one too, and guesses on it are counted [A8] [R9]", async () => {
  await enroll(server, token, "enrolled");
  const { code } = issueBackupCode(site, "enrolled");
  for (let i = 0; i < 5; i += 1) assert.equal(await ok("enrolled", newCode()), false);
  const held = await verifyCode(server, token, "enrolled", code);
  assert.deepEqual([held.json.ok, held.json.retry_after > 0], [false, true]);
});
