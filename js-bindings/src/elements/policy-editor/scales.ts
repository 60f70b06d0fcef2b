// SPDX-License-Identifier: Apache-2.0
// What a policy costs, and what one switch of it costs: each is the policy weighed with it and without.

import type { Finding, GuessBudget, GuessChances, PolicyTools } from "../../policy.js";
import { secondFactorPolicy, type PolicyDocument } from "../shared/policy-document.js";

/** What becomes of a policy by one switch. */
export interface Price {
  /** Requirements that it alone breaks. */
  readonly broken: readonly Finding[];
  /** Undefined where the policy cannot be meant, as without any method. */
  readonly chances: GuessChances | undefined;
  readonly without: GuessChances | undefined;
}

interface Weight {
  readonly budget: GuessBudget | undefined;
  readonly findings: readonly Finding[];
}

type Change = Partial<PolicyDocument>;

/** Against what a switch alone is judged: an authenticator app, and no way around it. */
const strict: Change = {
  "login_methods.totp": true,
  "login_methods.email": false,
  allow_none: false,
  "forgot_phone.enabled": false,
  "security_codes.enabled": false,
  "totp.past_steps": 0,
  "totp.future_steps": 0,
};

const most = 400;

export class Scales {
  readonly #tools: PolicyTools;
  readonly #known = new Map<string, Weight>();

  constructor(tools: PolicyTools) {
    this.#tools = tools;
  }

  /** @returns undefined for a policy that contradicts itself */
  budget(policy: PolicyDocument): GuessBudget | undefined {
    return this.#weigh(policy).budget;
  }

  /** Every requirement, in the standards' order; empty as above. */
  findings(policy: PolicyDocument): readonly Finding[] {
    return this.#weigh(policy).findings;
  }

  /**
   * The verdict is of the one switch alone, whatever else the draft breaks as well; the budget is of the draft.
   *
   * @param withIt what the switch makes of a policy
   * @param without the same, off
   * @param drafted where the draft is not simply changed by the two
   */
  price(draft: PolicyDocument, withIt: Change, without: Change, drafted: readonly [Change, Change] = [withIt, without]): Price {
    const alone = { ...draft, ...strict };
    const [on, off] = [this.#weigh({ ...alone, ...withIt }), this.#weigh({ ...alone, ...without })];
    const brokenAnyway = new Set(off.findings.filter(isBroken).map(nameOf));
    const chances = (change: Change) => this.#weigh({ ...draft, ...change }).budget?.together;
    return {
      broken: off.budget ? on.findings.filter((it) => isBroken(it) && !brokenAnyway.has(nameOf(it))) : [],
      chances: chances(drafted[0]),
      without: chances(drafted[1]),
    };
  }

  #weigh(policy: PolicyDocument): Weight {
    const asked = secondFactorPolicy(policy);
    const key = JSON.stringify(asked);
    const known = this.#known.get(key);
    if (known) return known;
    let weight: Weight = { budget: undefined, findings: [] };
    try {
      weight = { budget: this.#tools.guessBudget(asked), findings: this.#tools.judgePolicy(asked) };
    } catch {
      // A contradiction: the server says which when it is saved.
    }
    if (this.#known.size >= most) this.#known.clear();
    this.#known.set(key, weight);
    return weight;
  }
}

const isBroken = ({ verdict }: Finding) => verdict === "not_met";
const nameOf = ({ standard, id, level }: Finding) => `${standard} ${id} ${level ?? ""}`;

/** "OWASP ASVS 5.0 level 1 (6.4.2) and level 2 (6.3.4, 6.4.4); NIST SP 800-63B-4 (2.2.1)". */
export function requirementsInWords(findings: readonly Finding[]): string {
  const ids = (some: readonly Finding[]) => `(${some.map(({ id }) => id).join(", ")})`;
  const levels = [1, 2, 3].flatMap((level) => {
    const some = findings.filter((it) => it.standard === "asvs-5.0" && it.level === level);
    return some.length > 0 ? [`level\u00a0${level} ${ids(some)}`] : [];
  });
  const nist = findings.filter(({ standard }) => standard === "sp-800-63b-4");
  return [
    ...(levels.length > 0 ? [`OWASP ASVS 5.0 ${levels.join(", ")}`] : []),
    ...(nist.length > 0 ? [`NIST SP 800-63B-4 ${ids(nist)}`] : []),
  ].join("; ");
}
