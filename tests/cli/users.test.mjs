// SPDX-License-Identifier: Apache-2.0
// What an operator sees of users, and what is left of one who was deleted: beside a running server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { elevate, enroll } from "../server/http/enroll.mjs";
import { MailSite } from "../server/http/mail_site.mjs";
import { Site, countersign } from "../server/http/site.mjs";
import { answerTotp, askChallenge, openChallenge } from "../server/http/challenges.mjs";
import { erasureOf } from "./erasure.mjs";
import { base32, codeOfStep, newSeed, stepNow } from "../server/http/totp.mjs";

let site;
before(async () => {
  site = await MailSite.open((policy) => { Object.assign(policy.forgot_phone, { enabled: true, alternate: "email", user_choice: false }); });
});
after(() => site?.close());

const data = () => ["--data", site.data];
const refused = (args) => {
  const done = countersign([...args, "--json"]);
  assert.notEqual(done.status, 0, args.join(" "));
  return [done.status, JSON.parse(done.stderr).error.code];
};
const text = (args) => {
  const done = countersign(args);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
};
/** The dump without the lines that a filter names. */
const dumpWithout = (pattern) => site.dump().split("\n").filter((line) => !pattern.test(line)).join("\n");

/** A user with an authenticator, an address and an elevated session, whatever his name is. */
async function elevatedAs(user, email) {
  const enrollment = await enroll(site.server, site.token, user);
  const opened = await site.server.call("POST", "/v1/sessions",
    { token: site.token, json: { user, purpose: "manage", account: "customer", issuer: "Harbor Bank", email } });
  const session = opened.json.token;
  assert.equal((await elevate(site.server, session, codeOfStep(enrollment.seed, enrollment.step + 1))).json.ok, true);
  return { session, enrollment };
}

/** A code that nobody has used yet. */
const freshCode = (seed) => codeOfStep(seed, stepNow() + 1);

test("users list pages through a realm in bytewise order and says what is paused", async () => {
  site.importUsers(["list-a", "list-b", "list-c", "list-d"]);
  for (let i = 0; i < 5; i += 1) await site.server.verify(site.token, "list-b", "000000");
  const seen = [];
  let page = site.must(["users", "list", ...data(), "--limit", "3", "--after", "list-"]);
  assert.equal(page.users.length, 3);
  for (;;) {
    seen.push(...page.users);
    if (!page.next) break;
    page = site.must(["users", "list", ...data(), "--limit", "3", "--after", page.next]);
  }
  const states = Object.fromEntries(seen.map(({ user, methods }) => [user, methods.map(({ method, state }) => `${method}:${state}`).join()]));
  assert.deepEqual(states, { "list-a": "totp:active", "list-b": "totp:paused", "list-c": "totp:active", "list-d": "totp:active" });
  assert.match(text(["users", "list", ...data(), "--limit", "2", "--after", "list-"]), /^list-a {2}totp:active\nlist-b {2}totp:paused\nand more: --after list-b\n$/);
  assert.deepEqual(refused(["users", "list", ...data(), "--realm", "none"]), [2, "realm.unknown"]);
});

test("users list shows a name that would steer the terminal without its control characters", () => {
  site.importUsers(["steer\u001b[2J"]);
  assert.match(text(["users", "list", ...data(), "--after", "steer"]), /^steer\?\[2J {2}totp:active$/m);
  assert.ok(site.must(["users", "list", ...data(), "--after", "steer"]).users.some(({ user }) => user === "steer\u001b[2J"));
});

test("policy history and keys rotate show no name that would steer the terminal either", () => {
  const other = new Site();
  try {
    other.importUsers(["steer\u001b[2J"]);
    const { policy } = other.must(["policy", "get", "--data", other.data]);
    other.must(["policy", "set", "--data", other.data, "--stdin", "--who", "ann"], { input: JSON.stringify(policy) });
    other.changeStore("UPDATE policy SET who = 'ann' || char(27) || '[2J'; UPDATE credential SET sealed = zeroblob(length(sealed))");
    assert.match(text(["policy", "history", "--data", other.data]), /^1 {2}\d+ {2}ann\?\[2J$/m);
    const fresh = join(other.directory, "new.key");
    other.must(["keygen", "--out", fresh]);
    const rotated = countersign(["keys", "rotate", "--data", other.data, "--master-key-file", fresh, "--previous-master-key-file", other.key]);
    assert.equal(rotated.status, 1, rotated.stderr);
    assert.match(rotated.stdout, /^does not open: credential default steer\?\[2J crd_/m);
  } finally {
    other.remove();
  }
});

test("who has an authenticator already and gets one more by an import is told, and the audit log names it [R9]", async () => {
  const { enrollment } = await elevatedAs("had-one", "had.one@example.org");
  const list = ["user,secret", ...["had-one", "had-none", "had-none"].map((user) => `${user},${base32(newSeed())}`)].join("\n");
  assert.equal(site.must(["users", "import", ...site.place, "--csv-stdin", "--existing", "add"], { input: list }).imported, 3);
  const { methods } = site.must(["users", "show", ...site.place, "--user", "had-one"]);
  const added = methods.find(({ method, credential_id }) => method === "totp" && credential_id !== enrollment.credentialId);
  const { records } = site.must(["audit", "list", ...data(), "--event", "credential.imported"]);
  assert.deepEqual(records.map(({ user, method, credential, detail }) => [user, method, credential, detail]),
    [["had-one", "totp", added.credential_id, "who=operator"]]);
  const letter = await site.letter("had.one@example.org", /added/);
  assert.match(letter.text, /an authenticator app/);
});

test("users show has methods, counts and masked addresses, and never a seed or an address in clear", async () => {
  const { session, enrollment } = await site.elevated("shown", "shown.person@example.org");
  await site.setAlternate(session, "other.place@example.net");
  await site.server.verify(site.token, "shown", "000000");
  const shown = site.must(["users", "show", ...site.place, "--user", "shown"]);
  assert.equal(shown.address, "s••••@example.org");
  const totp = shown.methods.find(({ method }) => method === "totp");
  assert.deepEqual([totp.credential_id, totp.state, totp.failures, totp.digits, totp.period], [enrollment.credentialId, "active", 1, 6, 30]);
  assert.equal(shown.methods.find(({ method }) => method === "alternate_email").address, "o••••@example.net");
  assert.equal(shown.sessions, 2);
  const all = text(["users", "show", ...site.place, "--user", "shown"]) + JSON.stringify(shown);
  for (const secret of ["shown.person", "other.place", enrollment.seed.toString("hex")]) assert.ok(!all.includes(secret), secret);
  const without = text(["users", "show", ...data(), "--user", "shown"]);
  assert.match(without, /^address: sealed; give --master-key-file$/m);
  assert.deepEqual(refused(["users", "show", ...data(), "--user", "nobody"]), [2, "user.unknown"]);
});

test("users delete without --yes, or of nobody, changes nothing", () => {
  site.importUsers(["stays"]);
  const before = dumpWithout(/^(outbox|mail_allowance) /);  // mail to others leaves meanwhile
  assert.deepEqual(refused(["users", "delete", ...site.place, "--user", "stays"]), [2, "cli.flag_missing"]);
  assert.deepEqual(refused(["users", "delete", ...site.place, "--user", "nobody", "--yes"]), [2, "user.unknown"]);
  assert.deepEqual(refused(["users", "delete", ...site.place, "--user", "stays", "--realm", "other", "--yes"]), [2, "user.unknown"]);
  assert.equal(dumpWithout(/^(outbox|mail_allowance) /), before);
});

test("users delete takes every row of one user, ends his login under way, and leaves all others alone [R6] [R26]", async () => {
  const name = "gone\nfor good";  // a name may hold a line end; a neighbor's begins like it
  const neighbor = "gone";
  for (const user of [name, neighbor]) {
    const { session, enrollment } = await elevatedAs(user, `primary-${user.length}@example.org`);
    await site.setAlternate(session, `${user.length}@example.net`);
    const challenge = await openChallenge(site.server, site.token, user);
    if (user === name) site.running = { challenge, enrollment, session };
  }
  const last = await enroll(site.server, site.token, "bystander");
  await site.server.stop();  // nothing but the command changes rows now
  const mine = (line) => line.includes(` user=${name.split("\n")[0]}\n`) || line.includes(`user=${name}`);
  const rows = (text) => text.split(/\n(?=[a-z_]+ [a-z_]+=)/);
  const before = rows(site.dump());
  assert.ok(before.filter(mine).length > 10);

  const done = site.must(["users", "delete", ...site.place, "--user", name, "--yes"]);
  assert.ok(done.audit_records_erased >= 3);
  for (const table of ["session", "challenge", "credential", "contact"]) assert.ok(done.rows[table] >= 1, table);
  assert.ok(done.rows.mail_allowance >= 1, "what was told him in an hour stands under his name");

  const after = rows(site.dump());
  assert.deepEqual(after.filter(mine), []);
  const hex = Buffer.from(name).toString("hex");
  assert.equal(after.filter((row) => row.includes(hex)).length, 0, "nor in a blob");
  const others = (list) => list.filter((row) => !mine(row) && !row.includes(hex) && !/ detail=del_| event=user\.deleted /.test(row));
  assert.deepEqual(others(after), others(before).filter((row) => after.includes(row)));
  assert.deepEqual(others(before).filter((row) => !after.includes(row)), [], "no other row went or changed");

  const database = new DatabaseSync(join(site.data, "countersign.sqlite"), { readOnly: true });
  const tables = database.prepare("SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'user'").all();
  assert.ok(tables.length > 8);
  for (const { name: table } of tables) assert.equal(database.prepare(`SELECT count(*) AS n FROM ${table} WHERE user = ?`).get(name).n, 0, table);
  database.close();

  await site.restart();
  const { challenge, enrollment, session } = site.running;
  const code = freshCode(enrollment.seed);
  assert.equal((await answerTotp(site.server, challenge, code)).status, 401);
  assert.equal((await site.server.call("GET", "/v1/w/methods", { token: session })).status, 401);
  assert.equal((await site.server.verify(site.token, name, code)).json.ok, false);
  const again = await askChallenge(site.server, site.token, name);
  const shown = await site.server.call("GET", "/v1/w/challenge", { token: again.json.token });
  assert.equal(shown.json.state, "enrollment_required", shown.text);
  assert.equal((await site.server.verify(site.token, "bystander", freshCode(last.seed))).json.ok, true);
});

test("users delete beside the server leaves the name in no file of the store", async () => {
  const name = "leaves-no-trace-behind";
  site.importUsers([name]);
  await site.server.verify(site.token, name, "000000");
  const holding = () => site.storeFiles().filter(([, bytes]) => bytes.includes(name)).map(([file]) => file);
  assert.notDeepEqual(holding(), []);
  site.must(["users", "delete", ...site.place, "--user", name, "--yes"]);
  assert.deepEqual(holding(), []);
});

/** Another process that holds SQLite's checkpoint lock, as the server's copier does while it copies. */
async function holdCheckpoint(shm, seconds) {
  const script = "import fcntl,sys,time; f=open(sys.argv[1],'r+b'); fcntl.lockf(f,fcntl.LOCK_EX,1,121); print('held',flush=True); time.sleep(float(sys.argv[2]))";
  const child = spawn("python3", ["-c", script, shm, String(seconds)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return once(child, "exit");
}

test("users delete waits for who copies the log, and says so where somebody reads it for longer", async () => {
  const holding = (name) => site.storeFiles().filter(([, bytes]) => bytes.includes(name)).map(([file]) => file);
  const remove = (name) => site.must(["users", "delete", ...site.place, "--user", name, "--yes"]).log_cut;
  const names = ["copied-meanwhile", "read-meanwhile"];
  site.importUsers(names);
  for (const name of names) assert.notDeepEqual(holding(name), []);
  const held = await Promise.race([holdCheckpoint(join(site.data, "countersign.sqlite-shm"), 0.5), new Promise((go) => setTimeout(go, 300))]);
  assert.equal(held, undefined, "it holds it still");
  assert.equal(remove(names[0]), true);
  assert.deepEqual(holding(names[0]), []);

  const reader = new DatabaseSync(join(site.data, "countersign.sqlite"), { readOnly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM credential").get();
  assert.equal(remove(names[1]), false);
  reader.close();
});

test("audit verify passes after a deletion, sealed or not, and fails when somebody else erases a record [R26]", async () => {
  site.importUsers(["erased-1", "erased-2"]);
  for (const user of ["erased-1", "erased-2"]) for (let i = 0; i < 5; i += 1) await site.server.verify(site.token, user, "000000");
  const database = new DatabaseSync(join(site.data, "countersign.sqlite"));
  const deletions = () => database.prepare("SELECT credential FROM audit WHERE event = 'user.deleted'").all().map((row) => row.credential);
  const earlier = deletions();  // one of the same second may be sealed before or after this one
  site.must(["users", "delete", ...site.place, "--user", "erased-1", "--yes"]);  // its records may be sealed or not
  const [deletion] = deletions().filter((id) => !earlier.includes(id));
  const verify = () => {
    const done = countersign(["audit", "verify", ...site.place, "--json"]);
    return { status: done.status, ...JSON.parse(done.stdout) };
  };
  const now = verify();
  assert.deepEqual([now.status, now.intact, now.breaks], [0, true, []]);
  assert.ok(now.erased >= 1);
  await site.server.stop();  // seals the rest
  assert.deepEqual([verify().status, verify().unsealed], [0, 0]);

  // A record that somebody passes off as erased by that deletion, or by none.
  const victim = database.prepare("SELECT number FROM audit WHERE user = 'erased-2'").get().number;
  const original = database.prepare("SELECT * FROM audit WHERE number = ?").get(victim);
  for (const [claimed, why] of [[deletion, /erased other records than it tells/], ["del_aaaaaaaaaaaaaaaa", /erased by no deletion/]]) {
    database.prepare("UPDATE audit SET user = '', credential = '', detail = ?, nonce = ? WHERE number = ?").run(claimed, Buffer.alloc(8), victim);
    const broken = verify();
    assert.deepEqual([broken.status, broken.intact], [1, false]);
    assert.match(broken.breaks[0].what, why);
    database.prepare("UPDATE audit SET user = ?, credential = ?, detail = ?, nonce = ? WHERE number = ?")
      .run(original.user, original.credential, original.detail, original.nonce, victim);
    assert.equal(verify().status, 0);
  }

  // What is left of an erased record is not to be changed either.
  const erased = database.prepare("SELECT * FROM audit WHERE detail = ?").all(deletion);
  assert.ok(database.prepare("SELECT detail FROM audit WHERE event = 'user.deleted' AND credential = ?").get(deletion).detail
    .startsWith(`who=operator ${erasureOf(deletion, erased)} proof=`), "this is how it is computed");
  for (const change of ["event = 'login.ok'", "at = at - 777", "method = 'email'", "realm = 'other'"]) {
    database.exec("BEGIN");
    database.exec(`UPDATE audit SET ${change} WHERE number = ${erased[0].number}`);
    database.exec("COMMIT");
    assert.deepEqual([verify().status, verify().intact], [1, false], change);
    database.prepare("UPDATE audit SET event = ?, at = ?, method = ?, realm = ? WHERE number = ?")
      .run(erased[0].event, erased[0].at, erased[0].method, erased[0].realm, erased[0].number);
    assert.equal(verify().status, 0);
  }

  // A deletion that somebody without the master key makes up, right in everything that he can know.
  const forged = "del_bbbbbbbbbbbbbbbb";
  database.prepare("UPDATE audit SET user = '', credential = '', event = 'login.ok', detail = ?, nonce = ? WHERE number = ?")
    .run(forged, Buffer.alloc(8), victim);
  const claim = `who=operator ${erasureOf(forged, [{ ...original, event: "login.ok" }])} proof=`;
  const insert = database.prepare("INSERT INTO audit (realm, user, at, nonce, event, method, credential, detail) VALUES ('default', '', ?, ?, 'user.deleted', '', ?, ?)");
  insert.run(original.at, Buffer.alloc(16, 7), forged, claim + "00".repeat(32));
  const broken = verify();
  assert.deepEqual([broken.status, broken.intact], [1, false]);
  assert.match(broken.breaks[0].what, /is not proven, or erased other records/);
  database.prepare("DELETE FROM audit WHERE credential = ?").run(forged);
  database.prepare("UPDATE audit SET user = ?, credential = ?, event = ?, detail = ?, nonce = ? WHERE number = ?")
    .run(original.user, original.credential, original.event, original.detail, original.nonce, victim);
  assert.equal(verify().status, 0);
  database.close();
  await site.restart();
});
