// SPDX-License-Identifier: Apache-2.0

import { after, before, test } from "node:test";

import { startDemonstration } from "./demonstration.mjs";
import { forgotPhone } from "./forgot-phone.mjs";

const world = {};

before(async () => {
  world.site = await startDemonstration();
});

after(async () => {
  await world.browser?.close();
  await world.site?.stop();
});

for (const [name, run] of forgotPhone) {
  test(`by keyboard alone: ${name}`, { timeout: 240_000 }, () => run(world));
}
