// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { Site, binary, countersign } from "../server/http/site.mjs";
import { base32, codeOfStep, newSeed, stepAt } from "../server/http/totp.mjs";

const site = new Site();
after(() => site.remove());
const file = (name, content) => {
  const path = join(site.directory, name);
  writeFileSync(path, content);
  return path;
};
const printed = (args, input) => {
  const done = countersign(args, { input });
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stderr, "");
  return done.stdout;
};

test("totp generate agrees with another HMAC for every algorithm, length and period", () => {
  for (const algorithm of ["sha1", "sha256", "sha512"]) {
    for (const digits of [6, 7, 8, 9, 10]) {
      for (const period of [1, 30, 86400]) {
        const seed = newSeed(32);
        const time = Math.floor(Math.random() * 4e9);
        const args = ["totp", "generate", "--secret-stdin", "--algorithm", algorithm, "--digits", String(digits),
          "--period", String(period), "--time", String(time)];
        const step = stepAt(time, period);
        const code = codeOfStep(seed, step, { algorithm, digits });
        assert.equal(printed(args, base32(seed)), `${code}\n`);
        assert.deepEqual(JSON.parse(printed([...args, "--json"], base32(seed))), { code, step });
      }
    }
  }
});

test("the same secret comes in as base32, hex and raw bytes, by file and by standard input", () => {
  // A line end among the raw bytes is a byte of the secret; after the text forms it is dropped.
  const seed = Buffer.concat([newSeed(19), Buffer.from("\n")]);
  const expected = `${codeOfStep(seed, 2)}\n`;
  const at = ["--time", "60"];
  const forms = [["base32", base32(seed)], ["base32", `${base32(seed).toLowerCase()}\r\n`], ["hex", seed.toString("hex")],
    ["hex", `${seed.toString("hex").toUpperCase()}\n`], ["raw", seed]];
  for (const [index, [format, content]] of forms.entries()) {
    assert.equal(printed(["totp", "generate", "--secret-stdin", "--secret-format", format, ...at], content), expected, format);
    const path = file(`seed-${index}`, content);
    assert.equal(printed(["totp", "generate", "--secret-file", path, "--secret-format", format, ...at]), expected, format);
  }
});

test("totp verify says accepted, rejected or replayed, and exits 0, 1, 1", () => {
  const seed = newSeed();
  const time = 1_700_000_000;
  const step = stepAt(time);
  const verify = (code, ...more) => countersign(["totp", "verify", "--secret-stdin", "--time", String(time), "--code", code, ...more], { input: base32(seed) });
  const outcome = (done) => [done.status, done.stdout];
  for (const [offset, window, accepted] of [[0, [], true], [1, [], true], [-1, [], true], [2, [], false], [-2, [], false],
    [1, ["--window", "1,0"], false], [-1, ["--window", "1,0"], true], [-1, ["--window", "0,0"], false], [10, ["--window", "0,10"], true]]) {
    const done = verify(codeOfStep(seed, step + offset), ...window);
    assert.deepEqual(outcome(done), accepted ? [0, `accepted ${step + offset}\n`] : [1, "rejected\n"], `${offset} in ${window}`);
  }
  const code = codeOfStep(seed, step);
  assert.deepEqual(outcome(verify(code, "--last-used", String(step))), [1, "replayed\n"]);
  assert.deepEqual(outcome(verify(code, "--last-used", String(step - 1))), [0, `accepted ${step}\n`]);
  assert.deepEqual(outcome(verify(`${code.slice(0, 3)}-${code.slice(3)} `)), [0, `accepted ${step}\n`]);
  const json = (done) => [done.status, JSON.parse(done.stdout)];
  assert.deepEqual(json(verify(code, "--json")), [0, { outcome: "accepted", step }]);
  assert.deepEqual(json(verify(code, "--json", "--last-used", String(step))), [1, { outcome: "replayed", step }]);
  assert.deepEqual(json(verify(codeOfStep(seed, step + 5), "--json")), [1, { outcome: "rejected" }]);
});

test("hotp generate, verify and resync take counters of 64 bits, and never one that is used [L5] [L20]", () => {
  const seed = newSeed();
  const hotp = (word, ...more) => countersign(["hotp", word, "--secret-stdin", ...more], { input: base32(seed) });
  const outcome = (done) => [done.status, done.stdout];
  const code = (counter) => printed(["hotp", "generate", "--secret-stdin", "--digits", "8", "--counter", String(counter)], base32(seed)).trim();
  assert.equal(code(7), codeOfStep(seed, 7, { digits: 8 }));
  for (const used of [0n, 2n ** 32n - 1n, 2n ** 63n]) {
    const after = ["--digits", "8", "--last-used", String(used)];
    assert.deepEqual(outcome(hotp("verify", ...after, "--code", code(used + 3n))), [0, `accepted ${used + 3n}\n`]);
    assert.deepEqual(outcome(hotp("verify", ...after, "--code", code(used))), [1, "replayed\n"]);
    assert.deepEqual(outcome(hotp("verify", ...after, "--code", code(used + 4n), "--look-ahead", "2")), [1, "rejected\n"]);
    const pair = (first) => ["--first", code(first), "--second", code(first + 1n)];
    assert.deepEqual(outcome(hotp("resync", ...after, ...pair(used + 60n))), [0, `accepted ${used + 61n}\n`]);
    assert.deepEqual(outcome(hotp("resync", ...after, ...pair(used))), [1, "rejected\n"]);
    assert.deepEqual(outcome(hotp("resync", ...after, ...pair(used + 60n), "--reach", "50")), [1, "rejected\n"]);
    const done = hotp("verify", ...after, "--code", code(used + 1n), "--json");
    assert.deepEqual(JSON.parse(done.stdout), { outcome: "accepted", counter: String(used + 1n) });
  }
});

test("totp resync takes two codes in a row, and none of a used step [L5]", () => {
  const seed = newSeed();
  const time = 1_700_000_000;
  const step = stepAt(time);
  const resync = (first, ...more) => {
    const codes = ["--first", codeOfStep(seed, first, { digits: 8 }), "--second", codeOfStep(seed, first + 1, { digits: 8 })];
    const done = countersign(["totp", "resync", "--secret-stdin", "--digits", "8", "--time", String(time), ...codes, ...more], { input: base32(seed) });
    return [done.status, done.stdout];
  };
  assert.deepEqual(resync(step - 15), [0, `accepted ${step - 14}\n`]);
  assert.deepEqual(resync(step - 15, "--radius", "5"), [1, "rejected\n"]);
  assert.deepEqual(resync(step - 15, "--last-used", String(step - 15)), [1, "rejected\n"]);
  assert.deepEqual(resync(step - 15, "--last-used", String(step - 16)), [0, `accepted ${step - 14}\n`]);
});

test("steam generate and verify speak the codes of Steam Guard", () => {
  const seed = "63BEDWCQZKTQWPESARIERL5DTTQFCJTK";
  const at = ["--secret-stdin", "--time", "1511200518"];
  assert.equal(printed(["steam", "generate", ...at], seed), "FR8RV\n");
  assert.equal(printed(["steam", "verify", ...at, "--code", "fr-8rv"], seed), "accepted 50373350\n");
  const used = countersign(["steam", "verify", ...at, "--code", "FR8RV", "--last-used", "50373350"], { input: seed });
  assert.deepEqual([used.status, used.stdout], [1, "replayed\n"]);
});

test("uri build writes the strict form, and uri parse reads it back", () => {
  const seed = newSeed();
  const args = ["uri", "build", "--secret-stdin", "--issuer", "Ex+ample Bänk", "--account", "ann@example.org", "--algorithm", "sha256", "--digits", "8", "--period", "60"];
  const uri = printed(args, base32(seed)).trim();
  assert.equal(uri, `otpauth://totp/Ex%2Bample%20B%C3%A4nk:ann%40example.org?secret=${base32(seed)}&issuer=Ex%2Bample%20B%C3%A4nk&algorithm=SHA256&digits=8&period=60`);
  assert.deepEqual(JSON.parse(printed([...args, "--json"], base32(seed))), { uri });
  const parsed = JSON.parse(printed(["uri", "parse", "--uri-stdin", "--show-secret", "--json"], `${uri}\n`));
  const { warnings, ...fields } = parsed;
  assert.deepEqual(fields, { type: "totp", issuer: "Ex+ample Bänk", account: "ann@example.org", algorithm: "sha256", digits: 8, period: 60, secret_bytes: 20, secret: base32(seed) });
  assert.deepEqual(warnings.map((warning) => warning.name), ["unusual-period", "unusual-algorithm"]);
  const text = printed(["uri", "parse", "--uri-file", file("uri", uri)]);
  assert.ok(!text.includes(base32(seed)), "the secret is shown only when asked for");
  assert.match(text, /^warning: unusual-period: [A-Z].+\.$/m);
});

test("uri parse reads hotp with its 64-bit counter, and keeps a label of several lines on one [L24] [L25]", () => {
  const parsed = JSON.parse(printed(["uri", "parse", "--uri-stdin", "--json"], "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=18446744073709551615"));
  assert.deepEqual([parsed.type, parsed.counter, parsed.period], ["hotp", "18446744073709551615", undefined]);
  const text = printed(["uri", "parse", "--uri-stdin"], "otpauth://totp/%22x%22%3A%5C?secret=JBSWY3DPEHPK3PXP&issuer=Other");
  assert.match(text, /^issuer: Other$/m);
  assert.match(text, /^warning: issuer-mismatch: /m);
});

test("qr draws an SVG, to standard output or into a new file of mode 0600 [L32]", () => {
  const text = "otpauth://totp/Bank:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Bank";
  const svg = printed(["qr", "--text-stdin"], `${text}\n`);
  assert.match(svg, /^<svg [^]*<\/svg>\n?$/);
  const json = JSON.parse(printed(["qr", "--text-stdin", "--json"], text));
  assert.deepEqual(Object.keys(json), ["version", "modules", "svg"]);
  assert.equal(json.modules, json.version * 4 + 17);
  const out = join(site.directory, "code.svg");
  assert.equal(printed(["qr", "--text-file", file("text", text), "--out", out]), `wrote ${out}\n`);
  assert.equal(readFileSync(out, "utf8").trim(), svg.trim());
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const large = JSON.parse(printed(["qr", "--text-stdin", "--level", "H", "--quiet-zone", "8", "--module-pixels", "4", "--json"], text));
  assert.ok(large.version > json.version);
});

test("qr draws the same symbol as PNG, for a terminal and in ASCII [L32]", () => {
  const text = "otpauth://totp/Bank:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Bank";
  const draw = (...more) => spawnSync(binary, ["qr", "--text-stdin", ...more], { input: text }).stdout;
  const png = draw("--format", "png");
  assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  assert.deepEqual(Object.keys(JSON.parse(draw("--format", "png", "--json"))), ["version", "modules", "png"]);
  assert.ok(Buffer.from(JSON.parse(draw("--format", "png", "--json")).png, "base64").equals(png));
  const out = join(site.directory, "code.png");
  assert.equal(printed(["qr", "--text-stdin", "--format", "png", "--out", out], text), `wrote ${out}\n`);
  assert.ok(readFileSync(out).equals(png));
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.equal(spawnSync("zbarimg", ["--nodbus", "--quiet", "--raw", "-Sbinary", "--oneshot", out], { encoding: "utf8" }).stdout, text);

  const { modules, text: ascii } = JSON.parse(draw("--format", "ascii", "--json"));
  const rows = ascii.split("\n").slice(0, -1).map((line) => line.match(/##| {2}/g).map((cell) => cell === "##"));
  assert.deepEqual([rows.length, rows[8].length], [modules + 8, modules + 8]);
  const blocks = draw("--format", "terminal").toString().trimEnd().split("\n");
  assert.equal(blocks.length, (modules + 9) / 2);
  for (const [index, line] of blocks.entries()) {
    const [, cells] = /^\u001b\[38;5;16;48;5;231m([ \u2580\u2584\u2588]+)\u001b\[0m$/u.exec(line);
    const upper = [...cells].map((cell) => cell === "\u2580" || cell === "\u2588");
    const lower = [...cells].map((cell) => cell === "\u2584" || cell === "\u2588");
    const rowOf = (y) => Array.from({ length: modules + 8 }, (_, x) => rows[y]?.[x] ?? false);
    assert.deepEqual([upper, lower], [rowOf(2 * index), rowOf(2 * index + 1)]);
  }
});

test("security-code generate, check and stretch, as the core does [R25] [R21]", () => {
  const codes = printed(["security-code", "generate", "--count", "20"]).trimEnd().split("\n");
  assert.equal(new Set(codes).size, 20);
  for (const code of codes) {
    const spelling = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    assert.equal(printed(["security-code", "check", "--code-stdin"], `${spelling}\n`), `${code}\n`);
  }
  assert.equal(JSON.parse(printed(["security-code", "generate", "--json"])).codes.length, 1);
  assert.equal(JSON.parse(printed(["security-code", "generate", "--count", "1000", "--json"])).codes.length, 1000);

  const sample = file("code", "K7QF-2M9X-TRB4-V3HF\n");
  const stretch = (...more) => JSON.parse(printed(["security-code", "stretch", "--code-file", sample, ...more, "--json"]));
  const given = stretch("--salt", "000102030405060708090A0B0C0D0E0F");
  assert.deepEqual(given, { stretched: "204e7975c87f6327f339b48e5f24d8e26d241b531574ca9c0165246e96750c03", salt: "000102030405060708090a0b0c0d0e0f" });
  const key = file("salt-key", Buffer.alloc(32, 7));
  const ann = stretch("--salt-key-file", key, "--user", "ann");
  assert.deepEqual(stretch("--salt-key-file", key, "--user", "ann", "--realm", "default"), ann);
  assert.notEqual(stretch("--salt-key-file", key, "--user", "ann", "--realm", "shop").salt, ann.salt);
  assert.deepEqual(stretch("--salt", ann.salt), ann);
});

test("security-code digest tells apart users, realms and peppers [R21] [R1]", () => {
  const stretched = file("stretched", `${"0f".repeat(32)}\n`);
  const digest = (pepper, ...more) => printed(["security-code", "digest", "--stretched-file", stretched, "--pepper-file", pepper, ...more]);
  const [one, other] = [1, 2].map((byte) => file(`pepper-${byte}`, Buffer.alloc(32, byte)));
  const all = [digest(one, "--user", "ann"), digest(one, "--user", "ben"), digest(other, "--user", "ann"), digest(one, "--user", "ann", "--realm", "shop")];
  for (const text of all) assert.match(text, /^[0-9a-f]{64}\n$/);
  assert.equal(new Set(all).size, 4);
  assert.equal(digest(one, "--user", "ann", "--realm", "default"), all[0]);
});

test("keygen writes 32 bytes of mode 0600, each time others", () => {
  const keys = ["a", "b"].map((name) => {
    const path = join(site.directory, `${name}.key`);
    assert.deepEqual(JSON.parse(printed(["keygen", "--out", path, "--json"])), { file: path });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    return readFileSync(path);
  });
  assert.equal(keys[0].length, 32);
  assert.notDeepEqual(keys[0], keys[1]);
});

test("keys and realms are made, listed and revoked without a server [R1]", () => {
  const place = site.place;
  const data = ["--data", site.data];
  const created = site.must(["app-key", "create", ...place, "--name", "Bank \"x\" ü"]);
  assert.deepEqual(Object.keys(created), ["id", "realm", "name", "created_at", "token"]);
  assert.match(created.token, /^cs_app_[A-Za-z0-9_-]{43}$/);
  assert.equal(created.name, "Bank \"x\" ü");
  assert.match(printed(["app-key", "create", ...place, "--name", "text"]), /^id: app_\w+\nrealm: default\nname: text\ntoken: cs_app_\S{43}\n/);
  assert.deepEqual(site.must(["realm", "create", ...place, "--name", "shop-2"]), { realm: "shop-2" });
  assert.deepEqual(site.must(["realm", "list", ...data]), { realms: ["default", "shop-2"] });
  assert.equal(printed(["realm", "list", ...data]), "default\nshop-2\n");
  assert.deepEqual(site.must(["app-key", "revoke", ...data, "--id", created.id]), { id: created.id, realm: "default", revoked: true });
  const listed = site.must(["app-key", "list", ...data]).app_keys;
  assert.equal(listed.length, 2);
  assert.ok(listed.every(({ scope }) => scope === undefined), "off by default");
  assert.ok(listed.find((key) => key.id === created.id).revoked_at >= created.created_at);
  assert.match(printed(["app-key", "list", ...data]), new RegExp(`^${created.id} {2}default {2}revoked {2}- {2}Bank`, "m"));
  assert.ok(!JSON.stringify(listed).includes("cs_app_"));
  assert.equal(site.must(["clock", "confirm", ...data]).confirmed, true);
});

test("a key may open administrators' sessions where its maker says so, and nothing else is a scope [R3]", () => {
  const created = site.must(["app-key", "create", ...site.place, "--name", "staff", "--scope", "admin"]);
  assert.deepEqual(Object.keys(created), ["id", "realm", "name", "scope", "created_at", "token"]);
  assert.equal(created.scope, "admin");
  assert.match(printed(["app-key", "create", ...site.place, "--name", "more", "--scope", "admin"]), /\nname: more\nscope: admin\ntoken: /);
  assert.match(printed(["app-key", "list", "--data", site.data]), new RegExp(`^${created.id} {2}default {2}valid {2}admin {2}staff$`, "m"));
  for (const scope of ["root", "admin,admin", " admin"]) {
    const refused = countersign(["app-key", "create", ...site.place, "--name", "x", "--scope", scope, "--json"]);
    assert.deepEqual([refused.status, JSON.parse(refused.stderr).error.code], [2, "app_key.invalid"], scope);
  }
});

test("without --master-key-file the systemd credential master-key is used [R20]", () => {
  const own = new Site();
  try {
    renameSync(own.key, join(own.directory, "master-key"));
    const args = ["app-key", "create", "--data", own.data, "--name", "unit", "--json"];
    const missing = countersign(args, { env: { CREDENTIALS_DIRECTORY: undefined } });
    assert.deepEqual([missing.status, JSON.parse(missing.stderr).error.code], [2, "cli.flag_missing"]);
    const done = countersign(args, { env: { CREDENTIALS_DIRECTORY: own.directory } });
    assert.equal(done.status, 0, done.stderr);
  } finally {
    own.remove();
  }
});

test("a long CSV comes in whole", () => {
  const names = Array.from({ length: 5000 }, (_, index) => `long-${index}`);
  assert.equal(site.importUsers(names).size, 5000);
  assert.equal(site.dump().match(/^credential realm=default user=long-/gm).length, 5000);
});

test("users import takes quoted names and every column", () => {
  const csv = `user,secret,algorithm,digits,period\r\n"a,""b""",${base32(newSeed())},sha512,8,60\r\nplain,${base32(newSeed())},,,\r\n`;
  assert.deepEqual(site.must(["users", "import", ...site.place, "--csv-file", file("users.csv", csv)]), { realm: "default", imported: 2, warnings: [], bad: [], existing: [] });
});

test("version, --version and --help print, and exit 0", () => {
  const version = JSON.parse(printed(["version", "--json"])).version;
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(printed(["version"]), `countersign ${version}\n`);
  assert.equal(printed(["--version"]), `countersign ${version}\n`);
  assert.match(printed(["--help"]), /totp[^]*serve/);
  assert.match(printed(["totp", "-h"]), /generate[^]*verify/);
});

test("a full standard output is told, not passed over", () => {
  const full = openSync("/dev/full", "w");
  const done = spawnSync(binary, ["version"], { stdio: ["ignore", full, "pipe"], encoding: "utf8" });
  assert.deepEqual([done.status, done.stderr], [1, "countersign: standard output cannot be written [cli.output_failed]\n"]);
});

test("no command that holds a secret leaves a core file", async () => {
  const pipe = join(site.directory, "seed.pipe");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const child = spawn(binary, ["totp", "generate", "--secret-file", pipe, "--time", "59"], { stdio: "ignore" });
  const ended = once(child, "exit");
  const seed = await open(pipe, "w");  // opens when the command has come to read it
  assert.match(readFileSync(`/proc/${child.pid}/limits`, "utf8"), /Max core file size\s+1\s+1\s/);
  await seed.writeFile(base32(newSeed()));
  await seed.close();
  assert.deepEqual(await ended, [0, null]);
});
