// SPDX-License-Identifier: Apache-2.0

import { after, before, test } from "node:test";

import { configuring } from "./configure.mjs";
import { startDemonstration } from "./demonstration.mjs";

const world = {};

before(async () => {
  world.site = await startDemonstration();
});

after(async () => {
  await world.browser?.close();
  await world.site?.stop();
});

for (const [name, run] of configuring) {
  test(`by keyboard alone: ${name}`, { timeout: 150_000 }, () => run(world));
}
