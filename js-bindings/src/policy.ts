// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy costs, how standards judge it, and the audit log proven: for pages of administrators. Its
 * module is its own, so that no other page loads it.
 *
 * @packageDocumentation
 */
import createPolicy from "countersign-policy-glue";

import { auditApi, type AuditApi } from "./audit-chain.js";
import { guessBudgetApi, type GuessBudgetApi } from "./guess-budget.js";
import { standardsApi, type StandardsApi } from "./standards.js";
import { Border } from "./wasm/call.js";
import { compile, start, type WasmSource } from "./wasm/loader.js";

export type { AuditApi, AuditRecord, ChainOutcome, Checkpoint } from "./audit-chain.js";
export { CountersignError, type CountersignErrorCode } from "./error.js";
export type { GuessAssumptions, GuessBudget, GuessBudgetApi, GuessChances, GuessCounts, GuessMethod, GuessPath, GuessStep } from "./guess-budget.js";
export type { Alternate, SecondFactorPolicy, SecurityCodeKinds } from "./policy-numbers.js";
export type { Finding, PolicySwitch, StandardsApi } from "./standards.js";
export type { WasmSource } from "./wasm/loader.js";

/** The loaded module. Its methods do not use `this`, and are synchronous but for those that return a promise. */
export interface PolicyTools extends GuessBudgetApi, StandardsApi, AuditApi {}

let beside: Promise<PolicyTools> | undefined;

async function load(source: WasmSource): Promise<PolicyTools> {
  const border = new Border(await start(createPolicy, await compile(source)));
  return Object.freeze({ ...guessBudgetApi(border), ...standardsApi(border), ...auditApi(border) });
}

/**
 * Loads `policy.wasm`, by default from beside this module, under the same Content Security Policy as the core.
 * Without an address the same instance is given each time; a failed load is forgotten.
 *
 * @returns rejects with the platform's own error when the file cannot be had or is no WebAssembly
 */
export function loadPolicyTools(options: { readonly wasm?: WasmSource | undefined } = {}): Promise<PolicyTools> {
  if (options.wasm !== undefined) return load(options.wasm);
  if (beside !== undefined) return beside;
  beside = load(new URL("policy.wasm", import.meta.url));
  beside.catch(() => (beside = undefined));
  return beside;
}
