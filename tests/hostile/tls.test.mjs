// SPDX-License-Identifier: Apache-2.0
// TLS of the listeners, as openssl, node and testssl see it: what is offered, what is refused, and the reload of its
// files while connections go on.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary, built } from "../server/http/site.mjs";
import { makeCertificate, makeExpired, sayHello } from "./certificates.mjs";
import { Chance, exchange, judge, pause, residentMiB, seed } from "./wire.mjs";

let site;
let server;
let own;
let unused;

before(async () => {
  site = new Site();
  unused = new Site();
  own = makeCertificate(site.directory);
  server = await RunningServer.start(site, { args: own.flags });
});
after(async () => {
  await server?.stop();
  site.remove();
  unused.remove();
});

/** One request over TLS. */
function ask(path, { agent = false, port = server.port, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request({ host: "127.0.0.1", port, path, agent, headers, rejectUnauthorized: false }, (response) => {
      const certificate = response.socket.getPeerCertificate();
      let text = "";
      response.on("data", (part) => { text += part; });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text, subject: certificate.subject?.CN }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** A handshake. @returns {Promise<{protocol: string, cipher: string, alpn: string|false, reused: boolean, session?: Buffer}>} or its error's code */
function shakeHands(options = {}) {
  return new Promise((resolve) => {
    const socket = tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
    const seen = {};
    socket.on("session", (session) => { seen.session = session; });
    socket.on("error", (error) => resolve({ error: error.code }));
    socket.on("secureConnect", async () => {
      await pause(100);
      Object.assign(seen, { protocol: socket.getProtocol(), cipher: socket.getCipher().name, alpn: socket.alpnProtocol,
        reused: socket.isSessionReused(), curve: socket.getEphemeralKeyInfo()?.name });
      socket.destroy();
      resolve(seen);
    });
  });
}

test("requests are answered over TLS, kept alive, and plain HTTP is cut", async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 3; i += 1) {
    const { status, text } = await ask("/healthz", { agent });
    assert.deepEqual([status, text], [200, '{"status":"ok"}']);
  }
  agent.destroy();
  assert.ok(!(await exchange(server.port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/"));
});

test("TLS 1.2 and 1.3 with modern suites and curves alone; nothing is resumed", async () => {
  const latest = await shakeHands();
  assert.deepEqual([latest.protocol, latest.curve], ["TLSv1.3", "X25519"]);
  const older = await shakeHands({ maxVersion: "TLSv1.2" });
  assert.deepEqual([older.protocol, older.cipher], ["TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"]);
  assert.equal((await shakeHands({ ecdhCurve: "P-256" })).curve, "prime256v1");
  for (const session of [latest.session, older.session]) {
    if (session !== undefined) assert.equal((await shakeHands({ session, maxVersion: "TLSv1.2" })).reused, false);
  }
  const refused = [
    { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
    { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA" },
    { maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256:AES256-SHA" },
    { ecdhCurve: "P-521" },
  ];
  for (const options of refused) assert.ok((await shakeHands(options)).error, JSON.stringify(options));
});

test("http/1.1 is chosen where it is offered; a client that wants something else alone is told so", async () => {
  assert.equal((await shakeHands({ ALPNProtocols: ["h2", "http/1.1"] })).alpn, "http/1.1");
  assert.equal((await shakeHands()).alpn, false);
  assert.ok((await shakeHands({ ALPNProtocols: ["h2"] })).error);
});

test("no renegotiation, no compression, no ticket, as openssl sees it", () => {
  const first = sayHello(server.port, ["-tls1_2"], "");
  assert.match(first.text, /Compression: NONE/);
  assert.doesNotMatch(first.text, /TLS session ticket:/);
  const again = sayHello(server.port, ["-tls1_2"], "R\nGET /healthz HTTP/1.1\nHost: a\n\n");
  assert.match(again.text, /RENEGOTIATING/);
  assert.match(again.text, /no renegotiation|closed|error/i);
  assert.doesNotMatch(again.text, /HTTP\/1\.1 200/);
});

test("new files are taken on SIGHUP: new connections see them, those that are open go on", async () => {
  const folder = new Site();
  const live = makeCertificate(folder.directory, { subject: "first" });
  const reloading = await RunningServer.start(folder, { args: live.flags });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const heard = async (event) => {
    for (let i = 0; i < 100; i += 1) {
      if (reloading.log.some((line) => line.includes(`"${event}"`))) return;
      await pause(50);
    }
    assert.fail(`no ${event} in the log`);
  };
  assert.equal((await ask("/healthz", { agent, port: reloading.port })).subject, "first");

  const next = makeCertificate(folder.directory, { name: "next", subject: "second" });
  copyFileSync(next.certificate, live.certificate);
  copyFileSync(next.key, live.key);
  reloading.child.kill("SIGHUP");
  await heard("server.reloaded");
  assert.equal((await ask("/healthz", { port: reloading.port })).subject, "second");
  const kept = await ask("/healthz", { agent, port: reloading.port });
  assert.deepEqual([kept.status, Object.values(agent.freeSockets).length + Object.values(agent.sockets).length], [200, 1]);

  writeFileSync(live.certificate, "nonsense");
  reloading.child.kill("SIGHUP");
  await heard("server.reload_failed");
  assert.equal((await ask("/healthz", { port: reloading.port })).subject, "second", "a broken file keeps what was in force");
  agent.destroy();
  await reloading.stop();
  folder.remove();
});

/** What `serve` says of files that it cannot serve with. */
function refusal(flags) {
  const where = flags.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const { status, stderr } = spawnSync(binary, ["serve", ...unused.place, ...where, ...flags], { encoding: "utf8", timeout: 20_000 });
  return { status, line: stderr.trim().split("\n").at(-1) };
}

test("files that cannot be served with are refused at the start, each in one clear line", () => {
  const at = (name) => join(site.directory, name);
  const other = makeCertificate(site.directory, { name: "other" });
  const expired = makeExpired(site.directory);
  const weak = makeCertificate(site.directory, { name: "weak", key: ["rsa:1024"] });
  const open = { key: at("open.key") };
  copyFileSync(own.key, open.key);
  chmodSync(open.key, 0o644);
  const shared = at("shared.key");
  copyFileSync(own.key, shared);
  chmodSync(shared, 0o660);
  writeFileSync(at("nonsense"), "nonsense", { mode: 0o600 });
  const locked = at("locked.key");
  spawnSync("openssl", ["pkey", "-in", own.key, "-aes256", "-passout", "pass:secret", "-out", locked]);
  chmodSync(locked, 0o600);
  const table = [
    [own.certificate, other.key, /is not the key of the certificate in/],
    [expired.certificate, expired.key, /the certificate expired at \d{4}-\d\d-\d\d/],
    [own.certificate, open.key, /others may read or write it; chmod 600 it/],
    [own.certificate, shared, /its group may write it; chmod 640 it/],
    [own.certificate, locked, /has a pass phrase/],
    [own.certificate, at("nonsense"), /holds no private key in PEM/],
    [at("nonsense"), own.key, /holds no certificate in PEM/],
    [at("absent"), own.key, /No such file/],
    [own.certificate, at("absent"), /No such file/],
    [weak.certificate, weak.key, /key too small/],
  ];
  for (const [certificate, key, words] of table) {
    const { status, line } = refusal(["--tls-certificate", certificate, "--tls-private-key", key]);
    assert.notEqual(status, 0, line);
    assert.match(line, words);
    assert.match(line, /\[listen\.failed\]$/);
  }
  assert.match(refusal(["--tls-certificate", own.certificate]).line, /--tls-private-key is missing.*\[cli\.flag_missing\]/);
});

test("with TLS an address beyond this machine needs no further word", () => {
  assert.match(refusal(["--listen", "192.0.2.1:0"]).line, /--tls-certificate.*\[listen\.insecure\]/);
  assert.match(refusal(["--listen", "192.0.2.1:0", ...own.flags]).line, /cannot be had: .*\[listen\.failed\]/, "it tried: the address is nobody's here");
  assert.match(refusal(["--operator-listen", "192.0.2.1:0", ...own.flags]).line, /--operator-token-file.*\[listen\.insecure\]/);
});

test("bytes that are no TLS, or only the beginning of it, cost nothing that stays", async (t) => {
  const chance = new Chance(seed);
  const hello = Buffer.from("16030100c8010000c40303", "hex");
  const baseMiB = residentMiB(server.child.pid);
  const tries = Array.from({ length: 400 }, (_, i) => {
    const noise = Buffer.from(Array.from({ length: 1 + chance.below(600) }, () => chance.below(256)));
    return i % 2 ? noise : Buffer.concat([hello, noise]);
  });
  for (let i = 0; i < tries.length; i += 50) {
    await Promise.all(tries.slice(i, i + 50).map((bytes) => exchange(server.port, bytes.toString("latin1"))));
  }
  const silent = Array.from({ length: 50 }, () => net.connect(server.port, "127.0.0.1"));
  await pause(300);
  assert.equal((await ask("/healthz")).status, 200, `COUNTERSIGN_SEED=${seed}`);
  for (const socket of silent) socket.destroy();
  judge(t, residentMiB(server.child.pid) < baseMiB + 32, "memory grew");
});

test("testssl finds nothing to be fixed", async () => {
  const report = join(site.directory, "testssl.json");
  const parts = process.env.COUNTERSIGN_FULL ? [] : ["--protocols", "--server-preference"];
  const run = spawn("testssl", ["--quiet", "--warnings", "off", "--color", "0", "--nodns", "none", "--ip", "127.0.0.1", ...parts, "--jsonfile", report, `localhost:${server.port}`],
    { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  run.stdout.on("data", (part) => { output += part; });
  run.stderr.on("data", (part) => { output += part; });
  await once(run, "exit");
  const findings = JSON.parse(readFileSync(report, "utf8"));
  const byId = (id) => findings.find((finding) => finding.id === id)?.finding ?? "";
  assert.match(byId("TLS1_2"), /offered/, output);
  assert.match(byId("TLS1_3"), /offered/);
  for (const id of ["SSLv2", "SSLv3", "TLS1", "TLS1_1"]) assert.match(byId(id), /not offered/);
  // The certificate is our own of today: nobody vouches for it, and it is short.
  const ours = /^cert_(trust|chain_of_trust|expirationStatus|notBefore|notAfter|validityPeriod|revocation|crlDistribution|ocspURL|extlifeSpan)|^DNS_CAArecord|^OCSP_stapling|^certificate_transparency|^HSTS|^overall_grade|^grade_cap/;
  const faults = findings.filter(({ severity, id }) => ["LOW", "MEDIUM", "HIGH", "CRITICAL"].includes(severity) && !ours.test(id));
  assert.deepEqual(faults, []);
});

test("who sends new keys without end, and nothing else, is cut off [R9b] [L8]", async () => {
  const flood = spawn(built("key_update_flood"), [String(server.port), "20000"], { stdio: ["ignore", "pipe", "inherit"] });
  const [code] = await once(flood, "exit");
  assert.equal(code, 0);
  assert.equal((await ask("/healthz")).status, 200);
});
