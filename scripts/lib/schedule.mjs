// SPDX-License-Identifier: Apache-2.0
// Runs tasks side by side within a number of places. A task that is `alone` takes every place, as a
// build does, which uses each core already. Order is kept where places allow.

/**
 * @typedef {{name: string, after: string[], alone: boolean, run: () => Promise<boolean>}} Task
 * @param {Task[]} tasks
 * @param {number} places
 * @returns {Promise<Map<string, "passed"|"failed"|"blocked">>} blocked: what it comes after has failed
 */
export async function runTasks(tasks, places) {
  const outcome = new Map();
  const waiting = [...tasks];
  const running = new Map();
  const names = new Set(tasks.map(({ name }) => name));
  const before = (task) => task.after.filter((name) => names.has(name));
  let free = places;

  const start = (task) => {
    const taken = task.alone ? places : 1;
    free -= taken;
    const ended = task.run().then(
      (passed) => outcome.set(task.name, passed ? "passed" : "failed"),
      () => outcome.set(task.name, "failed"),
    ).then(() => {
      free += taken;
      running.delete(task.name);
    });
    running.set(task.name, ended);
  };

  while (waiting.length > 0 || running.size > 0) {
    for (let i = 0; i < waiting.length; i += 1) {
      const task = waiting[i];
      if (before(task).some((name) => ["failed", "blocked"].includes(outcome.get(name)))) {
        outcome.set(task.name, "blocked");
        waiting.splice(i, 1);
        i = -1;
        continue;
      }
      const ready = before(task).every((name) => outcome.get(name) === "passed");
      if (!ready || (task.alone ? places : 1) > free) continue;
      waiting.splice(i, 1);
      start(task);
      i = -1;
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0) throw new Error(`tasks wait for each other: ${waiting.map(({ name }) => name)}`);
  }
  return outcome;
}
