// SPDX-License-Identifier: Apache-2.0
// What the tests of the administrator's elements share: a page with the element, and answers that stand here, by
// the contract of openapi.yaml.
import { openPage } from "./browser.mjs";

const events = ["countersign-unsaved", "countersign-policy-saved", "countersign-unlocked", "countersign-backup-code-issued",
  "countersign-audit-proof", "countersign-error"];

/** The document as a fresh server has it. */
export const defaults = () => ({
  login_methods: { totp: true, email: false },
  allow_none: false,
  require_setup: false,
  forgot_phone: { enabled: false, alternate: "kba_email", user_choice: false, offered: ["kba_email"] },
  security_codes: { enabled: false, kind: "static", backup_code_hours: 24 },
  kba: { questions: 3, catalog: true, own: false },
  totp: { past_steps: 1, future_steps: 1 },
  email_codes: { digits: 6, life_seconds: 600, tries: 5 },
  counting: { pause_from_failure: 5, pause_start_seconds: 30, pause_cap_seconds: 3600, notice_at: 50, disable_at: 100 },
  recovery_hold_hours: 24,
  alternate_hold_hours: 24,
});

/** The defaults with other values in some sections. */
export function policyWith(sections) {
  const policy = defaults();
  for (const [name, section] of Object.entries(sections)) {
    policy[name] = typeof section === "object" ? { ...policy[name], ...section } : section;
  }
  return policy;
}

export const ok = (body) => ({ status: 200, body });
export const refused = (status, code, more = {}) => ({ status, body: { type: "about:blank", title: code, status, code, ...more } });

/** Answers each "METHOD route" from its own list of answers; the last stays. */
export function answer(site, routes) {
  site.seen.length = 0;
  site.widget = async ({ route, method }) => {
    const answers = routes[`${method} ${route}`];
    return answers.length > 1 ? answers.shift() : answers[0];
  };
}

/** What was sent to a route, the last time. */
export function sent(site, route) {
  const last = site.seen.findLast(({ method, url }) => method === "POST" && url.endsWith(`/${route}`));
  return last && JSON.parse(last.text);
}

export const asked = (site, method, route) => site.seen.filter((it) => it.method === method && it.url.endsWith(`/${route}`)).length;

/** Opens the element's page and hands it its token, as a site's own script does. */
export async function openAdmin(name, browser, site, { properties = {}, ...options } = {}) {
  const page = await openPage(browser, `${site.origin}/pages/${name}.html`, { allowed: /Failed to load resource/u, ...options });
  await page.evaluate(
    ([tag, wanted, given]) => {
      window.told = [];
      for (const event of wanted) {
        window.addEventListener(event, ({ type, detail }) => window.told.push(detail === null ? [type] : [type, detail]));
      }
      Object.assign(document.querySelector(tag), given);
    },
    [`countersign-${name}`, events, { ...properties, sessionToken: "cs_ses_scripted" }],
  );
  return page;
}

export const told = (page) => page.evaluate(() => window.told);
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { name, exact: true });
export const refusal = /Not accepted\. If you have just used this code, wait for the next one \(\d+\u00a0s\)\. After several tries there is a pause\./u;
