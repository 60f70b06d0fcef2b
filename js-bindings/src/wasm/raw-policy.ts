// SPDX-License-Identifier: Apache-2.0
// The names that `wasm/bindings_policy.cpp` and `bindings_audit.cpp` give, typed by hand; a test compares.
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

export interface RawCheckpoint {
  readonly epoch: number;
  readonly size: number;
  readonly head: Uint8Array;
  readonly seconds: number;
  readonly signature: Uint8Array;
  /** The bytes that the signature is of. */
  readonly signed: Uint8Array;
}

/** The module as Embind leaves it. A policy crosses as an array of numbers, see src/policy-numbers.ts. */
export interface RawPolicy {
  errors(): readonly RawRow[];
  guessBudget(policy: number[], authenticators: number, staticCodes: number, kbaBits: number): RawResult<RawBudget>;
  judgePolicy(policy: number[]): RawResult<readonly RawFinding[]>;
  hashAuditRecord(seconds: number, fields: readonly Uint8Array[]): Uint8Array;
  parseCheckpoint(line: Uint8Array): RawResult<RawCheckpoint>;
  verifyExtension(previous: Uint8Array, next: Uint8Array, proof: Uint8Array): RawResult<string>;
}
