// SPDX-License-Identifier: Apache-2.0
// A running server, idle after it was used: its memory is searched for what passed through it. Its sub-keys
// have to be there, or it could not go on serving; the master key they come from does not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { elevate, enroll } from "../server/http/enroll.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary } from "../server/http/site.mjs";
import { base32, codeOfStep, stepNow } from "../server/http/totp.mjs";
import { foundIn } from "./needles.mjs";
import { writableMemory } from "./process_memory.mjs";

const digits = 10; // six would stand somewhere by chance
const preload = join(dirname(dirname(binary)), "lib", "libtraceable.so");

const found = (server, secrets) => {
  const regions = writableMemory(server.child.pid);
  assert.ok(regions.reduce((sum, { length }) => sum + length, 0) > 1 << 20, "hardly any memory was read");
  return Object.keys(secrets).filter((name) => regions.some((region) => foundIn(region, { [name]: secrets[name] }).length > 0));
};

async function used(work) {
  const site = new Site();
  try {
    const key = site.createAppKey();
    const seeds = site.importUsers(["ann", "bob"], { columns: ",algorithm,digits", values: `,sha1,${digits}` });
    const server = await RunningServer.start(site, { logLevel: "info", env: { LD_PRELOAD: preload } });
    try {
      await work({ site, key, seeds, server });
    } finally {
      await server.stop();
    }
  } finally {
    site.remove();
  }
}

test("control: what a server has to keep is found in its memory", async () => {
  await used(async ({ server, site }) => {
    assert.deepEqual(found(server, { "its directory": site.data, absent: randomBytes(16) }), ["its directory"]);
  });
});

test("after logins neither seed nor code nor token is in the server's memory [R14] [L36]", async () => {
  await used(async ({ key, seeds, server, site }) => {
    const secrets = { token: key.token.slice(8), "master key": readFileSync(site.key) };
    for (const [user, seed] of seeds) {
      const code = codeOfStep(seed, stepNow(), { digits });
      const wrong = String(randomBytes(6).readUIntBE(0, 6)).slice(-digits).padStart(digits, "7");
      const spaced = `${code.slice(0, 5)} ${code.slice(5)}`;
      Object.assign(secrets, { [`${user}'s seed`]: seed, [`${user}'s code`]: code, [`${user}'s wrong code`]: wrong, [`${user}'s code as typed`]: spaced });
      assert.equal((await server.verify(key.token, user, wrong)).json.ok, false);
      assert.equal((await server.verify(key.token, user, spaced)).json.ok, true);
      assert.equal((await server.verify(key.token, user, code)).json.ok, false, "the same again");
    }
    assert.deepEqual(found(server, secrets), []);
  });
});

test("after an enrollment neither seed nor URI nor session token is in the server's memory [R22]", async () => {
  await used(async ({ key, server }) => {
    const enrolled = await enroll(server, key.token, "eve");
    await elevate(server, enrolled.session, codeOfStep(enrolled.seed, enrolled.step + 1));
    assert.deepEqual(found(server, {
      seed: enrolled.seed, base32: base32(enrolled.seed), session: enrolled.session.slice(8), token: key.token.slice(8),
    }), []);
  });
});
