// SPDX-License-Identifier: Apache-2.0

// Every page and state of the staff's dashboard. What takes another administrator, a hundred wrong codes or a forger
// is answered here in the server's place.

import { people } from "../../../demo-site/seeds.mjs";
import { Phone } from "../phone.mjs";

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const toggle = (page, name) => page.getByRole("switch", { name, exact: true });
const ownCode = (page) => page.getByLabel("Your own code of 6 digits");
const saved = (page) => page.locator("countersign-policy .status").waitFor();

async function photographSignIn(page, bank, shoot) {
  await page.goto(`${bank}/admin`);
  await page.getByLabel("Email address").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not a password");
  await button(page, "Continue").click();
  await page.getByRole("alert").waitFor();
  await shoot(page, "admin", "sign-in refused");
  await page.getByLabel("Email address").fill(people.staff.email);
  await page.getByLabel("Password").fill(people.staff.password);
  await button(page, "Continue").click();
  await heading(page, "Scan this with your authenticator app").waitFor();
  await shoot(page, "admin", "set-up");
  const phone = new Phone((await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await button(page, "Next: type the code").click();
  await page.getByLabel("Code of 6 digits").fill(await phone.freshCode());
  await page.getByRole("link", { name: "Go on to sign in" }).waitFor();
  await shoot(page, "admin", "set-up done");
  await page.getByRole("link", { name: "Go on to sign in" }).click();
  await page.getByLabel("Code of 6 digits").waitFor();
  await shoot(page, "admin", "second factor");
  await page.getByLabel("Code of 6 digits").fill(await phone.freshCode());
  await page.waitForURL("**/admin/policy");
  await saved(page);
  return phone;
}

const refuse = (page, status, code, more = {}) =>
  page.route("**/w/admin/policy", (route) => route.request().method() === "POST"
    ? route.fulfill({ status, json: { status, code, ...more } }) : route.fallback(), { times: 1 });

async function photographPolicy(page, shoot) {
  await shoot(page, "admin", "policy saved");
  await toggle(page, "Forgot Phone").uncheck();
  await toggle(page, "Users may be without a second factor").check();
  await shoot(page, "admin", "policy changed");
  await refuse(page, 403, "auth.fresh_factor_required");
  await button(page, "Save").click();
  await ownCode(page).waitFor();
  await shoot(page, "admin", "policy asks for a code");
  await button(page, "Back").click();
  await refuse(page, 422, "policy.none_but_required", { field: "require_setup", detail: "Either users may be without a second factor or they have to set one up, not both." });
  await button(page, "Save").click();
  await page.locator("countersign-policy .refused").waitFor();
  await shoot(page, "admin", "policy refused");
  await refuse(page, 409, "policy.version_changed");
  await button(page, "Save").click();
  await button(page, "Keep mine").waitFor();
  await shoot(page, "admin", "policy saved by another");
  await button(page, "Show the saved one").click();
  for (const text of ["More numbers", "History"]) await page.getByText(text, { exact: true }).click();
  await page.getByText(/^All requirements/).click();
  await page.locator("countersign-policy .version").first().waitFor();
  await shoot(page, "admin", "policy all open");
  await page.route("**/w/admin/policy", (route) => route.abort(), { times: 1 });
  await page.reload();
  await heading(page, "The site cannot be reached").waitFor();
  await shoot(page, "admin", "policy unreachable");
}

const now = () => Math.floor(Date.now() / 1000);

async function photographUser(page, bank, shoot) {
  await page.goto(`${bank}/admin/users`);
  await shoot(page, "admin", "users");
  await page.getByLabel("Name or email address").fill("nobody of that name");
  await button(page, "Find").click();
  await page.getByText("Nobody fits.").waitFor();
  await shoot(page, "admin", "users none");
  await page.goto(`${bank}/admin/users`);
  await page.getByRole("link", { name: people.ben.name }).click();
  await page.getByText("Nothing is set up.").waitFor();
  await shoot(page, "admin", "user without anything");
  const methods = [
    { method: "totp", status: "active", credential_id: "crd_1", name: "Old phone", active_since: now() - 9_000_000, last_used: now() - 90_000, paused_until: now() + 1800 },
    { method: "static_codes", status: "active", credential_id: "crd_2", remaining: 3, active_since: now() - 9_000_000 },
    { method: "kba", status: "disabled", credential_id: "crd_3" },
  ];
  await page.route("**/w/admin/user", (route) => route.fulfill({ json: { methods, backup_codes_allowed: true, backup_code: { expires_at: now() + 3600 } } }));
  await page.route("**/w/admin/backupcode", (route) => route.fulfill({ json: { ok: true, code: "K7QF-2M9X-TRB4-V3HF", expires_at: now() + 86_400 } }));
  await page.reload();
  await page.getByText("Paused after wrong codes").waitFor();
  await shoot(page, "admin", "user");
  await button(page, "Generate Backup Code").click();
  await button(page, "Generate").waitFor();
  await shoot(page, "admin", "backup code asked for");
  await page.getByLabel("Reason").fill("lost phone, called back");
  await ownCode(page).fill("123456");
  await heading(page, "The backup code").waitFor();
  await shoot(page, "admin", "backup code shown");
  await page.unroute("**/w/admin/user");
  await page.unroute("**/w/admin/backupcode");
}

async function photographAudit(page, bank, shoot) {
  await page.goto(`${bank}/admin/audit`);
  await page.locator("countersign-audit .record").first().waitFor();
  for (let looks = 0; looks < 30 && (await heading(page, "Nothing is signed yet").count()) > 0; looks += 1) {
    await page.waitForTimeout(3000);
    await button(page, "Look again").click();
    await page.locator("countersign-audit .again").waitFor();
  }
  await heading(page, "The first look from this browser").waitFor();
  await shoot(page, "admin", "audit first look");
  await button(page, "Look again").click();
  await heading(page, "The audit trail is proven").waitFor();
  await shoot(page, "admin", "audit proven");
  await page.evaluate(() => {
    const name = "countersign-audit:default";
    const kept = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...kept, key: kept.key.replace(/^../, "00") }));
  });
  await button(page, "Look again").click();
  await heading(page, "The audit trail failed its proof").waitFor();
  await shoot(page, "admin", "audit failed");
}

async function photographProof(page, bank, shoot) {
  await page.goto(`${bank}/admin/policy`);
  await saved(page);
  await toggle(page, "Questions that users write themselves").click();
  await page.route("**/admin/session", (route) => route.fulfill({ status: 409, json: { prove: true } }), { times: 1 });
  await refuse(page, 401, "auth.invalid");
  await button(page, "Save").click();
  await heading(page, "Prove again that it is you").waitFor();
  await page.getByLabel("Code of 6 digits").waitFor();
  await shoot(page, "admin", "prove again");
}

async function photographMenu(page, bank, shoot) {
  await page.goto(`${bank}/admin/users`);
  await page.setViewportSize({ width: 360, height: 740 });
  await button(page, "Menu").click();
  await shoot(page, "admin", "menu open");
}

export async function photographAdministration(browser, { bank }, shoot) {
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 760 } })).newPage();
  await photographSignIn(page, bank, shoot);
  await photographPolicy(page, shoot);
  await photographUser(page, bank, shoot);
  await photographAudit(page, bank, shoot);
  await photographMenu(page, bank, shoot);
  await photographProof(page, bank, shoot);
}
