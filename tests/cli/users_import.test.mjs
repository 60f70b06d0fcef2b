// SPDX-License-Identifier: Apache-2.0
// Users who come from elsewhere: each format that is named, all or none, and a look before anything is written.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, countersign } from "../server/http/site.mjs";
import { base32, codeOfStep, newSeed, stepNow, stepWithRoom } from "../server/http/totp.mjs";

let site;
let server;
let token;
before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server?.stop();
  site.remove();
});

const importing = (flags, input) => countersign(["users", "import", ...site.place, ...flags, "--json"], { input });
const imported = (flags, input) => {
  const done = importing([...flags, "--fresh"], input);
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
};
const refusal = (flags, input) => {
  const done = importing(flags, input);
  assert.equal(done.status, 2, done.stdout);
  return JSON.parse(done.stderr).error;
};
const accepts = async (user, code) => (await server.verify(token, user, code)).json.ok;
const uri = (user, seed, more = "") => `otpauth://totp/Old%20Bank:${encodeURIComponent(user)}?secret=${base32(seed)}&issuer=Old%20Bank${more}`;

test("secrets in hex, base32 and ascii log in where the format is named, and never are guessed [L26]", async () => {
  const text = "0123456789abcdef0123456789abcdef";  // good in hex and in ascii, and a seed of its own in each
  const hex = `user,secret\nhex,${text}\n`;
  imported(["--csv-stdin", "--secret-format", "hex"], hex);
  imported(["--csv-stdin", "--secret-format", "ascii"], `user,secret\nascii,${text}\n`);
  const seed = newSeed();
  imported(["--csv-stdin", "--secret-format", "base32"], `user,secret\nbase,${base32(seed)}\n`);
  assert.equal(await accepts("hex", codeOfStep(Buffer.from(text, "hex"), stepNow())), true);
  assert.equal(await accepts("ascii", codeOfStep(Buffer.from(text), stepNow())), true);
  assert.equal(await accepts("base", codeOfStep(seed, stepNow())), true);
  assert.equal(refusal(["--csv-stdin"], hex.replace("hex,", "other,")).code, "import.row_invalid");
  assert.equal(refusal(["--csv-stdin", "--secret-format", "guess"], hex).code, "cli.value_invalid");
  assert.equal(refusal(["--otpauth-stdin", "--secret-format", "hex"], uri("x", seed)).code, "cli.flag_conflict");
  assert.equal(refusal(["--csv-stdin", "--otpauth-stdin"], "").code, "cli.flag_conflict");
  assert.equal(refusal([], "").code, "cli.flag_missing");
});

test("a list of otpauth URIs is read as apps print them, with its warnings, and hotp is a bad row [L25] [L26]", async () => {
  const seeds = [newSeed(), newSeed(), newSeed()];
  const list = [uri("uri-1", seeds[0]), "", uri("uri 2@bank", seeds[1], "&period=60&digits=8&algorithm=SHA256").replace("otpauth", "OTPAUTH"),
    `otpauth://totp/uri-3?secret=${base32(seeds[2]).toLowerCase()}`].join("\r\n");
  const done = imported(["--otpauth-stdin"], list);
  assert.equal(done.imported, 3);
  assert.deepEqual(done.warnings.map(({ line }) => line), [3, 4]);
  assert.match(done.warnings[1].warnings, /secret-not-canonical/);
  assert.equal(await accepts("uri-1", codeOfStep(seeds[0], stepNow())), true);
  assert.equal(await accepts("uri 2@bank", codeOfStep(seeds[1], stepNow(60), { digits: 8, algorithm: "sha256" })), true);
  assert.equal(await accepts("uri-3", codeOfStep(seeds[2], stepNow())), true);
  const hotp = uri("uri-4", newSeed(), "&counter=0").replace("totp", "hotp");
  assert.match(refusal(["--otpauth-stdin"], hotp).message, /line 1: hotp/);
});

test("codes that may have been used where the seeds come from are not good here once more [R8] [L1]", async () => {
  const seed = newSeed();
  const list = `user,secret\nmoved,${base32(seed)}\n`;
  const at = await stepWithRoom();
  const text = countersign(["users", "import", ...site.place, "--csv-stdin"], { input: list });
  assert.equal(text.stdout, "imported 1 users\ntheir codes of this moment count as used elsewhere: those of the next minute are good\n");
  for (const step of [at - 1, at, at + 1]) assert.equal(await accepts("moved", codeOfStep(seed, step)), false, String(step - at));
  assert.equal(site.storeRows("credential", "moved")[0].last_step, at + 1, "so the next one is good");
  const used = site.must(["users", "import", ...site.place, "--csv-stdin", "--fresh", "--existing", "add"], { input: list });
  assert.equal(used.imported, 1);
  assert.equal(await accepts("moved", codeOfStep(seed, at)), true, "where nobody has used it");
});

test("--preview shows each user's code of this moment and writes nothing, with or without a store", async () => {
  const seeds = [newSeed(), newSeed()];
  const list = `user,secret\npreview-1,${base32(seeds[0])}\nhex,${base32(seeds[1])}\n`;
  const step = await stepWithRoom();
  const before = site.dump();
  const shown = countersign(["users", "import", "--data", site.data, "--csv-stdin", "--preview", "--json"], { input: list });
  assert.equal(shown.status, 0, shown.stderr);
  assert.deepEqual(JSON.parse(shown.stdout).rows.map(({ user, code, existing }) => [user, code, existing]),
    [["preview-1", codeOfStep(seeds[0], step), false], ["hex", codeOfStep(seeds[1], step), true]]);
  assert.equal(site.dump(), before);
  const nowhere = join(site.directory, "nowhere");
  const text = countersign(["users", "import", "--data", nowhere, "--csv-stdin", "--preview"], { input: `${list}bad,x\n` });
  assert.equal(text.status, 1);
  assert.match(text.stdout, /^2 {2}preview-1 {2}\d{6}\n3 {2}hex {2}\d{6}\nline 4: secret: \S+\nnothing was written\n$/);
  assert.equal(existsSync(nowhere), false);
});

test("a bad row names its line and nothing is imported; --skip-bad names what it left out, never a secret [L28]", () => {
  const good = base32(newSeed());
  const list = `user,secret\nskip-1,${good}\nskip-2,JBSWY3D1SECRET\nskip-3,${good}\nskip-1,${good}\n`;
  const before = site.dump();
  const error = refusal(["--csv-stdin"], list);
  assert.match(error.message, /line 3: secret: .*, and 1 more bad row/);
  assert.ok(!error.message.includes("JBSWY3D1"));
  assert.equal(site.dump(), before);
  const done = importing(["--csv-stdin", "--skip-bad"], list);
  assert.deepEqual(JSON.parse(done.stdout).bad, [{ line: 3, why: "secret: base32.bad_symbol" }, { line: 5, why: "this user stands in the file twice" }]);
  assert.equal(JSON.parse(done.stdout).imported, 2);
  for (const text of [done.stdout, done.stderr]) assert.ok(!text.includes(good) && !text.includes("JBSWY3D1"));
});

test("a user who is there is refused, or skipped, or gets one more, as is said", async () => {
  const old = site.importUsers(["there"]).get("there");
  const seed = newSeed();
  const list = `user,secret\nthere,${base32(seed)}\nnewcomer-1,${base32(newSeed())}\n`;
  assert.match(refusal(["--csv-stdin"], list).message, /line 2: this user has an authenticator already/);
  assert.equal(refusal(["--csv-stdin", "--existing", "replace"], list).code, "cli.value_invalid");
  assert.deepEqual(imported(["--csv-stdin", "--existing", "skip"], list), { realm: "default", imported: 1, warnings: [], bad: [], existing: [2] });
  assert.equal(await accepts("there", codeOfStep(seed, stepNow())), false);
  imported(["--csv-stdin", "--existing", "add"], `user,secret\nthere,${base32(seed)}\n`);
  assert.equal(await accepts("there", codeOfStep(seed, stepNow())), true);
  assert.equal(await accepts("there", codeOfStep(old, stepNow() + 1)), true, "the old one stays");
  const many = Array.from({ length: 4 }, () => `there,${base32(newSeed())}\n`).join("");
  assert.match(refusal(["--csv-stdin", "--existing", "add"], `user,secret\n${many}`).message, /line 5: .* over 5/);
  assert.equal(site.storeRows("credential", "there").length, 2);
});

test("an export without seeds has none, is masked, private and noted, and cannot be imported", () => {
  const out = join(site.directory, "people.jsonl");
  const done = site.must(["users", "export", ...site.place, "--out", out]);
  const lines = readFileSync(out, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(done.users, lines.length);
  assert.ok(lines.every(({ authenticators }) => authenticators.every((one) => one.secret === undefined)));
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const again = countersign(["users", "export", ...site.place, "--out", out, "--json"]);
  assert.deepEqual([again.status, JSON.parse(again.stderr).error.code], [2, "cli.file_not_written"]);
  assert.equal(readFileSync(out, "utf8").trimEnd().split("\n").length, lines.length);
  assert.match(refusal(["--export-file", out], "").message, /line 1: secret: is missing; export with --with-seeds/);
  const events = site.must(["audit", "list", "--data", site.data, "--event", "users.exported"]).records;
  assert.equal(events.at(-1).detail, "who=operator seeds=no");
});

test("an export with seeds comes in elsewhere, with its names and without a used code being good again [L6]", async () => {
  const seed = newSeed();
  site.must(["users", "import", ...site.place, "--csv-stdin", "--fresh"], { input: `user,secret,algorithm,digits,period\n"tra,vels",${base32(seed)},sha512,8,60\n` });
  const options = { algorithm: "sha512", digits: 8, period: 60 };
  const used = codeOfStep(seed, stepNow(60), options);
  assert.equal(await accepts("tra,vels", used), true);
  const out = join(site.directory, "seeds.jsonl");
  site.must(["users", "export", ...site.place, "--out", out, "--user", "tra,vels", "--with-seeds"]);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(out, "utf8")).authenticators[0].secret, base32(seed));
  assert.equal(site.must(["audit", "list", "--data", site.data, "--event", "users.exported", "--user", "tra,vels"]).records.at(-1).detail, "who=operator seeds=yes");

  const other = new Site();
  try {
    const elsewhere = other.createAppKey().token;
    assert.equal(other.must(["users", "import", ...other.place, "--export-file", out, "--fresh"]).imported, 1);
    const second = await RunningServer.start(other);
    assert.equal((await second.verify(elsewhere, "tra,vels", used)).json.ok, false);
    assert.equal((await second.verify(elsewhere, "tra,vels", codeOfStep(seed, stepNow(60) + 1, options))).json.ok, true);
    await second.stop();
    const broken = join(site.directory, "broken.jsonl");
    const line = readFileSync(out, "utf8").trim();
    for (const [bad, why] of [[line.replace('"status"', '"stat"'), /stat/], [line.replace('"active"', '"pending"'), /status/], [`${line}x`, /JSON/], [line.replace(/"digits":8/, '"digits":5'), /digits/]]) {
      writeFileSync(broken, `\n${bad}\n`);
      const done = countersign(["users", "import", ...other.place, "--existing", "add", "--export-file", broken, "--json"]);
      assert.equal(done.status, 2, bad);
      assert.match(JSON.parse(done.stderr).error.message, /line 2: /);
      assert.match(JSON.parse(done.stderr).error.message, why);
      assert.ok(!done.stderr.includes(base32(seed)));
    }
  } finally {
    other.remove();
  }
});

test("a failed export leaves no file behind, and none is written through a link", () => {
  const stolen = join(site.directory, "other.key");
  site.must(["keygen", "--out", stolen]);
  const out = join(site.directory, "failed.jsonl");
  const wrong = countersign(["users", "export", "--data", site.data, "--master-key-file", stolen, "--out", out, "--with-seeds", "--json"]);
  assert.notEqual(wrong.status, 0);
  assert.equal(existsSync(out), false);
  const unknown = countersign(["users", "export", ...site.place, "--out", out, "--user", "nobody", "--json"]);
  assert.deepEqual([unknown.status, JSON.parse(unknown.stderr).error.code], [2, "user.unknown"]);
  assert.equal(existsSync(out), false);
});
