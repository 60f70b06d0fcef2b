// SPDX-License-Identifier: Apache-2.0
import { policyNumbers, type SecondFactorPolicy } from "./policy-numbers.js";
import type { Border, RawPolicy } from "./wasm/call.js";

/** What to turn to change a verdict; `none` where no switch does. */
export type PolicySwitch =
  | "none" | "login_methods" | "allow_none" | "forgot_phone" | "security_codes" | "totp_codes" | "email_codes";

/** One requirement of a standard and what becomes of it under a policy. */
export interface Finding {
  readonly standard: "asvs-5.0" | "sp-800-63b-4";
  /** The requirement's number, or the section's. */
  readonly id: string;
  /** ASVS only: 1 to 3. */
  readonly level?: number;
  readonly verdict: "met" | "not_met" | "not_applicable";
  readonly decidedBy: PolicySwitch;
  /** What is asked for, in our words. */
  readonly statement: string;
  readonly reason: string;
}

/** What two standards say of a policy. */
export interface StandardsApi {
  /**
   * Judges a policy by OWASP ASVS 5.0 (V6) and NIST SP 800-63B-4: what its switches decide, and what this
   * toolkit always does or never has. A verdict, not a certificate. Every requirement is in the answer,
   * always in the same order.
   *
   * @throws {@link CountersignError} `policy.out_of_range`, `policy.no_login_method`, `policy.no_alternate`,
   *   `policy.alternates_undecided`
   */
  judgePolicy(policy?: SecondFactorPolicy): readonly Finding[];
}

/** @internal */
export function standardsApi(border: Border<RawPolicy>): StandardsApi {
  return {
    judgePolicy: (policy = {}) => border.open(border.raw.judgePolicy(policyNumbers(border, policy))) as readonly Finding[],
  };
}
