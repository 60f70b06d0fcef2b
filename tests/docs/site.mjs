// SPDX-License-Identifier: Apache-2.0
// Plays a document's whole site as its reader would: the server, the back end, the page in a browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { openWatchedContext, startChromium } from "../browser/chromium.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site } from "../server/http/site.mjs";
import { codeOfStep, fromBase32, stepNow } from "../server/http/totp.mjs";

/** Runs the back end `file` in the folder. @returns {Promise<string>} the address that it prints first */
async function startBackEnd(site, server, file = "shop.mjs") {
  const env = { PATH: process.env.PATH, COUNTERSIGN: `http://127.0.0.1:${server.port}`, COUNTERSIGN_FILES: resolve("js-bindings/dist"), PORT: "0" };
  const child = spawn(process.execPath, [file], { cwd: site.directory, env, stdio: ["ignore", "pipe", "inherit"] });
  site.children.add(child);
  const ended = once(child, "exit").then(([code]) => [`nothing: it ended with ${code}`]);
  const [address] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  assert.match(address, /^http:\/\/localhost:\d+$/, "the back end prints its address");
  return address;
}

const post = async (address, path, body = "") => {
  const answer = await fetch(new URL(path, address), { method: "POST", body });
  return `${answer.status} ${await answer.text()}`;
};

/** @returns the seed, and the step whose code turned the second factor on */
async function enroll(browser, address) {
  const { context, record } = await openWatchedContext(browser);
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole("button", { name: "Configure" }).click();
  await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
  const seed = fromBase32((await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await page.getByRole("button", { name: "Next: type the code" }).click();
  const step = stepNow();
  await page.getByLabel("Code of 6 digits").fill(codeOfStep(seed, step));
  await page.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();
  assert.deepEqual([record.violations, record.mistakes], [[], []]);
  return { seed, step };
}

/**
 * @param {string} backEnd the module `shop.mjs`
 * @param {string} page the module `page.js`
 */
export async function playSite(backEnd, page) {
  const site = new Site();
  const browser = await startChromium();
  try {
    writeFileSync(join(site.directory, "app-key.json"), JSON.stringify(site.createAppKey("shop")));
    writeFileSync(join(site.directory, "shop.mjs"), backEnd);
    writeFileSync(join(site.directory, "page.js"), page);
    const server = await RunningServer.start(site);
    const address = await startBackEnd(site, server);
    assert.equal(await post(address, "/login/password"), "200 logged in", "nobody is asked for a code before there is one");
    const { seed, step } = await enroll(browser, address);
    assert.equal(await post(address, "/login/password"), "200 type your code");
    assert.equal(await post(address, "/login/code", codeOfStep(seed, step)), "401 Not accepted.");
    assert.equal(await post(address, "/login/code", codeOfStep(seed, step + 1)), "200 logged in");
    assert.equal(await post(address, "/login/code", codeOfStep(seed, step + 1)), "401 Not accepted.");
    await server.stop();
    assert.match(await post(address, "/login/password"), /^503 /, "without the server nobody is logged in");
  } finally {
    await browser.close();
    site.remove();
  }
}

/**
 * Signs somebody in on the document's own login page.
 * @param {string} backEnd the module `login.mjs`
 * @param {string} page the module `page.js`
 */
export async function playLogin(backEnd, page) {
  const site = new Site();
  const browser = await startChromium();
  try {
    const { token } = site.createAppKey("shop");
    writeFileSync(join(site.directory, "app-key.json"), JSON.stringify({ token }));
    writeFileSync(join(site.directory, "login.mjs"), backEnd);
    writeFileSync(join(site.directory, "page.js"), page);
    const seed = site.importUsers(["u-1842"]).get("u-1842");
    const server = await RunningServer.start(site);
    const address = await startBackEnd(site, server, "login.mjs");
    const { context, record } = await openWatchedContext(browser);
    const tab = await context.newPage();
    await tab.goto(address);
    await tab.getByLabel("Code of 6 digits").fill(codeOfStep(seed, stepNow()));
    await tab.getByText("logged in", { exact: true }).waitFor();
    assert.deepEqual([record.violations, record.mistakes], [[], []]);
    assert.equal(await post(address, "/login/receipt", "cs_rcp_none"), "401 Start again.");
    await server.stop();
    assert.match(await post(address, "/login/password"), /^503 /, "without the server nobody is logged in");
  } finally {
    await browser.close();
    site.remove();
  }
}
