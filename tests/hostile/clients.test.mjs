// SPDX-License-Identifier: Apache-2.0
// Who is calling: behind proxies, from one address too often, with ids of their own; and who may ask the operator's
// listener.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { answersIn, exchange, pause } from "./wire.mjs";

let site;
let app;

before(() => {
  site = new Site();
  app = site.createAppKey().token;
  site.importUsers(["ann"]);
});
after(() => site.remove());

/** A server of the site, for the time of `work`. */
async function during(args, work) {
  const server = await RunningServer.start(site, { args });
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

/** The log line of a request. */
async function logged(server, id) {
  for (let i = 0; i < 100; i += 1) {
    const line = server.log.map((text) => JSON.parse(text)).find(({ event, request }) => event === "http.request" && request === id);
    if (line) return line;
    await pause(20);
  }
  return assert.fail(`no line for ${id}`);
}

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const methodsOf = (server, headers) => server.call("POST", "/v1/users/methods", { token: app, json: { user: "ann" }, headers });

test("every answer has an id that the log line has too, with the trace it belongs to", () => during([], async (server) => {
  const answer = await server.call("GET", "/healthz", { headers: { traceparent: trace } });
  const id = answer.headers["x-request-id"];
  assert.match(id, /^[0-9a-f]{32}$/);
  const line = await logged(server, id);
  assert.deepEqual([line.trace_id, line.client, line.status], ["4bf92f3577b34da6a3ce929d0e0e4736", "127.0.0.1", 200]);
  const plain = await server.call("GET", "/healthz", { headers: { traceparent: trace.toUpperCase() } });
  assert.equal((await logged(server, plain.headers["x-request-id"])).trace_id, undefined);
  const unknown = await server.call("GET", "/nothing");
  assert.equal(unknown.json.instance, `urn:countersign:request:${unknown.headers["x-request-id"]}`);
}));

test("a caller's own id is kept with an application key, and dropped from anybody else", () => during([], async (server) => {
  const mine = { "x-request-id": "bank.42-a_B" };
  assert.equal((await methodsOf(server, mine)).headers["x-request-id"], "bank.42-a_B");
  for (const answer of [await server.call("GET", "/healthz", { headers: mine }),
    await server.call("POST", "/v1/users/methods", { token: `cs_app_${"A".repeat(43)}`, json: { user: "ann" }, headers: mine }),
    await methodsOf(server, { "x-request-id": "a b" }), await methodsOf(server, { "x-request-id": "x".repeat(65) })]) {
    assert.match(answer.headers["x-request-id"], /^[0-9a-f]{32}$/);
  }
}));

test("X-Forwarded-For is read from the right, and from a trusted proxy alone [R15]", async () => {
  const client = async (server, ...values) => {
    const answer = await server.call("GET", "/healthz", { headers: { "x-forwarded-for": values, "x-request-id": "proxy-1" } });
    return [(await logged(server, answer.headers["x-request-id"])).client, answer.headers["x-request-id"]];
  };
  await during([], async (server) => {
    const [address, id] = await client(server, "192.0.2.1");
    assert.equal(address, "127.0.0.1");
    assert.notEqual(id, "proxy-1");
  });
  await during(["--trusted-proxies", "127.0.0.0/8,10.0.0.0/8"], async (server) => {
    assert.deepEqual(await client(server, "203.0.113.9, 192.0.2.1, 10.1.1.1"), ["192.0.2.1", "proxy-1"]);
    server.log.length = 0;
    assert.deepEqual(await client(server, "203.0.113.9", "2001:db8::7"), ["2001:db8::7", "proxy-1"]);
    server.log.length = 0;
    assert.deepEqual(await client(server, "203.0.113.9, nonsense"), ["127.0.0.1", "proxy-1"]);
  });
});

test("an address holds so many connections, and a back end as many as it likes [R15]", () =>
  during(["--trusted-proxies", "192.0.2.1", "--max-connections-per-address", "3"], async (server) => {
    const held = await Promise.all(Array.from({ length: 3 }, () => new Promise((resolve) => {
      const socket = net.connect(server.port, "127.0.0.1", () => resolve(socket));
      socket.on("error", () => {});
    })));
    const once = async (more = "") => answersIn(await exchange(server.port,
      `POST /v1/users/methods HTTP/1.1\r\nHost: a\r\n${more}Content-Type: application/json\r\nConnection: close\r\nContent-Length: 14\r\n\r\n{"user":"ann"}`))[0];
    const refused = await once();
    assert.deepEqual([refused?.status, refused?.code], [503, "server.unavailable"]);
    assert.match(refused.head, /\r\nRetry-After: \d+/);
    held.pop().destroy();
    let shown;
    for (let i = 0; i < 50 && shown?.status !== 200; i += 1) shown = await once(`Authorization: Bearer ${app}\r\n`);
    assert.equal(shown?.status, 200);
    for (let i = 0; i < 5; i += 1) {
      held.push(await new Promise((resolve) => {
        const socket = net.connect(server.port, "127.0.0.1", () => resolve(socket));
        socket.on("error", () => {});
      }));
    }
    assert.equal((await once())?.status, 401, "from there others are let in as well, and asked for a key");
    for (const socket of held) socket.destroy();
  }));

/** The statuses of so many requests of a page, as a proxy hands them on. */
async function statusesOf(server, count, token, client, agent) {
  const headers = client === undefined ? {} : { "x-forwarded-for": client };
  const answers = await Promise.all(Array.from({ length: count }, () => server.call("GET", "/v1/w/methods", { token, headers, agent })));
  return answers.map(({ status }) => status).sort();
}
const times = (count, status) => Array(count).fill(status);

test("the pages behind one address may ask so often, the others behind that proxy as ever, and a back end too [R15]", () =>
  during(["--trusted-proxies", "127.0.0.1,10.0.0.0/8", "--max-requests-per-address", "1"], async (server) => {
    const { token } = (await server.openSession(app, "ann")).json;
    const refused = await statusesOf(server, 30, token, "192.0.2.1");
    assert.ok(refused.slice(0, 10).every((status) => status === 200) && refused.slice(-15).every((status) => status === 503), `${refused}`);
    const { status, json, headers } = await server.call("GET", "/v1/w/methods", { token, headers: { "x-forwarded-for": "192.0.2.1" } });
    assert.deepEqual([status, json.code, json.detail], [503, "server.unavailable", "too many requests come from this address"]);
    assert.equal(headers["retry-after"], "1");
    assert.deepEqual(await statusesOf(server, 10, token, "192.0.2.1, 192.0.2.2, 10.1.1.1"), times(10, 200));
    assert.deepEqual(await statusesOf(server, 30, token, "10.1.1.1"), times(30, 200), "the proxy's own words are nobody's");
    assert.equal((await methodsOf(server, { "x-forwarded-for": "192.0.2.1" })).status, 200);
    const guessed = await statusesOf(server, 30, `cs_ses_${"A".repeat(43)}`, "2001:db8:1:2::1");
    assert.deepEqual([guessed[0], guessed.at(-1)], [401, 503], "whoever guesses tokens is counted");
    assert.equal((await statusesOf(server, 1, token, "2001:db8:1:2:ffff::1"))[0], 503, "a /64 is one");
    assert.equal((await statusesOf(server, 1, token, "2001:db8:1:3::1"))[0], 200);
  }));

test("without a proxy the peer is counted; of loopback, which may be one, nobody is [R15]", async () => {
  for (const [proxies, last] of [[["--trusted-proxies", "192.0.2.9"], 503], [[], 200]]) {
    await during([...proxies, "--max-requests-per-address", "1"], async (server) => {
      const { token } = (await server.openSession(app, "ann")).json;
      const elsewhere = new http.Agent({ keepAlive: true, localAddress: "127.0.0.2" });
      assert.equal((await statusesOf(server, 30, token, "198.51.100.1", elsewhere)).at(-1), last);
      elsewhere.destroy();
    });
  }
});

test("pages whose requests a back end forwards are not counted as one, from when it showed its key [R15] [L8]", () =>
  during(["--trusted-proxies", "192.0.2.9", "--max-requests-per-address", "1"], async (server) => {
    const guess = `cs_ses_${"A".repeat(43)}`;
    const forwarder = new http.Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await statusesOf(server, 30, guess, undefined, forwarder)).at(-1), 503, "by a connection that stands already");
    const { token } = (await server.openSession(app, "ann")).json;
    assert.deepEqual(await statusesOf(server, 30, token, undefined, forwarder), times(30, 200));
    forwarder.destroy();
  }));

test("the pages of a back end behind a proxy are not counted as one either [R15] [L8]", () =>
  during(["--trusted-proxies", "127.0.0.1", "--max-requests-per-address", "1"], async (server) => {
    const { token } = (await server.openSession(app, "ann")).json;
    const from = { "x-forwarded-for": "192.0.2.7" };
    assert.equal((await statusesOf(server, 30, token, "192.0.2.7")).at(-1), 503);
    assert.equal((await methodsOf(server, from)).status, 200);
    assert.deepEqual(await statusesOf(server, 30, token, "192.0.2.7"), times(30, 200));
  }));

test("limits of header and body are as they are set", () => during(["--max-header-bytes", "1024", "--max-body-bytes", "2000"], async (server) => {
  const tooLong = await server.call("GET", "/healthz", { headers: { "x-long": "a".repeat(1100) } });
  assert.deepEqual([tooLong.status, tooLong.json.code], [413, "request.too_large"]);
  assert.equal((await server.call("GET", "/healthz", { headers: { "x-long": "a".repeat(500) } })).status, 200);
  assert.equal((await methodsOf(server)).status, 200);
  const large = await server.call("POST", "/v1/users/methods", { token: app, json: { user: "ann", more: "a".repeat(2000) } });
  assert.deepEqual([large.status, large.json.code], [413, "request.too_large"]);
}));

/** The operator's port of a server. */
const operatorPort = (server) => server.log.map((line) => JSON.parse(line)).find(({ event }) => event === "server.operator_listening").port;

function scrape(port, headers) {
  return new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port, path: "/metrics", headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (part) => { text += part; });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    }).on("error", reject);
  });
}

test("a page that rebinds its name to loopback reads nothing of the operator's listener [R7]", () =>
  during(["--operator-listen", "127.0.0.1:0", "--operator-hosts", "metrics.internal"], async (server) => {
    const port = operatorPort(server);
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "127.0.0.1.evil.example", "[::1", "metrics.internal.evil"]) {
      const answer = await scrape(port, { host });
      assert.equal(answer.status, 404, host);
      assert.doesNotMatch(answer.text, /countersign_/);
    }
    for (const host of ["localhost", `LOCALHOST:${port}`, "127.0.0.1", `[::1]:${port}`, "192.0.2.7:80", "metrics.internal:9"]) {
      assert.equal((await scrape(port, { host })).status, 200, host);
    }
  }));

test("with a token file the operator's listener asks for the token, and takes a new one on SIGHUP [R7]", async () => {
  const file = join(site.directory, "operator.token");
  const write = (token) => writeFileSync(file, `${token}\n`, { mode: 0o600 });
  write("an-operators-token-0001");
  await during(["--operator-listen", "127.0.0.1:0", "--operator-token-file", file], async (server) => {
    const port = operatorPort(server);
    const asks = async (authorization) => (await scrape(port, authorization === undefined ? {} : { authorization })).status;
    assert.deepEqual([await asks(), await asks("Bearer "), await asks("Basic YTpi"), await asks("Bearer an-operators-token-0002"),
      await asks("Bearer an-operators-token-000"), await asks("Bearer an-operators-token-00011"), await asks(`Bearer ${app}`)], Array(7).fill(401));
    assert.equal(await asks("Bearer an-operators-token-0001"), 200);
    write("an-operators-token-0002");
    server.child.kill("SIGHUP");
    for (let i = 0; i < 100 && await asks("Bearer an-operators-token-0002") !== 200; i += 1) await pause(50);
    assert.deepEqual([await asks("Bearer an-operators-token-0001"), await asks("Bearer an-operators-token-0002")], [401, 200]);
    chmodSync(file, 0o644);
    server.child.kill("SIGHUP");
    await pause(500);
    assert.equal(await asks("Bearer an-operators-token-0002"), 200, "a file that others may read changes nothing");
  });
});

test("silent connections make room for who asks, and a back end that showed its key keeps its own [R15]", () =>
  during(["--io-threads", "1", "--max-connections", "10"], async (server) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () => new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${app}`, "content-type": "application/json" };
      const request = http.request({ port: server.port, agent, method: "POST", path: "/v1/users/methods", headers }, (response) => {
        response.resume().on("end", () => resolve([response.statusCode, request.reusedSocket]));
      });
      request.on("error", reject).end(JSON.stringify({ user: "ann" }));
    });
    const crowd = [];
    try {
      assert.deepEqual(await ask(), [200, false]);
      await pause(1200);  // now the back end has waited longest of all
      for (let i = 0; i < 30; i += 1) crowd.push(net.connect(server.port, "127.0.0.1").on("error", () => {}));
      await pause(1200);
      assert.equal((await server.call("GET", "/healthz")).status, 200);
      assert.deepEqual(await ask(), [200, true]);
    } finally {
      for (const socket of crowd) socket.destroy();
      agent.destroy();
    }
  }));

test("of an address that holds too many silent connections one gives way, and a back end comes in with its key [R15] [R9b]", () =>
  during(["--trusted-proxies", "192.0.2.1", "--max-connections-per-address", "4"], async (server) => {
    const silent = await Promise.all(Array.from({ length: 4 }, () => new Promise((done, fail) => {
      const socket = net.connect(server.port, "127.0.0.1", () => done(socket)).on("error", fail);
    })));
    await pause(1200);
    assert.equal((await methodsOf(server, {})).status, 200);
    for (const socket of silent) socket.destroy();
  }));
