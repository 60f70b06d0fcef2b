// SPDX-License-Identifier: Apache-2.0
// The examples of openapi.yaml run against the real server: what a back end calls, and a login's second factor.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { createAdminKey } from "./administrators.mjs";
import { answerTotp, changePolicy, newAttempt, openChallenge, passByTotp } from "./challenges.mjs";
import { openSession } from "./enroll.mjs";
import { MailSite } from "./mail_site.mjs";
import { operations } from "./openapi.mjs";
import { ExampleRun } from "./openapi_examples.mjs";
import { runRefusals, runSessionRefusals } from "./openapi_refusals.mjs";
import { save, threeQuestions } from "./questions.mjs";
import { RunningServer } from "./running_server.mjs";
import { issueBackupCode, newCode } from "./security_codes.mjs";
import { Site } from "./site.mjs";
import { codeNow, wrongCode } from "./totp.mjs";

const chosen = ({ purpose }) => purpose === undefined || purpose === "challenge";
let site;
let server;
let token;
let run;

before(async () => {
  site = await MailSite.open();
  ({ server, token } = site);
  run = new ExampleRun(server, chosen);
});
after(() => site.close());

const imported = (user) => site.importUsers([user]).get(user);

test("a process that answers, and another method than the contract's", async () => {
  await run.run("getHealth", "200");
  assert.equal((await server.call("GET", "/readyz")).status, 200);
  for (const id of ["getHealth", "getReadiness"]) {
    run.hold(operations.get(id), "405 route.method_not_allowed", await server.call("POST", operations.get(id).path, { json: {} }));
  }
});

test("a user has nothing, is enrolled, and verifies", async () => {
  await run.run("listUserMethods", "200 none", { token, put: { user: "nobody" } });
  const seed = imported("u-1842");
  await run.run("verifyCode totp", "200 accepted", { token, put: { code: codeNow(seed) } });
  await run.run("verifyCode totp", "200 refused", { token, put: { code: codeNow(seed) } });
  await run.run("listUserMethods", "200 active", { token });
  changePolicy(site, (policy) => {
    policy.security_codes = { ...policy.security_codes, enabled: true, kind: "both" };
    policy.login_methods.email = true;
    policy.forgot_phone = { enabled: true, alternate: "kba_email", user_choice: false, offered: ["kba_email"] };
    policy.alternate_hold_hours = 0;
  });
  const { code } = issueBackupCode(site, "u-1842");
  await run.run("verifyCode securityCode", "200 accepted", { token, put: { code } });
  await run.run("verifyCode securityCode", "400 request.field_missing", { token, own: ["detail"], body: { method: "totp" } });
  await run.run("verifyCode securityCode", "400 request.field_invalid", { token, own: ["detail"], body: { user: "u-1842", method: "smoke", code } });
  const typed = Array.from({ length: 40 }, () => server.call("POST", "/v1/verify", { token, json: run.request("verifyCode", "securityCode", { code: newCode() }) }));
  const busy = (await Promise.all(typed)).find(({ status }) => status === 429);
  run.hold(operations.get("verifyCode"), "429 admission.busy", busy, ["retry_after"]);
  changePolicy(site, (policy) => { policy.login_methods.totp = false; });
  await run.run("verifyCode totp", "409 policy.not_allowed", { token });
  changePolicy(site, (policy) => { policy.login_methods.totp = true; });
});

test("sessions of each purpose, and who gets none", async () => {
  await run.run("openSession manage", "201 opened", { token });
  await run.run("openSession challenge", "201 challenge", { token, put: { first_factor: { method: "password", at: Math.floor(Date.now() / 1000) } } });
  await run.run("openSession admin", "403 auth.scope_missing", { token });
  const adminToken = createAdminKey(site);
  await run.run("openSession admin", "409 challenge.not_passed", { token: adminToken });
  const seed = imported("u-7");
  const { id } = await passByTotp(server, adminToken, "u-7", seed);
  await run.run("openSession admin", "201 opened", { token: adminToken, put: { challenge: id } });
});

test("a login by the app: shown, refused, passed, redeemed", async () => {
  const seed = imported("app");
  const challenge = await openChallenge(server, token, "app", { context: "sign-in 7f3a" });
  const attempt = () => ({ attempt_id: newAttempt() });
  await run.run("answerChallenge totp", "200 refused", { token: challenge.session, put: { ...attempt(), code: wrongCode(seed) } });
  const { receipt } = await run.run("answerChallenge totp", "200 passed", { token: challenge.session, put: { ...attempt(), code: codeNow(seed) } });
  await run.run("redeemReceipt", "200 refused", { token, put: { receipt, challenge: challenge.id, user: "another" } });
  const shown = await run.run("getChallenge", "200 passed", { token: challenge.session });
  await run.run("redeemReceipt", "200 redeemed", { token, put: { receipt: shown.receipt, challenge: challenge.id, user: "app" } });
  await run.run("answerChallenge totp", "409 challenge.not_allowed", { token: challenge.session, put: attempt() });
  await run.run("forgotPhone", "409 challenge.not_allowed", { token: challenge.session });
  await run.run("mailChallengeCode", "409 challenge.not_allowed", { token: challenge.session });
});

test("a login without the phone: the questions, then a mailed code", async () => {
  const { session, enrollment } = await site.elevated("without", "without@example.org");
  assert.equal((await save(server, session, threeQuestions())).status, 200);
  await site.setAlternate(session, "at-home@example.org");
  issueBackupCode(site, "without");
  site.passMinute();
  const challenge = await openChallenge(server, token, "without");
  await run.run("getChallenge", "200 open", { token: challenge.session });
  await run.run("forgotPhone", "200 questions", { token: challenge.session });
  await run.run("answerChallenge kba", "200 questionsAnswered", { token: challenge.session, put: { attempt_id: newAttempt() } });
  await run.run("mailChallengeCode", "200 sent", { token: challenge.session, put: { method: "alternate_email" }, own: ["expires_at"] });
  await run.run("mailChallengeCode", "200 later", { token: challenge.session, put: { method: "alternate_email" }, own: ["retry_after"] });
  assert.ok(enrollment);
});

test("the refusals that are everywhere, on each operation", async () => {
  const manage = await openSession(server, token, "refused");
  const { session } = await openChallenge(server, token, "refused");
  for (const operation of [...operations.values()].filter(chosen)) {
    await runRefusals(run, operation, operation.credential === "session" ? session : token);
    if (operation.credential === "session") await runSessionRefusals(run, operation, { other: manage, own: session });
  }
});

test("a disk that takes no more, and a clock that is not believed", async () => {
  const full = new Site();
  const key = full.createAppKey().token;
  full.importUsers(["u-1842"]);
  let there = await RunningServer.start(full);
  run.server = there;
  assert.equal(spawnSync("prlimit", ["--pid", String(there.child.pid), "--fsize=4096:unlimited"]).status, 0);
  await run.run("verifyCode totp", "503 server.unavailable", { token: key, own: ["detail", "retry_after"] });
  await there.stop("SIGKILL");
  full.changeStore("UPDATE state SET high_water = unixepoch() + 86400");
  there = await RunningServer.start(full);
  run.server = there;
  await run.run("verifyCode totp", "503 clock.unreliable", { token: key, own: ["detail", "retry_after"] });
  run.server = server;
  await there.stop();
  full.remove();
});

test("every example of these operations was run", () => {
  assert.deepEqual(run.missing({ everything: true }), []);
});
