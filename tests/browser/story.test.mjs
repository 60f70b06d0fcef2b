// SPDX-License-Identifier: Apache-2.0

import { after, before, test } from "node:test";

import { startDemonstration } from "./demonstration.mjs";
import { endStory, story } from "./story.mjs";

const world = {};

before(async () => {
  world.site = await startDemonstration();
});

after(async () => {
  await endStory(world);
  await world.site?.stop();
});

for (const [name, run] of story) {
  test(`by keyboard alone: ${name}`, { timeout: 90_000 }, () => run(world));
}
