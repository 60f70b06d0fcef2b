// SPDX-License-Identifier: Apache-2.0
// The states of an enrollment that the real server does not give on demand: a dead network, an expiry, a
// server that is out of order. What it does give, the sealed secret above all, comes from it.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { codeOf, message, next, openEnroll, scan, told } from "./enrolling.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let server, site, other, browser;
before(async () => {
  server = await startServer();
  site = await startSite();
  other = await startSite({ ancestors: "http://localhost:*" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await other?.stop();
  await server?.stop();
});
afterEach(() => {
  site.seen.length = 0;
});

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

/** The real server's answer, with another time at which it expires. */
const begun = (expiresAt = inSeconds(600)) => async (call) => {
  const answer = await server.widget(call);
  return { ...answer, body: { ...answer.body, expires_at: expiresAt } };
};
const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });

/** A dead network between the page and the site's widget routes, until `page.unroute`. */
const widgetRoutes = "**/countersign/w/**";
const cut = (page) => page.route(widgetRoutes, (route) => route.abort("internetdisconnected"));

/** Answers each route from its own list of answers, or of functions of the call that make one; the last stays. */
function answer(routes) {
  site.widget = async (call) => {
    const next = routes[call.route].length > 1 ? routes[call.route].shift() : routes[call.route][0];
    return typeof next === "function" ? next(call) : next;
  };
}

let users = 0;
const openSession = () => server.openSession(`troubled-${++users}`);
const open = async (options = {}) => openEnroll(browser, site, await openSession(), { allowed: /Failed to load resource/u, ...options });
const heading = (page, name) => page.getByRole("heading", { name });

test("an expired QR code is told, and a new one is one button away [L35] [R14a]", async () => {
  answer({ "totp/begin": [begun()], "totp/confirm": [refused(404, "enrollment.pending_unknown")] });
  const page = await open();
  await next(page).click();
  await page.keyboard.type("123456");
  await heading(page, "This QR code has expired").waitFor();
  assert.deepEqual(await told(page), [["countersign-error", { code: "enrollment.pending_unknown" }]]);
  await page.getByRole("button", { name: "Get a new QR code" }).click();
  await next(page).waitFor();
  page.check();
  await page.context().close();
});

test("a QR code that expires while it is on the screen is taken away [L35]", async () => {
  answer({ "totp/begin": [(call) => begun(inSeconds(3))(call), begun()] });
  const page = await open();
  await page.getByRole("img", { name: "QR code" }).waitFor();
  await heading(page, "This QR code has expired").waitFor();
  assert.equal(await page.getByRole("img", { name: "QR code" }).count(), 0);
  page.check();
  await page.context().close();
});

test("a site that cannot be reached is told, and trying again works", async () => {
  answer({ "totp/begin": [begun()] });
  const page = await open({ prepare: cut });
  await heading(page, "The site cannot be reached").waitFor();
  assert.deepEqual((await told(page))[0], ["countersign-error", { code: "network.unreachable" }]);
  await page.getByRole("button", { name: "Try again" }).click();
  await heading(page, "The site cannot be reached").waitFor();
  await page.unroute(widgetRoutes);
  await page.getByRole("button", { name: "Try again" }).click();
  await next(page).waitFor();
  assert.match(await scan(page), /^otpauth:/u);
  page.check();
  await page.context().close();
});

test("a connection lost while confirming keeps the digits; a yes that got lost is found out", async () => {
  answer({
    "totp/begin": [begun()],
    "totp/confirm": [server.widget],
    methods: [server.widget],
  });
  const page = await open();
  await next(page).waitFor();
  const code = codeOf(await scan(page));
  await next(page).click();
  await page.route("**/totp/confirm", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await page.keyboard.type(code);
  await message(page).filter({ hasText: "your code was not checked" }).waitFor();
  assert.equal(await page.locator("countersign-code-field input").inputValue(), code);
  await page.unroute("**/totp/confirm");
  await page.getByRole("button", { name: "Turn it on" }).click();
  await heading(page, "Your authenticator app is set up").waitFor();
  assert.deepEqual(await told(page), [
    ["countersign-error", { code: "network.unreachable" }],
    ["countersign-enrolled", { method: "totp" }],
  ]);
  page.check();
  await page.context().close();
});

test("a busy server is a short wait, not a wrong code", async () => {
  answer({ "totp/begin": [begun()], "totp/confirm": [refused(429, "admission.busy", { retry_after: 1 }), { status: 200, body: { ok: true, credential_id: "c" } }] });
  const page = await open();
  await next(page).click();
  await page.keyboard.type("123456");
  await message(page).filter({ hasText: "The site is busy, so your code was not checked" }).waitFor();
  await page.getByRole("button", { name: "Turn it on" }).waitFor();
  assert.match(await message(page).innerText(), /was not checked/u, "the sentence stays while it is true");
  await page.getByRole("button", { name: "Turn it on" }).click();
  await heading(page, "Your authenticator app is set up").waitFor();
  page.check();
  await page.context().close();
});

test("a session that ended asks for a reload", async () => {
  answer({ "totp/begin": [refused(401, "auth.invalid")] });
  const page = await open();
  await heading(page, "This page was open too long").waitFor();
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload the page" }).click();
  await reloaded;
  page.check();
  await page.context().close();
});

test("a server out of order, and an answer that is none, are told without a code number", async () => {
  for (const broken of [refused(503, "clock.unreliable"), { status: 200, body: { pending_id: 7 } }, { status: 200, body: { pending_id: "p", uri: "otpauth://totp/a?secret=GEZDGNBV" } }, { status: 200, body: { pending_id: "p", sealed: "not base64url!" } }, { status: 502, body: "no JSON object" }]) {
    answer({ "totp/begin": [broken] });
    const page = await open();
    await heading(page, "Set-up is not available right now").waitFor();
    page.check();
    await page.context().close();
  }
});

test("a core that does not load is told, and trying again works", async () => {
  answer({ "totp/begin": [begun()] });
  const page = await openEnroll(browser, site, "", { allowed: /Failed to load resource|net::/u });
  await page.route("**/core.wasm", (route) => route.abort());
  await page.locator("countersign-enroll").evaluate((element, token) => (element.sessionToken = token), await openSession());
  await heading(page, "Part of this page did not load").waitFor();
  assert.equal(site.seen.filter(({ url }) => url.endsWith("begin")).length, 0, "no secret is asked for before it can be shown");
  await page.unroute("**/core.wasm");
  await page.getByRole("button", { name: "Try again" }).click();
  await next(page).waitFor();
  page.check();
  await page.context().close();
});

test("framed by another origin the element issues nothing [R7]", async () => {
  answer({ "totp/begin": [begun()] });
  const asked = [];
  other.widget = async ({ route }) => (asked.push(route), { status: 200, body: {} });
  const page = await openEnroll(browser, site, "", { allowed: /a request to/u });
  const inner = `${other.origin.replace("localhost", "127.0.0.1")}/pages/enroll.html`;
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, inner);
  const frame = page.frameLocator("iframe").locator("countersign-enroll");
  await frame.evaluate((element) => (element.sessionToken = "cs_ses_scripted"));
  await frame.getByRole("heading", { name: "Not shown inside another site" }).waitFor();
  assert.deepEqual(asked, []);
  page.check();
  await page.context().close();
});

test("the states of trouble are accessible, light and dark, in 320 and 720 px", async () => {
  const states = [
    ["loading", {}, "Prepar"],
    ["step-up", { "totp/begin": [refused(403, "auth.step_up_required")] }, "prove that it is you"],
    ["too many", { "totp/begin": [refused(409, "enrollment.too_many")] }, "no room for another"],
    ["out of order", { "totp/begin": [refused(503, "server.unavailable")] }, "not available right now"],
    ["session ended", { "totp/begin": [refused(401, "auth.invalid")] }, "open too long"],
  ];
  for (const { name, ...look } of looks) {
    for (const [state, routes, sentence] of states) {
      answer(routes);
      if (state === "loading") site.widget = () => new Promise((resolve) => setTimeout(resolve, 3000, refused(503, "server.unavailable")));
      const page = await open(look);
      await page.getByText(sentence).first().waitFor();
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-enroll", `${name}, ${state}`);
      page.check();
      await page.context().close();
    }
  }
});
