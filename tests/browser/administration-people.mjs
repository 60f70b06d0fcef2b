// SPDX-License-Identifier: Apache-2.0

// The administrator's second half: a user who is locked out, the audit trail, and a session that ends in the middle.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { people } from "../../demo-site/seeds.mjs";
import { checkAccessible } from "../elements/checks.mjs";
import { ask, changePolicy, countersignUser, follow, heading, policyInForce, protect, status, tabToId } from "./administering.mjs";
import { press, type } from "./keyboard.mjs";

const generate = (page) => page.getByRole("button", { name: "Generate Backup Code", exact: true });
const verify = async (world, user, method, code) => (await ask(world, "/v1/verify", { user, method, code })).body.ok;

async function openUser(world, { name }) {
  const { page } = world;
  await follow(page, "Users");
  await type(page, "Name or email address", name.split(" ")[0]);
  await follow(page, "Find");
  await heading(page, "1 user").waitFor();
  await follow(page, name);
  await heading(page, "Second factor").waitFor();
}

async function unlockBen(world) {
  world.ben = await protect(world, people.ben);
  world.benUser = countersignUser(world, people.ben.email);
  for (let tries = 0; tries < 6; tries += 1) await verify(world, world.benUser, "totp", String(100_000 + tries));
  const { page } = world;
  await follow(page, "Users");
  await heading(page, "3 users").waitFor();
  await checkAccessible(page, "users");
  await openUser(world, people.ben);
  await page.getByText("Paused after wrong codes, until").waitFor();
  await checkAccessible(page, "a user, paused");
  await press(page, "Unlock Authenticator app");
  await page.getByText("Unlocked: Authenticator app.").waitFor();
  assert.equal(await verify(world, world.benUser, "totp", await world.ben.freshCode()), true);
}

async function generateForBen(world) {
  const { page } = world;
  await press(page, "Generate Backup Code");
  await checkAccessible(page, "a backup code asked for");
  await type(page, "Reason", "lost phone, called back");
  await type(page, "Your own code of 6 digits", await world.phone.freshCode());
  await heading(page, "The backup code").waitFor();
  await checkAccessible(page, "a backup code shown");
  world.backup = await page.locator("countersign-user .issued-code").textContent();
  assert.match(world.backup, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await page.getByText(/It works until .*, once\./).waitFor();
  await press(page, "Done");
  assert.equal(await page.getByText(world.backup).count(), 0, "it was shown once");
  assert.equal(await verify(world, world.benUser, "security_code", world.backup), true);
  assert.equal(await verify(world, world.benUser, "security_code", world.backup), false, "once");
}

async function actOnNobodyOfTheStaff(world) {
  const { page } = world;
  await openUser(world, people.staff);
  await press(page, "Generate Backup Code");
  await type(page, "Reason", "for myself");
  await type(page, "Your own code of 6 digits", "123456");
  await page.getByText("Administrators act neither on themselves nor on each other here.").waitFor();
}

async function missTheAction(world) {
  const { page } = world;
  changePolicy(world, (policy) => (policy.security_codes.kind = "static"));
  await openUser(world, people.ben);
  await heading(page, "Authenticator app").waitFor();
  assert.equal(await generate(page).count(), 0, "with static codes alone");
  changePolicy(world, (policy) => (policy.security_codes.kind = "both"));
  await openUser(world, people.ben);
  await generate(page).waitFor();
  changePolicy(world, (policy) => (policy.security_codes.enabled = false));
  await openUser(world, people.ben);
  await heading(page, "Authenticator app").waitFor();
  assert.equal(await generate(page).count(), 0, "with security codes off");
}

async function proveTheTrail(world) {
  const { page } = world;
  await follow(page, "Audit trail");
  // A checkpoint is signed each minute in which something happened.
  for (;;) {
    await page.locator("countersign-audit .proof [tabindex='-1']").waitFor();
    await page.waitForFunction(() => !/Proving/.test(document.querySelector("countersign-audit").shadowRoot.querySelector(".proof")?.textContent ?? "Proving"));
    if ((await heading(page, "Nothing is signed yet").count()) === 0) break;
    await page.waitForTimeout(3000);
    await press(page, "Look again");
  }
  await heading(page, "The first look from this browser").waitFor();
  await page.getByRole("listitem").filter({ hasText: "Backup code generated" }).getByText("lost phone, called back").first().waitFor();
  await checkAccessible(page, "audit, first look");
  await verify(world, world.benUser, "totp", "000000");
  await press(page, "Look again");
  await heading(page, "The audit trail is proven").waitFor();
  await checkAccessible(page, "audit, proven");
}

/** What somebody who holds the database might do. */
async function catchAForger(world) {
  const { page, site } = world;
  const database = new DatabaseSync(join(site.paths.data, "countersign.sqlite"));
  database.exec("PRAGMA busy_timeout = 5000");
  const changed = database.prepare("UPDATE audit SET user = 'u-nobody' WHERE event LIKE 'backup_code%'").run();
  database.close();
  assert.notEqual(changed.changes, 0);
  await press(page, "Look again");
  await heading(page, "The audit trail failed its proof").waitFor();
  await page.getByText("What a record says is not what was sealed.").waitFor();
  await page.getByText("Tell who runs the server").waitFor();
  await checkAccessible(page, "audit, failed");
}

/** Ten minutes are over while something is drafted: the server's answer to that is given here in its place, once. */
async function outliveTheSession(world) {
  const { page } = world;
  await follow(page, "Alternate 2FA Login Methods");
  await status(page).getByText("Nothing to save.").waitFor();
  const ended = (route) => route.fulfill({ status: 401, json: { status: 401, code: "auth.invalid" } });
  const unproven = (route) => route.fulfill({ status: 409, json: { prove: true } });
  await page.route("**/w/admin/policy", ended, { times: 1 });
  await page.route("**/admin/session", unproven, { times: 1 });
  await tabToId(page, "kba-questions");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("4");
  await press(page, "Save");
  await heading(page, "Prove again that it is you").waitFor();
  await page.getByLabel("Code of 6 digits").waitFor();
  await checkAccessible(page, "proof asked for again");
  await type(page, "Code of 6 digits", await world.phone.freshCode());
  await page.locator("countersign-policy .bar").getByText("1 change is not saved").waitFor();
  await press(page, "Save");
  await status(page).getByText("Saved.").waitFor();
  assert.equal(policyInForce(world).kba.questions, 4);
}

async function lookBack(world) {
  const { violations, mistakes } = world.record;
  assert.deepEqual({ violations, mistakes }, { violations: [], mistakes: [] });
  const places = {
    "an address": world.record.urls.join("\n"),
    "the server's log": world.site.readLog("server"),
    "the bank's log": world.site.readLog("bank"),
  };
  for (const [place, text] of Object.entries(places)) {
    assert.notEqual(text, "", `${place} was searched`);
    for (const secret of [world.backup, world.backup.replaceAll("-", ""), people.staff.password]) assert.ok(!text.includes(secret), `a secret stands in ${place}`);
  }
  await press(world.page, "Sign out");
  await world.page.waitForURL("**/admin/login");
  await world.page.goto(`${world.site.bank}/admin/policy`);
  assert.match(world.page.url(), /\/admin\/login$/);
}

/** In order, after the policy's; each needs the ones before it. */
export const administrationOfPeople = [
  ["a user's page shows what is set up, and Unlock ends a pause [R13] [U1]", unlockBen],
  ["Generate Backup Code: a reason and a fresh code of one's own; the code is shown once and signs in once [A8] [A11] [R3]", generateForBen],
  ["nobody acts on himself [R3]", actOnNobodyOfTheStaff],
  ["the action is there exactly while the policy has backup codes [A6] [A7] [A9] [A11]", missTheAction],
  ["the audit trail is told, kept, and proven to extend what was seen [R26]", proveTheTrail],
  ["a record changed in the database is told in red, with what to do [R26]", catchAForger],
  ["a session that ends keeps the draft: a fresh proof, and it is saved [A10] [R3]", outliveTheSession],
  ["no secret stood in an address or a log, nothing broke the content security policy, and signing out ends it [L13] [L37]", lookBack],
];
