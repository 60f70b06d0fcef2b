// SPDX-License-Identifier: Apache-2.0

// `scripts/demo --check`: the story of the browser tests, told step by step, with times.

import { startDemonstration } from "./demonstration.mjs";
import { endStory, story } from "./story.mjs";

const say = (text) => console.log(`demo: ${text}`);

async function timed(name, run) {
  const begun = performance.now();
  const result = await run();
  say(`${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return result;
}

const withoutIds = (name) => name.replace(/( \[\w+\])+$/, "");

const world = {};
try {
  world.site = await timed("server, bank and authenticator are up, on free ports", startDemonstration);
  for (const [name, run] of story) await timed(withoutIds(name), () => run(world));
  say(`the whole story passed: ${story.length} of ${story.length} steps`);
} catch (error) {
  console.error(`demo: FAILED: ${error.message}`);
  process.exitCode = 1;
} finally {
  await endStory(world);
  await world.site?.stop();
}
