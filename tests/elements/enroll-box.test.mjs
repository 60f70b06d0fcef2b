// SPDX-License-Identifier: Apache-2.0
// The sealed box between the server and the enrollment element: what crosses the wire, and what is refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { codeOf, core, next, openEnroll, qr, scan, told } from "./enrolling.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let server, site, browser;
before(async () => {
  server = await startServer();
  site = await startSite({ widget: server.widget });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

let users = 0;
const open = async (options) => openEnroll(browser, site, await server.openSession(`user-${++users}`), options);

test("the secret crosses the wire sealed, and no other form of it does [R22] [L15]", async () => {
  site.seen.length = 0;
  site.answered.length = 0;
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  const wire = JSON.stringify([site.seen, site.answered]);
  assert.match(wire, /sealed/u, "the wire was listened to");
  for (const form of formsOf(core.parseOtpauthUri(uri).uri.secret)) assert.ok(!wire.toLowerCase().includes(form.toLowerCase()), form);
  assert.ok(!wire.includes("otpauth:"));
  page.check();
  await page.context().close();
});

/** How a secret might be written. */
function formsOf(secret) {
  const bytes = Buffer.from(secret);
  return [core.encodeBase32(secret), bytes.toString("hex"), bytes.toString("base64url"), bytes.toString("base64"), [...bytes].join(",")];
}

test("a lost answer is asked for again with the same key and gives the same secret [L33] [R22]", async () => {
  const token = await server.openSession("lossy");
  const page = await openEnroll(browser, site, "", { allowed: /Failed to load resource/u });
  site.seen.length = 0;
  site.answered.length = 0;
  await page.route("**/totp/begin", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await page.locator("countersign-enroll").evaluate((element, value) => (element.sessionToken = value), token);
  await page.getByRole("heading", { name: "The site cannot be reached" }).waitFor();
  await page.unroute("**/totp/begin");
  await page.getByRole("button", { name: "Try again" }).click();
  await next(page).waitFor();
  const [first, second, ...more] = site.seen.filter(({ url }) => url.endsWith("/begin")).map(({ text }) => text);
  assert.deepEqual([second, more], [first, []], "the same question");
  const [lost, given] = site.answered.map(({ sealed }) => sealed);
  assert.equal(given, lost, "the very same box");
  page.check();
  await page.context().close();
});

test("what is sealed for another session, user or key, or altered, is refused and not drawn [R22]", async () => {
  const token = await server.openSession("addressee");
  const others = await server.openSession("addressee");
  const call = server.widget;
  const altered = (answer) => {
    const box = Buffer.from(answer.body.sealed, "base64url");
    box[box.length - 1] ^= 1;
    return { ...answer, body: { ...answer.body, sealed: box.toString("base64url") } };
  };
  const anotherKey = Buffer.alloc(32, 9).toString("base64url");
  const cases = [
    ["another session", "box.context_mismatch", {}, (question) => call({ ...question, authorization: `Bearer ${others}` })],
    ["another user", "box.context_mismatch", { userId: "somebody else" }, call],
    ["another key", "box.not_opened", {}, (question) => call({ ...question, text: JSON.stringify({ public_key: anotherKey }) })],
    ["an altered box", "box.not_opened", {}, async (question) => altered(await call(question))],
    ["another pending id", "box.context_mismatch", {}, async (question) => {
      const answer = await call(question);
      return { ...answer, body: { ...answer.body, pending_id: "crd_0000000000000000" } };
    }],
  ];
  for (const [what, code, properties, widget] of cases) {
    site.widget = widget;
    const page = await openEnroll(browser, site, token, { properties });
    await page.getByRole("heading", { name: "This QR code was not made for this page" }).waitFor();
    assert.deepEqual(await told(page), [["countersign-error", { code }]], what);
    assert.equal(await qr(page).count(), 0, what);
    site.widget = call;
    if (properties.userId) await page.locator("countersign-enroll").evaluate((element) => (element.userId = undefined));
    else await page.getByRole("button", { name: "Try again" }).click();
    await next(page).waitFor();
    page.check();
    await page.context().close();
  }
});

test("the user that the page names is the one in the box, and the QR code comes [R22]", async () => {
  const page = await openEnroll(browser, site, await server.openSession("named"), { properties: { userId: "named" } });
  await next(page).waitFor();
  page.check();
  await page.context().close();
});

/** Notes in the page each 32 bytes that are handed over as a secret key, to look at them later. */
const noteKeys = (page) => page.addInitScript(() => {
  window.wiped = [];
  const fill = Uint8Array.prototype.fill;
  Uint8Array.prototype.fill = function (value, ...range) {
    if (this.length === 32 && value === 0 && this.some((byte) => byte !== 0)) window.wiped.push(this);
    return fill.call(this, value, ...range);
  };
});

test("the key to which the secret was sealed is wiped when done, and when the element leaves [R22] [L36]", async () => {
  const wiped = (page) => page.evaluate(() => window.wiped.filter((key) => key.every((byte) => byte === 0)).length);
  const done = await open({ prepare: noteKeys });
  await next(done).waitFor();
  const uri = await scan(done);
  const before = await wiped(done);
  await next(done).click();
  await done.keyboard.type(codeOf(uri));
  await done.getByRole("heading", { name: "is set up" }).waitFor();
  assert.equal(await wiped(done), before + 1, "when done");
  done.check();
  await done.context().close();

  const left = await open({ prepare: noteKeys });
  await next(left).waitFor();
  const first = await wiped(left);
  await left.locator("countersign-enroll").evaluate((element) => element.remove());
  assert.equal(await wiped(left), first + 1, "when it left");
  left.check();
  await left.context().close();
});
