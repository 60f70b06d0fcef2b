// SPDX-License-Identifier: Apache-2.0
// What a page does with security questions, over HTTP.
import { passByTotp } from "./challenges.mjs";

/** A session for the user's own page, elevated by a login's second factor. */
export async function openElevated(server, token, user, seed) {
  const challenge = await passByTotp(server, token, user, seed);
  const opened = await server.call("POST", "/v1/sessions", {
    token, json: { user, purpose: "manage", account: `${user}@example.org`, issuer: "Bank", elevated_by: challenge.id },
  });
  if (opened.status !== 201) throw new Error(`no session: ${opened.text}`);
  return opened.json.token;
}

export const catalog = (server, session) => server.call("GET", "/v1/w/questions/catalog", { token: session });

/** Asks as it is, refusals included. */
export const save = (server, session, questions) =>
  server.call("POST", "/v1/w/questions/save", { token: session, json: { questions } });

/** Three of the catalog with answers that nobody refuses. */
export const threeQuestions = () => [
  { id: "first_concert", answer: "The Ramones" },
  { id: "childhood_hiding", answer: "Behind the woodshed" },
  { id: "worst_job", answer: "Gutting mackerel" },
];

/** The entry of a user's own methods. */
export async function questionState(server, session) {
  const { json } = await server.call("GET", "/v1/w/methods", { token: session });
  return json.methods.find(({ method }) => method === "kba");
}
