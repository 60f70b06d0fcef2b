// SPDX-License-Identifier: Apache-2.0
// Bad input to every command: one clear line, a stable code, exit 2 (or 1 where the machine refused), nothing
// on standard output, nothing changed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Site, countersign } from "../server/http/site.mjs";
import { base32, newSeed } from "../server/http/totp.mjs";

const site = new Site();
const seed = base32(newSeed());
const path = (name) => join(site.directory, name);
const data = () => ["--data", site.data];

before(() => {
  site.createAppKey();
  site.importUsers(["taken"]);
  writeFileSync(path("seed"), seed);
  writeFileSync(path("empty"), "");
  writeFileSync(path("long"), "A".repeat(20_000));
  writeFileSync(path("key32"), "k".repeat(32));
  writeFileSync(path("key33"), "k".repeat(33));
});
after(() => site.remove());

const generate = (...more) => ["totp", "generate", "--secret-stdin", ...more];
const verify = (...more) => ["totp", "verify", "--secret-stdin", ...more];
const build = (...more) => ["uri", "build", "--secret-stdin", ...more];
const names = ["--issuer", "Bank", "--account", "ann"];
const csv = (...rows) => `user,secret\n${rows.join("\n")}\n`;
const sample = "K7QF-2M9X-TRB4-V3HF";
const stretching = (...more) => ["security-code", "stretch", "--code-stdin", ...more];
const digesting = () => ["security-code", "digest", "--stretched-stdin", "--user", "ann", "--pepper-file", path("key32")];
const importing = () => ["users", "import", ...site.place, "--csv-stdin"];

// title, arguments (or what makes them), standard input, exit code, stable code
const table = [
  ["no command", [], "", 2, "cli.command_missing"],
  ["a group without its command", ["totp"], "", 2, "cli.command_missing"],
  ["an unknown command", ["frobnicate"], "", 2, "cli.command_unknown"],
  ["an unknown command of a group", ["totp", "guess"], "", 2, "cli.command_unknown"],
  ["a flag in place of a command", ["--verbose"], "", 2, "cli.flag_unknown"],
  ["an unknown flag", generate("--verbose"), seed, 2, "cli.flag_unknown"],
  ["a flag of another command", generate("--code", "123456"), seed, 2, "cli.flag_unknown"],
  ["half the name of a flag", generate("--dig", "8"), seed, 2, "cli.flag_unknown"],
  ["a word too many", generate("extra"), seed, 2, "cli.argument_unexpected"],
  ["a flag twice", generate("--digits", "6", "--digits", "8"), seed, 2, "cli.flag_repeated"],
  ["a flag without its value", generate("--digits"), seed, 2, "cli.value_missing"],
  ["a value for a switch", ["totp", "generate", `--secret-stdin=${seed}`], "", 2, "cli.value_invalid"],
  ["a needed flag left out", verify(), seed, 2, "cli.flag_missing"],

  ["no source of the secret", ["totp", "generate"], "", 2, "cli.flag_missing"],
  ["two sources of the secret", generate("--secret-file", "x"), seed, 2, "cli.flag_conflict"],
  ["a file that is not there", ["totp", "generate", "--secret-file", path("none")], "", 2, "cli.file_unreadable"],
  ["a directory for a file", ["totp", "generate", "--secret-file", site.directory], "", 2, "cli.file_unreadable"],
  ["a secret too long to be one", ["totp", "generate", "--secret-file", path("long")], "", 2, "cli.input_too_long"],
  ["an empty secret", generate(), "", 2, "secret.too_short"],
  ["an empty secret file", ["totp", "generate", "--secret-file", path("empty")], "", 2, "secret.too_short"],
  ["an unknown secret format", generate("--secret-format", "base64"), seed, 2, "cli.value_invalid"],
  ["a symbol outside base32", generate(), "JBSWY3D1", 2, "base32.bad_symbol"],
  ["base32 of an impossible length", generate(), "JBSWY3DPA", 2, "base32.bad_length"],
  ["base32 with bits left over", generate(), "JBSWY3DPEB", 2, "base32.trailing_bits"],
  ["hex of odd length", generate("--secret-format", "hex"), "abc", 2, "cli.hex_malformed"],
  ["hex that is not", generate("--secret-format", "hex"), "zz", 2, "cli.hex_malformed"],
  ["a raw secret over 1024 bytes", generate("--secret-format", "raw"), "x".repeat(1025), 2, "secret.too_long"],

  ["an unknown algorithm", generate("--algorithm", "md5"), seed, 2, "otp.algorithm_unknown"],
  ["5 digits", generate("--digits", "5"), seed, 2, "otp.digits_out_of_range"],
  ["11 digits", generate("--digits", "11"), seed, 2, "otp.digits_out_of_range"],
  ["digits that are no number", generate("--digits", "six"), seed, 2, "cli.value_invalid"],
  ["digits beyond every integer", generate("--digits", "99999999999999999999"), seed, 2, "cli.value_invalid"],
  ["digits with a sign and a space", generate("--digits", "+6 "), seed, 2, "cli.value_invalid"],
  ["period 0", generate("--period", "0"), seed, 2, "otp.period_out_of_range"],
  ["a period over a day", generate("--period", "86401"), seed, 2, "otp.period_out_of_range"],
  ["a negative period", generate("--period", "-30"), seed, 2, "otp.period_out_of_range"],
  ["a time before 1970", generate("--time", "-1"), seed, 2, "otp.time_out_of_range"],
  ["a time after the year 9999", generate("--time", "253402300800"), seed, 2, "otp.time_out_of_range"],
  ["a time with a fraction", generate("--time", "1.5"), seed, 2, "cli.value_invalid"],

  ["a code of five digits", verify("--code", "12345"), seed, 2, "otp.code_malformed"],
  ["a code of letters", verify("--code", "abcdef"), seed, 2, "otp.code_malformed"],
  ["an empty code", verify("--code", ""), seed, 2, "otp.code_malformed"],
  ["a negative code", verify("--code", "-12345x"), seed, 2, "otp.code_malformed"],
  ["a window of one number", verify("--code", "123456", "--window", "1"), seed, 2, "cli.value_invalid"],
  ["a window of words", verify("--code", "123456", "--window", "a,b"), seed, 2, "cli.value_invalid"],
  ["a window of 11 steps", verify("--code", "123456", "--window", "11,0"), seed, 2, "otp.window_out_of_range"],
  ["a negative window", verify("--code", "123456", "--window", "-1,1"), seed, 2, "cli.value_invalid"],
  ["a negative step", verify("--code", "123456", "--last-used", "-1"), seed, 2, "cli.value_invalid"],

  ["no counter", ["hotp", "generate", "--secret-stdin"], seed, 2, "cli.flag_missing"],
  ["a negative counter", ["hotp", "generate", "--secret-stdin", "--counter", "-1"], seed, 2, "cli.value_invalid"],
  ["a counter of 65 bits", ["hotp", "generate", "--secret-stdin", "--counter", "18446744073709551616"], seed, 2, "cli.value_invalid"],
  ["a period for a counter", ["hotp", "generate", "--secret-stdin", "--counter", "1", "--period", "30"], seed, 2, "cli.flag_unknown"],
  ["a look-ahead of 101", ["hotp", "verify", "--secret-stdin", "--code", "123456", "--look-ahead", "101"], seed, 2, "otp.window_out_of_range"],
  ["a last used counter of words", ["hotp", "verify", "--secret-stdin", "--code", "123456", "--last-used", "none"], seed, 2, "cli.value_invalid"],
  ["a reach of 1001", ["hotp", "resync", "--secret-stdin", "--first", "123456", "--second", "123456", "--reach", "1001"], seed, 2, "otp.window_out_of_range"],
  ["a resync with one code", ["hotp", "resync", "--secret-stdin", "--first", "123456"], seed, 2, "cli.flag_missing"],
  ["a radius of 121", ["totp", "resync", "--secret-stdin", "--first", "123456", "--second", "123456", "--radius", "121"], seed, 2, "otp.window_out_of_range"],
  ["a code of Steam with a zero", ["steam", "verify", "--secret-stdin", "--code", "FR0RV"], seed, 2, "otp.code_malformed"],

  ["a URI without issuer", build("--account", "ann"), seed, 2, "cli.flag_missing"],
  ["an empty issuer", build("--issuer", "", "--account", "ann"), seed, 2, "uri.issuer_malformed"],
  ["a colon in the issuer", build("--issuer", "a:b", "--account", "ann"), seed, 2, "uri.issuer_malformed"],
  ["a colon in the account", build("--issuer", "Bank", "--account", "a:b"), seed, 2, "uri.account_malformed"],
  ["an account over 128 bytes", build("--issuer", "Bank", "--account", "x".repeat(129)), seed, 2, "uri.account_malformed"],
  ["a secret under 16 bytes in a URI", build(...names), "JBSWY3DPEHPK3PXP", 2, "secret.too_short"],
  ["a secret over 64 bytes in a URI", build(...names, "--secret-format", "raw"), "x".repeat(65), 2, "secret.too_long"],
  ["9999 digits in a URI", build(...names, "--digits", "9999"), seed, 2, "otp.digits_out_of_range"],

  ["an empty URI", ["uri", "parse", "--uri-stdin"], "", 2, "uri.not_otpauth"],
  ["another scheme", ["uri", "parse", "--uri-stdin"], "https://example.org", 2, "uri.not_otpauth"],
  ["an unknown type", ["uri", "parse", "--uri-stdin"], "otpauth://sotp/a?secret=JBSWY3DPEHPK3PXP", 2, "uri.type_unknown"],
  ["a URI without secret", ["uri", "parse", "--uri-stdin"], "otpauth://totp/a", 2, "uri.secret_missing"],
  ["a URI with period=0", ["uri", "parse", "--uri-stdin"], "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&period=0", 2, "uri.period_out_of_range"],
  ["bad percent-encoding", ["uri", "parse", "--uri-stdin"], "otpauth://totp/a%2?secret=JBSWY3DPEHPK3PXP", 2, "uri.bad_percent_encoding"],
  ["an encoded NUL", ["uri", "parse", "--uri-stdin"], "otpauth://totp/a%00?secret=JBSWY3DPEHPK3PXP", 2, "uri.bad_utf8"],
  ["an hotp URI without counter", ["uri", "parse", "--uri-stdin"], "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP", 2, "uri.counter_missing"],
  ["a URI over 4096 bytes", ["uri", "parse", "--uri-stdin"], `otpauth://totp/${"a".repeat(4096)}`, 2, "uri.too_long"],

  ["nothing to draw", ["qr", "--text-stdin"], "", 2, "qr.empty"],
  ["too much to draw", ["qr", "--text-stdin"], "x".repeat(4000), 2, "qr.too_long"],
  ["an unknown level", ["qr", "--text-stdin", "--level", "X"], "x", 2, "cli.value_invalid"],
  ["no quiet zone", ["qr", "--text-stdin", "--quiet-zone", "0"], "x", 2, "qr.option_out_of_range"],
  ["modules too small to scan", ["qr", "--text-stdin", "--module-pixels", "1"], "x", 2, "qr.option_out_of_range"],
  ["a format that is none", ["qr", "--text-stdin", "--format", "gif"], "x", 2, "cli.value_invalid"],
  ["pixels for a terminal", ["qr", "--text-stdin", "--format", "terminal", "--module-pixels", "8"], "x", 2, "cli.flag_conflict"],
  ["a PNG with no quiet zone", ["qr", "--text-stdin", "--format", "png", "--quiet-zone", "3"], "x", 2, "qr.option_out_of_range"],
  ["a PNG with modules too large", ["qr", "--text-stdin", "--format", "png", "--module-pixels", "65"], "x", 2, "qr.option_out_of_range"],
  ["a terminal with too much white", ["qr", "--text-stdin", "--format", "ascii", "--quiet-zone", "33"], "x", 2, "qr.option_out_of_range"],
  ["a PNG over another file", ["qr", "--text-stdin", "--format", "png", "--out", path("seed")], "x", 2, "cli.file_not_written"],

  ["no security codes", ["security-code", "generate", "--count", "0"], "", 2, "cli.value_invalid"],
  ["too many security codes", ["security-code", "generate", "--count", "1001"], "", 2, "cli.value_invalid"],
  ["no source of the code", ["security-code", "check"], "", 2, "cli.flag_missing"],
  ["an empty code", ["security-code", "check", "--code-stdin"], "", 2, "security_code.bad_length"],
  ["half a code", ["security-code", "check", "--code-stdin"], "K7QF-2M9X", 2, "security_code.bad_length"],
  ["a symbol that no code has", ["security-code", "check", "--code-stdin"], "U7QF-2M9X-TRB4-V3HF", 2, "security_code.bad_symbol"],
  ["a wrong symbol", ["security-code", "check", "--code-stdin"], "K7QF-2M9X-TRB4-V3HG", 2, "security_code.bad_check"],
  ["two symbols swapped", ["security-code", "check", "--code-stdin"], "7KQF-2M9X-TRB4-V3HF", 2, "security_code.bad_check"],
  ["a text too long to be a code", ["security-code", "check", "--code-file", path("long")], "", 2, "cli.input_too_long"],
  ["a code without salt", stretching(), sample, 2, "cli.flag_missing"],
  ["a salt that is not hexadecimal", stretching("--salt", "xy"), sample, 2, "cli.hex_malformed"],
  ["a salt of 15 bytes", stretching("--salt", "00".repeat(15)), sample, 2, "stretch.salt_malformed"],
  ["an empty salt", stretching("--salt", ""), sample, 2, "stretch.salt_malformed"],
  ["two salts", stretching("--salt", "00".repeat(16), "--salt-key-file", path("key32")), sample, 2, "cli.flag_conflict"],
  ["a user beside a salt", stretching("--salt", "00".repeat(16), "--user", "ann"), sample, 2, "cli.flag_conflict"],
  ["a salt key without a user", stretching("--salt-key-file", path("key32")), sample, 2, "cli.flag_missing"],
  ["a salt key of another size", stretching("--salt-key-file", path("key33"), "--user", "ann"), sample, 2, "cli.value_invalid"],
  ["a typing error to be stretched", stretching("--salt", "00".repeat(16)), "K7QF-2M9X-TRB4-V3HG", 2, "security_code.bad_check"],
  ["no pepper", ["security-code", "digest", "--stretched-stdin", "--user", "ann"], "00".repeat(32), 2, "cli.flag_missing"],
  ["an empty pepper", ["security-code", "digest", "--stretched-stdin", "--user", "ann", "--pepper-file", path("empty")], "00".repeat(32), 2, "cli.value_invalid"],
  ["a stretched code that is not hexadecimal", digesting(), "K7QF", 2, "cli.hex_malformed"],
  ["a stretched code of 31 bytes", digesting(), "00".repeat(31), 2, "secret.too_short"],
  ["a stretched code of 33 bytes", digesting(), "00".repeat(33), 2, "secret.too_long"],
  ["a picture over another file", ["qr", "--text-stdin", "--out", path("seed")], "x", 2, "cli.file_not_written"],
  ["a picture into no directory", ["qr", "--text-stdin", "--out", path("none/x.svg")], "x", 2, "cli.file_not_written"],

  ["a key over another file", ["keygen", "--out", path("seed")], "", 2, "master_key.unusable"],
  ["a key into no directory", ["keygen", "--out", path("none/key")], "", 2, "master_key.unusable"],
  ["a key without a name", ["keygen"], "", 2, "cli.flag_missing"],

  ["serve without a key", () => ["serve", ...data()], "", 2, "cli.flag_missing"],
  ["serve without a directory", ["serve", "--master-key-file", "x"], "", 2, "cli.flag_missing"],
  ["the clock of no store", ["clock", "confirm", "--data", path("none")], "", 2, "data.unusable"],
  ["the keys of no store", ["app-key", "list", "--data", path("none")], "", 2, "data.unusable"],
  ["a key in an unknown realm", () => ["app-key", "create", ...site.place, "--name", "x", "--realm", "mall"], "", 2, "realm.unknown"],
  ["a key without a name in it", () => ["app-key", "create", ...site.place, "--name", ""], "", 2, "app_key.invalid"],
  ["a key with a name too long", () => ["app-key", "create", ...site.place, "--name", "x".repeat(65)], "", 2, "app_key.invalid"],
  ["a key with a line end in its name", () => ["app-key", "create", ...site.place, "--name", "a\nb"], "", 2, "app_key.invalid"],
  ["revoking a key nobody made", () => ["app-key", "revoke", ...data(), "--id", "app_aaaaaaaaaaaaaaaa"], "", 2, "app_key.unknown"],
  ["a realm in upper case", () => ["realm", "create", ...site.place, "--name", "Shop"], "", 2, "realm.invalid"],
  ["an empty realm", () => ["realm", "create", ...site.place, "--name", ""], "", 2, "realm.invalid"],
  ["a realm that is there", () => ["realm", "create", ...site.place, "--name", "default"], "", 2, "realm.exists"],

  ["no CSV", importing, "", 2, "import.row_invalid"],
  ["a CSV without its header", importing, `ann,${seed}\n`, 2, "import.row_invalid"],
  ["a row without a secret", importing, csv(`ben,${seed}`, "ann"), 2, "import.row_invalid"],
  ["a row with a bad secret", importing, csv(`ben,${seed}`, "ann,JBSWY3D1"), 2, "import.row_invalid"],
  ["a row with a short secret", importing, csv(`ben,${seed}`, "ann,JBSWY3DPEHPK3PXP"), 2, "import.row_invalid"],
  ["a user twice", importing, csv(`ben,${seed}`, `ben,${seed}`), 2, "import.row_invalid"],
  ["a user who is active already", importing, csv(`ben,${seed}`, `taken,${seed}`), 2, "import.row_invalid"],
  ["an empty user", importing, csv(`ben,${seed}`, `,${seed}`), 2, "import.row_invalid"],
  ["a user of 129 bytes", importing, csv(`ben,${seed}`, `${"x".repeat(129)},${seed}`), 2, "import.row_invalid"],
  ["an open quote", importing, csv(`ben,${seed}`, `"ann,${seed}`), 2, "import.row_invalid"],
  ["the keys of an unknown realm", () => ["app-key", "list", ...data(), "--realm", "mall"], "", 2, "realm.unknown"],
  ["the audit log of an unknown realm", () => ["audit", "list", ...data(), "--realm", "mall"], "", 2, "realm.unknown"],
  ["the outbox of an unknown realm", () => ["outbox", "list", ...data(), "--realm", "mall"], "", 2, "realm.unknown"],
  ["mail of an unknown realm tried again", () => ["outbox", "retry", ...data(), "--all", "--realm", "mall"], "", 2, "realm.unknown"],
  ["mail of an unknown realm dropped", () => ["outbox", "drop", ...data(), "--mail", "mail_x", "--realm", "mall"], "", 2, "realm.unknown"],
  ["an import into an unknown realm", () => [...importing(), "--realm", "mall"], csv(`ben,${seed}`), 2, "realm.unknown"],
  ["an import from nowhere", () => ["users", "import", ...site.place], "", 2, "cli.flag_missing"],
];

/** What stands on the disk: the rows of the store, and every other file's name and content. */
function everything() {
  const files = readdirSync(site.directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return [site.dump(), ...files.map(({ name }) => `${name}: ${readFileSync(path(name), "base64")}`).sort()].join("\n");
}

for (const [title, args, input, exit, code] of table) {
  test(`${code}, exit ${exit}, in one line: ${title}`, () => {
    const before = everything();
    const given = typeof args === "function" ? args() : args;
    const done = countersign(given, { input });
    assert.equal(done.stderr.match(/\n/g)?.length, 1, done.stderr);
    assert.match(done.stderr, /^countersign: .{10,400} \[[a-z0-9_]+\.[a-z0-9_]+\]\n$/);
    assert.ok(done.stderr.endsWith(`[${code}]\n`), done.stderr);
    assert.deepEqual([done.status, done.stdout], [exit, ""]);

    const words = given.findIndex((word) => word.startsWith("-"));
    const json = countersign(given.toSpliced(words < 0 ? given.length : words, 0, "--json"), { input });
    assert.deepEqual([json.status, json.stdout], [exit, ""]);
    const { error } = JSON.parse(json.stderr);
    assert.deepEqual([Object.keys(error), error.code], [["code", "message"], code]);
    for (const text of [done.stderr, json.stderr]) assert.ok(!text.includes(seed), "the secret is repeated");
    assert.equal(everything(), before, "something changed");
  });
}

test("a word that is not ours is never repeated: it may be a secret", () => {
  for (const args of [["totp", "generate", seed], ["totp", seed], [seed], ["totp", "generate", `--secret=${seed}`], ["totp", "generate", "--secret", seed]]) {
    const done = countersign(args);
    assert.equal(done.status, 2);
    assert.ok(!done.stderr.includes(seed), done.stderr);
  }
});

test("a path with a line end in it stays on one line", () => {
  const done = countersign(["totp", "generate", "--secret-file", "a\nb\u001b[2J"]);
  assert.match(done.stderr, /^countersign: [^\n\u001b]+ \[cli\.file_unreadable\]\n$/);
});
