// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";

/** How every state is seen; right-to-left only where a widget stands. */
export const views = {
  "desktop-light": { width: 1100, height: 760, colorScheme: "light", dir: "ltr" },
  "desktop-dark": { width: 1100, height: 760, colorScheme: "dark", dir: "ltr" },
  "phone-light": { width: 360, height: 740, colorScheme: "light", dir: "ltr" },
  "phone-dark": { width: 360, height: 740, colorScheme: "dark", dir: "ltr" },
  "phone-rtl": { width: 360, height: 740, colorScheme: "light", dir: "rtl" },
};

/** Photographs one live page in every view, and keeps the list for the sheets. */
export class Photographer {
  shots = [];
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {import("playwright-core").Page} page - in the state to be shown; left in the first view
   * @param {string} group - "bank", "widget", "admin" or "authenticator"
   * @param {string} state - a few words
   */
  async shoot(page, group, state) {
    for (const [view, { width, height, colorScheme, dir }] of Object.entries(views)) {
      if (dir === "rtl" && (group === "bank" || group === "admin")) continue;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await page.evaluate((value) => (document.documentElement.dir = value), dir);
      await this.#settle(page);
      const file = `${group}-${state.replaceAll(/[^a-z0-9]+/gi, "-")}-${view}.png`;
      await page.screenshot({ path: join(this.#folder, file), fullPage: true });
      this.shots.push({ group, state, view, file, overflows: await this.#overflows(page) });
    }
    await page.setViewportSize(views["desktop-light"]);
    await page.evaluate(() => (document.documentElement.dir = "ltr"));
  }

  /** Nothing under the pointer, and every transition (150 ms at most) over. */
  async #settle(page) {
    await page.mouse.move(0, 0);
    await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 200)));
  }

  /** Whether something makes the page scroll sideways: on no page should it. */
  #overflows(page) {
    return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }
}
