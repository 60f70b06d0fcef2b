// SPDX-License-Identifier: Apache-2.0
// The examples of openapi.yaml run against the real server: what administrators do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createAdminKey, openAdmin } from "./administrators.mjs";
import { operations } from "./openapi.mjs";
import { ExampleRun } from "./openapi_examples.mjs";
import { runRefusals, runSessionRefusals } from "./openapi_refusals.mjs";
import { RunningServer } from "./running_server.mjs";
import { setCodesPolicy } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeOfStep, stepNow, wrongCode } from "./totp.mjs";

const chosen = ({ purpose }) => purpose === "admin";
let site;
let server;
let token;
let run;
let names = 0;

before(async () => {
  site = new Site();
  token = createAdminKey(site);
  setCodesPolicy(site, "both");  // the first version that was saved
  server = await RunningServer.start(site);
  run = new ExampleRun(server, chosen);
});
after(async () => {
  await server.stop();
  site.remove();
});

const newAdmin = (options) => openAdmin(site, server, token, `admin-${++names}`, options);
/** Not used by the login that opened the session. */
const fresh = (admin) => codeOfStep(admin.seed, stepNow() + 1);

test("the policy is read and saved, and a weaker one costs a code", async () => {
  const admin = await newAdmin();
  await run.run("getPolicy", "200", { token: admin.session, own: ["who"] });
  await run.run("listPolicies", "200", { token: admin.session });
  await run.run("savePolicy weaker", "200 refused", { token: admin.session, put: { code: wrongCode(admin.seed) } });
  const { code: _, ...without } = run.request("savePolicy", "weaker");
  await run.run("savePolicy weaker", "403 auth.fresh_factor_required", { token: admin.session, body: without });
  await run.run("savePolicy stricter", "200 saved", { token: admin.session });
  await run.run("savePolicy weaker", "409 policy.version_changed", { token: admin.session });
});

test("what is wrong with a policy is told with its place", async () => {
  const { session } = await newAdmin();
  const changed = (change) => {
    const body = run.request("savePolicy", "stricter");
    change(body.policy);
    return body;
  };
  const wrong = {
    malformed: { version: 1, policy: [] },
    field_missing: changed((policy) => { delete policy.totp; }),
    field_unknown: changed((policy) => { policy.surprise = 1; }),
    field_invalid: changed((policy) => { policy.kba.questions = "three"; }),
    out_of_range: changed((policy) => { policy.kba.questions = 0; }),
    no_login_method: changed((policy) => { policy.login_methods = { totp: false, email: false }; }),
    none_but_required: changed((policy) => { Object.assign(policy, { allow_none: true, require_setup: true }); }),
    selected_not_offered: changed((policy) => { Object.assign(policy.forgot_phone, { enabled: true, user_choice: true, offered: [] }); }),
    no_questions: changed((policy) => { Object.assign(policy.kba, { catalog: false, own: false }); }),
    pause_cap_too_low: changed((policy) => { Object.assign(policy.counting, { pause_start_seconds: 600, pause_cap_seconds: 300 }); }),
    disabled_before_notice: changed((policy) => { Object.assign(policy.counting, { notice_at: 60, disable_at: 60 }); }),
  };
  for (const [code, body] of Object.entries(wrong)) await run.run("savePolicy stricter", `422 policy.${code}`, { token: session, body });
});

test("a user is shown, unlocked and given a code", async () => {
  const admin = await newAdmin();
  const seed = site.importUsers(["u-1842"]).get("u-1842");
  for (let i = 0; i < 5; ++i) await server.verify(token, "u-1842", wrongCode(seed));
  await run.run("issueBackupCode", "200 refused", { token: admin.session, put: { code: wrongCode(admin.seed) } });
  await run.run("issueBackupCode", "200 issued", { token: admin.session, put: { code: fresh(admin) }, own: ["code"] });
  const { methods } = await run.run("showUser", "200", { token: admin.session });
  const put = { credential_id: methods[0].credential_id };
  await run.run("unlockMethod", "200", { token: admin.session, put });
  await run.run("unlockMethod", "404 method.unknown", { token: admin.session });
  site.changeStore("UPDATE credential SET status = 'disabled' WHERE user = 'u-1842' AND method = 'totp'");
  await run.run("unlockMethod", "409 method.disabled", { token: admin.session, put });
  const other = await newAdmin();
  await run.run("issueBackupCode", "409 method.none", { token: other.session, put: { user: "nobody", code: fresh(other) } });
});

test("nobody acts on an administrator, nor without the scope", async () => {
  const admin = await newAdmin();
  const put = { user: admin.user };
  for (const id of ["unlockMethod", "issueBackupCode"]) await run.run(id, "403 admin.not_on_administrators", { token: admin.session, put });
  const audits = await newAdmin({ scopes: ["audit"] });
  const unlocks = await newAdmin({ scopes: ["unlock"] });
  for (const operation of [...operations.values()].filter(chosen)) {
    const name = operation.body === undefined ? operation.id : `${operation.id} ${operation.requests[0].name}`;
    await run.run(name, "403 auth.scope_missing", { token: operation.id === "readAudit" ? unlocks.session : audits.session });
  }
});

test("backup codes that the policy has not", async () => {
  const admin = await newAdmin();
  setCodesPolicy(site, "static");
  site.importUsers(["lost"]);
  await run.run("issueBackupCode", "409 policy.not_allowed", { token: admin.session, put: { user: "lost", code: fresh(admin) } });
});

test("the audit log, before it is sealed and after", async () => {
  const admin = await newAdmin();
  await run.run("readAudit newest", "200 fresh", { token: admin.session, own: ["records", "checkpoint"] });
  await server.stop();
  server = await RunningServer.start(site);
  run.server = server;
  const answer = await server.call("POST", "/v1/w/admin/audit", { token: admin.session, json: run.request("readAudit", "following") });
  const [record] = answer.json.records;
  const fields = { method: "totp", detail: "step=58907520" };
  run.hold(operations.get("readAudit"), "200 sealed", { ...answer, json: { ...answer.json, records: [{ ...record, ...fields }] } });
  assert.equal(record.number, 2);
});

test("the refusals that are everywhere, on each operation", async () => {
  const admin = await newAdmin();
  const manage = (await server.openSession(token, "somebody")).json.token;
  for (const operation of [...operations.values()].filter(chosen)) {
    await runRefusals(run, operation, admin.session);
    await runSessionRefusals(run, operation, { other: manage, own: admin.session });
  }
});

test("every example of these operations was run", () => {
  assert.deepEqual(run.missing(), []);
});
