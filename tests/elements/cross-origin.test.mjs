// SPDX-License-Identifier: Apache-2.0
// A page that calls the real server directly, from another origin than the server's, in a real browser: by an application
// key that names its origin, and not otherwise. The usual way, a forwarder on the page's own origin: challenge-server.test.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let named, other, server, browser;
before(async () => {
  named = await startSite({ connect: "http://127.0.0.1:*" });
  other = await startSite({ connect: "http://127.0.0.1:*" });
  server = await startServer({ allowedOrigins: [named.origin] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await named?.stop();
  await other?.stop();
  await server?.stop();
});

/** A page of the site with the widget, which calls the server itself. @returns the page and what became of its calls */
async function open(site, token) {
  const context = await browser.newContext();
  await context.addCookies([{ name: "visit", value: "secret", url: server.address }]);
  const page = await context.newPage();
  const calls = [];
  page.on("response", (response) => response.url().startsWith(server.address) && calls.push(response));
  page.on("requestfailed", (request) => request.url().startsWith(server.address) && calls.push(undefined));
  await page.goto(`${site.origin}/pages/methods.html`);
  await page.waitForSelector("countersign-methods:defined");
  await page.evaluate(({ endpoint, sessionToken }) => {
    const widget = document.querySelector("countersign-methods");
    widget.addEventListener("countersign-error", ({ detail }) => { document.body.dataset.trouble = detail.code; });
    Object.assign(widget, { endpoint, sessionToken });
  }, { endpoint: `${server.address}/v1/w`, sessionToken: token });
  return { page, calls };
}

test("a page of a named origin sets an authenticator up without a forwarder, and no cookie travels [R7]", async () => {
  const { page, calls } = await open(named, await server.openSession("ann"));
  await page.getByRole("button", { name: /^Configure/ }).first().click();
  await page.getByRole("heading", { name: "Scan this with your authenticator app" }).waitFor();
  const answered = calls.filter((response) => response?.request().method() !== "OPTIONS");
  assert.ok(answered.length >= 2);
  for (const response of answered) {
    const [sent, headers] = [await response.request().allHeaders(), response.headers()];
    assert.deepEqual([response.status(), sent.cookie, headers["access-control-allow-origin"], headers["access-control-allow-credentials"]], [200, undefined, named.origin, undefined]);
  }
  assert.deepEqual(named.seen.filter(({ url }) => url.startsWith("/countersign/w/")), []);
  await page.context().close();
});

test("a page of any other origin gets nothing, though it has the token [R7]", async () => {
  const token = await server.openSession("ben");
  const { page, calls } = await open(other, token);
  await page.waitForFunction(() => document.body.dataset.trouble !== undefined);
  assert.equal(await page.evaluate(() => document.body.dataset.trouble), "network.unreachable");
  assert.deepEqual(calls.filter((response) => response?.status() === 200), []);
  const read = await page.evaluate(([address, bearer]) => fetch(`${address}/v1/w/methods`, { headers: { authorization: `Bearer ${bearer}` } }).then(({ status }) => status, (error) => error.name), [server.address, token]);
  assert.equal(read, "TypeError");
  await page.context().close();
});
