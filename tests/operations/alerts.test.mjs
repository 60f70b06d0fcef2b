// SPDX-License-Identifier: Apache-2.0
// The alerts of packaging/countersign-alerts.yml: Prometheus' own tool takes them, each rings in its case, each says what to
// do, and what they ask for is what a server tells.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, root } from "../server/http/site.mjs";
import { codeNow, wrongCode } from "../server/http/totp.mjs";

const file = join(root, "packaging/countersign-alerts.yml");
const text = readFileSync(file, "utf8");
const cases = join(root, "tests/operations/alerts.rules-test.yml");
const alerts = [...text.matchAll(/- alert: (\w+)\n([\s\S]*?)(?=\n {6}- alert:|\n\n {6}#|$)/g)].map(([, name, body]) => ({ name, body }));
const promtool = [join(root, ".deps/prometheus/promtool"), "/usr/bin/promtool"].find((path) => existsSync(path));
const lacking = "promtool is not here: scripts/setup takes it from the distribution's prometheus";

test("Prometheus takes the alerts, and each rings in its case and in no other", (context) => {
  if (!promtool) return context.skip(lacking);
  const checked = execFileSync(promtool, ["check", "rules", file], { encoding: "utf8" });
  assert.match(checked, new RegExp(`SUCCESS: ${alerts.length} rules found`));
  const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", cases], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
});

test("an alert whose threshold is moved is seen by the cases", (context) => {
  if (!promtool) return context.skip(lacking);
  const scratch = mkdtempSync(join(tmpdir(), "countersign-alerts-"));
  mkdirSync(join(scratch, "packaging"));
  mkdirSync(join(scratch, "tests/operations"), { recursive: true });
  copyFileSync(cases, join(scratch, "tests/operations/cases.yml"));
  const judge = (rules) => {
    writeFileSync(join(scratch, "packaging/countersign-alerts.yml"), rules);
    return spawnSync(promtool, ["test", "rules", join(scratch, "tests/operations/cases.yml")], { encoding: "utf8" }).status;
  };
  for (const [was, is] of [["countersign_ready == 0", "countersign_ready == 2"], ["[1h]) > 0", "[1h]) > 9"],
    [" and on (instance, job) countersign_build_info", ""], ['up{job="countersign"} == 0 or on () ', ""], ["or on () absent", "or absent"]]) {
    assert.ok(text.includes(was), was);
    assert.equal(judge(text.replaceAll(was, is)), 1, `${was} -> ${is}`);
  }
  rmSync(scratch, { recursive: true });
});

test("each alert has a severity, says what is wrong and what to do, and names a place in the runbook", () => {
  assert.equal(alerts.length, text.match(/- alert:/g).length);
  const runbook = readFileSync(join(root, "docs/operating.md"), "utf8");
  const anchors = new Set([...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title]) => `#${title.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")}`));
  const tested = readFileSync(cases, "utf8");
  for (const { name, body } of alerts) {
    assert.match(body, /labels: \{severity: (critical|warning)\}/, name);
    assert.match(body, /summary: .{20,}/, name);
    assert.match(body, /description: .{60,}/, name);
    assert.ok(tested.includes(`- name: ${name}\n`), `${name} has no case`);
    const [, anchor] = /runbook: docs\/operating\.md(#[\w-]+)$/m.exec(body) ?? assert.fail(`${name} names no place in the runbook`);
    assert.ok(anchors.has(anchor), `docs/operating.md has no ${anchor}, which ${name} names`);
  }
});

test("what the alerts ask for is what a server tells", async () => {
  const site = new Site();
  const mail = ["--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "bank@example.org"];  // nothing is sent
  const { token } = site.createAppKey();
  const seed = site.importUsers(["ann"]).get("ann");
  const server = await RunningServer.start(site, { args: ["--operator-listen", "127.0.0.1:0", ...mail] });
  try {
    assert.equal((await server.verify(token, "ann", codeNow(seed))).json.ok, true);
    for (let i = 0; i < 6; i += 1) await server.verify(token, "ann", wrongCode(seed));
    const { port } = server.log.map((line) => JSON.parse(line)).find(({ event }) => event === "server.operator_listening");
    const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const deadline = Date.now() + 20_000;
    while (!(await scrape()).includes("credential.locked") && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    const told = await scrape();
    const names = new Set([...told.matchAll(/^(\w+)(?=[ {])/gm)].map(([, name]) => name));
    const asked = new Set([...text.matchAll(/\b(countersign|process)_\w+/g)].map(([name]) => name));
    // Told only where there is something to tell: with TLS, and once shipping has failed.
    const elsewhere = new Set(["countersign_tls_expires_seconds", "countersign_audit_shipping_failures_total"]);
    for (const name of asked) {
      if (elsewhere.has(name) || name === "countersign_commit_seconds" || name === "countersign_http_request_seconds") continue;
      assert.ok(names.has(name), `${name} is asked for, and told is ${[...names].join(" ")}`);
    }
    assert.ok(asked.size > 18, [...asked].join(" "));
    const scrapers = 'job="countersign"';  // Prometheus' own label
    for (const [label, , value] of text.replaceAll(scrapers, "").matchAll(/(\w+)="(\w+)"/g)) assert.ok(told.includes(label) || value === "5xx", label);
    if (promtool) {
      const { status, stderr } = spawnSync(promtool, ["check", "metrics"], { input: told, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    }
  } finally {
    await server.stop();
    site.remove();
  }
});
