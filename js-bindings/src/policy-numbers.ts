// SPDX-License-Identifier: Apache-2.0
import type { Border, RawPolicy } from "./wasm/call.js";

/** Which security codes may sign in. */
export type SecurityCodeKinds = "none" | "static" | "backup" | "both";

/** What stands in for a forgotten phone: security questions, then a mailed code, or that alone. */
export type Alternate = "kba" | "kba_email" | "email";

/** What an administrator decides about second factors. What is left out is as the defaults say. */
export interface SecondFactorPolicy {
  /** Second factors at login; default `["totp"]`. */
  readonly login?: readonly ("totp" | "email")[] | undefined;
  /** Users may be without a second factor; default false. */
  readonly allowNone?: boolean | undefined;
  /** The alternates that Forgot Phone offers; absent: Forgot Phone is off. */
  readonly forgotPhone?: readonly Alternate[] | undefined;
  /** Each user takes one of them; needed for more than one; default false. */
  readonly usersChoose?: boolean | undefined;
  /** Default `"none"`. */
  readonly securityCodes?: SecurityCodeKinds | undefined;
  /** 6 to 10, default 6. */
  readonly totpDigits?: number | undefined;
  /** 15 to 300, default 30. */
  readonly totpPeriodSeconds?: number | undefined;
  /** Steps accepted before the present one, 0 to 10, default 1. */
  readonly totpPastSteps?: number | undefined;
  /** And after it, 0 to 10, default 1. */
  readonly totpFutureSteps?: number | undefined;
  /** 6 to 10, default 6. */
  readonly emailDigits?: number | undefined;
  /** How long a mailed code is good, 60 to 3600, default 600. */
  readonly emailLifeSeconds?: number | undefined;
  /** Guesses at one mailed code, 1 to 20, default 5. */
  readonly emailTries?: number | undefined;
  /** Between two mails to one address, 0 to 3600, default 60. */
  readonly emailGapSeconds?: number | undefined;
  /** Mails to an address in an hour, 1 to 60, default 5. */
  readonly emailSendsPerHour?: number | undefined;
  /** Mails to an address in a day, 1 to 100, default 10. */
  readonly emailSendsPerDay?: number | undefined;
  /** Security questions, judged as one secret, 1 to 10, default 3. */
  readonly kbaQuestions?: number | undefined;
  /** The failure in a row that begins the first pause, 1 to 10, default 5. */
  readonly pauseFromFailure?: number | undefined;
  /** The first pause, doubled by each further failure, 10 to 3600, default 30. */
  readonly pauseStartSeconds?: number | undefined;
  /** The longest pause, `pauseStartSeconds` to 86400, default 3600. */
  readonly pauseCapSeconds?: number | undefined;
  /** Failures in 30 days that disable a method, 20 to 1000, default 100. */
  readonly windowCap?: number | undefined;
}

const kinds: readonly SecurityCodeKinds[] = ["none", "static", "backup", "both"];


/**
 * The policy as it crosses the border, in the order of the core's own struct.
 *
 * @internal
 */
export function policyNumbers(border: Border<RawPolicy>, policy: SecondFactorPolicy): number[] {
  const login = new Set(border.names(policy.login ?? ["totp"], ["totp", "email"], "login"));
  const alternates = new Set(border.names(policy.forgotPhone ?? [], ["kba", "kba_email", "email"], "forgotPhone"));
  const [kind = "none"] = border.names([policy.securityCodes ?? "none"], kinds, "securityCodes");
  const numbers = {
    totpDigits: 6, totpPeriodSeconds: 30, totpPastSteps: 1, totpFutureSteps: 1,
    emailDigits: 6, emailLifeSeconds: 600, emailTries: 5, emailGapSeconds: 60, emailSendsPerHour: 5, emailSendsPerDay: 10,
    kbaQuestions: 3, pauseFromFailure: 5, pauseStartSeconds: 30, pauseCapSeconds: 3600, windowCap: 100,
  };
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  const switches = [
    login.has("totp"), login.has("email"), policy.allowNone === true, policy.forgotPhone !== undefined,
    alternates.has("kba"), alternates.has("kba_email"), alternates.has("email"), policy.usersChoose === true,
  ];
  return [...switches.map(Number), kinds.indexOf(kind), ...names.map((name) => border.small(policy[name] ?? numbers[name], name))];
}
