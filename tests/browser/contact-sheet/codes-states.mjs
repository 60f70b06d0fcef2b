// SPDX-License-Identifier: Apache-2.0

// Every state of the security codes: on the bank's security page, and at its login.

import { givePassword } from "../customer.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** What takes ten sign-ins or a hundred wrong codes is answered here in the server's place. */
async function photographScripted(page, shoot) {
  const totp = { method: "totp", status: "active", credential_id: "crd_1", active_since: 1_767_226_200 };
  const codes = { method: "static_codes", status: "active", credential_id: "crd_2", active_since: 1_767_226_200, last_used: 1_767_226_200 };
  const show = async (methods, sentence, state) => {
    await page.route("**/w/methods", (route) => route.fulfill({ json: { methods, step_up_required: true } }));
    await page.reload();
    await page.getByText(sentence).waitFor();
    await shoot(page, "widget", state);
  };
  await show([totp, { ...codes, remaining: 3 }], "Make a new set before you run out.", "codes few left");
  await show([totp, { ...codes, status: "disabled", remaining: 7 }], "These codes are not accepted any more.", "codes turned off");
  await show([{ ...totp, status: "disabled" }, { ...codes, remaining: 7 }], "Reconfigure it with one of your security codes.", "methods all turned off");
  await button(page, "Reconfigure your authenticator app").click();
  await page.getByText("type one of your security codes").waitFor();
  await shoot(page, "widget", "step-up by security code");
  await page.unroute("**/w/methods");
  await page.reload();
}

/** @param page - the security page, in a session in which a code was given; leaves a set that is in use @returns its codes */
export async function photographCodes(page, phone, shoot) {
  await page.route("**/w/codes/salt", () => {}, { times: 1 });
  await button(page, "Make a set").click();
  await page.getByLabel("Code of 6 digits").fill(await phone.freshCode());
  await page.getByRole("progressbar").waitFor();
  await shoot(page, "widget", "codes making");
  await button(page, "Cancel").click();
  await button(page, "Make a set").click();
  await page.getByLabel("I have saved these codes").waitFor();
  await shoot(page, "widget", "codes sheet");
  const codes = await page.locator("countersign-methods .codes li").allTextContents();
  await page.getByLabel("I have saved these codes").check();
  await shoot(page, "widget", "codes saved");
  await button(page, "Turn them on").click();
  await page.getByText("10 security codes are ready to use.").waitFor();
  await shoot(page, "widget", "codes active");
  await button(page, "Make a new set").click();
  await page.getByLabel("I have saved these codes").waitFor();
  await shoot(page, "widget", "codes new set");
  await photographScripted(page, shoot);
  return codes;
}

/** The login by a security code, and what it leads to. */
export async function photographCodeLogin(page, bank, customer, codes, shoot) {
  await page.context().clearCookies();
  await givePassword(page, bank, customer);
  await page.waitForURL("**/login/code");
  await button(page, "Use a security code").click();
  const field = page.getByRole("textbox", { name: "Security code" });
  await field.waitFor();
  await page.waitForLoadState("networkidle");
  await shoot(page, "widget", "security code");
  await field.fill("K7QF-2M9X-TRB4-V3HG");
  await page.getByText("There is a mistake in it").waitFor();
  await shoot(page, "widget", "security code mistyped");
  await field.fill("K7QF-2M9X-TRB4-V3HF");
  await page.getByText("The code is complete.").waitFor();
  await shoot(page, "widget", "security code complete");
  await page.keyboard.press("Enter");
  await page.getByText("Not accepted.").waitFor();
  await shoot(page, "widget", "security code refused");
  await field.fill(codes[0]);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account");
  await shoot(page, "bank", "accounts without the phone");
  await page.goto(`${bank}/security`);
  await page.getByText(/^9 codes left/u).waitFor();
  await shoot(page, "bank", "security without the phone");
}
