// SPDX-License-Identifier: Apache-2.0

// Every state of the authenticator's page.

import { startChromium } from "../chromium.mjs";

const accounts = [
  ["Harbor Bank", "grace@example.org", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
  ["Lighthouse Mail", "grace.hopper@lighthouse.example", "KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TF"],
  ["A registry with a rather long name for narrow columns", "grace", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
  ["Quay Transit", "4417-0098", "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"],
  ["Chandler & Row", "tenant 14", "NBSWY3DPO5XXE3DENBSWY3DPO5XXE3DE"],
  ["Seaglass Electric", "grace@example.org", "ONSWG4TFORZWKY3SMV2HGZLDOJSXI43F"],
];

const link = ([issuer, account, secret]) =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;

async function paste(page, text) {
  await page.getByRole("button", { name: /^Paste a link or a key/ }).click();
  await page.locator("textarea").fill(text);
  await page.getByRole("button", { name: "Add", exact: true }).last().click();
}

async function openPage(browser, site, permissions = []) {
  const context = await browser.newContext({ permissions });
  const page = await context.newPage();
  await page.goto(site.authenticator);
  await page.getByRole("button", { name: /^Scan a QR code/ }).and(page.locator(":not([aria-disabled=true])")).waitFor();
  return page;
}

async function photographEntries(browser, site, shoot) {
  const page = await openPage(browser, site, ["clipboard-read", "clipboard-write"]);
  await shoot(page, "authenticator", "empty");
  await page.getByRole("button", { name: /^Paste a link or a key/ }).click();
  await shoot(page, "authenticator", "paste");
  await page.locator("textarea").fill("JBSWY3DPEHPK3PXP");
  await shoot(page, "authenticator", "paste a bare key");
  await page.locator("textarea").fill("otpauth://totp/Broken?secret=JBSWY3DPEHPK3PXP&period=0");
  await page.getByRole("button", { name: "Add", exact: true }).last().click();
  await shoot(page, "authenticator", "paste refused");
  await page.getByRole("button", { name: "Cancel" }).click();
  await paste(page, link(accounts[0]));
  await page.locator(".entry").waitFor();
  await shoot(page, "authenticator", "one entry");
  for (const account of accounts.slice(1)) {
    await page.locator(".add").click();
    await paste(page, link(account));
    await page.getByText(`Added ${account[0]}`, { exact: false }).waitFor();
  }
  await shoot(page, "authenticator", "list");
  await page.getByRole("button", { name: /^Copy the code of Harbor Bank/ }).click();
  await page.getByRole("button", { name: /^Remove Lighthouse Mail/ }).click();
  await shoot(page, "authenticator", "copied, and asked to remove");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.locator(".add").click();
  await shoot(page, "authenticator", "ways to add");
  await page.getByRole("searchbox").fill("nothing like it");
  await shoot(page, "authenticator", "search finds nothing");
}

export async function photographAuthenticator(browser, site, cameraFile, shoot) {
  await photographEntries(browser, site, shoot);
  const blind = await openPage(browser, site);
  await blind.getByRole("button", { name: /^Scan a QR code/ }).click();
  await blind.getByText("Paste the key instead", { exact: false }).or(blind.getByText("paste the key instead", { exact: false })).first().waitFor();
  await shoot(blind, "authenticator", "no camera");
  const seeing = await startChromium({ camera: cameraFile });
  try {
    const page = await openPage(seeing, site);
    await page.getByRole("button", { name: /^Scan a QR code/ }).click();
    await page.getByText("Hold the QR code in front of the camera.").waitFor();
    await shoot(page, "authenticator", "camera");
  } finally {
    await seeing.close();
  }
}
