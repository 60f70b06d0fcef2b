// SPDX-License-Identifier: Apache-2.0

import { after, before, test } from "node:test";

import { startDemonstration } from "./demonstration.mjs";
import { lostPhone } from "./lost-phone.mjs";

const world = {};

before(async () => {
  world.site = await startDemonstration();
});

after(async () => {
  await world.browser?.close();
  await world.site?.stop();
});

for (const [name, run] of lostPhone) {
  test(`by keyboard alone: ${name}`, { timeout: 150_000 }, () => run(world));
}
