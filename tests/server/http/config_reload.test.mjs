// SPDX-License-Identifier: Apache-2.0
// SIGHUP: what changes under way, what does not, and that nobody notices.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { until } from "./mail_site.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";

let site;
let server;
let token;
let file;

const settings = (more = "", level = "debug") =>
  `data = "${site.data}"\nmaster_key_file = "${site.key}"\nlog_level = "${level}"\n[listen]\naddress = "127.0.0.1:0"\n${more}`;

const events = (name) => server.log.map((line) => JSON.parse(line)).filter((line) => line.event === name);

/** Sends SIGHUP and waits for one more line of an event. */
async function reload(expected) {
  const seen = events(expected).length;
  server.child.kill("SIGHUP");
  await until(() => events(expected).length > seen, expected);
  return events(expected).at(-1);
}

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  file = join(site.directory, "countersign.toml");
});
beforeEach(async () => {
  await server?.stop();
  writeFileSync(file, settings());
  chmodSync(file, 0o600);
  server = await RunningServer.start(site, { flags: ["--config", file] });
});
after(async () => {
  await server.stop();
  site.remove();
});

test("the level of the log follows the file", async () => {
  await server.call("GET", "/healthz");
  await until(() => events("http.request").length === 1, "a line a request");
  writeFileSync(file, settings("", "info"));
  await reload("server.reloaded");
  for (let i = 0; i < 5; i += 1) await server.call("GET", "/healthz");
  writeFileSync(file, settings());
  await reload("server.reloaded");
  assert.equal(events("http.request").length, 1, "no line while it was off");
  await server.call("GET", "/healthz");
  await until(() => events("http.request").length === 2, "a line again");
});

test("what needs a restart is named, and stays what it was", async () => {
  writeFileSync(file, settings("io_threads = 7\nmax_connections = 1\n"));
  const told = await reload("server.reload_ignored");
  assert.deepEqual([told.level, told.settings], ["warning", "listen.io_threads, listen.max_connections"]);
  const answers = await Promise.all(Array.from({ length: 16 }, () => server.call("GET", "/healthz")));
  assert.ok(answers.every(({ status }) => status === 200), "more than one connection");
  assert.equal((await reload("server.reload_ignored")).settings, told.settings, "told again as long as it differs");
});

for (const [what, text, code] of [
  ["a broken file", "log_level = \n", "config.malformed"],
  ["an unknown key", "log_levl = \"error\"\n", "config.key_unknown"],
  ["a level that is none", null, "cli.value_invalid"],
]) {
  test(`${what} changes nothing`, async () => {
    writeFileSync(file, text ?? settings("", "loud"));
    const told = await reload("server.reload_failed");
    assert.equal(told.code, code);
    assert.ok(told.reason.startsWith(`${file}:`), told.reason);
    const before = events("http.request").length;
    assert.equal((await server.call("GET", "/healthz")).status, 200);
    await until(() => events("http.request").length > before, "debug is still in force");
    writeFileSync(file, settings());
    await reload("server.reloaded");
  });
}

test("a file that others may write meanwhile is not read", async () => {
  writeFileSync(file, settings("", "error"));
  chmodSync(file, 0o666);
  assert.equal((await reload("server.reload_failed")).code, "config.file_unsafe");
});

test("a flag stays in force over what the file says later", async () => {
  await server.stop();
  server = await RunningServer.start(site, { flags: ["--config", file, "--log-level", "debug"] });
  writeFileSync(file, settings("", "error"));
  await reload("server.reloaded");
  await server.call("GET", "/healthz");
  await until(() => events("http.request").length === 1, "debug is in force");
});

test("no request is lost while settings are read again and again under load", async () => {
  writeFileSync(file, settings("", "info"));
  await reload("server.reloaded");
  let running = true;
  let answered = 0;
  const ask = async (worker) => {
    while (running) {
      const reply = await server.call("POST", "/v1/verify", { token, json: { user: `nobody-${worker}`, method: "totp", code: "000000" } });
      assert.equal(reply.status, 200, reply.text);
      answered += 1;
    }
  };
  const workers = Array.from({ length: 8 }, (_, worker) => ask(worker));
  for (let round = 0; round < 25; round += 1) {
    if (round % 5 === 4) {
      writeFileSync(file, "broken");
      await reload("server.reload_failed");
    } else {
      writeFileSync(file, settings("", round % 2 === 0 ? "debug" : "info"));
      await reload("server.reloaded");
    }
  }
  running = false;
  await Promise.all(workers);
  assert.ok(answered > 25, `${answered} requests were answered meanwhile`);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});
