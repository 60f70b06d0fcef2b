// SPDX-License-Identifier: Apache-2.0
// The closing lines of scripts/test, and its list of claims.
import { count } from "./junit.mjs";

const print = (line) => process.stdout.write(`${line}\n`);

/**
 * What one suite came to. A suite that failed without a failed test, or ran nothing, counts one failure.
 *
 * @param {"passed"|"failed"|"blocked"} outcome
 */
export function verdictOf(name, outcome, cases) {
  const ran = outcome === "blocked" ? [] : cases;
  const totals = count(ran);
  const notes = [];
  if (outcome === "blocked") notes.push("not run: what it needs could not be built");
  else if (totals.passed + totals.failed === 0) notes.push("ran nothing");
  else if (outcome === "failed" && totals.failed === 0) notes.push("exited with a failure that no test reports");
  else if (outcome === "passed" && totals.failed > 0) notes.push("exited 0 with failed tests");
  if (notes.length > 0 && totals.failed === 0) totals.failed = 1;
  return { name, ...totals, notes, cases: ran };
}

/** @returns {boolean} whether everything passed */
export function printClosing(verdicts, complaints) {
  const total = { passed: 0, failed: complaints.length, skipped: 0 };
  for (const verdict of verdicts) {
    for (const key of ["passed", "failed", "skipped"]) total[key] += verdict[key];
    for (const { name, outcome, reason } of verdict.cases) {
      if (outcome === "failed") print(`test: ${verdict.name}: failed: ${name}`);
      if (outcome === "skipped") print(`test: ${verdict.name}: skipped: ${name}: ${reason}`);
    }
  }
  for (const complaint of complaints) print(`test: failed: ${complaint}`);
  print("");
  for (const { name, passed, failed, skipped, notes } of verdicts) {
    const note = notes.length > 0 ? `  (${notes.join("; ")})` : "";
    print(`${name.padEnd(13)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped${note}`);
  }
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0;
}

/** @returns {boolean} whether each owned id is proven and no test carries an unknown one */
export function printClaims({ claims, unknown }) {
  for (const { id, owner, owned, claim, tests, proven } of claims) {
    const state = proven ? "proven" : owned ? "NOT PROVEN" : "not owned yet";
    print(`${id.padEnd(5)} ${state.padEnd(13)} ${owner === "later" ? "later" : `issue ${owner}`}  ${claim}`);
    for (const test of tests) print(`      ${test.outcome.padEnd(8)} ${test.suite}: ${test.name}`);
  }
  for (const id of unknown) print(`a test carries the id ${id}, which docs/claims.md does not list`);
  const unproven = claims.filter(({ owned, proven }) => owned && !proven);
  const count = claims.filter(({ owned }) => owned).length;
  print(`${count - unproven.length} of ${count} owned ids proven by the last run`);
  return unproven.length === 0 && unknown.length === 0;
}
