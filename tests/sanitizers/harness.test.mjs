// SPDX-License-Identifier: Apache-2.0
// The suite's own proof: a fault planted in a process that a test starts, hears nothing of and kills is heard all the same.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildRoot, faultExit, presets, runUnder } from "./collect.mjs";

const scratch = mkdtempSync(join(tmpdir(), "countersign-sanitizers-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const full = process.env.SANITIZERS_FULL === "1";
const kinds = {
  asan: { use_after_free: /heap-use-after-free/, overflow: /runtime error: signed-integer-overflow/, leak: /detected memory leaks/ },
  tsan: { race: /data race/ },
};

/** A test file that is content: it starts the program twice removed, reads none of it and kills it. */
const kill = (program, kind) => `
  import { test } from "node:test";
  import { spawn } from "node:child_process";
  import { readdirSync } from "node:fs";
  test("is content", async () => {
    const child = spawn("sh", ["-c", '"$0" "$1"; exec sleep 60', ${JSON.stringify(program)}, ${JSON.stringify(kind)}], { stdio: "ignore", detached: true });
    const folder = process.env.PLANTED_REPORTS;
    for (let i = 0; i < 400 && readdirSync(folder).length === 0 && ${JSON.stringify(kind)} !== "none"; i += 1) await new Promise((done) => setTimeout(done, 25));
    process.kill(-child.pid, "SIGKILL");
  });`;

/** The same with a real server, which has the fault preloaded and is killed by kill -9. */
const serve = (preset, kind) => `
  import { test } from "node:test";
  import { readdirSync, writeFileSync } from "node:fs";
  import { join } from "node:path";
  import { RunningServer } from "${new URL("../server/http/running_server.mjs", import.meta.url)}";
  import { Site } from "${new URL("../server/http/site.mjs", import.meta.url)}";
  test("is content", async () => {
    const site = new Site();
    const when = join(site.directory, "now");
    const env = { LD_PRELOAD: ${JSON.stringify(join(buildRoot, preset, "bin/planted_in_server.so"))}, LD_BIND_NOW: "1",
      PLANTED_FAULT: ${JSON.stringify(kind)}, PLANTED_FAULT_WHEN: when };
    const server = await RunningServer.start(site, { env });
    writeFileSync(when, "");
    const folder = process.env.PLANTED_REPORTS;
    for (let i = 0; i < 400 && readdirSync(folder).length === 0 && ${JSON.stringify(kind)} !== "none"; i += 1) await new Promise((done) => setTimeout(done, 25));
    await server.kill();
    site.remove();
  });`;

async function judge(preset, source) {
  const folder = join(scratch, "reports");
  const command = [process.execPath, "--test-reporter=spec", "--input-type=module", "--eval", source];
  const log = join(scratch, "log.txt");
  return { ...await runUnder(preset, command, { folder, log, env: { PLANTED_REPORTS: folder }, minutes: 2 }), log };
}

for (const [preset, { library }] of Object.entries(presets)) {
  const program = join(buildRoot, preset, "bin/planted_fault");
  const lacking = existsSync(program) || full ? undefined : `no build ${preset} here: --full has one`;

  test(`${preset}: a program without a fault is clean, and a test's own outcome is kept`, async (context) => {
    if (lacking) return context.skip(lacking);
    const { exit, reports } = await judge(preset, kill(program, "none"));
    assert.deepEqual([exit, reports], [0, []]);
    assert.equal((await judge(preset, 'import { test } from "node:test"; test("fails", () => { throw new Error(); });')).exit, 1);
  });

  for (const [kind, words] of Object.entries(kinds[preset])) {
    test(`${preset}: ${kind} in a killed grandchild of a content test is reported`, async (context) => {
      if (lacking) return context.skip(lacking);
      const { exit, reports } = await judge(preset, kill(program, kind));
      assert.equal(exit, 0, "the test itself saw nothing");
      assert.equal(reports.length, 1);
      assert.ok(reports[0].file.startsWith(`${preset}.`), reports[0].file);
    });

    test(`${preset}: ${kind} is named, and ends the process`, async (context) => {
      if (lacking) return context.skip(lacking);
      const { exit, reports } = await runUnder(preset, [program, kind], { folder: join(scratch, "alone"), minutes: 1 });
      assert.equal(exit, faultExit);
      assert.match(reports.map(({ text }) => text).join(""), words);
      assert.match(reports[0].text, /planted_fault\.cpp:\d+/, "the place in the source");
    });
  }

  test(`${preset}: a fault in a real server that is killed is reported, with ${library} in the server`, async (context) => {
    if (!full) return context.skip("--full builds a server so");
    const { exit, reports, log } = await judge(preset, serve(preset, Object.keys(kinds[preset])[0]));
    assert.equal(exit, 0, log);
    assert.equal(reports.length, 1);
    const quiet = await judge(preset, serve(preset, "none"));
    assert.deepEqual([quiet.exit, quiet.reports], [0, []]);
  });
}
