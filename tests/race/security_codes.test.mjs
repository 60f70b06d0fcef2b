// SPDX-License-Identifier: Apache-2.0
// Security codes from many sides at once: the same code, a set that is replaced, a policy that is tightened, a
// server that is killed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { methods } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import {
  issueBackupCode, replaceCodes, saltOf, setCodesPolicy, stretch, userWithCodes, verifyCode, verifyStretched,
} from "../server/http/security_codes.mjs";
import { Site } from "../server/http/site.mjs";

const parallel = 16;
const rounds = Number(process.env.COUNTERSIGN_CODE_ROUNDS ?? 20);
const oneCodeRounds = Number(process.env.COUNTERSIGN_CODE_ROUNDS ?? 200);
const roundsOfOne = 25;  // of one user: one session may change things 128 times, and then each two seconds
let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  setCodesPolicy(site, "both");
  server = await RunningServer.start(site, { logLevel: "info" });
});
after(async () => {
  await server.stop();
  site.remove();
});

const atOnce = (count, call) => Promise.all(Array.from({ length: count }, (_, index) => call(index)));
const yes = (answers) => answers.filter((answer) => answer.json?.ok === true).length;
const random = () => Array.from({ length: 10 }, () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"));

/** Only the gate's 429 is asked again: it said nothing about the code. */
async function admitted(call) {
  for (;;) {
    const answer = await call();
    if (answer.status !== 429) return answer;
  }
}

function assertAnswers(answers) {
  for (const { status, json } of answers) {
    const code = json.ok === true ? "ok" : json.code;
    assert.ok(["ok", "not_accepted", "admission.busy"].includes(code), `${status} ${JSON.stringify(json)}`);
  }
}

/** Renews the set by random values: ten stretchings for each round would be the whole test's time. */
async function freshSet(user) {
  const stretched = random();
  const replaced = await admitted(() => replaceCodes(server, user.session, stretched));
  assert.equal(replaced.json.ok, true, replaced.text);
  return stretched;
}

test(`the same static code ${parallel} times at once, ${oneCodeRounds} rounds: one yes each [L2] [R9] [R9b]`, async () => {
  let user;
  let accepted = 0;
  for (let round = 0; round < oneCodeRounds; round += 1) {
    // One session may change what its user has some hundred times before it has to wait.
    if (round % 100 === 0) user = await userWithCodes(server, token, `static race ${round}`);
    const [code] = await freshSet(user);
    const answers = await atOnce(parallel, () => verifyStretched(server, token, user.user, code));
    assertAnswers(answers);
    assert.equal(yes(answers), 1, `round ${round}`);
    assert.equal((await verifyStretched(server, token, user.user, code)).json.ok, false);
    accepted += 1;
  }
  assert.equal(accepted, oneCodeRounds);
});

test(`a code of the administrator's as typed and stretched, ${parallel} times at once: one yes each [L2] [R3] [R9]`, async () => {
  const user = await userWithCodes(server, token, "backup race");
  const salt = await saltOf(server, user.session);
  for (let round = 0; round < 5; round += 1) {
    const { code } = issueBackupCode(site, user.user);
    const stretched = stretch(code.replaceAll("-", ""), salt);
    const answers = await atOnce(parallel, (index) =>
      admitted(() => (index % 2 ? verifyCode(server, token, user.user, code) : verifyStretched(server, token, user.user, stretched))));
    assertAnswers(answers);
    assert.equal(yes(answers), 1, `round ${round}`);
  }
});

test(`a set replaced while its codes are tried, ${rounds} rounds: what was accepted was of the old set, and nothing of it after the reply [L2] [R8] [U9]`, async () => {
  let user;
  let before = 0;
  for (let round = 0; round < rounds; round += 1) {
    if (round % roundsOfOne === 0) user = await userWithCodes(server, token, `replace race ${round}`);
    const old = await freshSet(user);
    const renewed = random();
    const [replaced, ...tried] = await Promise.all([
      admitted(() => replaceCodes(server, user.session, renewed)),
      ...old.slice(0, 4).map((code) => admitted(() => verifyStretched(server, token, user.user, code))),
    ]);
    assert.equal(replaced.json.ok, true, replaced.text);
    assertAnswers(tried);
    before += yes(tried);
    const { methods: list } = await methods(server, user.session);
    assert.equal(list.find(({ method }) => method === "static_codes").remaining, 10, "the new set is whole");
    assert.equal((await admitted(() => verifyStretched(server, token, user.user, renewed[0]))).json.ok, true);
    assert.equal((await admitted(() => verifyStretched(server, token, user.user, old[9]))).json.ok, false);
  }
  process.stdout.write(`${before} codes of an old set were in time\n`);
});

test("two sets sent at once: one of them stands, whole [U9] [L13]", async () => {
  let user;
  for (let round = 0; round < rounds; round += 1) {
    if (round % roundsOfOne === 0) user = await userWithCodes(server, token, `two sets ${round}`);
    const sets = [random(), random(), random()];
    const replaced = await atOnce(3, (index) => replaceCodes(server, user.session, sets[index]));
    assert.equal(yes(replaced), 3);
    const { methods: list } = await methods(server, user.session);
    const standing = list.find(({ method }) => method === "static_codes");
    assert.equal(standing.remaining, 10);
    const winner = replaced.findIndex(({ json }) => json.credential_id === standing.credential_id);
    const tried = [];
    for (const set of sets) tried.push(await verifyStretched(server, token, user.user, set[0]));
    assert.deepEqual(tried.map(({ json }) => json.ok), [0, 1, 2].map((index) => index === winner));
  }
});

test("a policy tightened while codes are on their way: after its command has ended none is accepted, and none is burnt [R11] [A10]", async () => {
  const user = await userWithCodes(server, token, "tightened");
  for (let round = 0; round < 5; round += 1) {
    const codes = await freshSet(user);
    let open = true;
    const late = [];
    const worker = async (index) => {
      for (let attempt = 0; attempt < 40; attempt += 1) {
        const startedOpen = open;
        const answer = await admitted(() => verifyStretched(server, token, user.user, codes[index]));
        if (!startedOpen) late.push(answer);
        if (answer.json.ok || answer.json.retry_after > 0 || !startedOpen) return;
      }
    };
    const tightened = site.inBackground(["policy", "set", "--data", site.data, "--stdin", "--who", "test"], setPolicyText("backup"))
      .then(() => { open = false; });
    const workers = [worker(0), worker(1)];
    await tightened;
    await Promise.all([...workers, worker(2)]);
    assert.ok(late.length > 0);
    assert.equal(yes(late), 0, "accepted under the policy of before");
    site.changeStore("UPDATE credential SET failures = 0, not_before = 0 WHERE method = 'static_codes'");
    setCodesPolicy(site, "both");
    assert.equal((await admitted(() => verifyStretched(server, token, user.user, codes[2]))).json.ok, true, "it was burnt by a refusal");
  }
});

function setPolicyText(kind) {
  const { policy } = site.must(["policy", "get", "--data", site.data]);
  policy.security_codes.kind = kind;
  return JSON.stringify(policy);
}

test("kill -9 while codes are used, five rounds: nothing accepted twice, nothing acknowledged lost [L2] [L18] [R8]", async () => {
  const users = [];
  for (let i = 0; i < 8; i += 1) users.push(await userWithCodes(server, token, `killed ${i}`));
  for (let round = 0; round < 5; round += 1) {
    for (const user of users) user.set = await freshSet(user);
    const ledger = [];
    const killAfter = 10 + Math.floor(Math.random() * 50);
    await Promise.all(users.map(async (user) => {
      for (const code of user.set) {
        const answer = await verifyStretched(server, token, user.user, code).catch(() => undefined);
        if (answer === undefined) return;
        assert.equal(answer.json.ok, true, answer.text);
        ledger.push([user.user, code]);
        if (ledger.length === killAfter) server.child.kill("SIGKILL");
      }
    }));
    await server.kill();
    server = await RunningServer.start(site, { logLevel: "info" });
    assert.ok(ledger.length >= killAfter);
    for (const [user, code] of ledger) {
      assert.equal((await admitted(() => verifyStretched(server, token, user, code))).json.ok, false, "accepted twice");
    }
    site.changeStore("UPDATE credential SET failures = 0, not_before = 0 WHERE method = 'static_codes'");
  }
});
