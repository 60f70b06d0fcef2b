// SPDX-License-Identifier: Apache-2.0
// The server as an operator meets it: its start, its log, its end.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync, readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { enroll } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site, countersign } from "./site.mjs";
import { base32, codeNow, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

async function withSite(work) {
  const site = new Site();
  try {
    await work(site);
  } finally {
    site.remove();
  }
}

test("SIGTERM in the middle of load: exit 0, and every acknowledged code is on disk [R8] [L1]", async () => {
  await withSite(async (site) => {
    const token = site.createAppKey().token;
    const seeds = [...site.importUsers(Array.from({ length: 3000 }, (_, index) => `user-${index}`))];
    const server = await RunningServer.start(site);
    const acknowledged = [];
    let next = 0;
    const worker = async () => {
      while (next < seeds.length) {
        const [user, seed] = seeds[next++];
        const code = codeNow(seed);
        const answer = await server.verify(token, user, code).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.json.ok === true) acknowledged.push([user, code]);
        if (acknowledged.length === 300) server.child.kill("SIGTERM");
      }
    };
    const step = stepNow();
    await Promise.all(Array.from({ length: 32 }, worker));
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.ok(next < seeds.length, "the load was over before the signal");
    assert.ok(server.log.some((line) => line.includes('"server.stopped"') && line.includes('"clean":true')));

    const again = await RunningServer.start(site);
    for (const [user, code] of acknowledged) {
      const replay = await again.verify(token, user, code);
      assert.equal(replay.json.ok, false, `${user} was acknowledged and is not on disk`);
    }
    assert.ok(stepNow() <= step + 1, "the replay came too late to prove anything");
    await again.stop();
  });
});

test("SIGTERM ends idle connections at once and answers the request that is half sent", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    const idle = net.connect(server.port, "127.0.0.1");
    const half = net.connect(server.port, "127.0.0.1");
    const received = new Map([[idle, ""], [half, ""]]);
    const closed = [idle, half].map((socket) => new Promise((resolve) => {
      socket.on("data", (part) => received.set(socket, received.get(socket) + part)).on("close", resolve).on("error", resolve);
    }));
    idle.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    half.write("GET /healthz HTTP/1.1\r\nHost: a\r\n");
    while (!received.get(idle).includes("ok")) await new Promise((done) => setTimeout(done, 10));
    server.child.kill("SIGTERM");
    await closed[0];
    half.write("\r\n");
    await closed[1];
    assert.match(received.get(half), /^HTTP\/1\.1 200 OK[^]*Connection: close/);
    assert.deepEqual(await server.exited, { code: 0, signal: null });
  });
});

test("a request that nobody ends holds the end up for seconds, not for its whole time", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    const half = net.connect(server.port, "127.0.0.1").on("error", () => {});
    await new Promise((done) => half.write("G", done));
    await new Promise((done) => setTimeout(done, 200));
    const begun = performance.now();
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.ok(performance.now() - begun < 6000, "its time would be ten seconds");
  });
});

test("SIGINT ends it as well", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    assert.deepEqual(await server.stop("SIGINT"), { code: 0, signal: null });
  });
});

test("no code, seed, token, key or user's text stands in the log [L36]", async () => {
  await withSite(async (site) => {
    const created = site.createAppKey();
    const token = created.token;
    const seed = site.importUsers(["logged"]).get("logged");
    const server = await RunningServer.start(site);
    const secrets = new Map([["application key", token], ["seed", base32(seed)], ["seed in hex", seed.toString("hex")]]);
    const send = (name, code) => {
      secrets.set(name, code);
      return server.verify(token, "logged", code);
    };
    await send("right code", codeNow(seed));
    for (let attempt = 0; attempt < 6; attempt += 1) await send("wrong code", wrongCode(seed));
    const enrollment = await enroll(server, token, "enrolled by name");
    secrets.set("session token", enrollment.session).set("pending seed", base32(enrollment.seed)).set("uri", enrollment.uri);
    secrets.set("confirming code", codeOfStep(enrollment.seed, enrollment.step));
    // Where people put secrets by mistake: the path, the query, a header, a body that cannot be read.
    const stray = randomBytes(12).toString("hex");
    secrets.set("stray secret", stray);
    await server.call("GET", `/${stray}`);
    await server.call("GET", `/healthz?token=${stray}`);
    await server.call(stray.toUpperCase().replace(/[0-9]/g, "X"), "/v1/verify").catch(() => undefined);
    await server.call("POST", "/v1/verify", { token: stray, json: {} });
    await server.call("POST", "/v1/verify", { token, body: `{"user":"${stray}`, headers: { "content-type": "application/json" } });
    await server.call("POST", "/v1/verify", { token, json: { [stray]: stray } });
    await server.call("GET", "/healthz", { headers: { cookie: stray, "x-request-id": stray } });
    await server.stop();

    const log = server.log.join("\n");
    assert.ok(server.log.length > 15, "there is a log to look at");
    const masterKey = readFileSync(site.key);
    secrets.set("master key", masterKey.toString("hex")).set("master key in base64", masterKey.toString("base64"));
    for (const [name, secret] of secrets) assert.ok(!log.includes(secret), `the ${name} stands in the log`);
    assert.ok(!log.toLowerCase().includes(stray), "the stray secret stands in the log");
    for (const line of server.log) {
      const entry = JSON.parse(line);
      assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(entry.event, /^[a-z_]+\.[a-z_]+$/);
      assert.ok(["debug", "info", "warning", "error"].includes(entry.level));
    }
  });
});

test("a core file is never written", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    const limits = readFileSync(`/proc/${server.child.pid}/limits`, "utf8");
    assert.match(limits, /Max core file size\s+1\s+1\s/);
    await server.stop();
  });
});

test("a sender too slow to end its request is cut, and the others are served meanwhile", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    const slow = net.connect(server.port, "127.0.0.1");
    const began = Date.now();
    const closed = new Promise((resolve) => slow.on("close", resolve).on("error", resolve));
    const drip = setInterval(() => slow.write("X"), 500);
    slow.write("GET /healthz HTTP/1.1\r\nX-Slow: ");
    for (let count = 0; count < 20; count += 1) assert.equal((await server.call("GET", "/healthz")).status, 200);
    slow.on("data", () => assert.fail("a request that never ended was answered"));
    await closed;
    clearInterval(drip);
    assert.ok(Date.now() - began >= 9_000, "cut before its time");
    await server.stop();
  });
});

test("one connection too many gets 503 and is closed; when one ends, the next is served", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site, { args: ["--max-connections", "3"] });
    const connect = () => new Promise((resolve) => {
      const socket = net.connect(server.port, "127.0.0.1");
      let text = "";
      socket.on("data", (part) => {
        text += part;
        if (text.includes("}")) resolve({ socket, text });
      });
      socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    });
    const inside = [await connect(), await connect(), await connect()];
    for (const { text } of inside) assert.match(text, /^HTTP\/1\.1 200/);
    const refused = await connect();
    assert.match(refused.text, /^HTTP\/1\.1 503 [^]*Retry-After: 1[^]*Connection: close[^]*"code":"server\.unavailable"/);
    refused.socket.destroy();
    inside[0].socket.destroy();
    let served = await connect();
    while (served.text.startsWith("HTTP/1.1 503")) {
      served.socket.destroy();
      served = await connect();
    }
    assert.match(served.text, /^HTTP\/1\.1 200/);
    for (const { socket } of [...inside, served]) socket.destroy();
    await server.stop();
  });
});

const refusals = [
  ["no master key file", (site) => ["--data", site.data, "--master-key-file", join(site.directory, "none")], 2, "master_key.unusable"],
  ["a master key of the wrong size", (site) => {
    const path = join(site.directory, "short.key");
    writeFileSync(path, randomBytes(31), { mode: 0o600 });
    return ["--data", site.data, "--master-key-file", path];
  }, 2, "master_key.unusable"],
  ["a master key everybody can read", (site) => {
    const path = join(site.directory, "open.key");
    writeFileSync(path, randomBytes(32));
    chmodSync(path, 0o644);
    return ["--data", site.data, "--master-key-file", path];
  }, 2, "master_key.unusable"],
  ["the master key inside the data directory", (site) => {
    const path = join(site.data, "inside.key");
    mkdirSync(site.data, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32), { mode: 0o600 });
    return ["--data", site.data, "--master-key-file", path];
  }, 2, "master_key.unusable"],
  ["another master key than the store's", (site) => {
    site.createAppKey();
    const path = join(site.directory, "other.key");
    site.must(["keygen", "--out", path]);
    return ["--data", site.data, "--master-key-file", path];
  }, 2, "master_key.mismatch"],
  ["a file for the data directory", (site) => {
    const path = join(site.directory, "file");
    writeFileSync(path, "");
    return ["--data", path, "--master-key-file", site.key];
  }, 2, "data.unusable"],
  ["an address beyond this machine", (site) => [...site.place, "--listen", "0.0.0.0:0"], 2, "listen.insecure"],
  ["an address of IPv6 beyond this machine", (site) => [...site.place, "--listen", "[::]:0"], 2, "listen.insecure"],
  ["an address that is not this machine's", (site) => [...site.place, "--listen", "192.0.2.1:0", "--insecure-listen"], 1, "listen.failed"],
  ["a host name", (site) => [...site.place, "--listen", "example.org:80"], 2, "cli.value_invalid"],
  ["a port that is none", (site) => [...site.place, "--listen", "127.0.0.1:65536"], 2, "cli.value_invalid"],
  ["no port", (site) => [...site.place, "--listen", "127.0.0.1"], 2, "cli.value_invalid"],
  ["a log level that is none", (site) => [...site.place, "--log-level", "loud"], 2, "cli.value_invalid"],
  ["no connections", (site) => [...site.place, "--max-connections", "0"], 2, "cli.value_invalid"],
  ["no threads", (site) => [...site.place, "--io-threads", "0"], 2, "cli.value_invalid"],
];

for (const [title, argumentsOf, status, code] of refusals) {
  test(`serve refuses in one clear line: ${title} [R18] [R20]`, async () => {
    await withSite((site) => {
      const args = ["serve", "--listen", "127.0.0.1:0", ...argumentsOf(site)];
      if (args.filter((each) => each === "--listen").length > 1) args.splice(1, 2);
      const done = countersign(args);
      const told = done.stderr.split("\n").filter((line) => line.startsWith("countersign: "));
      assert.equal(told.length, 1, done.stderr);
      assert.match(told[0], new RegExp(`\\[${code.replace(".", "\\.")}\\]$`));
      assert.equal(done.status, status);
    });
  });
}

test("a port that is taken is told in one clear line", async () => {
  await withSite(async (site) => {
    const server = await RunningServer.start(site);
    const other = new Site();
    const done = countersign(["serve", ...other.place, "--listen", `127.0.0.1:${server.port}`]);
    assert.equal(done.status, 1);
    assert.match(done.stderr, /^countersign: --listen 127\.0\.0\.1:\d+ cannot be had: .*\[listen\.failed\]$/m);
    other.remove();
    await server.stop();
  });
});
