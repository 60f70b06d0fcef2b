// SPDX-License-Identifier: Apache-2.0
// The entries of an authenticator, in memory only, and how text becomes one. No DOM.

import { CountersignError, type Algorithm, type Core } from "../../index.js";

export interface Entry {
  readonly id: number;
  readonly issuer: string;
  readonly account: string;
  readonly secret: Uint8Array;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly periodSeconds: number;
}

/** Named by the person when only a key was pasted. */
export interface Names {
  readonly issuer: string;
  readonly account: string;
}

export type Addition =
  | { readonly kind: "added"; readonly entry: Entry; readonly warnings: readonly string[] }
  | { readonly kind: "duplicate"; readonly entry: Entry }
  | { readonly kind: "refused"; readonly code: string; readonly sentence: string };

let lastId = 0;

/** The most that the core makes codes of. One longer key among the entries would cost all of them their codes. */
const longestKey = 1024;

export function looksLikeUri(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:/iu.test(text);
}

/**
 * Reads an `otpauth:` URI or a bare base32 key and looks for the same key among the entries.
 * Nothing is changed: the caller adds what is `added`.
 */
export function readAddition(core: Core, text: string, names: Names, entries: readonly Entry[]): Addition {
  if (/^\s*otpauth-migration:/iu.test(text)) return refused("uri.export_unsupported");
  try {
    const read = looksLikeUri(text) ? fromUri(core, text) : fromKey(core, text, names);
    if (read.kind !== "added") return read;
    const twin = entries.find((other) => sameKey(other, read.entry));
    if (!twin) return read;
    read.entry.secret.fill(0);
    return { kind: "duplicate", entry: twin };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return refused(error.code, error.message);
  }
}

/** What a person calls the entry, in a sentence. */
export function nameOf({ issuer, account }: Names): string {
  if (issuer && account) return `${issuer} (${account})`;
  return issuer || account || "the entry without a name";
}

const impossible = (what: string) => `That link asks for ${what} that no app can do. Ask the site for a new link.`;

/** Said to the person who stands there; the core's own sentence covers the rest. */
const refusals: Readonly<Record<string, string>> = {
  "uri.not_otpauth": "That is not a set-up link for an authenticator. Such a link starts with otpauth://totp/.",
  "uri.type_unknown": "That link is for a kind of code that this page does not know. It reads otpauth://totp/ links.",
  "uri.hotp_unsupported":
    "That entry counts instead of using the time (HOTP). This version reads time-based codes only, so nothing was added.",
  "uri.export_unsupported":
    "That is an export of another authenticator app. This version cannot read those, so nothing was added.",
  "uri.secret_missing": "There is no key in that link. Copy it again, whole.",
  "uri.secret_malformed": "The key in that link is damaged. Copy it again, whole.",
  "uri.period_out_of_range": impossible("a time between codes"),
  "uri.digits_out_of_range": impossible("a length of the code"),
  "uri.algorithm_unknown": impossible("an algorithm"),
  "base32.bad_symbol": "That is not a key. A key has only the letters A to Z and the digits 2 to 7.",
  "base32.bad_length": "That key is cut short or has a symbol too many. Copy it again, whole.",
  "base32.bad_padding": "That key is cut short or has a symbol too many. Copy it again, whole.",
  "base32.trailing_bits": "That key is cut short or has a mistake at its end. Copy it again, whole.",
  "secret.too_short": "Paste a set-up link or a key first.",
  "secret.too_long": "That key is longer than any site's. Copy the key alone.",
};

function refused(code: string, sentence = "That could not be read. Nothing was added."): Addition {
  return { kind: "refused", code, sentence: refusals[code] ?? sentence };
}

function fromUri(core: Core, text: string): Addition {
  const { uri, warnings } = core.parseOtpauthUri(text.trim());
  if (uri.type !== "totp") {
    uri.secret.fill(0);
    return refused("uri.hotp_unsupported");
  }
  const { issuer, account, secret, algorithm, digits, periodSeconds } = uri;
  const entry = { id: ++lastId, issuer, account, secret, algorithm, digits, periodSeconds };
  return { kind: "added", entry, warnings: warnings.map(({ sentence }) => sentence) };
}

function fromKey(core: Core, text: string, names: Names): Addition {
  // What copying from a page or a letter brings along; the core takes ASCII spaces and dashes only.
  const secret = core.decodeBase32(text.replace(/[\s\u2010-\u2015\u2212]/gu, ""));
  if (secret.length === 0) return refused("secret.too_short");
  if (secret.length > longestKey) {
    secret.fill(0);
    return refused("secret.too_long");
  }
  const entry: Entry = {
    id: ++lastId,
    issuer: names.issuer.trim(),
    account: names.account.trim(),
    secret,
    algorithm: "sha1",
    digits: 6,
    periodSeconds: 30,
  };
  const warnings = secret.length < 16 ? ["The key is shorter than it should be. Check that you have all of it."] : [];
  return { kind: "added", entry, warnings };
}

function sameKey(a: Entry, b: Entry): boolean {
  return (
    a.algorithm === b.algorithm &&
    a.digits === b.digits &&
    a.periodSeconds === b.periodSeconds &&
    a.secret.length === b.secret.length &&
    a.secret.every((byte, index) => byte === b.secret[index])
  );
}
