// SPDX-License-Identifier: Apache-2.0
// A login's second factor with the real server. Mail and questions: tests/browser/forgot-phone.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { button, code, heading, message, openChallenge, refusal } from "./challenging.mjs";
import { codeOf, core, next, nextCodeOf, openEnroll, scan, wrongCode } from "./enrolling.mjs";
import { startServer } from "./real-server.mjs";
import { startSite } from "./site.mjs";

let server, site, browser;
before(async () => {
  server = await startServer();
  site = await startSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

/** Sets an authenticator up. @returns its URI */
async function enroll(user) {
  site.widget = server.widget;
  const page = await openEnroll(browser, site, await server.openSession(user));
  await page.getByRole("heading", { name: "Scan this with your authenticator app" }).waitFor();
  const uri = await scan(page);
  await next(page).click();
  await code(page).fill(codeOf(uri));
  await heading(page, "Your authenticator app is set up").waitFor();
  await page.context().close();
  return uri;
}

async function begin(user) {
  const { token, challenge } = await server.openChallenge(user);
  const page = await openChallenge(browser, site, { properties: { sessionToken: token } });
  await heading(page, "Enter your code").waitFor();
  return { page, challenge };
}

const takeReceipt = (page) => page.evaluate(() => document.querySelector("countersign-challenge").takeReceipt());

test("a wrong code gets the one text, the next one passes, and the receipt is good once [U2] [R4] [R14a]", async () => {
  const uri = await enroll("ann");
  const { page, challenge } = await begin("ann");
  await code(page).fill(wrongCode(uri));
  await message(page).waitFor();
  assert.match(await message(page).textContent(), refusal);
  await code(page).fill("");
  await code(page).fill(nextCodeOf(uri));
  await heading(page, "It is you").waitFor();
  const receipt = await takeReceipt(page);
  const { ok, methods, fallback, context } = await server.redeem(receipt, challenge, "ann");
  assert.deepEqual({ ok, methods, fallback, context }, { ok: true, methods: ["totp"], fallback: false, context: "a visit" });
  assert.equal((await server.redeem(receipt, challenge, "ann")).ok, false);
  page.check();
  await page.context().close();
});

test("a code that was taken while the answer got lost is not lost: the same try passes [R4] [L18]", async () => {
  const uri = await enroll("bob");
  const { page, challenge } = await begin("bob");
  let lost = 0;
  site.widget = async (call) => {
    const answer = await server.widget(call);
    if (call.route !== "challenge/answer" || lost > 0) return answer;
    lost += 1;
    assert.equal(answer.body.state, "passed", "the server has taken it");
    return { status: 502, body: {} };
  };
  await code(page).fill(nextCodeOf(uri));
  await page.getByText("it gave no answer").waitFor();
  await button(page, "Continue").click();
  await heading(page, "It is you").waitFor();
  assert.equal((await server.redeem(await takeReceipt(page), challenge, "bob")).ok, true);
  await page.context().close();
});

test("a security code, stretched in the page, passes once and is told as a fallback [A7] [R21]", async () => {
  server.setSecurityCodes({ enabled: true, kind: "both" });
  const uri = await enroll("eve");
  const token = await server.openSession("eve");
  const call = async (route, body) => {
    const answer = await server.widget({ route, method: body ? "POST" : "GET", authorization: `Bearer ${token}`, text: JSON.stringify(body) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  await call("elevate", { method: "totp", code: nextCodeOf(uri) });
  const salt = Buffer.from((await call("codes/salt")).salt, "base64url");
  const codes = Array.from({ length: 10 }, () => core.makeSecurityCode());
  const stretched = await core.stretchCodes(codes, salt);
  await call("codes/replace", { stretched: stretched.map((bytes) => Buffer.from(bytes).toString("base64url")) });

  for (const accepted of [true, false]) {
    const { page, challenge } = await begin("eve");
    await button(page, "Use a security code").click();
    await page.getByRole("textbox", { name: "Security code" }).fill(codes[3]);
    await page.keyboard.press("Enter");
    await heading(page, accepted ? "It is you" : "Enter a security code").waitFor();
    if (accepted) {
      const { methods, fallback } = await server.redeem(await takeReceipt(page), challenge, "eve");
      assert.deepEqual({ methods, fallback }, { methods: ["static_code"], fallback: true });
    } else {
      await message(page).filter({ hasText: "Not accepted." }).waitFor();
    }
    assert.ok(!site.seen.some(({ text }) => text.includes(codes[3].slice(0, 9))));
    page.check();
    await page.context().close();
  }
});
