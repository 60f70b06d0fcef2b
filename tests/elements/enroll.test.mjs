// SPDX-License-Identifier: Apache-2.0
// The enrollment element against the real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { back, codeOf, core, message, next, openEnroll, qr, scan, told, wrongCode } from "./enrolling.mjs";
import { pixelRange } from "./qr-pixels.mjs";
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
const confirms = () => site.seen.filter(({ url }) => url.endsWith("/totp/confirm")).length;

test("a code of the scanned secret turns the authenticator on [U2]", async () => {
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  site.seen.length = 0;
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();
  assert.equal(confirms(), 1);
  assert.deepEqual(await told(page), [["countersign-enrolled", { method: "totp" }]]);
  page.check();
  await page.context().close();
});

test("the QR code reads from pixels and is black on white, light and dark, with its quiet zone [L32]", async () => {
  for (const { name, ...look } of looks) {
    const page = await open(look);
    await next(page).waitFor();
    assert.match(await scan(page), /^otpauth:\/\/totp\/Harbor%20Bank:user-\d+%40example\.org\?/u, name);
    const [left, top, side] = (await qr(page).getAttribute("viewBox")).split(" ").map(Number);
    const box = await qr(page).boundingBox();
    const pixels = box.width / side;
    assert.deepEqual([left, top], [-4, -4], "four modules of quiet zone");
    assert.ok(Number.isInteger(pixels) && pixels >= 4, `${name}: ${pixels} px a module`);
    assert.equal(box.height, box.width);
    const png = await qr(page).screenshot();
    const whole = { x: 0, y: 0, width: box.width, height: box.width };
    assert.deepEqual(await pixelRange(page, png, whole), [0, 255], `${name}: black and white`);
    // Less one pixel: the picture may stand between two of the screen's.
    const quiet = 4 * pixels - 1;
    const far = box.width - quiet;
    for (const edge of [{ height: quiet }, { width: quiet }, { y: far, height: quiet }, { x: far, width: quiet }]) {
      assert.deepEqual(await pixelRange(page, png, { ...whole, ...edge }), [255, 255], `${name}: the quiet zone is white`);
    }
    page.check();
    await page.context().close();
  }
});

test("a long name makes a larger QR code, not smaller modules, and still reads from pixels [L32]", async () => {
  const long = { issuer: "\u00e9".repeat(64), account: "\u00fc".repeat(64) };
  for (const width of [720, 320]) {
    const token = await server.openSession(`long-${width}`, long);
    const page = await openEnroll(browser, site, token, { viewport: { width, height: 900 } });
    await next(page).waitFor();
    const side = Number((await qr(page).getAttribute("viewBox")).split(" ")[2]);
    assert.ok((await qr(page).boundingBox()).width / side >= 4);
    if (width === 720) assert.equal(core.parseOtpauthUri(await scan(page)).uri.issuer, long.issuer);
    await checkSizes(page, "countersign-enroll", `a long name, ${width} px`);
    page.check();
    await page.context().close();
  }
});

test("a site's colors do not reach the QR code [L32]", async () => {
  const page = await open({ colorScheme: "dark" });
  await next(page).waitFor();
  const uri = await scan(page);
  await page.evaluate(() => {
    const style = document.querySelector("countersign-enroll").style;
    for (const name of ["qr-ink", "qr-paper", "text", "surface"]) style.setProperty(`--countersign-${name}`, "#202020");
  });
  assert.equal(await scan(page), uri);
  page.check();
  await page.context().close();
});

test("the secret stays after a wrong code, Back, a new render and a new connection [L33]", async () => {
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  await page.keyboard.type(wrongCode(uri));
  await message(page).filter({ hasText: "does not match" }).waitFor();
  await back(page).click();
  assert.equal(await scan(page), uri, "after a wrong code and Back");
  await page.locator("countersign-enroll").evaluate((element) => element.requestUpdate());
  assert.equal(await scan(page), uri, "after a new render");
  await page.locator("countersign-enroll").evaluate((element) => {
    const { parentNode } = element;
    element.remove();
    parentNode.append(element);
  });
  await next(page).waitFor();
  assert.equal(await scan(page), uri, "after it was moved in the page");
  await next(page).click();
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  page.check();
  await page.context().close();
});

test("who cannot scan finds the key to copy and a link for the same device [L34]", async () => {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await next(page).waitFor();
  const uri = await scan(page);
  await page.getByText("Can't scan?").click();
  const key = core.encodeBase32(core.parseOtpauthUri(uri).uri.secret);
  const shown = await page.locator(".key").innerText();
  assert.match(shown, /^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/u);
  assert.equal(shown.replaceAll(" ", ""), key);
  await page.getByRole("button", { name: "Copy the key" }).click();
  await page.getByText("The key is copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  const link = page.getByRole("link", { name: "Open in an app on this device" });
  assert.equal(await link.getAttribute("href"), uri);
  page.check();
  await page.context().close();
});

test("on a phone the way without scanning stands open, and where copying is blocked the key is selected [L34]", async () => {
  const page = await open({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 700 } });
  await next(page).waitFor();
  const shown = await page.locator(".key").innerText();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("blocked", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "Copy the key" }).tap();
  await page.getByText("Copying is blocked here. The key is selected").waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString().trim()), shown);
  page.check();
  await page.context().close();
});

test("a wrong code keeps its digits, selected, and is told apart from a clock that is off and a pause [L31] [L35] [R14a]", async () => {
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  const wrong = wrongCode(uri);
  await page.keyboard.type(wrong);
  await message(page).filter({ hasText: "That code does not match." }).waitFor();
  const input = page.locator("countersign-code-field input");
  assert.deepEqual(await input.evaluate((node) => [node.value, node.selectionStart, node.selectionEnd]), [wrong, 0, 6]);

  await page.keyboard.type(codeOf(uri, 120));
  await message(page).filter({ hasText: /about (90 s|120 s|2 min|3 min|150 s) ahead/u }).waitFor();
  await page.keyboard.type(codeOf(uri, -120));
  await message(page).filter({ hasText: /about (90 s|120 s|2 min|3 min|150 s) behind/u }).waitFor();

  const pause = page.getByRole("button", { name: /^Wait \d+ s$/u });
  for (let tries = 0; (await pause.count()) === 0; tries++) {
    assert.ok(tries < 10, "a pause comes within ten wrong codes");
    const seen = confirms();
    await page.keyboard.type(String(Number(wrong) + tries + 1));
    while (confirms() === seen || (await page.getByRole("button", { name: "Checking" }).count())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const seen = confirms();
  await page.keyboard.type(codeOf(uri));
  await page.keyboard.press("Enter");
  await pause.click({ force: true });
  assert.equal(confirms(), seen, "nothing is sent during the pause");
  page.check();
  await page.context().close();
});

/** Sets an authenticator up, in a page of its own. @returns its URI */
async function settle(user) {
  const page = await openEnroll(browser, site, await server.openSession(user));
  await next(page).waitFor();
  const uri = await scan(page);
  await next(page).click();
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  await page.context().close();
  return uri;
}

test("where an authenticator is set up, none is added without a code of it [R2] [U2]", async () => {
  await settle("settled");
  const page = await openEnroll(browser, site, await server.openSession("settled"), { allowed: /403/u });
  await page.getByRole("heading", { name: "First, prove that it is you" }).waitFor();
  assert.deepEqual(await told(page), [["countersign-error", { code: "auth.step_up_required" }]]);
  page.check();
  await page.context().close();
});

/** Everything a page's own script, its forms, its log or its address could give away. */
const outside = (page) =>
  page.evaluate(() => {
    const deep = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? deep(node.shadowRoot) : [])]);
    const inputs = deep(document).filter((node) => "value" in node && node.localName !== "li");
    return JSON.stringify([document.documentElement.outerHTML, location.href, history.state, { ...localStorage },
      { ...sessionStorage }, document.cookie, window.told, inputs.map(({ value }) => value), window.name]);
  });

test("no event, attribute, form field, address or storage holds the secret or the token [L36] [R7]", async () => {
  const token = await server.openSession("careful");
  const page = await openEnroll(browser, site, token);
  const logged = [];
  page.on("console", (line) => logged.push(line.text()));
  await next(page).waitFor();
  const uri = await scan(page);
  const key = core.encodeBase32(core.parseOtpauthUri(uri).uri.secret);
  const shadow = () => page.locator("countersign-enroll").evaluate(({ shadowRoot }) => shadowRoot.innerHTML);
  const check = async (when) => {
    const text = (await outside(page)) + JSON.stringify(logged) + JSON.stringify(site.seen.map(({ url }) => url));
    for (const [what, secret] of Object.entries({ key, token, uri })) {
      assert.ok(!text.includes(secret), `${what} is outside of the element ${when}`);
    }
  };
  await check("at step 1");
  await next(page).click();
  await page.keyboard.type(wrongCode(uri));
  await message(page).filter({ hasText: "does not match" }).waitFor();
  await check("at step 2");
  assert.ok(!(await shadow()).includes(key), "the code step does not hold the key");
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  await check("when done");
  assert.ok(!(await shadow()).includes(key), "the key is dropped when done");
  page.check();
  await page.context().close();
});

/** Whether a text is among the strings that the page's script still holds. */
async function held(page, text) {
  const session = await page.context().newCDPSession(page);
  let heap = "";
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => (heap += chunk));
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return heap.includes(text);
}

test("the page's memory holds the key while it is shown and no longer when done [L36]", async () => {
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  const key = core.encodeBase32(core.parseOtpauthUri(uri).uri.secret);
  const shown = key.match(/.{4}/gu).join(" ");
  assert.equal(await held(page, shown), true);
  await next(page).click();
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  for (const [what, secret] of Object.entries({ key, shown, uri })) assert.equal(await held(page, secret), false, what);
  page.check();
  await page.context().close();
});

test("the secret is dropped when the element leaves the page [L36]", async () => {
  const page = await open();
  await next(page).waitFor();
  const left = await page.locator("countersign-enroll").evaluate(async (element) => {
    element.remove();
    await element.updateComplete;
    return element.shadowRoot.innerHTML;
  });
  assert.ok(!/otpauth:|class="key|<path d="M\d+ \d+h/u.test(left), left);
  page.check();
  await page.context().close();
});

test("the keyboard alone goes through the whole enrollment [U2] [L34]", async () => {
  const page = await open();
  await next(page).waitFor();
  const uri = await scan(page);
  const active = () => page.evaluate(() => {
    let node = document.activeElement;
    while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node.textContent.trim() || node.localName;
  });
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Can't scan?");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Copy the key");
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Open in an app on this device");
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Next: type the code");
  await page.keyboard.press("Enter");
  assert.equal(await active(), "input");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await active(), "Back to the QR code");
  await page.keyboard.press("Enter");
  assert.equal(await active(), "Scan this with your authenticator app");
  for (let tabs = 0; (await active()) !== "Next: type the code"; tabs++) {
    assert.ok(tabs < 6);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.keyboard.type(codeOf(uri));
  await page.getByRole("heading", { name: "is set up" }).waitFor();
  assert.equal(await active(), "Your authenticator app is set up");
  page.check();
  await page.context().close();
});

test("each step is accessible, light and dark, in 320 and 720 px [U2]", async () => {
  for (const { name, ...look } of looks) {
    const page = await open(look);
    const check = async (state) => {
      await checkAccessible(page, `${name}, ${state}`);
      await checkSizes(page, "countersign-enroll", `${name}, ${state}`);
    };
    await next(page).waitFor();
    const uri = await scan(page);
    await page.getByText("Can't scan?").click();
    await check("step 1");
    await next(page).click();
    await check("step 2");
    await page.keyboard.type(wrongCode(uri));
    await message(page).filter({ hasText: "does not match" }).waitFor();
    await check("wrong code");
    await page.keyboard.type(codeOf(uri));
    await page.getByRole("heading", { name: "is set up" }).waitFor();
    await check("done");
    page.check();
    await page.context().close();
  }
});
