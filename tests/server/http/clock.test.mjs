// SPDX-License-Identifier: Apache-2.0
// Time that jumps under a running server, by libfaketime: the product has no switch for its clock.
import assert from "node:assert/strict";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, built, countersign } from "./site.mjs";
import { codeOfStep, stepAt, wrongCode } from "./totp.mjs";

const library = ["x86_64", "aarch64"].map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);

/** A site whose server and command line live `offset` seconds away from this machine's time. */
class ShiftedSite extends Site {
  constructor() {
    super();
    assert.ok(library, "libfaketime is missing: run scripts/setup");
    this.file = join(this.directory, "faketime");
    this.shift(0);
    this.env = {
      LD_PRELOAD: `${library} ${built("unsynchronized_clock.so")}`, FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: "1", DONT_FAKE_MONOTONIC: "1",
    };
    this.token = this.createAppKey().token;
    this.seed = this.importUsers(["ann"]).get("ann");
  }

  /** Sets the clock of the processes to real time and so many seconds. */
  shift(seconds) {
    this.offset = seconds;
    writeFileSync(`${this.file}.new`, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  get now() {
    return Date.now() / 1000 + this.offset;
  }

  code(stepsFromNow = 0) {
    return codeOfStep(this.seed, stepAt(this.now) + stepsFromNow);
  }

  start() {
    return RunningServer.start(this, { env: this.env });
  }

  confirm() {
    const done = countersign(["clock", "confirm", "--data", this.data, "--json"], { env: this.env });
    assert.equal(done.status, 0, done.stderr);
    const { confirmed, time } = JSON.parse(done.stdout);
    assert.equal(confirmed, true);
    assert.ok(Math.abs(time - this.now) < 5, "confirmed another time than the shifted one");
  }
}

async function withShiftedServer(work) {
  const site = new ShiftedSite();
  const server = await site.start();
  try {
    await work(site, server);
  } finally {
    await server.stop();
    site.remove();
  }
}

async function assertHeld(server, site) {
  const ready = await server.call("GET", "/readyz");
  assert.deepEqual([ready.status, ready.text], [503, ""], "a bare 503");
  for (const code of [site.code(), wrongCode(site.seed, site.now)]) {
    const answer = await server.verify(site.token, "ann", code);
    assert.deepEqual([answer.status, answer.json.code], [503, "clock.unreliable"]);
    assert.ok(answer.json.retry_after > 0);
    assert.equal(answer.headers["retry-after"], String(answer.json.retry_after));
  }
  const unknown = await server.verify(site.token, "nobody", "123456");
  assert.deepEqual([unknown.status, unknown.json.code], [503, "clock.unreliable"], "alike for an unknown user");
  assert.equal((await server.call("GET", "/healthz")).status, 200);
}

async function untilReady(server) {
  const deadline = Date.now() + 20_000;
  while ((await server.call("GET", "/readyz")).status !== 200) {
    assert.ok(Date.now() < deadline, "never ready");
    await new Promise((done) => setTimeout(done, 50));
  }
}

test("a jump forward of more than 5 minutes holds every code until the operator confirms the clock [R16]", async () => {
  await withShiftedServer(async (site, server) => {
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, true);
    const early = site.code();
    site.shift(3600);
    for (let attempt = 0; attempt < 6; attempt += 1) await assertHeld(server, site);
    assert.ok(server.log.some((line) => line.includes("clock")), "the alarm stands in the log");
    site.confirm();
    await untilReady(server);
    assert.equal((await server.verify(site.token, "ann", early)).json.ok, false, "a code of the time before");
    assert.deepEqual((await server.verify(site.token, "ann", site.code())).json, { ok: true }, "nothing was counted meanwhile");
  });
});

test("a jump forward of 4 minutes is believed [R16]", async () => {
  await withShiftedServer(async (site, server) => {
    site.shift(240);
    assert.equal((await server.call("GET", "/readyz")).status, 200);
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, true);
  });
});

test("more than 30 s behind the high-water mark no code is checked, until the clock is back [R16]", async () => {
  await withShiftedServer(async (site, server) => {
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, true);
    site.shift(-120);
    await assertHeld(server, site);
    site.shift(0);
    await untilReady(server);
    assert.equal((await server.verify(site.token, "ann", site.code(1))).json.ok, true);
  });
});

test("a confirmed clock that went back still accepts no step a second time [R16] [L5]", async () => {
  await withShiftedServer(async (site, server) => {
    const used = site.code();
    assert.equal((await server.verify(site.token, "ann", used)).json.ok, true);
    site.shift(-300);
    await assertHeld(server, site);
    site.confirm();
    await untilReady(server);
    assert.equal((await server.verify(site.token, "ann", used)).json.ok, false);
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, false, "a step before the last used one");
    site.shift(0);
    assert.equal((await server.verify(site.token, "ann", used)).json.ok, false);
  });
});

test("across a restart the high-water mark alone decides: behind is held, ahead is believed [R16]", async () => {
  const site = new ShiftedSite();
  try {
    let server = await site.start();
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, true);
    await server.stop();
    site.shift(-600);
    server = await site.start();
    await assertHeld(server, site);
    await server.stop();
    site.shift(7200);
    server = await site.start();
    assert.equal((await server.call("GET", "/readyz")).status, 200);
    assert.equal((await server.verify(site.token, "ann", site.code())).json.ok, true);
    await server.stop();
  } finally {
    site.remove();
  }
});
