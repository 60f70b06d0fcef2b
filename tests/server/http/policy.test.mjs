// SPDX-License-Identifier: Apache-2.0
// The administrator's policy by the command line: whole or not at all, with a history.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Site, countersign } from "./site.mjs";

let site;
before(() => {
  site = new Site();
  site.createAppKey();
});
after(() => site.remove());

const get = (realm = "default") => site.must(["policy", "get", "--data", site.data, "--realm", realm]);
const history = () => site.must(["policy", "history", "--data", site.data]).policies;
const set = (document, ...flags) =>
  countersign(["policy", "set", "--data", site.data, "--stdin", "--who", "ann", ...flags, "--json"],
    { input: typeof document === "string" ? document : JSON.stringify(document) });

test("before anything was saved everything is off, as version 0 [A10]", () => {
  const { version, who, at, policy } = get();
  assert.deepEqual([version, who, at], [0, undefined, undefined]);
  assert.equal(policy.forgot_phone.enabled, false);
  assert.equal(policy.security_codes.enabled, false);
  assert.deepEqual(history(), []);
});

test("a saved policy is what get prints, with who and when, and what get prints can be saved [A10]", () => {
  const policy = get().policy;
  policy.security_codes.enabled = true;
  policy.security_codes.kind = "both";
  const started = Math.floor(Date.now() / 1000);
  const done = set(policy);
  assert.equal(done.status, 0, done.stderr);
  const current = get();
  assert.deepEqual(current.policy, policy);
  assert.deepEqual([current.version, current.who], [1, "ann"]);
  assert.ok(current.at >= started && current.at <= started + 60);
  const text = countersign(["policy", "get", "--data", site.data]).stdout;
  assert.deepEqual(JSON.parse(text), policy);
  assert.equal(set(text, "--who", "bob").status, 2, "--who twice");
  assert.equal(set(text).status, 0);
  assert.deepEqual(history().map(({ version, who }) => [version, who]), [[1, "ann"], [2, "ann"]]);
});

test("what contradicts itself or is not whole is refused with its field, in one line, and nothing changes [A10] [A5] [A12]", () => {
  const before = get();
  const changed = (change) => {
    const policy = structuredClone(before.policy);
    change(policy);
    return policy;
  };
  const refused = [
    [changed((p) => { p.login_methods.totp = false; p.login_methods.email = false; }), "policy.no_login_method", "login_methods"],
    [changed((p) => { p.forgot_phone.user_choice = true; p.forgot_phone.offered = []; }), "policy.selected_not_offered", "forgot_phone.offered"],
    [changed((p) => { p.security_codes.backup_code_hours = 169; }), "policy.out_of_range", "security_codes.backup_code_hours"],
    [changed((p) => { delete p.kba.own; }), "policy.field_missing", "kba.own"],
    [changed((p) => { p.surprise = true; }), "policy.field_unknown", "surprise"],
    ["{", "policy.malformed", ""],
    ["", "policy.malformed", ""],
  ];
  for (const [document, code, field] of refused) {
    const done = set(document);
    assert.equal(done.status, 2, JSON.stringify(document));
    const { error } = JSON.parse(done.stderr);
    assert.equal(error.code, code);
    assert.ok(error.message.startsWith(field), error.message);
    assert.equal(done.stderr.trim().split("\n").length, 1);
  }
  assert.deepEqual(get(), before);
});

test("who began from another version is refused, and a realm has its own policy [A10] [R1]", () => {
  const { version, policy } = get();
  assert.match(set(policy, "--expect-version", String(version - 1)).stderr, /policy\.version_changed/);
  assert.equal(get().version, version);
  assert.equal(set(policy, "--expect-version", String(version)).status, 0);
  site.must(["realm", "create", "--data", site.data, "--master-key-file", site.key, "--name", "other"]);
  assert.equal(get("other").version, 0);
  assert.match(countersign(["policy", "get", "--data", site.data, "--realm", "nowhere"]).stderr, /realm\.unknown/);
});

test("a change of the policy is in the audit log with its author [A10] [R9c]", () => {
  const { records } = site.must(["audit", "list", "--data", site.data]);
  const changes = records.filter(({ event }) => event === "policy.changed").map(({ detail }) => detail);
  // Rows of one second that are not sealed yet have no order.
  assert.deepEqual(changes.sort(), [1, 2, 3].map((version) => `version=${version} who=ann`));
});
