// SPDX-License-Identifier: Apache-2.0
// How the answer to a case of tests/vectors is compared.
import assert from "node:assert/strict";

/** The answer, or the code of the error, in one shape so that both are compared. */
export function answerOf(question) {
  try {
    return { value: question() };
  } catch (error) {
    if (error.name !== "CountersignError") throw error;
    return { error: error.code };
  }
}

/** Asserts the case's `Error`, or hands the value to a check. */
export function expect(it, question, check) {
  const { value, error } = answerOf(question);
  assert.equal(error, it.has("Error") ? it.text("Error") : undefined);
  if (error === undefined) check(value);
}
