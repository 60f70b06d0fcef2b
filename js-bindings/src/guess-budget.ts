// SPDX-License-Identifier: Apache-2.0
import { policyNumbers, type SecondFactorPolicy } from "./policy-numbers.js";
import type { Border, RawBudget, RawChances, RawPolicy } from "./wasm/call.js";

/** What is guessed at, each with counters of its own. */
export type GuessMethod = "totp" | "login_email" | "kba" | "alternate_email" | "security_code";

/** A way in: one method, or for `kba_email` one after the other. */
export type GuessPath = GuessMethod | "kba_email";

/** What the policy does not say of a user. */
export interface GuessAssumptions {
  /** Authenticators active at once, 1 to 5, default 1. */
  readonly authenticators?: number | undefined;
  /** Static codes not used up yet, 1 to 100, default 10. */
  readonly staticCodes?: number | undefined;
  /** How hard one security question is to guess, 0 to 64; default 0: the guesser knows or finds the answers. */
  readonly kbaBitsPerQuestion?: number | undefined;
}

/** Chances of at least one right guess, 0 to 1. */
export interface GuessChances {
  readonly day: number;
  readonly year: number;
  /** Of a guesser who stops one failure short of disabling anything. */
  readonly patientYear: number;
}

/** How many guesses a guesser gets. */
export interface GuessCounts {
  readonly day: number;
  /** In 30 days at one credential, which may end it. */
  readonly window: number;
  readonly year: number;
  readonly patientYear: number;
}

/** One method of a way in. */
export interface GuessStep {
  readonly method: GuessMethod;
  readonly chancePerGuess: number;
  readonly guesses: GuessCounts;
  readonly chances: GuessChances;
}

/** What guessing costs under a policy. */
export interface GuessBudget {
  /** The likeliest way in within a year. */
  readonly weakest: GuessPath;
  /** All ways at once, for the user whose alternate is the weakest of those offered. */
  readonly together: GuessChances;
  readonly paths: readonly {
    readonly path: GuessPath;
    /** One or two. */
    readonly steps: readonly GuessStep[];
    /** For two steps the product, which is an upper bound. */
    readonly chances: GuessChances;
  }[];
}

/** How likely is it that somebody who has the password guesses the second factor? */
export interface GuessBudgetApi {
  /**
   * Computes it for an owner who signs in every day, and configures a disabled method anew at once, and a
   * guesser at full pace. The formulas and all assumptions stand in the core's `guess_budget.h`.
   *
   * @throws {@link CountersignError} `policy.out_of_range`, `policy.no_login_method`, `policy.no_alternate`,
   *   `policy.alternates_undecided`, `policy.assumption_out_of_range`
   */
  guessBudget(policy?: SecondFactorPolicy, assumptions?: GuessAssumptions): GuessBudget;
}

const chancesOf = ([day, year, patientYear]: RawChances): GuessChances => ({ day, year, patientYear });

const budgetOf = ({ weakest, together, paths }: RawBudget): GuessBudget => ({
  weakest: weakest as GuessPath,
  together: chancesOf(together),
  paths: paths.map(({ path, steps, chances }) => ({
    path: path as GuessPath,
    steps: steps.map(({ method, chancePerGuess, guesses: [day, window, year, patientYear], chances: own }) => ({
      method: method as GuessMethod, chancePerGuess, guesses: { day, window, year, patientYear }, chances: chancesOf(own),
    })),
    chances: chancesOf(chances),
  })),
});

/** @internal */
export function guessBudgetApi(border: Border<RawPolicy>): GuessBudgetApi {
  return {
    guessBudget(policy = {}, { authenticators = 1, staticCodes = 10, kbaBitsPerQuestion = 0 } = {}) {
      return budgetOf(
        border.open(
          border.raw.guessBudget(
            policyNumbers(border, policy),
            border.small(authenticators, "authenticators"),
            border.small(staticCodes, "staticCodes"),
            border.real(kbaBitsPerQuestion, "kbaBitsPerQuestion"),
          ),
        ),
      );
    },
  };
}
