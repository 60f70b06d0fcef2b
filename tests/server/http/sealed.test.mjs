// SPDX-License-Identifier: Apache-2.0
// R22: the seed crosses the wire in a box alone. All bytes of a whole enrollment are searched for it, and so are
// log and database.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { askBegin, begin, beginIn, confirm, elevate, enrollIn, methodsOf, openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { makeBoxKeys, openBox, sessionName } from "./sealed_box.mjs";
import { Site } from "./site.mjs";
import { base32, codeOfStep, stepNow, wrongCode } from "./totp.mjs";

let site;
let server;
let token;

before(async () => {
  site = new Site();
  token = site.createAppKey().token;
  server = await RunningServer.start(site);
});
after(async () => {
  await server.stop();
  site.remove();
});

/** Stands between caller and server and keeps every byte of both directions. */
async function tap(port) {
  const heard = [];
  const keep = (from, to) => from.on("data", (part) => { heard.push(part); to.write(part); }).on("end", () => to.end()).on("error", () => to.destroy());
  const relay = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    keep(near, far);
    keep(far, near);
  });
  await new Promise((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return { port: relay.address().port, close: () => relay.close(), bytes: () => Buffer.concat(heard) };
}

/** Every form in which somebody might have written a seed. */
function formsOf(seed) {
  const text = base32(seed);
  return [text, text.toLowerCase(), seed.toString("hex"), seed.toString("base64"), seed.toString("base64url"), seed, text.match(/.{4}/g).join(" ")];
}

function assertNowhere(bytes, enrollment, where) {
  for (const form of [...formsOf(enrollment.seed), enrollment.uri, "otpauth", "secret="]) {
    assert.equal(bytes.indexOf(form), -1, `the seed of ${enrollment.user} in ${where}`);
  }
}

test("nothing on the wire, in the log or on the disk holds the seed of an enrollment [R22] [L15] [L36]", async () => {
  const wire = await tap(server.port);
  const tapped = Object.assign(new RunningServer(site), { port: wire.port });
  const enrollments = [];
  try {
    const first = await begin(tapped, token, "ann");
    await confirm(tapped, first, wrongCode(first.seed));
    await askBegin(tapped, first.session, first.keys);
    const step = stepNow();
    assert.equal((await confirm(tapped, first, codeOfStep(first.seed, step))).json.ok, true);
    await methodsOf(tapped, token, "ann");
    assert.equal((await elevate(tapped, first.session, codeOfStep(first.seed, step + 1))).json.ok, true);
    const second = await enrollIn(tapped, first.session, "ann", { name: "Tablet" });
    const third = await beginIn(tapped, first.session, "ann", { replaces: first.pendingId });
    enrollments.push(first, second, third);
  } finally {
    tapped.agent.destroy();
    wire.close();
  }
  const bytes = wire.bytes();
  assert.ok(bytes.includes("/v1/w/totp/begin") && bytes.includes(enrollments[2].sealed), "the tap heard the enrollment");
  const disk = Buffer.concat(readdirSync(site.data).map((name) => readFileSync(join(site.data, name))));
  for (const enrollment of enrollments) {
    assertNowhere(bytes, enrollment, "the traffic");
    assertNowhere(Buffer.from(server.log.join("\n")), enrollment, "the log");
    assertNowhere(disk, enrollment, "the data directory");
  }
});

test("the tap would hear a seed that is there: it hears the code", async () => {
  const wire = await tap(server.port);
  const tapped = Object.assign(new RunningServer(site), { port: wire.port });
  const enrollment = await begin(tapped, token, "heard");
  const code = codeOfStep(enrollment.seed, stepNow());
  await confirm(tapped, enrollment, code);
  tapped.agent.destroy();
  wire.close();
  assert.ok(wire.bytes().includes(`"code":"${code}"`));
});

test("same session, key and place: the same pending id and the very same box [R22]", async () => {
  const enrollment = await begin(server, token, "ben");
  for (let time = 0; time < 3; time += 1) {
    const again = await askBegin(server, enrollment.session, enrollment.keys);
    assert.deepEqual([again.json.pending_id, again.json.sealed], [enrollment.pendingId, enrollment.sealed]);
  }
});

test("another key means a new secret, and the old one is void [R22]", async () => {
  const first = await begin(server, token, "cleo");
  const second = await beginIn(server, first.session, "cleo");
  assert.notEqual(second.pendingId, first.pendingId);
  assert.notDeepEqual(second.seed, first.seed);
  await assert.rejects(openBox(first.keys, second.sealed));
  const old = await confirm(server, first, codeOfStep(first.seed, stepNow()));
  assert.deepEqual([old.status, old.json.code], [404, "enrollment.pending_unknown"]);
  assert.equal((await confirm(server, second, codeOfStep(second.seed, stepNow()))).json.ok, true);
});

test("the box names session, user and pending id, so that it fits nowhere else [R22]", async () => {
  const keys = makeBoxKeys();
  const names = ["dora", "用户".repeat(21), "x".repeat(128), "a b", "../.."];
  for (const user of names) {
    const session = await openSession(server, token, user);
    const { json } = await askBegin(server, session, keys);
    const inside = await openBox(keys, json.sealed);
    assert.deepEqual([inside.label, inside.session, inside.user, inside.pendingId], ["cs-box-1", sessionName(session), user, json.pending_id]);
    assert.match(inside.message, /^otpauth:\/\/totp\//);
  }
});
