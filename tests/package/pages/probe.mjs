// SPDX-License-Identifier: Apache-2.0
// The same steps in a page and in a worker: load the core, make a code of RFC 6238, and try what the policy
// has to forbid.
export async function probe() {
  const found = {};
  try {
    const { loadCore } = await import("/dist/index.js");
    const core = await loadCore();
    const secret = new TextEncoder().encode("12345678901234567890");
    found.code = core.generateTotp(secret, { digits: 8, timestampMs: 59_000 }).code;
    found.randomBytes = core.generateSecret(32).length;
  } catch (error) {
    found.failure = `${error.name}: ${error.message}`;
  }
  try {
    new Function("return 1")();
    found.dynamicCode = "ran";
  } catch (error) {
    found.dynamicCode = error.name;
  }
  return found;
}
