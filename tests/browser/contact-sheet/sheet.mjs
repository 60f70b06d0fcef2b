// SPDX-License-Identifier: Apache-2.0

// Puts the photographs together: one index page, and one large picture for each group and view.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { html } from "../../../demo-site/bank/html.mjs";
import { views } from "./photographer.mjs";

const groups = ["bank", "widget", "admin", "authenticator"];

const figures = (shots, width) => html`<div class="shots">${shots.map(
  ({ state, file, overflows }) => html`<figure><figcaption>${state}${overflows && " (SCROLLS SIDEWAYS)"}</figcaption>
    <a href="${file}"><img src="${file}" width="${width}" alt="${state}"></a></figure>`,
)}</div>`;

const document = (title, body) => html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>
  body { margin: 16px; font: 14px/1.4 system-ui, sans-serif; background: #888; color: #fff }
  .shots { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
  figure { margin: 0 } figcaption { padding: 2px 0 } img { display: block; height: auto }
</style>${body}</html>`.toString();

export function writeIndex(folder, shots) {
  const sections = groups.flatMap((group) =>
    Object.keys(views).map((view) => {
      const some = shots.filter((shot) => shot.group === group && shot.view === view);
      return some.length > 0 && html`<h2>${group}, ${view}</h2>${figures(some, view.startsWith("phone") ? 240 : 480)}`;
    }),
  );
  writeFileSync(join(folder, "index.html"), document("Contact sheet", sections));
}

export async function printSheets(browser, folder, shots) {
  const page = await browser.newPage();
  const names = [];
  for (const group of groups) {
    for (const view of Object.keys(views)) {
      const some = shots.filter((shot) => shot.group === group && shot.view === view);
      if (some.length === 0) continue;
      const phone = view.startsWith("phone");
      const name = `sheet-${group}-${view}`;
      const source = join(folder, `${name}.html`);
      writeFileSync(source, document(name, figures(some, phone ? 300 : 560)));
      await page.setViewportSize({ width: phone ? 5 * 312 + 32 : 3 * 572 + 32, height: 600 });
      await page.goto(pathToFileURL(source).href);
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      names.push(`${name}.png`);
    }
  }
  await page.close();
  return names;
}
