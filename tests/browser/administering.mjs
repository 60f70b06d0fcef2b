// SPDX-License-Identifier: Apache-2.0

// What the administrator's steps share: the keyboard on the dashboard, the operator's command line beside it, and the
// calls of the bank's back end.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { Database } from "../../demo-site/bank/database.mjs";
import { beginSealed, generateTotp } from "./codes.mjs";
import { findProgram } from "./demonstration.mjs";
import { press } from "./keyboard.mjs";
import { Phone } from "./phone.mjs";

export const heading = (page, name) => page.getByRole("heading", { name, exact: true });
export const status = (page) => page.locator("countersign-policy .status");

/** Moves the focus to the control with that id, through shadow trees. */
export async function tabToId(page, id) {
  const here = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.id ?? "";
  });
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await here()) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reached #${id} on ${page.url()}`);
}

export async function toggle(page, id) {
  await tabToId(page, id);
  await page.keyboard.press("Space");
}

/** From the option of a group that is picked to another one. */
export async function choose(page, from, key) {
  await tabToId(page, from);
  await page.keyboard.press(key);
}

/** Presses what leads to another page, and is there. */
export const follow = (page, name) => Promise.all([page.waitForEvent("load"), press(page, name)]);

const operate = (world, args, input) => execFileSync(findProgram(), [...args, "--data", world.site.paths.data], { encoding: "utf8", input });
export const policyInForce = (world) => JSON.parse(operate(world, ["policy", "get"]));

export function changePolicy(world, change) {
  const policy = policyInForce(world);
  change(policy);
  operate(world, ["policy", "set", "--stdin", "--who", "operator"], JSON.stringify(policy));
}

/** A call of the bank's back end, with the customers' key. */
export async function ask(world, path, body, token = readFileSync(world.site.paths.applicationKey, "utf8").trim()) {
  const response = await fetch(new URL(path, world.site.address), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

export function countersignUser(world, email) {
  const database = new Database(world.site.paths.bankDatabase);
  const { countersign_user: user } = database.findCustomerByEmail(email);
  database.close();
  return user;
}

/** Gives a customer an authenticator app. @returns the phone */
export async function protect(world, { email }) {
  const user = countersignUser(world, email);
  const { token } = (await ask(world, "/v1/sessions", { user, purpose: "manage", account: email, issuer: "Harbor Bank" })).body;
  const { pendingId, secret } = await beginSealed(token, async (question) => (await ask(world, "/v1/w/totp/begin", question, token)).body);
  const { code, timeStep } = await generateTotp(secret);
  assert.deepEqual((await ask(world, "/v1/w/totp/confirm", { pending_id: pendingId, code }, token)).body.ok, true);
  return new Phone(secret, timeStep);
}

export async function save(page, version) {
  await press(page, "Save");
  await status(page).getByText(`Saved. Version ${version} is in force now`).waitFor();
}
