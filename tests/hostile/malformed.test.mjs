// SPDX-License-Identifier: Apache-2.0
// What is not a request, or one that a proxy before us may read otherwise: refused by status, or cut; and the server
// goes on.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { after, before, test } from "node:test";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { answersIn, exchange, pause } from "./wire.mjs";

let site;
let server;
let app;

before(async () => {
  site = new Site();
  app = site.createAppKey().token;
  site.importUsers(["ann"]);
  server = await RunningServer.start(site, { logLevel: "info" });
});
after(async () => {
  await server?.stop();
  site.remove();
});

const start = "POST /v1/users/methods HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const body = '{"user":"ann"}';
const length = `Content-Length: ${body.length}\r\n`;
const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
const smuggled = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
const MALFORMED = [400, "request.malformed"];
const LARGE = [413, "request.too_large"];
const CUT = [];

// title, bytes (TOKEN stands for a valid application key), the only answer: a status with its code, or none
const table = [
  ["length and chunks", `${start}TOKEN${length}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n${smuggled}`, MALFORMED],
  ["chunks and length", `${start}TOKENTransfer-Encoding: chunked\r\n${length}\r\n0\r\n\r\n${smuggled}`, MALFORMED],
  ["two lengths that differ", `${start}TOKEN${length}Content-Length: 0\r\n\r\n${body}${smuggled}`, MALFORMED],
  ["two lengths in one line that differ", `${start}TOKENContent-Length: ${body.length}, 0\r\n\r\n${body}${smuggled}`, MALFORMED],
  ["a length with a sign", `${start}TOKENContent-Length: +${body.length}\r\n\r\n${body}`, MALFORMED],
  ["a negative length", `${start}TOKENContent-Length: -1\r\n\r\n${body}`, MALFORMED],
  ["a length in hexadecimal", `${start}TOKENContent-Length: 0x0e\r\n\r\n${body}`, MALFORMED],
  ["a length with a space in it", `${start}TOKENContent-Length: 1 4\r\n\r\n${body}`, MALFORMED],
  ["a length beyond 64 bits", `${start}TOKENContent-Length: 18446744073709551630\r\n\r\n${body}`, MALFORMED],
  ["an empty length", `${start}TOKENContent-Length: \r\n\r\n${body}`, MALFORMED],
  ["a space before the colon", `${start}TOKENContent-Length : ${body.length}\r\n\r\n${body}`, MALFORMED],
  ["a folded field", `${start}TOKENX-A: a\r\n b\r\nTransfer-Encoding:\r\n chunked\r\n\r\n${chunk}0\r\n\r\n`, MALFORMED],
  ["a field folded by a tab", `${start}TOKENX-A: a\r\n\tb\r\n${length}\r\n${body}`, MALFORMED],
  ["a bare CR in a field", `${start}TOKENX-A: a\rX-B: b\r\n${length}\r\n${body}`, MALFORMED],
  ["bare LF between the fields", `${start.replaceAll("\r\n", "\n")}\n${body}`, MALFORMED],
  ["a NUL in a field", `${start}TOKENX-A: a\0b\r\n${length}\r\n${body}`, MALFORMED],
  ["a NUL in the target", `GET /health\0z HTTP/1.1\r\nHost: a\r\n\r\n`, MALFORMED],
  ["a field without a name", `${start}TOKEN: a\r\n${length}\r\n${body}`, MALFORMED],
  ["a field without a colon", `${start}TOKENnonsense\r\n${length}\r\n${body}`, MALFORMED],
  ["a field name with a control", `${start}TOKENX-\x01: a\r\n${length}\r\n${body}`, MALFORMED],
  ["an unknown coding", `${start}TOKENTransfer-Encoding: gzip\r\n${length}\r\n${body}`, MALFORMED],
  ["chunked twice", `${start}TOKENTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`, MALFORMED],
  ["chunked, then identity", `${start}TOKENTransfer-Encoding: chunked, identity\r\n\r\n${chunk}0\r\n\r\n`, MALFORMED],
  ["a tab before chunked", `${start}TOKENTransfer-Encoding:\tchunked\r\n\r\n${chunk}0\r\n\r\n`, [200, undefined]],
  ["a vertical tab before chunked", `${start}TOKENTransfer-Encoding: \x0bchunked\r\n\r\n${chunk}0\r\n\r\n${smuggled}`, MALFORMED],
  ["a chunk size that is no number", `${start}TOKENTransfer-Encoding: chunked\r\n\r\nZZ\r\n${body}\r\n0\r\n\r\n`, MALFORMED],
  ["a chunk size beyond 64 bits", `${start}TOKENTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${body}\r\n0\r\n\r\n`, MALFORMED],
  ["a negative chunk size", `${start}TOKENTransfer-Encoding: chunked\r\n\r\n-e\r\n${body}\r\n0\r\n\r\n`, MALFORMED],
  ["a chunk longer than it says", `${start}TOKENTransfer-Encoding: chunked\r\n\r\n2\r\n${body}\r\n0\r\n\r\n`, MALFORMED],
  ["a trailer", `${start}TOKENTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\nX-A: b\r\n\r\n`, MALFORMED],
  ["a chunked body of HTTP/1.0", `${start.replace("1.1", "1.0")}TOKENTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`, MALFORMED],
  ["no host", "GET /healthz HTTP/1.1\r\n\r\n", MALFORMED],
  ["two hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", MALFORMED],
  ["another version", "GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n", MALFORMED],
  ["no version", "GET /healthz\r\nHost: a\r\n\r\n", MALFORMED],
  ["HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", MALFORMED],
  ["TLS to a plain listener", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", undefined],
  ["a space before the method", " GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", MALFORMED],
  ["a method that is a sentence", `${"A".repeat(9000)} / HTTP/1.1\r\nHost: a\r\n\r\n`, LARGE],
  ["a target of 9000 bytes", `GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, LARGE],
  ["a field of 9000 bytes", `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(9000)}\r\n\r\n`, LARGE],
  ["2000 small fields", `GET /healthz HTTP/1.1\r\nHost: a\r\n${"X: a\r\n".repeat(2000)}\r\n`, LARGE],
  ["a body one byte too long by its length", `${start}TOKENContent-Length: 16385\r\n\r\n`, LARGE],
  ["a body one byte too long by its chunks", `${start}TOKENTransfer-Encoding: chunked\r\n\r\n4001\r\n${" ".repeat(0x4001)}\r\n0\r\n\r\n`, LARGE],
  ["a body of a terabyte", `${start}TOKENContent-Length: 1099511627776\r\n\r\n`, LARGE],
  ["a body that ends early", `${start}TOKENContent-Length: 100\r\n\r\n${body}`, CUT],
  ["a header that ends early", `${start}TOKEN`, CUT],
  ["empty lines alone", "\r\n\r\n\r\n\r\n", undefined],
];

for (const [title, bytes, expected] of table) {
  test(`refused or cut, and nothing behind it is answered: ${title} [R7]`, async () => {
    const answers = answersIn(await exchange(server.port, bytes.replace("TOKEN", `Authorization: Bearer ${app}\r\n`)));
    const said = JSON.stringify(answers.map(({ status, code }) => [status, code]));
    if (expected === undefined) {
      assert.ok(answers.length === 0 || (answers.length === 1 && answers[0].status === 400), said);
    } else if (expected.length === 0) {
      assert.deepEqual(answers, [], said);
    } else {
      assert.equal(said, JSON.stringify([expected]));
    }
    if (answers.some(({ status }) => status >= 400)) assert.match(answers[0].head, /\r\nConnection: close/);
    assert.equal((await server.call("GET", "/healthz")).status, 200, "the server is gone");
  });
}

test("a folded field is refused in whatever pieces the header comes [R7]", async () => {
  const socket = net.connect(server.port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  let received = "";
  socket.on("data", (part) => { received += part; }).on("error", () => {});
  const closed = once(socket, "close");
  for (const piece of [`${start}Authorization: Bearer ${app}\r\nX-A: a\r\n b\r\nX-C: `, `d\r\n${length}`, `\r\n${body}`]) {
    socket.write(piece, "latin1");
    await pause(50);
  }
  socket.end();
  await closed;
  assert.deepEqual(answersIn(received).map(({ status, code }) => [status, code]), [MALFORMED]);
});

test("a chunk's extension is no part of the body, and hides no other request [R7]", async () => {
  const token = `Authorization: Bearer ${app}\r\n`;
  const extended = `${start}${token}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)};a=b;c="d e"\r\n${body}\r\n0;x\r\n\r\n`;
  const answers = answersIn(await exchange(server.port, extended + smuggled));
  assert.ok(answers.length === 1 ? answers[0].status === 400 : answers.every(({ status }) => status === 200) && answers.length === 2,
    JSON.stringify(answers));
  const broken = extended.replace(";a=b;c=\"d e\"", ";a=\nb");
  assert.deepEqual(answersIn(await exchange(server.port, broken)).map(({ status }) => status), [400]);
});

test("a pipeline of a thousand requests is answered in order, one after another", async () => {
  const requests = Array.from({ length: 1000 }, (_, i) => `GET ${i % 2 ? "/healthz" : "/nothing"} HTTP/1.1\r\nHost: a\r\n\r\n`).join("");
  const answers = answersIn(await exchange(server.port, requests));
  assert.equal(answers.length, 1000);
  answers.forEach(({ status }, i) => assert.equal(status, i % 2 ? 200 : 404));
});

test("who is turned away for a while is told for how long: every 503 has Retry-After", async () => {
  const crowded = await RunningServer.start(new Site(), { args: ["--max-connections", "2"], logLevel: "info" });
  const idle = [exchange(crowded.port, "GET ", { end: false }), exchange(crowded.port, "GET ", { end: false })];
  let refused;
  for (let tries = 0; refused === undefined && tries < 50; tries += 1) {
    const answers = answersIn(await exchange(crowded.port, smuggled));
    refused = answers.find(({ status }) => status === 503);
  }
  assert.match(refused?.head ?? "", /\r\nRetry-After: \d+/);
  await crowded.stop();
  await Promise.all(idle);
  crowded.site.remove();
});
