// SPDX-License-Identifier: Apache-2.0
// Bad input to every route: one status, one stable code, and nothing changed in the store.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { begin, openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { makeBoxKeys } from "./sealed_box.mjs";
import { Site } from "./site.mjs";

let site;
let server;
let app;
let session;
let known;
let pendingId;

before(async () => {
  site = new Site();
  app = site.createAppKey().token;
  site.importUsers(["known"]);
  server = await RunningServer.start(site);
  ({ session, pendingId } = await begin(server, app, "enrolling"));
  known = await openSession(server, app, "known");
});
after(async () => {
  await server.stop();
  site.remove();
});

const verify = { user: "known", method: "totp", code: "123456" };
const open = { user: "known", purpose: "manage", account: "ann", issuer: "Bank" };
const json = { "content-type": "application/json" };
const APP = () => app;
const SESSION = () => session;
const KNOWN = () => known;
const enrolling = { public_key: makeBoxKeys().publicKey };
const elevating = { method: "totp", code: "123456" };
const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

// title, method, path, token, what is sent, status, code
const table = [
  ["an unknown route", "GET", "/", undefined, {}, 404, "route.not_found"],
  ["an unknown route below a known one", "POST", "/v1/verify/x", APP, { json: verify }, 404, "route.not_found"],
  ["a route with a slash too many", "POST", "/v1/verify/", APP, { json: verify }, 404, "route.not_found"],
  ["a route in upper case", "POST", "/V1/verify", APP, { json: verify }, 404, "route.not_found"],
  ["a percent-encoded route", "POST", "/v1/%76erify", APP, { json: verify }, 404, "route.not_found"],
  ["a route climbing up", "POST", "/v1/w/../verify", SESSION, { json: verify }, 404, "route.not_found"],
  ["GET on verify", "GET", "/v1/verify", APP, {}, 405, "route.method_not_allowed"],
  ["POST on healthz", "POST", "/healthz", undefined, { json: {} }, 405, "route.method_not_allowed"],
  ["OPTIONS: there is no CORS", "OPTIONS", "/v1/verify", undefined, {}, 405, "route.method_not_allowed"],
  ["PUT on sessions", "PUT", "/v1/sessions", APP, { json: open }, 405, "route.method_not_allowed"],
  ["DELETE on methods", "DELETE", "/v1/w/methods", SESSION, {}, 405, "route.method_not_allowed"],

  ["verify without a token", "POST", "/v1/verify", undefined, { json: verify }, 401, "auth.missing"],
  ["sessions without a token", "POST", "/v1/sessions", undefined, { json: open }, 401, "auth.missing"],
  ["user methods without a token", "POST", "/v1/users/methods", undefined, { json: { user: "known" } }, 401, "auth.missing"],
  ["own methods without a token", "GET", "/v1/w/methods", undefined, {}, 401, "auth.missing"],
  ["begin without a token", "POST", "/v1/w/totp/begin", undefined, { json: enrolling }, 401, "auth.missing"],
  ["confirm without a token", "POST", "/v1/w/totp/confirm", undefined, { json: { pending_id: "x", code: "1" } }, 401, "auth.missing"],
  ["elevate without a token", "POST", "/v1/w/elevate", undefined, { json: elevating }, 401, "auth.missing"],
  ["remove without a token", "POST", "/v1/w/totp/remove", undefined, { json: { credential_id: "x" } }, 401, "auth.missing"],
  ["a token in the query", "POST", "/v1/verify?access_token=x", undefined, { json: verify }, 401, "auth.missing"],
  ["another scheme", "POST", "/v1/verify", undefined, { json: verify, headers: { authorization: "Basic YTpi" } }, 401, "auth.missing"],
  ["an empty bearer", "POST", "/v1/verify", undefined, { json: verify, headers: { authorization: "Bearer " } }, 401, "auth.missing"],
  ["a made-up application key", "POST", "/v1/verify", () => `cs_app_${"A".repeat(43)}`, { json: verify }, 401, "auth.invalid"],
  ["an application key with one symbol more", "POST", "/v1/verify", () => `${app}A`, { json: verify }, 401, "auth.invalid"],
  ["an application key in lower case", "POST", "/v1/verify", () => app.toLowerCase(), { json: verify }, 401, "auth.invalid"],
  ["a session token on verify", "POST", "/v1/verify", SESSION, { json: verify }, 401, "auth.invalid"],
  ["a session token on sessions", "POST", "/v1/sessions", SESSION, { json: open }, 401, "auth.invalid"],
  ["a session token on user methods", "POST", "/v1/users/methods", SESSION, { json: { user: "known" } }, 401, "auth.invalid"],
  ["an application key on own methods", "GET", "/v1/w/methods", APP, {}, 401, "auth.invalid"],
  ["an application key on begin", "POST", "/v1/w/totp/begin", APP, { json: enrolling }, 401, "auth.invalid"],
  ["an application key on confirm", "POST", "/v1/w/totp/confirm", APP, { json: { pending_id: "x", code: "1" } }, 401, "auth.invalid"],
  ["an application key on elevate", "POST", "/v1/w/elevate", APP, { json: elevating }, 401, "auth.invalid"],
  ["an application key on remove", "POST", "/v1/w/totp/remove", APP, { json: { credential_id: "x" } }, 401, "auth.invalid"],
  ["a bad token before a bad body", "POST", "/v1/verify", () => "x", { body: "{", headers: json }, 401, "auth.invalid"],

  ["no media type", "POST", "/v1/verify", APP, { body: JSON.stringify(verify) }, 415, "request.media_type"],
  ["a form", "POST", "/v1/verify", APP, { body: "user=known", headers: { "content-type": "application/x-www-form-urlencoded" } }, 415, "request.media_type"],
  ["another character set", "POST", "/v1/verify", APP, { json: verify, headers: { "content-type": "application/json; charset=utf-16" } }, 415, "request.media_type"],
  ["text/plain on begin", "POST", "/v1/w/totp/begin", SESSION, { json: enrolling, headers: { "content-type": "text/plain" } }, 415, "request.media_type"],

  ["an empty body", "POST", "/v1/verify", APP, { body: "", headers: json }, 400, "request.malformed"],
  ["half an object", "POST", "/v1/verify", APP, { body: '{"user":"known"', headers: json }, 400, "request.malformed"],
  ["two objects", "POST", "/v1/verify", APP, { body: `${JSON.stringify(verify)}{}`, headers: json }, 400, "request.malformed"],
  ["an array", "POST", "/v1/verify", APP, { body: "[]", headers: json }, 400, "request.malformed"],
  ["a bare string", "POST", "/v1/w/totp/begin", SESSION, { body: '"x"', headers: json }, 400, "request.malformed"],
  ["null", "POST", "/v1/sessions", APP, { body: "null", headers: json }, 400, "request.malformed"],
  ["something behind a NUL", "POST", "/v1/w/totp/begin", SESSION, { body: `${JSON.stringify(enrolling)}\0{"user":"known"}`, headers: json }, 400, "request.malformed"],
  ["a comment", "POST", "/v1/w/totp/begin", SESSION, { body: `${JSON.stringify(enrolling)}//`, headers: json }, 400, "request.malformed"],
  ["bytes that are not UTF-8", "POST", "/v1/users/methods", APP, { body: Buffer.from([...Buffer.from('{"user":"'), 0xc3, 0x28, 0x22, 0x7d]), headers: json }, 400, "request.malformed"],
  ["a lone surrogate", "POST", "/v1/users/methods", APP, { body: '{"user":"\\ud800"}', headers: json }, 400, "request.malformed"],
  ["UTF-16", "POST", "/v1/users/methods", APP, { body: Buffer.from('{"user":"a"}', "utf16le"), headers: json }, 400, "request.malformed"],
  ["a control character in a string", "POST", "/v1/users/methods", APP, { body: '{"user":"a\u0001"}', headers: json }, 400, "request.malformed"],

  ["verify without user", "POST", "/v1/verify", APP, { json: without(verify, "user") }, 400, "request.field_missing"],
  ["verify without method", "POST", "/v1/verify", APP, { json: without(verify, "method") }, 400, "request.field_missing"],
  ["verify without code", "POST", "/v1/verify", APP, { json: without(verify, "code") }, 400, "request.field_missing"],
  ["user methods without user", "POST", "/v1/users/methods", APP, { json: {} }, 400, "request.field_missing"],
  ["sessions without issuer", "POST", "/v1/sessions", APP, { json: without(open, "issuer") }, 400, "request.field_missing"],
  ["sessions without purpose", "POST", "/v1/sessions", APP, { json: without(open, "purpose") }, 400, "request.field_missing"],
  ["confirm without code", "POST", "/v1/w/totp/confirm", SESSION, { json: { pending_id: "x" } }, 400, "request.field_missing"],
  ["confirm without pending_id", "POST", "/v1/w/totp/confirm", SESSION, { json: { code: "123456" } }, 400, "request.field_missing"],

  ["begin without a key", "POST", "/v1/w/totp/begin", SESSION, { json: {} }, 400, "request.field_missing"],
  ["begin with a name alone", "POST", "/v1/w/totp/begin", SESSION, { json: { name: "Phone" } }, 400, "request.field_missing"],
  ["elevate without method", "POST", "/v1/w/elevate", SESSION, { json: { code: "123456" } }, 400, "request.field_missing"],
  ["elevate without code", "POST", "/v1/w/elevate", SESSION, { json: { method: "totp" } }, 400, "request.field_missing"],
  ["remove without id", "POST", "/v1/w/totp/remove", SESSION, { json: {} }, 400, "request.field_missing"],

  ["elevate for another user", "POST", "/v1/w/elevate", SESSION, { json: { ...elevating, user: "known" } }, 400, "request.field_unknown"],
  ["elevate another session", "POST", "/v1/w/elevate", SESSION, { json: { ...elevating, session: "x" } }, 400, "request.field_unknown"],
  ["remove for another user", "POST", "/v1/w/totp/remove", SESSION, { json: { credential_id: "x", user: "known" } }, 400, "request.field_unknown"],
  ["verify with a field too many", "POST", "/v1/verify", APP, { json: { ...verify, ok: "true" } }, 400, "request.field_unknown"],
  ["begin with a field", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, user: "known" } }, 400, "request.field_unknown"],
  ["confirm for another user", "POST", "/v1/w/totp/confirm", SESSION, { json: { pending_id: "x", code: "1", user: "known" } }, 400, "request.field_unknown"],
  ["a field in upper case", "POST", "/v1/users/methods", APP, { json: { User: "known" } }, 400, "request.field_unknown"],

  ["a number for the code", "POST", "/v1/verify", APP, { json: { ...verify, code: 123456 } }, 400, "request.field_invalid"],
  ["null for the code", "POST", "/v1/verify", APP, { json: { ...verify, code: null } }, 400, "request.field_invalid"],
  ["a list of codes", "POST", "/v1/verify", APP, { json: { ...verify, code: ["123456", "123457"] } }, 400, "request.field_invalid"],
  ["an object for the user", "POST", "/v1/verify", APP, { json: { ...verify, user: { $ne: "" } } }, 400, "request.field_invalid"],
  ["the user twice", "POST", "/v1/users/methods", APP, { body: '{"user":"a","user":"b"}', headers: json }, 400, "request.field_invalid"],
  ["nesting without end", "POST", "/v1/users/methods", APP, { body: `{"user":${"[".repeat(8000)}`, headers: json }, 400, "request.field_invalid"],
  ["an empty user", "POST", "/v1/verify", APP, { json: { ...verify, user: "" } }, 400, "request.field_invalid"],
  ["a user of 129 bytes", "POST", "/v1/verify", APP, { json: { ...verify, user: "x".repeat(129) } }, 400, "request.field_invalid"],
  ["a NUL in the user", "POST", "/v1/verify", APP, { json: { ...verify, user: "kno\0wn" } }, 400, "request.field_invalid"],
  ["a user of 129 bytes in methods", "POST", "/v1/users/methods", APP, { json: { user: "é".repeat(65) } }, 400, "request.field_invalid"],
  ["an unknown method", "POST", "/v1/verify", APP, { json: { ...verify, method: "sms" } }, 400, "request.field_invalid"],
  ["an empty method", "POST", "/v1/verify", APP, { json: { ...verify, method: "" } }, 400, "request.field_invalid"],
  ["an unknown purpose", "POST", "/v1/sessions", APP, { json: { ...open, purpose: "admin" } }, 400, "request.field_invalid"],
  ["a session for an empty user", "POST", "/v1/sessions", APP, { json: { ...open, user: "" } }, 400, "request.field_invalid"],
  ["a colon in the issuer", "POST", "/v1/sessions", APP, { json: { ...open, issuer: "a:b" } }, 400, "request.field_invalid"],
  ["an empty account", "POST", "/v1/sessions", APP, { json: { ...open, account: "" } }, 400, "request.field_invalid"],
  ["an issuer of 129 bytes", "POST", "/v1/sessions", APP, { json: { ...open, issuer: "x".repeat(129) } }, 400, "request.field_invalid"],

  ["a key that is too short", "POST", "/v1/w/totp/begin", SESSION, { json: { public_key: enrolling.public_key.slice(1) } }, 400, "request.field_invalid"],
  ["a key with padding", "POST", "/v1/w/totp/begin", SESSION, { json: { public_key: `${enrolling.public_key}=` } }, 400, "request.field_invalid"],
  ["a key in the other base64", "POST", "/v1/w/totp/begin", SESSION, { json: { public_key: `${"/".repeat(42)}A` } }, 400, "request.field_invalid"],
  ["a key of zeros", "POST", "/v1/w/totp/begin", SESSION, { json: { public_key: "A".repeat(43) } }, 400, "request.field_invalid"],
  ["the key twice", "POST", "/v1/w/totp/begin", SESSION, { body: `{"public_key":"${"A".repeat(43)}","public_key":"${enrolling.public_key}"}`, headers: json }, 400, "request.field_invalid"],
  ["the name twice", "POST", "/v1/w/totp/begin", SESSION, { body: `{"name":"","public_key":"${enrolling.public_key}","name":"a"}`, headers: json }, 400, "request.field_invalid"],
  ["an empty name", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, name: "" } }, 400, "request.field_invalid"],
  ["a name of 65 bytes", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, name: "é".repeat(33) } }, 400, "request.field_invalid"],
  ["a line break in the name", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, name: "a\nb" } }, 400, "request.field_invalid"],
  ["a NUL in the name", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, name: "a\0b" } }, 400, "request.field_invalid"],
  ["null for what it replaces", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, replaces: null } }, 400, "request.field_invalid"],
  ["an unknown method to elevate by", "POST", "/v1/w/elevate", SESSION, { json: { ...elevating, method: "sms" } }, 400, "request.field_invalid"],
  ["a number to elevate by", "POST", "/v1/w/elevate", SESSION, { json: { ...elevating, code: 123456 } }, 400, "request.field_invalid"],

  ["begin for who has an authenticator", "POST", "/v1/w/totp/begin", KNOWN, { json: enrolling }, 403, "auth.step_up_required"],
  ["remove without a step-up", "POST", "/v1/w/totp/remove", KNOWN, { json: { credential_id: "crd_aaaaaaaaaaaaaaaa" } }, 403, "auth.step_up_required"],
  ["nothing such to replace", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, replaces: "crd_aaaaaaaaaaaaaaaa" } }, 404, "method.unknown"],
  ["nothing at all to replace", "POST", "/v1/w/totp/begin", SESSION, { json: { ...enrolling, replaces: "" } }, 404, "method.unknown"],
  ["nothing such to remove", "POST", "/v1/w/totp/remove", SESSION, { json: { credential_id: "crd_aaaaaaaaaaaaaaaa" } }, 404, "method.unknown"],
  ["an id of another form to remove", "POST", "/v1/w/totp/remove", SESSION, { json: { credential_id: "x" } }, 404, "method.unknown"],
  ["a pending id nobody gave", "POST", "/v1/w/totp/confirm", SESSION, { json: { pending_id: "crd_aaaaaaaaaaaaaaaa", code: "123456" } }, 404, "enrollment.pending_unknown"],
  ["an empty pending id", "POST", "/v1/w/totp/confirm", SESSION, { json: { pending_id: "", code: "123456" } }, 404, "enrollment.pending_unknown"],
  ["a body over 16 KiB", "POST", "/v1/verify", APP, { json: { ...verify, code: "1".repeat(17_000) } }, 413, "request.too_large"],
  ["a header over 8 KiB", "GET", "/healthz", undefined, { headers: { "x-long": "x".repeat(9000) } }, 413, "request.too_large"],
];

for (const [title, method, path, token, sent, status, code] of table) {
  test(`refused with ${code}: ${title}`, async () => {
    const stored = site.dump();
    const answer = await server.call(method, path, { token: token?.(), ...sent });
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.json.code, code);
    assert.equal(answer.json.status, status);
    assert.equal(answer.json.type, "about:blank");
    assert.match(answer.json.detail, /^[^\n]{5,200}$/, "one clear line");
    assert.equal(site.dump(), stored, "something changed in the store");
    if (status === 401) assert.equal(answer.headers["www-authenticate"], "Bearer");
    if (status === 405) assert.match(answer.headers.allow, /^(GET, HEAD|POST)$/);
  });
}

test("an unknown field is named if its name can be shown, else by its length", async () => {
  const detailOf = async (name) => (await server.call("POST", "/v1/verify", { token: app, json: { ...verify, [name]: "x" } })).json.detail;
  assert.equal(await detailOf("user name"), "user name: is not a field of this request");
  for (const name of ["a\nb", "\u001b[31m", "\u007f", "\u202eresu", "n\u00e4me"]) {
    assert.equal(await detailOf(name), `a name of ${Buffer.byteLength(name)} bytes: is not a field of this request`);
  }
  assert.equal(await detailOf("x".repeat(41)), "a name of 41 bytes: is not a field of this request");
});

test("another session's pending id is as unknown as none", async () => {
  const other = await begin(server, app, "another");
  const answer = await server.call("POST", "/v1/w/totp/confirm", { token: other.session, json: { pending_id: pendingId, code: "123456" } });
  assert.deepEqual([answer.status, answer.json.code], [404, "enrollment.pending_unknown"]);
});

/** Bytes as they are; everything that comes back until the connection ends. */
function send(bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(server.port, "127.0.0.1");
    let received = "";
    socket.on("data", (part) => { received += part; });
    socket.on("error", () => resolve(received));
    socket.on("close", () => resolve(received));
    socket.end(bytes, "latin1");
  });
}

test("what is not HTTP/1.1 gets 400 or is cut, and the next caller is served", async () => {
  const noise = [
    "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01",
    "GET /healthz HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /healthz HTTP/1.1\nHost: a\n\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
  ];
  for (const bytes of noise) {
    const text = await send(bytes);
    assert.match(text, /^(HTTP\/1\.1 400 Bad Request[^]*"code":"request\.malformed"|$)/, JSON.stringify(bytes));
  }
  assert.equal((await server.call("GET", "/healthz")).status, 200);
});

test("a request that a proxy may frame otherwise is refused, and trailers are no header [R7]", async () => {
  const body = JSON.stringify({ user: "known" });
  const token = `Authorization: Bearer ${app}\r\n`;
  const start = "POST /v1/users/methods HTTP/1.1\r\nContent-Type: application/json\r\n";
  const host = "Host: a\r\n";
  const chunked = `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
  const length = `Content-Length: ${body.length}\r\n`;
  assert.match(await send(`${start}${host}${token}${length}\r\n${body}`), /^HTTP\/1\.1 200 /);
  assert.match(await send(`${start}${host}${token}${chunked}\r\n`), /^HTTP\/1\.1 200 /);
  const refused = [
    `${start}${host}${chunked}${token}\r\n`,
    `${start}${token}${chunked}${host}\r\n`,
    `${start}${host}${token}${chunked}X: a\r\n\r\n`,
    ...["xchunked", "identity", "chunked, identity", "gzip, chunked", "\"chunked\"", ""].map(
      (coding) => `${start}${host}${token}Transfer-Encoding: ${coding}\r\n${length}\r\n${body}`),
    `${start}${host}${token}Transfer-Encoding: gzip, ${chunked.slice(19)}\r\n`,
    `${start.replace("1.1", "1.0")}${host}${token}${chunked}\r\n`,
  ];
  for (const bytes of refused) {
    assert.match(await send(bytes), /^HTTP\/1\.1 400 [^]*"code":"request\.malformed"/, JSON.stringify(bytes).replace(app, "..."));
  }
});
