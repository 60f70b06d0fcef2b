// SPDX-License-Identifier: Apache-2.0
// The steps that the enrollment tests share, by what a person sees.
import { loadCore } from "countersign";
import { openPage } from "./browser.mjs";
import { readQr } from "./qr-pixels.mjs";

export const core = await loadCore();

const events = ["countersign-enrolled", "countersign-removed", "countersign-codes-replaced", "countersign-alternates-chosen", "countersign-elevated", "countersign-error"];

/** Opens the element's page and hands it its token, as a site's own script does. */
async function openElement(name, browser, site, token, { properties = {}, ...options } = {}) {
  const page = await openPage(browser, `${site.origin}/pages/${name}.html`, options);
  await page.evaluate(
    ([tag, wanted, given]) => {
      window.told = [];
      for (const event of wanted) {
        window.addEventListener(event, ({ type, detail }) => window.told.push(detail === null ? [type] : [type, detail]));
      }
      Object.assign(document.querySelector(tag), given);
    },
    [`countersign-${name}`, events, { ...properties, sessionToken: token }],
  );
  return page;
}

export const openEnroll = (...parts) => openElement("enroll", ...parts);
export const openMethods = (...parts) => openElement("methods", ...parts);

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

/** The code of a step that is still to come, within the server's window: for who has just used this one. */
export const nextCodeOf = (uri) => codeOf(uri, 30);

/** A code that no clock within a quarter of an hour would show. */
export function wrongCode(uri) {
  const near = new Set(Array.from({ length: 61 }, (_, index) => codeOf(uri, (index - 30) * 30)));
  for (let code = 100000; ; code++) if (!near.has(String(code))) return String(code);
}
