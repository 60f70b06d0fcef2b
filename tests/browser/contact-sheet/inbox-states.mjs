// SPDX-License-Identifier: Apache-2.0

// Every state of the demonstration's inbox. Before anybody has done anything it is empty; afterwards it holds the mail
// that the other pictures have caused.

export async function photographEmptyInbox(browser, site, shoot) {
  const page = await browser.newPage();
  await page.goto(site.inbox);
  await shoot(page, "inbox", "empty");
  await page.close();
}

export async function photographInbox(browser, site, shoot) {
  const page = await browser.newPage();
  await page.goto(site.inbox);
  await shoot(page, "inbox", "mail");
  await page.getByRole("listitem").first().getByRole("link").click();
  await page.getByRole("article").waitFor();
  await shoot(page, "inbox", "one letter");
  await page.goto(`${site.inbox}/mail/999999`);
  await shoot(page, "inbox", "not here");
  await page.close();
}
