// SPDX-License-Identifier: Apache-2.0

// Where secrets must not be: what a story has shown is kept here and searched at its end.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** Notes the session tokens that the bank hands to its pages, and the receipts that those get, as they pass. */
export function noteTokens(world, page) {
  world.tokens = [];
  page.on("response", async (response) => {
    if (/\/(security|login)\/session$/u.test(response.url())) world.tokens.push((await response.json()).token);
  });
  page.on("request", (request) => {
    if (request.url().endsWith("/login/receipt")) world.tokens.push(request.postDataJSON().receipt);
  });
}

/** Runs in the page: its markup without shadow trees, and what a script or a form could carry away. */
function describePage() {
  const trees = [document];
  for (const tree of trees) {
    for (const element of tree.querySelectorAll("*")) if (element.shadowRoot) trees.push(element.shadowRoot);
  }
  const inputs = trees.flatMap((tree) => [...tree.querySelectorAll("input")]);
  return {
    markup: document.documentElement.outerHTML,
    hidden: inputs.filter(({ type }) => type === "hidden").map(({ name, value }) => `${name}=${value}`),
    stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
    cookies: document.cookie,
  };
}

export async function rememberPage(world, page) {
  (world.pages ??= []).push({ url: page.url(), ...(await page.evaluate(describePage)) });
}

const holds = (text, secret) => new RegExp(`(?<![0-9A-Za-z])${secret.replace(/[^\w]/g, "\\$&")}(?![0-9A-Za-z])`).test(text);

export function assertNothingLeaked({ site, records, pages, tokens }, secrets) {
  const bearers = Object.fromEntries(tokens.map((token, index) => [`token or receipt ${index + 1}`, token]));
  const wanted = Object.entries({
    ...secrets,
    ...bearers,
    "application key": readFileSync(site.paths.applicationKey, "utf8").trim(),
  });
  const places = {
    "an address": records.flatMap(({ urls }) => urls).join("\n"),
    "an event": records.flatMap(({ events }) => events).join("\n"),
    "a page's markup": pages.map(({ markup }) => markup).join("\n"),
    "the page's storage": pages.map(({ stored, cookies }) => stored + cookies).join("\n"),
    "the server's log": site.readLog("server"),
    "the bank's log": site.readLog("bank"),
    "the authenticator's log": site.readLog("authenticator"),
  };
  for (const [place, text] of Object.entries(places)) {
    if (place !== "the page's storage") assert.notEqual(text, "", `${place} was searched`);
    for (const [name, secret] of wanted) {
      assert.ok(secret.length >= 6, `the ${name} is known`);
      assert.ok(!holds(text, secret), `the ${name} stands in ${place}`);
    }
  }
  assert.deepEqual(pages.flatMap(({ hidden }) => hidden), [], "no hidden fields");
  assert.deepEqual(pages.map(({ cookies }) => cookies).join(""), "", "no cookie that a script can read");
}
