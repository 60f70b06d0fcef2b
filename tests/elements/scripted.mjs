// SPDX-License-Identifier: Apache-2.0
// A page of second factors whose server is a script: for the answers that the real one does not give on demand. They
// stand in the tests, by the contract of openapi.yaml.
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes } from "./checks.mjs";
import { openMethods } from "./enrolling.mjs";
import { startSite } from "./site.mjs";

export const now = () => Math.floor(Date.now() / 1000);
export const list = (methods, more = {}) => ({ status: 200, body: { methods, step_up_required: false, ...more } });
export const ok = (body = {}) => ({ status: 200, body: { ok: true, ...body } });
export const not = (body) => ({ status: 200, body: { ok: false, ...body } });
export const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });
export const totp = (status = "active") => ({ method: "totp", status, credential_id: "crd_app", active_since: now() - 86_400 });
/** An entry of a method of which there is one. */
export const own = (method, status, more = {}) => ({
  method, status, ...(status === "active" || status === "disabled" ? { credential_id: `crd_${method}`, active_since: now() - 86_400 } : {}), ...more,
});

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name, exact: true });
export const box = (page, id) => page.locator(`countersign-methods #${id}`);

/** The accessible name of what has the focus, or its id. */
export const focused = (page) => page.evaluate(() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.id && node.localName !== "h2" ? `#${node.id}` : node.ariaLabel || node.textContent.trim() || node.localName;
});

/** @returns `answer(routes)`, `open(options)`, `sent(route)` and `stop()` */
export async function startScript() {
  const site = await startSite();
  const browser = await launch();
  return {
    site,
    /** Answers each route from its own list of answers; the last stays. */
    answer(routes) {
      site.seen.length = 0;
      site.widget = async ({ route }) => (routes[route].length > 1 ? routes[route].shift() : routes[route][0]);
    },
    open: (options = {}) => openMethods(browser, site, "cs_ses_scripted", { allowed: /Failed to load resource/u, ...options }),
    /** What was sent to a route, in order. */
    sent: (route) => site.seen.filter(({ url }) => url.endsWith(`/w/${route}`)).map(({ text }) => text && JSON.parse(text)),
    async stop() {
      await browser.close();
      await site.stop();
    },
  };
}

/** Accessible, large enough, within the page, also from right to left. */
export async function checkState(page, state) {
  await checkAccessible(page, state);
  await checkSizes(page, "countersign-methods", state);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await checkSizes(page, "countersign-methods", `${state}, right to left`);
  await page.evaluate(() => (document.documentElement.dir = "ltr"));
}

/** Everything in which nothing secret may stand: attributes, addresses, storage, events. */
export const everywhere = (page) => page.evaluate(() => {
  const trees = [document];
  for (const tree of trees) for (const element of tree.querySelectorAll("*")) if (element.shadowRoot) trees.push(element.shadowRoot);
  const attributes = trees.flatMap((tree) => [...tree.querySelectorAll("*")]).flatMap((element) => [...element.attributes]).map(({ value }) => value);
  return JSON.stringify([attributes, location.href, { ...localStorage }, { ...sessionStorage }, document.cookie, window.told,
    performance.getEntriesByType("resource").map(({ name }) => name)]);
});
