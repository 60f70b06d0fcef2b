// SPDX-License-Identifier: Apache-2.0
// Every fuzz target: the ids of what it defends, and where its first inputs come from beyond its corpus.
//
//   ids         of docs/claims.md
//   vectors     values of these keys, of these files of tests/vectors, are inputs as they stand
//   longest     bytes of an input; libFuzzer's own choice when absent
//   dictionary  tests/fuzz/dictionaries/NAME.dict

/** @typedef {{name: string, ids?: string, vectors?: [string, string[]][], longest?: number, dictionary?: string}} Target */

const uris = [["otpauth_uri_valid.vec", ["Uri"]], ["otpauth_uri_invalid.vec", ["Uri"]]];

/** @type {Target[]} */
export const targets = [
  { name: "base32", vectors: [["rfc4648_base32.vec", ["Text", "Bytes"]]], longest: 600 },
  { name: "checkpoint", ids: "[R26]", vectors: [["audit_chain.vec", ["Line", "Next"]]], longest: 400, dictionary: "checkpoint" },
  { name: "fold_code", ids: "[R14b] [L4]", vectors: [["code_fold.vec", ["Typed"]]], longest: 160 },
  { name: "hotp", ids: "[L20]", longest: 200 },
  { name: "http_bodies", ids: "[R10]", longest: 1200, dictionary: "json" },
  { name: "http_head", ids: "[R7]", longest: 1600, dictionary: "http" },
  { name: "import_csv", longest: 1000, dictionary: "csv" },
  { name: "import_otpauth", vectors: uris, longest: 1000, dictionary: "otpauth" },
  { name: "json_fields", ids: "[R10]", longest: 600, dictionary: "json" },
  { name: "otpauth_uri", ids: "[L23] [L25]", vectors: uris, longest: 1000, dictionary: "otpauth" },
  { name: "qr", vectors: [["qr_matrix.vec", ["Text"]]], longest: 160 },
  { name: "sealed_box", ids: "[R22]", longest: 400, dictionary: "box" },
  { name: "security_code", ids: "[R25] [L4]", vectors: [["security_code.vec", ["Typed"]]], longest: 160 },
  { name: "steam", ids: "[R12]", longest: 200 },
  { name: "totp", ids: "[R12] [L20]", longest: 200 },
];

/** Twins over a deliberately wrong core, and the words with which each must crash. */
export const planted = [
  { name: "planted_overread", like: "otpauth_uri", crash: /AddressSanitizer: heap-buffer-overflow/ },
  { name: "planted_canonical", like: "base32", crash: /INVARIANT BROKEN: a seed has one canonical form/ },
  { name: "planted_replay", like: "totp", crash: /INVARIANT BROKEN: the outcome is that of trying every step/ },
];
