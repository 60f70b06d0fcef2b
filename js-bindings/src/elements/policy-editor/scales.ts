// SPDX-License-Identifier: Apache-2.0
// What a policy costs, and what one switch of it costs: each is the policy weighed with it and without.

import type { Finding, GuessBudget, GuessChances, PolicyTools } from "../../policy.js";
import { secondFactorPolicy, type PolicyDocument } from "../shared/policy-document.js";

/** What becomes of a policy by one switch. */
export interface Price {
  /** Requirements that are not met with it and would not be broken without. */
  readonly broken: readonly Finding[];
  /** Undefined where the policy cannot be meant, as without any method. */
  readonly chances: GuessChances | undefined;
  readonly without: GuessChances | undefined;
}

interface Weight {
  readonly budget: GuessBudget | undefined;
  readonly findings: readonly Finding[];
}

const most = 200;

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

  price(withIt: PolicyDocument, without: PolicyDocument): Price {
    const [more, less] = [this.#weigh(withIt), this.#weigh(without)];
    const brokenAnyway = new Set(less.findings.filter(isBroken).map(nameOf));
    const broken = less.budget ? more.findings.filter((it) => isBroken(it) && !brokenAnyway.has(nameOf(it))) : [];
    return { broken, chances: more.budget?.together, without: less.budget?.together };
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
