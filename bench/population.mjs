// SPDX-License-Identifier: Apache-2.0
// Users with seeds, in an order that nobody's table is sorted by, and request bodies with their right codes.
// No user is asked twice for codes of one step, so every code sent is good exactly once.
import { randomBytes, randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOfStep, stepNow } from "../tests/server/http/totp.mjs";

const kSeedBytes = 20;

export const userName = (index) => `user-${index}`;

/** A random order of 0 to `count` - 1: people do not sign in by the alphabet. */
function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

export class Population {
  #seeds;
  #order;

  constructor(count) {
    this.count = count;
    this.#seeds = Buffer.concat(Array.from({ length: Math.ceil(count / 100_000) }, (_, chunk) =>
      randomBytes(kSeedBytes * Math.min(100_000, count - chunk * 100_000))));
    this.#order = shuffled(count);
  }

  seed(index) {
    return this.#seeds.subarray(index * kSeedBytes, (index + 1) * kSeedBytes);
  }

  /** @param {number} place in the random order */
  at(place) {
    return this.#order[place];
  }
}

/** Where one store's users stand: who has used which step there. */
export class Turns {
  #population;
  #lastStep;
  #cursor = 0;

  constructor(population) {
    this.#population = population;
    this.#lastStep = new Uint32Array(population.count);
  }

  /**
   * Writes the bodies of the next `wanted` users, with codes of the present step.
   * @returns {Promise<{step: number, users: string[]}>} in the order of the file
   */
  async write(file, wanted) {
    const count = Math.min(wanted, this.#population.count);
    const indices = Array.from({ length: count }, (_, offset) =>
      this.#population.at((this.#cursor + offset) % this.#population.count));
    const latest = indices.reduce((step, index) => Math.max(step, this.#lastStep[index]), 0);
    while (stepNow() <= latest) await sleep(100);
    const step = stepNow();
    const lines = indices.map((index) =>
      `{"user":"${userName(index)}","method":"totp","code":"${codeOfStep(this.#population.seed(index), step)}"}\n`);
    writeFileSync(file, lines.join(""));
    return { step, indices };
  }

  /** `sent` of those just written have been used; the next turn begins behind them. */
  used({ step, indices }, sent) {
    for (const index of indices.slice(0, sent)) this.#lastStep[index] = step;
    this.#cursor = (this.#cursor + Math.min(sent, indices.length)) % this.#population.count;
  }
}
