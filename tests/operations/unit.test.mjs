// SPDX-License-Identifier: Apache-2.0
// The systemd unit: judged by systemd's own analysis, and a server at work under its restrictions.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary, root } from "../server/http/site.mjs";
import { codeNow, wrongCode } from "../server/http/totp.mjs";

const nobody = 65534;
/** Exposure by systemd-analyze, of 10; docs/operating.md states it. What is left is that it has a network and asks for the clock. */
const exposureLimit = 1.5;

const scratch = mkdtempSync(join(tmpdir(), "countersign-unit-"));
const unit = join(scratch, "countersign.service");
const text = readFileSync(join(root, "packaging/countersign.service"), "utf8").replaceAll("@BINARY@", binary);
const lackingTools = spawnSync("systemd-analyze", ["--version"]).error ? "systemd-analyze is not here (package systemd)"
  : spawnSync("/usr/bin/python3", ["-c", "import seccomp"]).status !== 0 ? "libseccomp is not here (package python3-seccomp)" : undefined;

before(() => writeFileSync(unit, text));
after(() => rmSync(scratch, { recursive: true }));

test("systemd reads the unit without a complaint", (context) => {
  if (lackingTools) return context.skip(lackingTools);
  const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", unit], { encoding: "utf8" });
  const complaints = (stdout + stderr).split("\n").filter((line) => line.includes("countersign.service"));
  assert.deepEqual(complaints, []);
});

test("the unit's exposure stays where it is", (context) => {
  if (lackingTools) return context.skip(lackingTools);
  const judge = (file, limit) => spawnSync("systemd-analyze", ["security", "--offline=true", `--threshold=${limit * 10}`, file], { encoding: "utf8" });
  const { status, stdout } = judge(unit, exposureLimit);
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout);
  assert.equal(status, 0, stdout);
  context.diagnostic(`exposure ${exposure}`);
  const open = join(scratch, "open.service");
  writeFileSync(open, text.replace(/^(SystemCallFilter|ProtectSystem|PrivateDevices)=.*\n/gm, ""));
  assert.notEqual(judge(open, exposureLimit).status, 0, "a unit without its sandbox passes as well");
});

/** A free port, given back: the unit has a fixed one. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What the package installs, in a folder: /etc/countersign and /var/lib. */
function layOut(site, port) {
  const etc = join(scratch, "etc");
  const state = join(scratch, "state");
  mkdirSync(etc);
  mkdirSync(state);
  chmodSync(scratch, 0o755);
  const program = join(state, "countersign-program");
  copyFileSync(binary, program);
  const config = readFileSync(join(root, "packaging/countersign.toml"), "utf8").replaceAll("/var/lib/", `${state}/`).replaceAll("/etc/countersign", etc)
    .replace("127.0.0.1:4800", `127.0.0.1:${port}`).replace('#log_level = "info"', 'log_level = "debug"');
  writeFileSync(join(etc, "countersign.toml"), config);
  copyFileSync(site.key, join(etc, "master.key"));
  chmodSync(join(etc, "master.key"), 0o600);
  cpSync(site.data, join(state, "countersign"), { recursive: true });
  spawnSync("chown", ["-R", `${nobody}:${nobody}`, join(state, "countersign")]);
  return { etc, state, program };
}

test("a server works under the unit's user, credential, file system, limits and system calls", { timeout: 120_000 }, async (context) => {
  if (lackingTools) return context.skip(lackingTools);
  if (process.getuid() !== 0 || spawnSync("unshare", ["--mount", "true"]).status !== 0) return context.skip("needs root and a mount namespace");
  const site = new Site();
  const { token } = site.createAppKey();
  const seed = site.importUsers(["ann"]).get("ann");
  const server = new RunningServer(site);
  server.port = await freePort();
  const { etc, state, program } = layOut(site, server.port);
  const said = [];
  const child = spawn("unshare", ["--mount", "/usr/bin/python3", join(root, "tests/operations/as_unit.py"), unit, etc, state, program], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((resolve) => child.on("exit", resolve));
  createInterface({ input: child.stderr }).on("line", (line) => server.log.push(line));
  const heard = (line) => new Promise((resolve, reject) => {
    const look = () => { if (said.some((one) => one.startsWith(line))) resolve(); };
    child.stdout.on("data", look);
    exited.then(() => (look(), reject(new Error(`no ${line}: ${said.join("\n")}\n${server.log.join("\n")}`))));
    look();
  });
  createInterface({ input: child.stdout }).on("line", (line) => { said.push(line); child.stdout.emit("data", ""); });
  try {
    await heard("notify: READY=1");
    assert.equal((await server.verify(token, "ann", codeNow(seed))).json.ok, true);
    assert.equal((await server.verify(token, "ann", wrongCode(seed))).json.ok, false);
    assert.equal((await server.openSession(token, "bob")).status, 201);
    assert.equal((await server.call("GET", "/readyz")).status, 200);
    const pid = Number(spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" }).stdout.trim().split("\n")[0]);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    assert.match(status, new RegExp(`^Uid:\\s+${nobody}\\s`, "m"));
    assert.match(status, /^CapBnd:\s+0+$/m);
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    assert.match(status, /^Seccomp:\s+2$/m);
    process.kill(pid, "SIGHUP");
    assert.equal((await server.call("GET", "/healthz")).status, 200);
    child.kill("SIGTERM");
    await heard("notify: STOPPING=1");
    assert.equal(await exited, 0, server.log.join("\n"));
    assert.ok(said.includes("ended: 0"));
    context.diagnostic(said.find((line) => line.startsWith("not tried: ")));
    assert.deepEqual(server.log.map((line) => JSON.parse(line)).filter(({ level }) => level === "error" || level === "critical"), []);
  } finally {
    child.kill("SIGTERM");
    await exited;
    server.agent.destroy();
    site.remove();
  }
});
