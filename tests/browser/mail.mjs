// SPDX-License-Identifier: Apache-2.0

// What arrives in the demonstration's inbox.

import { setTimeout as pause } from "node:timers/promises";

async function newestMail(site, address) {
  const list = await (await fetch(`${site.inbox}/mail.json?to=${encodeURIComponent(address)}`)).json();
  // Notices have no code.
  return list.map(({ text }) => /(?<![\d.])\d{6,8}(?![\d.])/.exec(text.replace(/(\d) (?=\d)/g, "$1"))?.[0]).find((code) => code !== undefined);
}

/**
 * The code in the newest mail to an address that has one.
 *
 * @param {string} [options.before] - waits for another one than this
 * @param {boolean} [options.atOnce] - undefined where there is none yet
 */
export async function newestCode(site, address, { before, atOnce = false } = {}) {
  for (let tries = 0; tries < 100; tries += 1) {
    const code = await newestMail(site, address);
    if (atOnce || (code !== undefined && code !== before)) return code;
    await pause(100);
  }
  throw new Error(`no mail with a code came to ${address}`);
}
