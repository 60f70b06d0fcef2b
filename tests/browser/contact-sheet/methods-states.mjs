// SPDX-License-Identifier: Apache-2.0

// Every state of the page of methods, on the bank's security page.

import { Phone } from "../phone.mjs";

const heading = (page, name) => page.getByRole("heading", { name });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const typeCode = (page, code) => page.getByLabel("Code of 6 digits").fill(code);
const refused = (page) => page.locator("countersign-code-field[refused]").waitFor();

async function photographStepUp(page, phone, shoot) {
  await button(page, "Add another").click();
  await heading(page, "First, prove that it is you").waitFor();
  await shoot(page, "widget", "step-up");
  await typeCode(page, "123456");
  await refused(page);
  await shoot(page, "widget", "step-up refused");
  await page.getByLabel("Code of 6 digits").fill("");
  await typeCode(page, await phone.freshCode());
}

async function photographAdding(page, shoot) {
  await page.getByLabel("What do you call it?").waitFor();
  await shoot(page, "widget", "methods name");
  await button(page, "Continue").click();
  await shoot(page, "widget", "methods name missing");
  await page.getByLabel("What do you call it?").fill("Tablet in the kitchen");
  await button(page, "Continue").click();
  await heading(page, "Scan this").waitFor();
  const tablet = new Phone((await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", ""));
  await button(page, "Next: type the code").click();
  await typeCode(page, await tablet.freshCode());
  await page.getByText("Tablet in the kitchen").waitFor();
  await shoot(page, "widget", "methods added");
}

/** What takes a hundred wrong codes is answered here in the server's place. */
async function photographDisabled(page, shoot) {
  const entry = { method: "totp", status: "disabled", credential_id: "crd_1", active_since: 1_767_226_200 };
  const show = async (methods, state) => {
    await page.route("**/w/methods", (route) => route.fulfill({ json: { methods, step_up_required: true } }));
    await page.reload();
    await page.getByText("Turned off after too many wrong codes").waitFor();
    await shoot(page, "widget", state);
    await page.unroute("**/w/methods");
  };
  await show([entry], "methods disabled");
  const others = [{ ...entry, status: "active", credential_id: "crd_2", name: "Work phone", last_used: 1_767_226_200 }];
  await show([{ ...entry, name: "A phone with a name that is rather long" }, ...others], "methods one disabled");
}

/** @param {Phone} phone - the authenticator that is set up */
export async function photographMethods(page, phone, shoot) {
  await photographStepUp(page, phone, shoot);
  await photographAdding(page, shoot);
  await button(page, "Reconfigure Authenticator").click();
  await heading(page, "Scan this").waitFor();
  await shoot(page, "widget", "methods reconfigure");
  await button(page, "Cancel").click();
  await button(page, "Remove Tablet in the kitchen").click();
  await shoot(page, "widget", "methods asked to remove");
  await button(page, "Remove").click();
  await page.getByText("Removed Tablet in the kitchen.").waitFor();
  await shoot(page, "widget", "methods removed");
  await photographDisabled(page, shoot);
}
