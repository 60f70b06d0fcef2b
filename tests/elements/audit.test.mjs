// SPDX-License-Identifier: Apache-2.0
// `<countersign-audit>`: the trail, and the proof that today's log extends the one this browser saw before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { button, heading, ok, openAdmin, refused, told } from "./administering.mjs";
import { launch } from "./browser.mjs";
import { checkAccessible, checkSizes, looks } from "./checks.mjs";
import { Ledger } from "./ledger.mjs";
import { startSite } from "./site.mjs";

let site, browser;
before(async () => {
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A log of some days, signed. */
function newLedger() {
  const ledger = new Ledger();
  ledger.add("policy.changed", "", { detail: "version=2 who=ada" });
  ledger.add("credential.enrolled", "u-grace", { method: "totp", credential: "crd_1" });
  ledger.add("credential.locked", "u-grace", { method: "totp", credential: "crd_1", detail: "failures=5 in_30_days=5" });
  ledger.add("backup_code.issued", "u-mary", { method: "backup_code", detail: "reason=lost phone" });
  ledger.sign();
  return ledger;
}

const serve = (ledger) => (site.widget = async ({ text }) => ok(ledger.answer(JSON.parse(text))));
const open = (options) => openAdmin("audit", browser, site, { properties: { names: { "u-grace": "grace@example.org" } }, ...options });
const again = async (page) => {
  const count = (await told(page)).length;
  await button(page, "Look again").click();
  await page.waitForFunction((before) => window.told.length > before, count);
};
const rows = (page) => page.locator("countersign-audit .record");
const outcome = async (page) => (await told(page)).at(-1)[1].outcome;

test("the trail is told in words, the newest first, and the first look is kept [R26]", async () => {
  const ledger = newLedger();
  serve(ledger);
  const page = await open();
  await heading(page, "The first look from this browser").waitFor();
  assert.equal(await rows(page).count(), 4);
  assert.match(await rows(page).first().innerText(), /Backup code generated: backup code[\s\S]*reason=lost phone[\s\S]*u-mary/u);
  assert.match(await rows(page).nth(1).innerText(), /Paused after wrong codes: authenticator app[\s\S]*grace@example\.org/u);
  const kept = JSON.parse(await page.evaluate(() => localStorage.getItem("countersign-audit:default")));
  assert.deepEqual(kept, { key: ledger.key, checkpoint: ledger.line });
  assert.deepEqual(await told(page), [["countersign-audit-proof", { outcome: "first" }]]);
  page.check();
  await page.context().close();
});

test("a log that went on is proven to hold what was seen, and the new checkpoint is kept [R26]", async () => {
  const ledger = newLedger();
  serve(ledger);
  const page = await open();
  await heading(page, "The first look from this browser").waitFor();
  ledger.add("challenge.passed", "u-mary", { method: "totp" });
  ledger.sign();
  await again(page);
  await heading(page, "The audit trail is proven").waitFor();
  await page.getByText("It still holds all 4 records").waitFor();
  await page.getByText("unchanged, and 1 record since.").waitFor();
  assert.equal(JSON.parse(await page.evaluate(() => localStorage.getItem("countersign-audit:default"))).checkpoint, ledger.line);
  page.check();
  await page.context().close();
});

test("more records than one answer holds are fetched in order, and proven [R26]", async () => {
  const ledger = newLedger();
  serve(ledger);
  const page = await open();
  await heading(page, "The first look from this browser").waitFor();
  for (let count = 0; count < 450; count += 1) ledger.add("challenge.passed", `u-${count}`, { method: "totp" });
  ledger.sign();
  site.seen.length = 0;
  await again(page);
  await page.getByText("unchanged, and 450 records since.").waitFor();
  const asked = site.seen.filter(({ url }) => url.endsWith("/admin/audit")).map(({ text }) => JSON.parse(text).after);
  assert.deepEqual(asked, [undefined, 4, 204, 404]);
  assert.equal(await rows(page).count(), 200);
  await button(page, "Load older ones").click();
  await page.getByText("400 of the 400 that are loaded").waitFor();
  await button(page, "Load older ones").click();
  await page.getByText("454 of the 454 that are loaded").waitFor();
  assert.equal(await button(page, "Load older ones").count(), 0);
  await page.context().close();
});

/** What somebody who holds the server might do between two looks, and what the page says of it. */
const frauds = {
  "a record of the past was changed and the log signed again": [(ledger) => {
    ledger.records[1].user = "u-mallory";
    ledger.add("challenge.passed");
    ledger.sign();
  }, "Records that this browser saw signed were changed, left out or put in."],
  "records were cut off the end": [(ledger) => {
    ledger.records.length = 2;
    ledger.sign();
  }, "There are fewer records now than this browser saw signed."],
  "nothing is signed any more": [(ledger) => (ledger.line = undefined), "There are fewer records now than this browser saw signed."],
  "the log is signed by another key": [(ledger) => {
    ledger.changeKey();
    ledger.sign();
  }, "The log is signed by another key than before."],
  "the signature is not of this checkpoint": [(ledger) => {
    const { line } = ledger;
    ledger.add("challenge.passed");
    ledger.sign();
    ledger.line = `${ledger.line.slice(0, -128)}${line.slice(-128)}`;
  }, "The checkpoint is not signed by the key of this log."],
  "a record says what was not sealed": [(ledger) => {
    const { answer } = ledger;
    ledger.answer = (asked) => {
      const told = answer.call(ledger, asked);
      told.records[2] = { ...told.records[2], user: "u-nobody" };
      return told;
    };
  }, "What a record says is not what was sealed."],
  "a record is left out of the list, though its hash is told when asked for": [(ledger) => {
    ledger.add("policy.changed");
    ledger.add("challenge.passed");
    ledger.sign();
    const { answer } = ledger;
    ledger.answer = (asked) => {
      const told = answer.call(ledger, asked);
      return asked.after === undefined ? { ...told, records: told.records.filter(({ number }) => number !== 5) } : told;
    };
  }, "The list below has a gap"],
  "the list shows another record than the one whose hash is proven": [(ledger) => {
    for (let count = 0; count < 250; count += 1) ledger.add("challenge.passed");
    ledger.sign();
    const { answer } = ledger;
    const other = new Ledger();
    for (let count = 0; count < 254; count += 1) other.add("challenge.passed", "u-other");
    ledger.answer = (asked) => {
      const told = answer.call(ledger, asked);
      return asked.after === undefined ? { ...told, records: [...told.records.slice(0, -1), other.answer().records.at(-1)] } : told;
    };
  }, "What a record says is not what was sealed."],
  "a record is told without the nonce, so that no hash can be compared": [(ledger) => {
    const { answer } = ledger;
    ledger.answer = (asked) => {
      const told = answer.call(ledger, asked);
      told.records[2] = { ...told.records[2], user: "u-nobody", nonce: undefined };
      return told;
    };
  }, "What a record says is not what was sealed."],
};

for (const [fraud, [commit, sentence]] of Object.entries(frauds)) {
  test(`red, with what to do: ${fraud}; what was kept stays [R26]`, async () => {
    const ledger = newLedger();
    serve(ledger);
    const page = await open();
    await heading(page, "The first look from this browser").waitFor();
    const kept = await page.evaluate(() => localStorage.getItem("countersign-audit:default"));
    commit(ledger);
    await again(page);
    await heading(page, "The audit trail failed its proof").waitFor();
    await page.getByText(sentence).waitFor();
    await page.getByText("Tell who runs the server").waitFor();
    assert.equal(await outcome(page), "failed");
    assert.equal(await page.evaluate(() => localStorage.getItem("countersign-audit:default")), kept);
    page.check();
    await page.context().close();
  });
}

test("an older record that says what was not sealed turns the proof red when it is loaded [R26]", async () => {
  const ledger = newLedger();
  for (let count = 0; count < 250; count += 1) ledger.add("challenge.passed", `u-${count}`, { method: "totp" });
  ledger.sign();
  serve(ledger);
  const page = await open();
  await heading(page, "The first look from this browser").waitFor();
  const { answer } = ledger;
  ledger.answer = (asked) => {
    const told = answer.call(ledger, asked);
    return { ...told, records: told.records.map((record) => (record.number === 2 ? { ...record, user: "u-mallory" } : record)) };
  };
  await button(page, "Load older ones").click();
  await heading(page, "The audit trail failed its proof").waitFor();
  assert.equal(await outcome(page), "failed");
  await page.context().close();
});

test("after a failure the kept line can be taken along, and starting anew is a decision [R26]", async () => {
  const ledger = newLedger();
  serve(ledger);
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await heading(page, "The first look from this browser").waitFor();
  const { line } = ledger;
  ledger.changeKey();
  ledger.sign();
  await again(page);
  await button(page, "Copy the kept checkpoint").click();
  await page.getByText("The kept checkpoint is copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
  await button(page, "Start anew from here").click();
  await heading(page, "The first look from this browser").waitFor();
  await again(page);
  await heading(page, "The audit trail is proven").waitFor();
  page.check();
  await page.context().close();
});

test("a restore in between is told, and kept only when the administrator knows of it [R26]", async () => {
  const ledger = newLedger();
  serve(ledger);
  const page = await open();
  await heading(page, "The first look from this browser").waitFor();
  ledger.epoch = 2;
  ledger.add("challenge.passed");
  ledger.sign();
  await again(page);
  await heading(page, "The server was restored from a backup").waitFor();
  await button(page, "I know of this restore").click();
  await heading(page, "The first look from this browser").waitFor();
  await page.context().close();
});

test("filters by event and by user, within what is loaded [R26]", async () => {
  serve(newLedger());
  const page = await open();
  await page.getByText("4 of the 4 that are loaded").waitFor();
  await page.getByLabel("Event").selectOption({ label: "Method set up" });
  await page.getByText("1 of the 4 that are loaded").waitFor();
  await page.getByLabel("Event").selectOption({ label: "All events" });
  await page.getByLabel("User").fill("grace@");
  await page.getByText("2 of the 4 that are loaded").waitFor();
  await page.getByLabel("User").fill("nobody");
  await page.getByText("Nothing that is loaded fits.").waitFor();
  await page.context().close();
});

test("nothing signed yet, an unreadable store and a refusal are designed states [R26]", async () => {
  const ledger = new Ledger();
  serve(ledger);
  const page = await open();
  await heading(page, "Nothing is signed yet").waitFor();
  await page.getByText("Nothing has happened yet.").waitFor();
  await page.evaluate(() => localStorage.setItem("countersign-audit:default", "{"));
  await again(page);
  await page.getByText("cannot be read.").first().waitFor();
  assert.equal(await outcome(page), "failed");
  await page.context().close();
  site.widget = async () => refused(401, "auth.invalid");
  const ended = await open();
  await heading(ended, "Your administrator\u2019s session has ended").waitFor();
  assert.deepEqual(await told(ended), [["countersign-error", { code: "auth.invalid" }]]);
  await ended.context().close();
});

test("every state is accessible, light and dark, wide and narrow [R26]", async () => {
  for (const { name, colorScheme, viewport } of looks) {
    const ledger = newLedger();
    serve(ledger);
    const page = await open({ colorScheme, viewport });
    await heading(page, "The first look from this browser").waitFor();
    await checkAccessible(page, `first, ${name}`);
    await checkSizes(page, "countersign-audit", `first, ${name}`);
    await again(page);
    await heading(page, "The audit trail is proven").waitFor();
    await checkAccessible(page, `proven, ${name}`);
    ledger.changeKey();
    ledger.sign();
    await again(page);
    await heading(page, "The audit trail failed its proof").waitFor();
    await checkAccessible(page, `failed, ${name}`);
    await checkSizes(page, "countersign-audit", `failed, ${name}`);
    await page.context().close();
  }
});
