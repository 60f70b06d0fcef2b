// SPDX-License-Identifier: Apache-2.0
// What the target `routes` goes by: a line for each operation of openapi.yaml, and its examples as first inputs.
import { operations } from "../../server/http/openapi.mjs";

const all = [...operations.values()];

/** Method, path, credential, purpose or `-`, every status. */
export function contractText() {
  return all.map(({ method, path, credential, purpose, answers }) =>
    `${[method, path, credential ?? "none", purpose ?? "-", ...answers.keys()].join(" ")}\n`).join("");
}

/** What only a running server knows, by the field's name. */
const live = {
  user: "@USER@", code: "@CODE@", challenge: "@CHALLENGE@", receipt: "@RECEIPT@", pending_id: "@PENDING@", credential: "@CREDENTIAL@",
  credential_id: "@CREDENTIAL@", replaces: "@CREDENTIAL@", public_key: "@KEY@", at: "@NOW@",
};

function withLiveValues(value, name) {
  if (Array.isArray(value)) return value.map((each) => withLiveValues(each));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withLiveValues(each, key)]));
  }
  return live[name] ?? value;
}

/** Each operation with each of its examples, as it stands and with live values: by its back end or page, with a plain head. */
export function contractInputs() {
  return all.flatMap(({ requests, body }, index) => {
    const head = [index, 0xff, 0];
    if (body === undefined) return [Buffer.from(head)];
    return requests.flatMap(({ value }) => [value, withLiveValues(value)]).map((value) =>
      Buffer.concat([Buffer.from(head), Buffer.from(JSON.stringify(value))]));
  });
}
