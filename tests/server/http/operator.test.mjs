// SPDX-License-Identifier: Apache-2.0
// The operator's listener: off by default, loopback only, and nothing of it on the main one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import http from "node:http";
import { after, before, test } from "node:test";
import { RunningServer } from "./running_server.mjs";
import { Site, binary } from "./site.mjs";
import { codeNow, wrongCode } from "./totp.mjs";

let site;
let server;
let token;
let seed;
let port;

/** One request to the operator's address. */
function ask(path, method = "GET") {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, path, method, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => { text += part; });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** Every sample of a scrape, by its name with labels. */
async function scrape() {
  const { status, headers, text } = await ask("/metrics");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(samples.map((line) => {
    const [, name, value] = /^(\S+(?:\{[^}]*\})?) (\S+)$/.exec(line);
    return [name, Number(value)];
  }));
}

async function until(condition, what) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    assert.ok(Date.now() < deadline, what);
    await new Promise((done) => setTimeout(done, 50));
  }
}

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  seed = site.importUsers(["ann@secret.example"]).get("ann@secret.example");
  server = await RunningServer.start(site, { args: ["--operator-listen", "127.0.0.1:0"] });
  port = server.log.map((line) => JSON.parse(line)).find(({ event }) => event === "server.operator_listening").port;
});

after(async () => {
  await server?.stop();
  site.remove();
});

test("metrics count codes, locks, commits and requests, by words of ours alone [R7] [R9c]", async () => {
  assert.equal((await server.verify(token, "ann@secret.example", codeNow(seed))).json.ok, true);
  for (let i = 0; i < 5; i += 1) await server.verify(token, "ann@secret.example", wrongCode(seed));
  await server.call("GET", "/no/such/route/cs_app_token");
  await server.call("GET", "/healthz");
  const found = await until(async () => {
    const samples = await scrape();
    return samples.get('countersign_audit_events_total{event="credential.locked"}') === 1 ? samples : undefined;
  }, "the lock was never counted");
  assert.equal(found.get('countersign_codes_total{outcome="accepted",use="login"}'), 1);
  assert.equal(found.get('countersign_codes_total{outcome="refused",use="login"}'), 5);
  assert.equal(found.get('countersign_http_requests_total{route="/v1/verify",status="2xx"}'), 6);
  assert.equal(found.get('countersign_http_requests_total{route="other",status="4xx"}'), 1);
  assert.ok(found.get("countersign_commit_seconds_count") >= 6);
  assert.equal(found.get("countersign_commit_seconds_count"), found.get('countersign_commit_seconds_bucket{le="+Inf"}'));
  assert.equal(found.get("countersign_batch_jobs_count"), found.get("countersign_commit_seconds_count"));
  assert.equal(found.get("countersign_failed_commits_total"), 0);
  for (const gauge of ["ready", "clock_trusted", "store_healthy"]) assert.equal(found.get(`countersign_${gauge}`), 1);
  for (const gauge of ["queue_length", "audit_unsealed", "audit_lag_seconds"]) assert.ok(found.get(`countersign_${gauge}`) >= 0);
});

test("metrics name no user, key, token, address or path from outside [R7]", async () => {
  const { text } = await ask("/metrics");
  for (const secret of ["ann", "secret.example", token, "cs_app", "no/such", "127.0.0.1", "app_"]) {
    assert.ok(!text.replaceAll("app_key.created", "").includes(secret), secret);
  }
  const labels = new Set([...text.matchAll(/(\w+)="/g)].map(([, label]) => label));
  assert.deepEqual([...labels].sort(), ["event", "le", "outcome", "route", "status", "use", "version"]);
});

test("readiness has its reasons there, and is bare on the main listener [R7]", async () => {
  const { status, headers, text } = await ask("/readyz");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /json/);
  const { time, audit_records: records, ...rest } = JSON.parse(text);
  assert.ok(Math.abs(time - Date.now() / 1000) < 5 && records >= 2);
  assert.deepEqual(Object.keys(rest), ["ready", "clock", "store_healthy", "queue_length", "audit_unsealed", "audit_lag_seconds"]);
  assert.deepEqual([rest.ready, rest.clock, rest.store_healthy], [true, "trusted", true]);
  const bare = await server.call("GET", "/readyz");
  assert.deepEqual([bare.status, bare.text], [200, ""]);
});

test("the two listeners share no other route [R7]", async () => {
  assert.equal((await server.call("GET", "/metrics")).status, 404);
  for (const path of ["/v1/verify", "/v1/sessions", "/", "/metrics/", "/metricsx"]) assert.equal((await ask(path)).status, 404, path);
  assert.deepEqual([(await ask("/healthz")).status, (await ask("/metrics", "HEAD")).text], [200, ""]);
  const refused = await ask("/metrics", "POST");
  assert.deepEqual([refused.status, refused.headers.allow], [405, "GET, HEAD"]);
});

test("it is off without its flag, and loopback only without a second word [R7]", async () => {
  const plain = await RunningServer.start(new Site());
  assert.ok(!plain.log.some((line) => line.includes("operator")));
  await plain.stop();
  plain.site.remove();
  const refuse = (...args) => {
    const { status, stderr } = spawnSync(binary, ["serve", ...site.place, "--listen", "127.0.0.1:0", ...args], { encoding: "utf8", timeout: 20_000 });
    return [status, /: (--[\w-]+) .*\[([\w.]+)\]\s*$/.exec(stderr)?.slice(1)].flat();
  };
  assert.deepEqual(refuse("--operator-listen", "0.0.0.0:0"), [2, "--operator-listen", "listen.insecure"]);
  assert.deepEqual(refuse("--operator-listen", "nonsense"), [2, "--operator-listen", "cli.value_invalid"]);
});

test("an operator's address that is taken is told before anything is served [R7]", async () => {
  const other = new Site();
  const { status, stderr } = spawnSync(binary, ["serve", ...other.place, "--listen", "127.0.0.1:0", "--operator-listen", `127.0.0.1:${port}`],
    { encoding: "utf8", timeout: 20_000 });
  other.remove();
  assert.match(stderr, /--operator-listen 127\.0\.0\.1:\d+ cannot be had: .*\[listen\.failed\]/);
  assert.ok(!stderr.includes('"server.listening"'));
  assert.notEqual(status, 0);
});
