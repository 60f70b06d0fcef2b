// SPDX-License-Identifier: Apache-2.0
// Settings by flag, environment and file: which one counts, what is refused, and what `config` says of it.
import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, countersign } from "./site.mjs";

let site;
before(() => {
  site = new Site();
});
after(() => site.remove());

let count = 0;

/** A file of settings, closed to others' writing. */
function configure(text, mode = 0o644) {
  count += 1;
  const file = join(site.directory, `settings-${count}.toml`);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const place = () => `data = "${site.data}"\nmaster_key_file = "${site.key}"\n`;

/** What `config` says of one key. */
function inForce(key, args, env) {
  const done = countersign(["config", ...args, "--json"], { env });
  const told = JSON.parse(done.stdout);
  return { ...told.settings.find((setting) => setting.key === key), problem: told.problem, status: done.status };
}

function refusal(args, env) {
  const done = countersign([...args, "--json"], { env });
  assert.equal(done.status, 2, done.stdout + done.stderr);
  return JSON.parse(done.stderr).error;
}

test("a flag counts before the environment, that before the file, that before the default", () => {
  const bare = configure(place());
  const file = configure(`${place()}log_level = "warning"\n`);
  const env = { COUNTERSIGN_LOG_LEVEL: "error" };
  const level = (args, environment) => {
    const { value, source, where } = inForce("log_level", args, environment);
    return [value, source, where];
  };
  assert.deepEqual(level(["--config", bare]), ["info", "default", ""]);
  assert.deepEqual(level(["--config", file]), ["warning", "file", `${file}:3`]);
  assert.deepEqual(level(["--config", file], env), ["error", "environment", "COUNTERSIGN_LOG_LEVEL"]);
  assert.deepEqual(level(["--config", file, "--log-level", "debug"], env), ["debug", "flag", "--log-level"]);
});

test("an empty value is none: the next in line counts", () => {
  const file = configure(`${place()}log_level = "warning"\n[operator]\naddress = ""\n`);
  assert.equal(inForce("log_level", ["--config", file], { COUNTERSIGN_LOG_LEVEL: "" }).value, "warning");
  assert.equal(inForce("operator.address", ["--config", file]).source, "default");
});

test("a switch is true or false in the file, and false in the environment counts before it", () => {
  const file = configure(`${place()}[listen]\ninsecure = true\n`);
  assert.equal(inForce("listen.insecure", ["--config", file]).value, "true");
  assert.equal(inForce("listen.insecure", ["--config", file], { COUNTERSIGN_INSECURE_LISTEN: "false" }).value, "false");
  assert.equal(refusal(["realm", "list", "--insecure-listen"]).code, "cli.flag_unknown", "a flag of serve alone");
  const odd = inForce("data", ["--config", file], {});
  assert.equal(odd.problem, null);
  assert.match(refusal(["config", "--config", file], { COUNTERSIGN_INSECURE_LISTEN: "yes" }).message, /^COUNTERSIGN_INSECURE_LISTEN is not usable/);
});

test("no file is read unless one is named, by flag or COUNTERSIGN_CONFIG", () => {
  const file = configure(`${place()}log_level = "error"\n`);
  assert.equal(inForce("log_level", []).value, "info");
  assert.equal(inForce("log_level", [], { COUNTERSIGN_CONFIG: file }).value, "error");
  const other = configure(`${place()}log_level = "debug"\n`);
  assert.equal(inForce("log_level", ["--config", other], { COUNTERSIGN_CONFIG: file }).value, "debug");
  assert.equal(refusal(["config", "--config", ""]).code, "config.file_unreadable", "a named file that is none is no default");
});

test("every command that takes a setting takes it from the file, and a server runs by it alone", async () => {
  const file = configure(`${place()}[listen]\naddress = "127.0.0.1:0"\n`);
  site.must(["realm", "create", "--config", file, "--name", "from-file"]);
  assert.ok(site.must(["realm", "list"], { env: { COUNTERSIGN_CONFIG: file } }).realms.some((realm) => JSON.stringify(realm).includes("from-file")));
  const server = await RunningServer.start(site, { flags: ["--config", file] });
  try {
    assert.equal((await server.call("GET", "/healthz")).status, 200);
  } finally {
    await server.stop();
  }
});

for (const [line, named, nearest] of [
  ["[listen]\nadress = \"127.0.0.1:1\"", "listen.adress", "listen.address"],
  ["loglevel = \"info\"", "loglevel", "log_level"],
  ["[mail]\npassword = \"hunter2\"", "mail.password", "mail.password_file"],
  ["[lisen]", "lisen", "listen"],
  ["\"listen.address\" = \"127.0.0.1:1\"", "\"listen.address\"", "listen.address"],
]) {
  test(`the unknown key ${named} is refused by file, line and key, with the nearest known one`, () => {
    const file = configure(`${place()}${line}\n`);
    const error = refusal(["realm", "list", "--config", file]);
    assert.equal(error.code, "config.key_unknown");
    const at = 2 + line.split("\n").length;
    assert.ok(error.message.startsWith(`${file}:${at}: the key ${named} is no setting; the nearest is ${nearest}`), error.message);
    assert.ok(!error.message.includes("hunter2"), "what stands there may be a secret");
  });
}

test("an unknown COUNTERSIGN_ variable is refused with the nearest known one", () => {
  const error = refusal(["realm", "list", ...site.place.slice(0, 2)], { COUNTERSIGN_LISTN: "127.0.0.1:1" });
  assert.equal(error.code, "config.variable_unknown");
  assert.equal(error.message, "the environment variable COUNTERSIGN_LISTN is no setting; the nearest is COUNTERSIGN_LISTEN");
  assert.equal(countersign(["version"], { env: { COUNTERSIGN_LISTN: "x" } }).status, 0, "a command without settings reads none");
});

for (const [text, key, code] of [
  ["log_level = 3", "log_level", "config.value_type"],
  ["[listen]\nio_threads = \"2\"", "listen.io_threads", "config.value_type"],
  ["[listen]\nio_threads = 2.5", "listen.io_threads", "config.value_type"],
  ["[listen]\ninsecure = \"true\"", "listen.insecure", "config.value_type"],
  ["[listen]\ntrusted_proxies = \"10.0.0.0/8\"", "listen.trusted_proxies", "config.value_type"],
  ["[listen]\ntrusted_proxies = [\"10.0.0.0/8,::/0\"]", "listen.trusted_proxies", "config.value_type"],
  ["listen = \"127.0.0.1:1\"", "listen", "config.value_type"],
  ["log_level = \"in\\u0000fo\"", "log_level", "config.value_type"],
  ["[listen]\nio_threads = 65", "listen.io_threads", "cli.value_invalid"],
  ["[listen]\naddress = \"nowhere\"", "listen.address", "cli.value_invalid"],
  ["log_level = \"loud\"", "log_level", "cli.value_invalid"],
]) {
  test(`serve tells of ${JSON.stringify(text)} by file, line and key`, () => {
    const file = configure(`${place()}${text}\n`);
    const error = refusal(["serve", "--config", file]);
    const at = 2 + text.split("\n").length;
    assert.ok(error.message.startsWith(`${file}:${at}: ${key} `), error.message);
    assert.equal(error.code, code);
  });
}

test("a value of the environment that cannot be used is told by the variable's name", () => {
  const error = refusal(["serve", ...site.place], { COUNTERSIGN_IO_THREADS: "many" });
  assert.match(error.message, /^COUNTERSIGN_IO_THREADS is not usable/);
});

test("a file that is no TOML, a key twice and a key file by mistake are refused by line, without a word of them", () => {
  const deep = `data = "a"\n${"a.".repeat(30_000)}b = 1\n`;  // as a garbled template: the reader would run out of stack
  const others = [`[${"a.".repeat(30_000)}b]\n`, `x = {${"a.".repeat(30_000)}b = 1}\n`, `[["a"${".a".repeat(30_000)}]]\n`].map((text) => [text, 1]);
  for (const [text, line] of [[deep, 2], ...others, ["data = \"a\"\nthis is hunter2\n", 2], ["data = \"a\"\ndata = \"hunter2\"\n", 2], [Buffer.concat([Buffer.from("k"), readFileSync(site.key)]), 1]]) {
    const file = configure(text);
    const error = refusal(["realm", "list", "--config", file]);
    assert.equal(error.code, "config.malformed");
    assert.ok(error.message.startsWith(`${file}:${line}: `), error.message);
    assert.ok(!error.message.includes("hunter2"), error.message);
  }
});

for (const mode of [0o664, 0o646, 0o666]) {
  test(`a file of mode ${mode.toString(8)} may be written by others and is not read`, () => {
    const file = configure(place(), mode);
    assert.equal(refusal(["realm", "list", "--config", file]).code, "config.file_unsafe");
  });
}

test("a file of another user is not read, also behind a link", (context) => {
  if (process.getuid() !== 0) return context.diagnostic("not root: nobody else's file can be made here");
  const file = configure(place());
  chownSync(file, 12345, 0);
  const link = join(site.directory, "link.toml");
  symlinkSync(file, link);
  for (const path of [file, link]) assert.equal(refusal(["realm", "list", "--config", path]).code, "config.file_unsafe");
});

test("a directory, a device, a file that is missing or too long are refused at once", () => {
  const folder = join(site.directory, "folder.toml");
  mkdirSync(folder);
  const long = configure(`# ${"x".repeat(65 * 1024)}\n`);
  for (const path of [folder, "/dev/null", join(site.directory, "missing.toml"), long]) {
    assert.equal(refusal(["realm", "list", "--config", path]).code, "config.file_unreadable", path);
  }
});

test("config lists every setting with its variable, and shows no secret", () => {
  const password = join(site.directory, "password");
  writeFileSync(password, "hunter2\n", { mode: 0o600 });
  const file = configure(`${place()}[mail]\nsmtp_url = "smtp://localhost:1"\nfrom = "a@example.org"\nuser = "u"\npassword_file = "${password}"\n`);
  const done = countersign(["config", "--config", file]);
  assert.equal(done.status, 0, done.stdout + done.stderr);
  assert.match(done.stdout, new RegExp(`^mail\\.password_file +${password} \\(content not shown\\)  \\[file ${file}:7\\]$`, "m"));
  assert.ok(!done.stdout.includes("hunter2"));
  const told = JSON.parse(countersign(["config", "--config", file, "--json"]).stdout);
  assert.ok(told.settings.length >= 14);
  for (const setting of told.settings) {
    assert.equal(setting.variable, `COUNTERSIGN_${setting.flag.slice(2).toUpperCase().replaceAll("-", "_")}`);
    assert.ok(done.stdout.includes(`\n${setting.key} `) || done.stdout.startsWith(`${setting.key} `), setting.key);
  }
  assert.ok(told.settings.find((setting) => setting.key === "mail.password_file").secret);
});

test("config says what serve would say of settings that it does not take, and hides a password in a URL", () => {
  const file = configure(`${place()}[mail]\nsmtp_url = "smtp://me:hunter2@mail.example.org"\nfrom = "a@example.org"\n`);
  const done = countersign(["config", "--config", file]);
  assert.equal(done.status, 2);
  assert.match(done.stdout, /smtp:\/\/\*\*\*@mail\.example\.org/);
  assert.match(done.stdout, /\nnot usable: .*mail\.smtp_url.* \[cli\.value_invalid\]\n$/);
  assert.ok(!done.stdout.includes("hunter2"));
  assert.equal(inForce("data", []).problem.code, "cli.flag_missing");
});
