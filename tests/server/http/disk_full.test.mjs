// SPDX-License-Identifier: Apache-2.0
// A disk that takes no more: the answer is no, and when there is room again the server goes on by itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";
import { codeNow } from "./totp.mjs";

function run(...command) {
  const done = spawnSync(command[0], command.slice(1), { encoding: "utf8" });
  return done.status === 0;
}

/** Files of the server may not grow: soft limit only, so that it can be lifted again. */
const byLimit = {
  name: "a limit on the size of files",
  parent: () => tmpdir(),
  fill(site, server) {
    assert.ok(run("prlimit", "--pid", String(server.child.pid), "--fsize=4096:unlimited"), "prlimit");
  },
  empty(site, server) {
    assert.ok(run("prlimit", "--pid", String(server.child.pid), "--fsize=unlimited:unlimited"), "prlimit");
  },
  end() {},
};

/** A small file system of its own, filled to the last byte; needs root. */
const byTmpfs = {
  name: "a full file system",
  parent() {
    this.mounted = mkdtempSync(join(tmpdir(), "countersign-full-"));
    return run("mount", "-t", "tmpfs", "-o", "size=4m", "countersign-test", this.mounted) ? this.mounted : undefined;
  },
  possible() {
    const may = process.getuid() === 0 && this.parent() !== undefined;
    if (may) this.end();
    else process.stdout.write("No right to mount: a full disk is shown by the limit on file sizes only.\n");
    return may;
  },
  fill() {
    const file = openSync(join(this.mounted, "filler"), "w");
    try {
      for (let size = 65536; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size));
        } catch (error) {
          assert.equal(error.code, "ENOSPC");
        }
      }
    } finally {
      closeSync(file);
    }
  },
  empty() {
    rmSync(join(this.mounted, "filler"));
  },
  end() {
    run("umount", this.mounted);
    rmSync(this.mounted, { recursive: true, force: true });
  },
};

for (const way of byTmpfs.possible() ? [byLimit, byTmpfs] : [byLimit]) {
  test(`disk full by ${way.name}: 503, nothing accepted, and recovery without a restart [L19] [R10]`, async () => {
    const site = new Site({ parent: way.parent() });
    const token = site.createAppKey().token;
    const seeds = [...site.importUsers(Array.from({ length: 400 }, (_, index) => `user-${index}`))];
    const server = await RunningServer.start(site);
    try {
      assert.equal((await server.verify(token, seeds[0][0], codeNow(seeds[0][1]))).json.ok, true);
      way.fill(site, server);
      const refused = [];
      for (const [user, seed] of seeds.slice(1)) {
        const code = codeNow(seed);
        const answer = await server.verify(token, user, code);
        if (answer.status === 503) refused.push([user, seed, code, answer]);
        if (refused.length === 20) break;
      }
      assert.equal(refused.length, 20, "the disk never was full");
      for (const [, , , answer] of refused) {
        assert.equal(answer.json.code, "server.unavailable");
        assert.equal(answer.headers["retry-after"], String(answer.json.retry_after));
      }
      assert.equal((await server.call("GET", "/healthz")).status, 200);
      way.empty(site, server);
      for (const [user, seed] of refused) {
        assert.deepEqual((await server.verify(token, user, codeNow(seed))).json, { ok: true }, "a refused code was burnt");
      }
      assert.equal((await server.call("GET", "/readyz")).status, 200);
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
    } finally {
      await server.kill();
      site.remove();
      way.end();
    }
  });
}
