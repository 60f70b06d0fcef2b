// SPDX-License-Identifier: Apache-2.0
// What a policy costs and how it is judged, through `countersign/policy`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { loadPolicyTools } from "countersign/policy";

const wasmPath = createRequire(import.meta.url).resolve("countersign/policy.wasm");
const tools = await loadPolicyTools();

test("a switch that is weaker costs more, and is named as the weakest path [A2] [A12]", () => {
  const app = tools.guessBudget();
  const questions = tools.guessBudget({ forgotPhone: ["kba"] }, { kbaBitsPerQuestion: 4 });
  assert.equal(app.weakest, "totp");
  assert.equal(questions.weakest, "kba");
  assert.ok(questions.together.year > app.together.year);
  assert.ok(tools.guessBudget({ totpDigits: 8 }).together.year < app.together.year / 90);
});

test("questions are named by requirement, verdict and switch [A2]", () => {
  const finding = tools.judgePolicy({ forgotPhone: ["kba"] }).find(({ standard, id }) => standard === "asvs-5.0" && id === "6.4.2");
  assert.deepEqual(finding, {
    standard: "asvs-5.0", id: "6.4.2", level: 1, verdict: "not_met", decidedBy: "forgot_phone",
    statement: "There are no security questions.", reason: "Security questions are on.",
  });
});

test("what a policy cannot mean is a CountersignError with a sentence", () => {
  const refused = (policy, code) => assert.throws(() => tools.judgePolicy(policy), (error) => {
    assert.equal(error.name, "CountersignError");
    assert.equal(error.code, code);
    assert.match(error.message, /^[A-Z].+\.$/);
    return true;
  });
  refused({ login: [] }, "policy.no_login_method");
  refused({ forgotPhone: [] }, "policy.no_alternate");
  refused({ forgotPhone: ["kba", "email"] }, "policy.alternates_undecided");
  refused({ totpDigits: 11 }, "policy.out_of_range");
  refused({ windowCap: 2 ** 40 }, "policy.out_of_range");
  assert.throws(() => tools.guessBudget({}, { kbaBitsPerQuestion: Number.NaN }), { code: "policy.assumption_out_of_range" });
});

test("what a program passes wrongly is a TypeError", () => {
  for (const policy of [{ login: ["sms"] }, { login: "totp" }, { forgotPhone: ["kba-email"] }, { securityCodes: "all" }, { totpDigits: "6" }, { totpDigits: 6.5 }]) {
    assert.throws(() => tools.guessBudget(policy), TypeError, JSON.stringify(policy));
  }
  assert.throws(() => tools.guessBudget({}, { kbaBitsPerQuestion: "4" }), TypeError);
});

test("the module is one instance unless its bytes or address are given, and a failed load is tried again", async () => {
  assert.equal(await loadPolicyTools(), tools);
  const own = await loadPolicyTools({ wasm: readFileSync(wasmPath) });
  assert.notEqual(own, tools);
  assert.deepEqual(own.guessBudget(), tools.guessBudget());
  await assert.rejects(loadPolicyTools({ wasm: pathToFileURL(`${wasmPath}.missing`) }), { code: "ENOENT" });
  assert.ok(Object.isFrozen(tools));
});
