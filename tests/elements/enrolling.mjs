// SPDX-License-Identifier: Apache-2.0
// The steps that the enrollment tests share, by what a person sees.
import { loadCore } from "countersign";
import { openPage } from "./browser.mjs";
import { readQr } from "./qr-pixels.mjs";

export const core = await loadCore();

/** Opens the page and hands the element its token, as a site's own script does. */
export async function openEnroll(browser, site, token, options = {}) {
  const page = await openPage(browser, `${site.origin}/pages/enroll.html`, options);
  await page.evaluate((value) => {
    window.told = [];
    for (const name of ["countersign-enrolled", "countersign-error"]) {
      window.addEventListener(name, ({ type, detail }) => window.told.push([type, detail]));
    }
    document.querySelector("countersign-enroll").sessionToken = value;
  }, token);
  return page;
}

export const next = (page) => page.getByRole("button", { name: "Next: type the code" });
export const back = (page) => page.getByRole("button", { name: "Back to the QR code" });
export const qr = (page) => page.getByRole("img", { name: "QR code for your authenticator app" });
export const message = (page) => page.locator("countersign-code-field [slot=message]");
export const told = (page) => page.evaluate(() => window.told);

/** What a phone reads from the screen. */
export async function scan(page) {
  const texts = await readQr(await qr(page).screenshot());
  if (texts.length !== 1) throw new Error(`${texts.length} QR codes on the screen`);
  return texts[0];
}

/** The code of the app whose clock is off by some seconds. */
export function codeOf(uri, offSeconds = 0) {
  const { secret } = core.parseOtpauthUri(uri).uri;
  return core.generateTotp(secret, { timestampMs: Date.now() + offSeconds * 1000 }).code;
}

/** A code that no clock within a quarter of an hour would show. */
export function wrongCode(uri) {
  const near = new Set(Array.from({ length: 61 }, (_, index) => codeOf(uri, (index - 30) * 30)));
  for (let code = 100000; ; code++) if (!near.has(String(code))) return String(code);
}
