// SPDX-License-Identifier: Apache-2.0

import { after, before, test } from "node:test";

import { administrationOfPeople } from "./administration-people.mjs";
import { administration } from "./administration.mjs";
import { startDemonstration } from "./demonstration.mjs";

const world = {};

before(async () => {
  // As a fresh server has it: everything that weakens is off.
  world.site = await startDemonstration({ policy: () => {} });
});

after(async () => {
  await world.browser?.close();
  await world.site?.stop();
});

for (const [name, run] of [...administration, ...administrationOfPeople]) {
  test(`by keyboard alone: ${name}`, { timeout: 150_000 }, () => run(world));
}
