// SPDX-License-Identifier: Apache-2.0
// Plays a document's whole site as its reader would: the server, the back end, the page in a browser.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { openWatchedContext, startChromium } from "../browser/chromium.mjs";

const program = resolve(process.env.COUNTERSIGN_BUILD ?? "build", "release/bin/countersign");

/** Starts a process and waits for the line that matches. @returns what matched, and how to end it */
async function start(command, args, { cwd, env = {}, line }) {
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const match = await new Promise((found, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        said.push(text);
        const parts = line.exec(text);
        if (parts) found(parts);
      });
    }
    child.once("error", failed);
    child.once("close", () => failed(new Error(`${command} ended:\n${said.join("\n")}`)));
  });
  return { match, stop };
}

const codeOf = (secret, time) => execFileSync(program, ["totp", "generate", "--secret-stdin", "--time", String(time)], { input: secret, encoding: "utf8" }).trim();

const post = async (address, path, body = "") => {
  const answer = await fetch(new URL(path, address), { method: "POST", body });
  return `${answer.status} ${await answer.text()}`;
};

async function enrollInBrowser(address, stops) {
  const browser = await startChromium();
  stops.push(() => browser.close());
  const { context, record } = await openWatchedContext(browser);
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
  const secret = (await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", "");
  await page.getByRole("button", { name: "Next: type the code" }).click();
  const confirmedAt = Math.floor(Date.now() / 1000);
  const confirming = codeOf(secret, confirmedAt);
  await page.getByLabel("Code of 6 digits").fill(confirming);
  await page.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();
  assert.deepEqual([record.violations, record.mistakes], [[], []]);
  return { secret, confirmedAt, confirming };
}

/**
 * @param {string} backEnd the module `shop.mjs`
 * @param {string} page the module `page.js`
 */
export async function playSite(backEnd, page) {
  const cwd = mkdtempSync(join(tmpdir(), "site-"));
  const stops = [() => rmSync(cwd, { recursive: true, force: true })];
  try {
    const run = (...args) => execFileSync(program, args, { cwd, encoding: "utf8" });
    run("keygen", "--out", "master.key");
    const store = ["--data", "data", "--master-key-file", "master.key"];
    writeFileSync(join(cwd, "app-key.json"), run("app-key", "create", ...store, "--name", "shop", "--json"));
    writeFileSync(join(cwd, "shop.mjs"), backEnd);
    writeFileSync(join(cwd, "page.js"), page);
    const server = await start(program, ["serve", ...store, "--listen", "127.0.0.1:0"], { cwd, line: /"event":"server\.listening".*"port":(\d+)/ });
    stops.push(server.stop);
    const env = { COUNTERSIGN: `http://127.0.0.1:${server.match[1]}`, COUNTERSIGN_FILES: resolve("js-bindings/dist"), PORT: "0" };
    const shop = await start(process.execPath, ["shop.mjs"], { cwd, env, line: /^http:\/\/localhost:\d+$/ });
    stops.push(shop.stop);
    const [address] = shop.match;

    assert.equal(await post(address, "/login/password"), "200 logged in", "nobody is asked for a code before there is one");
    const { secret, confirmedAt, confirming } = await enrollInBrowser(address, stops);
    assert.equal(await post(address, "/login/password"), "200 type your code");
    assert.equal(await post(address, "/login/code", confirming), "401 Not accepted.");
    const next = codeOf(secret, confirmedAt + 30);
    assert.equal(await post(address, "/login/code", next), "200 logged in");
    assert.equal(await post(address, "/login/code", next), "401 Not accepted.");
    await server.stop();
    assert.match(await post(address, "/login/password"), /^503 /, "without the server nobody is logged in");
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
