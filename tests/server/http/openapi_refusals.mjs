// SPDX-License-Identifier: Apache-2.0
// The refusals that are the same on many operations, run on each of them as openapi.yaml has them.

const ownDetail = { own: ["detail"] };

/** Without a token, with an alien one, with another kind of body, with none that can be read. @param {string} token that may call */
export async function runRefusals(run, operation, token) {
  const { id, body, credential } = operation;
  const name = body === undefined ? id : `${id} ${operation.requests[0].name}`;
  if (credential === "none") return;
  await run.run(name, "401 auth.missing");
  await run.run(name, "401 auth.invalid", { token: `cs_ses_${"x".repeat(43)}` });
  if (body === undefined) return;
  await run.run(name, "415 request.media_type", { token, headers: { "content-type": "text/plain" } });
  await run.run(name, "413 request.too_large", { ...ownDetail, token, body: { filler: "x".repeat(20_000) } });
  await run.run(name, "400 request.malformed", { ...ownDetail, token, headers: { "content-type": "application/json" }, body: "{" });
  await run.run(name, "400 request.field_unknown", { ...ownDetail, token, body: { ...operation.requests[0].value, surprise: "x" } });
}

/** @param {string} other a session of another purpose @param {string} own one of the right purpose */
export async function runSessionRefusals(run, operation, { other, own }) {
  const name = operation.body === undefined ? operation.id : `${operation.id} ${operation.requests[0].name}`;
  await run.run(name, "403 auth.wrong_purpose", { token: other });
  await run.run(name, "403 auth.origin_not_allowed", { token: own, headers: { origin: "https://elsewhere.example" } });
}
