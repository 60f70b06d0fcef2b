// SPDX-License-Identifier: Apache-2.0
// What the tests of a login's second factor share: answers of the server's by the contract, and the page.
import { openPage } from "./browser.mjs";

const now = () => Math.floor(Date.now() / 1000);

export const receipt = "cs_rcp_0123456789abcdefghijklmnopqrstuvwxyz";
export const token = "cs_ses_scripted-token-of-a-login";
export const masked = { email: "m••••@example.org", alternate_email: "o••••@example.net" };
export const questions = [
  { id: "q_1", text: "What was the name of your first teacher?" },
  { id: "q_2", text: "In which street did you live when you were 10?" },
  { id: "q_3", text: "What did you want to become as a child?" },
];

/** The challenge object: open, taking the code of the app and nothing else, but for what is given. */
export function challenge(more = {}) {
  return {
    status: 200,
    body: {
      challenge: "chl_1", state: "open", accepts: ["totp"], forgot_phone: false, alternates: [], proven: [], code_digits: 6,
      expires_at: now() + 600, ...more,
    },
  };
}

/** The same as the answer to something that was accepted. */
export function accepted(more = {}) {
  const answer = challenge(more);
  return { ...answer, body: { ok: true, ...answer.body } };
}

export const passed = (more = {}) => accepted({ state: "passed", accepts: [], proven: ["totp"], receipt, ...more });
export const notAccepted = (retryAfter = 0) => ({ status: 200, body: { ok: false, code: "not_accepted", retry_after: retryAfter } });
export const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });
export const mailed = (method, more = {}) => ({ status: 200, body: { ok: true, masked: masked[method], expires_at: now() + 600, resend_after: 60, ...more } });

/** Everything that a policy may allow at once. */
export const everything = {
  accepts: ["totp", "email", "security_code", "kba", "alternate_email"],
  forgot_phone: true,
  alternates: ["kba", "kba_email", "email"],
  email: { masked: masked.email },
  alternate_email: { masked: masked.alternate_email },
  salt: Buffer.alloc(16, 7).toString("base64url"),
};

/** Answers each route under `challenge` from its own list of answers; the last stays. */
export function answer(site, { read, ...routes }) {
  site.seen.length = 0;
  const lists = { challenge: read, ...Object.fromEntries(Object.entries(routes).map(([route, list]) => [`challenge/${route}`, list])) };
  site.widget = async ({ route }) => (lists[route].length > 1 ? lists[route].shift() : lists[route][0]);
}

/** The bodies that were sent to a route under `challenge`. */
export const sent = (site, route) =>
  site.seen.filter(({ url }) => url === `/countersign/w/challenge/${route}`).map(({ text }) => JSON.parse(text));

const events = ["countersign-passed", "countersign-enrollment-required", "countersign-error"];

/** Opens the element's page and hands it its token, as a site's own script does. */
export async function openChallenge(browser, site, { properties = {}, ...options } = {}) {
  const page = await openPage(browser, `${site.origin}/pages/challenge.html`, { allowed: /Failed to load resource/u, ...options });
  await page.evaluate(
    ([wanted, given]) => {
      window.told = [];
      for (const event of wanted) {
        window.addEventListener(event, ({ type, detail }) => window.told.push(detail === null ? [type] : [type, detail]));
      }
      Object.assign(document.querySelector("countersign-challenge"), given);
    },
    [events, { ...properties, sessionToken: properties.sessionToken ?? token }],
  );
  return page;
}

export const told = (page) => page.evaluate(() => window.told);
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name, exact: true });
export const code = (page) => page.getByLabel("Code of 6 digits");
export const message = (page) => page.locator("[slot=message]:not(:empty)");

/** The one text of every refusal (R14a). */
export const refusal = /^Not accepted\. If you have just used this code, wait for the next one(?: \(\d+\u00a0s\))?\. After several tries there is a pause\.$/;

/** The label or the text of what has the focus, through shadow trees. */
export function focused(page) {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent.trim();
  });
}
