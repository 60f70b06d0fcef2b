// SPDX-License-Identifier: Apache-2.0

// `scripts/contact-sheet`: photographs every page and state of the demonstration, with real servers.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startChromium } from "../chromium.mjs";
import { startDemonstration } from "../demonstration.mjs";
import { photographAdministration } from "./admin-states.mjs";
import { photographAuthenticator } from "./authenticator-states.mjs";
import { photographBank } from "./bank-states.mjs";
import { photographEmptyInbox, photographInbox } from "./inbox-states.mjs";
import { Photographer } from "./photographer.mjs";
import { printSheets, writeIndex } from "./sheet.mjs";

const [folder] = process.argv.slice(2);
const say = (text) => console.log(`contact-sheet: ${text}`);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const site = await startDemonstration();
const browser = await startChromium();
try {
  const photographer = new Photographer(folder);
  const shoot = photographer.shoot.bind(photographer);
  await photographEmptyInbox(browser, site, shoot);
  await photographBank(browser, site, shoot);
  say(`the bank and the widgets: ${photographer.shots.length} pictures`);
  await photographAdministration(browser, site, shoot);
  say(`and the dashboard: ${photographer.shots.length} pictures`);
  await photographInbox(browser, site, shoot);
  // A camera that sees the bank's front page: nothing to scan, so the viewfinder stays.
  const camera = join(site.directory, "camera.mjpeg");
  const view = await browser.newPage({ viewport: { width: 640, height: 480 } });
  await view.goto(site.bank);
  writeFileSync(camera, await view.screenshot({ type: "jpeg" }));
  await photographAuthenticator(browser, site, camera, shoot);
  writeIndex(folder, photographer.shots);
  const sheets = await printSheets(browser, folder, photographer.shots);
  say(`${photographer.shots.length} pictures, ${sheets.length} sheets, index.html: ${folder}`);
  const wide = photographer.shots.filter(({ overflows }) => overflows);
  for (const { file } of wide) console.error(`contact-sheet: scrolls sideways: ${file}`);
  if (wide.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await site.stop();
}
