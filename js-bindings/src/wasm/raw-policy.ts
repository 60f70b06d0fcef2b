// SPDX-License-Identifier: Apache-2.0
// The names that `wasm/bindings_policy.cpp` gives, typed by hand; a test compares the two.
import type { RawResult, RawRow } from "./raw.js";

/** For a day, a year, and a patient year. */
export type RawChances = readonly [number, number, number];

export interface RawBudget {
  readonly weakest: string;
  readonly together: RawChances;
  readonly paths: readonly {
    readonly path: string;
    readonly chances: RawChances;
    readonly steps: readonly {
      readonly method: string;
      readonly chancePerGuess: number;
      readonly guesses: readonly [number, number, number, number];
      readonly chances: RawChances;
    }[];
  }[];
}

export interface RawFinding {
  readonly standard: string;
  readonly id: string;
  readonly level?: number;
  readonly verdict: string;
  readonly decidedBy: string;
  readonly statement: string;
  readonly reason: string;
}

/** The module as Embind leaves it. A policy crosses as an array of numbers, see src/policy-numbers.ts. */
export interface RawPolicy {
  errors(): readonly RawRow[];
  guessBudget(policy: number[], authenticators: number, staticCodes: number, kbaBits: number): RawResult<RawBudget>;
  judgePolicy(policy: number[]): RawResult<readonly RawFinding[]>;
}
