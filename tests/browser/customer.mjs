// SPDX-License-Identifier: Apache-2.0

// A customer with a browser, by mouse or touch: what the tests beside the story need to get where
// they begin.

import { generateTotp } from "./codes.mjs";

let customers = 0;

export function newCustomer() {
  customers += 1;
  return { name: "Grace Hopper", email: `grace.${customers}@example.org`, password: "four bells and all is well" };
}

export async function signUp(page, bank, { name, email, password }) {
  await page.goto(`${bank}/signup`);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Open an account" }).click();
  await page.waitForURL("**/login?welcome");
}

export async function givePassword(page, bank, { email, password }) {
  await page.goto(`${bank}/login`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Log in" }).click();
}

/** Opens the widget on the security page and waits for its QR code. @returns the key it shows */
export async function openWidget(page, bank) {
  await page.goto(`${bank}/security`);
  await page.getByRole("button", { name: "Configure", exact: true }).click();
  await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
  return (await page.locator("countersign-enroll .key").textContent()).replaceAll(" ", "");
}

/** Turns the second factor on. @returns the secret, and the step whose code was used up */
export async function enroll(page, bank) {
  const secret = await openWidget(page, bank);
  const { code, timeStep } = await generateTotp(secret);
  await page.getByRole("button", { name: "Next: type the code" }).click();
  await page.getByLabel("Code of 6 digits").fill(code);
  await page.getByRole("heading", { name: "Your authenticator app is set up" }).waitFor();
  return { secret, usedStep: timeStep };
}

/** Signs up, logs in and turns the second factor on. */
export async function becomeProtected(page, bank) {
  const customer = newCustomer();
  await signUp(page, bank, customer);
  await givePassword(page, bank, customer);
  await page.waitForURL("**/account");
  return { ...customer, ...(await enroll(page, bank)) };
}
