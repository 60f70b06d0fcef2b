// SPDX-License-Identifier: Apache-2.0
// Security codes at login: once, of the right user, set, kind and time, and one answer whatever is wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import {
  issueBackupCode, mistyped, newCode, newCodes, replaceCodes, setCodesPolicy, stretch, userWithCodes, verifyCode, verifyStretched,
} from "./security_codes.mjs";
import { Site } from "./site.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  setCodesPolicy(site, "both");
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

const refused = { ok: false, code: "not_accepted", retry_after: 0 };
const ok = { ok: true };
const of = async (answer) => (await answer).json;

test("a code is used once, whichever way it comes [A6] [A7] [L2] [L4]", async () => {
  const { user, codes, stretched } = await userWithCodes(server, token, "once");
  assert.deepEqual(await of(verifyCode(server, token, user, codes[0])), ok);
  assert.deepEqual(await of(verifyCode(server, token, user, codes[0])), refused);
  assert.deepEqual(await of(verifyCode(server, token, user, codes[0].match(/.{4}/g).join(" - "))), refused);
  assert.deepEqual(await of(verifyStretched(server, token, user, stretched[0])), refused);
  assert.deepEqual(await of(verifyStretched(server, token, user, stretched[1])), ok);
  assert.deepEqual(await of(verifyStretched(server, token, user, stretched[1])), refused);
  assert.deepEqual(await of(verifyCode(server, token, user, codes[1])), refused);
});

test("a code of another user or realm opens nothing, stretched with either salt [R21] [L14] [R1]", async () => {
  const ann = await userWithCodes(server, token, "ann");
  const ben = await userWithCodes(server, token, "ben");
  assert.deepEqual(await of(verifyCode(server, token, "ben", ann.codes[0])), refused);
  for (const stretched of [ann.stretched[0], stretch(ann.codes[0], ben.salt)]) {
    assert.deepEqual(await of(verifyStretched(server, token, "ben", stretched)), refused);
  }
  site.must(["realm", "create", ...site.place, "--name", "other"]);
  setCodesPolicy(site, "both", "other");
  const otherToken = site.createAppKey("other", "other").token;
  assert.deepEqual(await of(verifyStretched(server, otherToken, "ann", ann.stretched[0])), refused);
  assert.deepEqual(await of(verifyStretched(server, token, "ann", ann.stretched[0])), ok);
});

test("each kind signs in while the policy allows it, from the next request on [A6] [A7] [A8] [A9] [R8] [R11]", async () => {
  const { user, codes } = await userWithCodes(server, token, "kinds");
  const { code } = issueBackupCode(site, user);
  const unused = codes.slice();
  for (const kind of [null, "backup"]) {
    setCodesPolicy(site, kind);
    assert.deepEqual(await of(verifyCode(server, token, user, unused[0])), refused, `static under ${kind}`);
  }
  for (const kind of [null, "static"]) {
    setCodesPolicy(site, kind);
    assert.deepEqual(await of(verifyCode(server, token, user, code)), refused, `backup under ${kind}`);
  }
  setCodesPolicy(site, "static");
  assert.deepEqual(await of(verifyCode(server, token, user, unused.pop())), ok);
  setCodesPolicy(site, "both");
  assert.deepEqual(await of(verifyCode(server, token, user, unused.pop())), ok);
  assert.deepEqual(await of(verifyCode(server, token, user, code)), ok);
  assert.deepEqual(await of(verifyCode(server, token, user, code)), refused);
});

test("what is refused is refused alike: wrong, used, void, not allowed, nobody's, no code at all [R14] [L17]", async () => {
  const { user, session, codes, salt } = await userWithCodes(server, token, "alike");
  await of(verifyCode(server, token, user, codes[0]));
  const old = codes[1];
  await replaceCodes(server, session, newCodes().map((code) => stretch(code, salt)));
  const answers = [
    await verifyCode(server, token, user, newCode()), await verifyCode(server, token, user, codes[0]),
    await verifyCode(server, token, user, old), await verifyCode(server, token, user, mistyped(old)),
    await verifyCode(server, token, "never heard of", newCode()), await verifyCode(server, token, "never heard of", "x"),
    await verifyCode(server, token, user, ""), await verifyCode(server, token, user, "123456"),
  ];
  for (const { status, json, headers } of answers) {
    assert.deepEqual([status, json], [200, refused]);
    assert.equal(headers["content-length"], answers[0].headers["content-length"]);
  }
});

test("a mistyped code is not counted; wrong ones are, five in a row and then a pause, for unknown users alike [R9] [R13] [R14] [R25] [L3]", async () => {
  const { user, codes } = await userWithCodes(server, token, "counted");
  for (const who of [user, "unknown counted"]) {
    for (let i = 0; i < 8; i += 1) assert.deepEqual(await of(verifyCode(server, token, who, mistyped(newCode()))), refused);
    for (let i = 0; i < 4; i += 1) assert.deepEqual(await of(verifyCode(server, token, who, newCode())), refused);
    const fifth = await of(verifyCode(server, token, who, newCode()));
    assert.ok(fifth.retry_after >= 29 && fifth.retry_after <= 30, JSON.stringify(fifth));
    assert.ok((await of(verifyCode(server, token, who, newCode()))).retry_after > 0);
  }
  const held = await of(verifyCode(server, token, user, codes[0]));
  assert.deepEqual([held.ok, held.retry_after > 0], [false, true], "a right code waits too");
});

test("a wrong code counts once on each set, and a right one clears its own set alone [R9d] [R13] [L12]", async () => {
  const { user, codes } = await userWithCodes(server, token, "both sets");
  const { code } = issueBackupCode(site, user);
  for (let i = 0; i < 3; i += 1) await verifyCode(server, token, user, newCode());
  const counts = () => Object.fromEntries(site.storeRows("credential", user).map((row) => [row.method, row.failures]));
  assert.deepEqual(counts(), { totp: 0, static_codes: 3, backup_code: 3 });
  assert.deepEqual(await of(verifyCode(server, token, user, codes[0])), ok);
  assert.deepEqual(counts(), { totp: 0, static_codes: 0, backup_code: 3 });
  assert.deepEqual(await of(verifyCode(server, token, user, code)), ok);
  assert.deepEqual(counts(), { totp: 0, static_codes: 0, backup_code: 0 });
});

test("the pool of stretching is bounded: in a crowd some are told to come back, known and unknown alike [R14] [L21]", async () => {
  const crowd = Array.from({ length: 60 }, (_, i) => `crowd ${i}`);
  site.importUsers(crowd.filter((_, i) => i % 2 === 0));
  const answers = await Promise.all(crowd.map((user) => verifyCode(server, token, user, newCode())));
  const statuses = new Set(answers.map(({ status }) => status));
  assert.deepEqual([...statuses].sort(), [200, 429]);
  for (const { status, json, headers } of answers) {
    if (status === 429) assert.deepEqual([json.code, json.retry_after, headers["retry-after"]], ["admission.busy", 1, "1"]);
    else assert.deepEqual(json, refused);
  }
  assert.ok(answers.filter(({ status }) => status === 200).length >= 16, "as many as may wait");
  assert.deepEqual(await of(verifyCode(server, token, "after the crowd", newCode())), refused);
});

test("both forms at once, neither, and a stretched one of another method are malformed requests", async () => {
  const ask = async (json) => (await server.call("POST", "/v1/verify", { token, json: { user: "x", ...json } })).json.code;
  const stretched = Buffer.alloc(32).toString("base64url");
  assert.equal(await ask({ method: "security_code", code: newCode(), stretched }), "request.field_invalid");
  assert.equal(await ask({ method: "security_code" }), "request.field_missing");
  assert.equal(await ask({ method: "totp", stretched }), "request.field_invalid");
  assert.equal(await ask({ method: "security_code", stretched: "AAAA" }), "request.field_invalid");
  assert.equal(await ask({ method: "security_code", stretched: [stretched] }), "request.field_invalid");
});

test("no code, stretched code or salt is in the log or in any file of the store [R21] [L36]", async () => {
  const { user, codes, stretched, salt } = await userWithCodes(server, token, "secret");
  await verifyCode(server, token, user, codes[0]);
  await verifyStretched(server, token, user, stretched[1]);
  await verifyCode(server, token, user, mistyped(codes[2]));
  const { code } = issueBackupCode(site, user);
  await verifyCode(server, token, user, code);
  const raw = [...codes, code].flatMap((each) => [each, each.replaceAll("-", "")]);
  const needles = [...raw, ...stretched, ...stretched.map((each) => Buffer.from(each, "base64url")), salt, Buffer.from(salt, "base64url")];
  const places = new Map([["the log", Buffer.from(server.log.join("\n"))], ...site.storeFiles()]);
  assert.ok(places.size >= 3);
  for (const [place, bytes] of places) {
    for (const needle of needles) assert.equal(bytes.indexOf(needle), -1, `${place} holds a secret`);
  }
});
