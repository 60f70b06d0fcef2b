// SPDX-License-Identifier: Apache-2.0
// The policy as the server keeps it: one document, sections with fields. A field is named by its place, with a
// dot, as in the server's refusals.

import type { SecondFactorPolicy } from "../../policy.js";
import type { Body } from "./session-request.js";

export type Alternate = "kba" | "kba_email" | "email";
export type CodeKind = "static" | "backup" | "both";

export const alternates: readonly Alternate[] = ["kba", "kba_email", "email"];
export const codeKinds: readonly CodeKind[] = ["static", "backup", "both"];

/** What a field may hold; `least` and `most` are inclusive, as the server's. */
export type FieldKind =
  | { readonly kind: "switch" }
  | { readonly kind: "number"; readonly least: number; readonly most: number }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "ticks"; readonly of: readonly string[] };

const flag = { kind: "switch" } as const;
const number = (least: number, most: number) => ({ kind: "number", least, most }) as const;

/** Every field, in the document's order. */
export const fields = {
  "login_methods.totp": flag,
  "login_methods.email": flag,
  allow_none: flag,
  require_setup: flag,
  "forgot_phone.enabled": flag,
  "forgot_phone.alternate": { kind: "choice", of: alternates },
  "forgot_phone.user_choice": flag,
  "forgot_phone.offered": { kind: "ticks", of: alternates },
  "security_codes.enabled": flag,
  "security_codes.kind": { kind: "choice", of: codeKinds },
  "security_codes.backup_code_hours": number(1, 168),
  "kba.questions": number(1, 10),
  "kba.catalog": flag,
  "kba.own": flag,
  "totp.past_steps": number(0, 1),
  "totp.future_steps": number(0, 1),
  "email_codes.digits": number(6, 8),
  "email_codes.life_seconds": number(60, 600),
  "email_codes.tries": number(1, 5),
  "counting.pause_from_failure": number(1, 10),
  "counting.pause_start_seconds": number(30, 3600),
  "counting.pause_cap_seconds": number(30, 86_400),
  "counting.notice_at": number(10, 99),
  "counting.disable_at": number(20, 100),
  recovery_hold_hours: number(0, 168),
  alternate_hold_hours: number(0, 168),
} as const satisfies Readonly<Record<string, FieldKind>>;

export type Place = keyof typeof fields;
export const places = Object.keys(fields) as readonly Place[];

type ValueOf<Kind extends FieldKind> =
  Kind extends { kind: "switch" } ? boolean :
  Kind extends { kind: "number" } ? number :
  Kind extends { kind: "choice"; of: readonly (infer One)[] } ? One :
  Kind extends { kind: "ticks"; of: readonly (infer One)[] } ? readonly One[] : never;

export type Value<P extends Place> = ValueOf<(typeof fields)[P]>;

/** A policy by the places of its fields. Immutable. */
export type PolicyDocument = { readonly [P in Place]: Value<P> };

function holds(kind: FieldKind, value: unknown): boolean {
  switch (kind.kind) {
    case "switch":
      return typeof value === "boolean";
    case "number":
      return Number.isSafeInteger(value);
    case "choice":
      return typeof value === "string" && kind.of.includes(value);
    case "ticks":
      return Array.isArray(value) && value.every((one) => kind.of.includes(one as string));
  }
}

/** @returns undefined when a field is missing or cannot be read; fields of a newer server are left out */
export function readPolicy(body: unknown): PolicyDocument | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const read: Record<string, unknown> = {};
  for (const place of places) {
    const [section = "", field] = place.split(".");
    const outer = (body as Body)[section];
    const value = field === undefined ? outer : (outer as Body | undefined)?.[field];
    if (!holds(fields[place], value)) return undefined;
    read[place] = value;
  }
  return read as PolicyDocument;
}

/** The document as the server reads it. */
export function writePolicy(policy: PolicyDocument): Body {
  const body: Record<string, Record<string, unknown> | unknown> = {};
  for (const place of places) {
    const [section = "", field] = place.split(".");
    if (field === undefined) body[section] = policy[place];
    else body[section] = { ...(body[section] as Body | undefined), [field]: policy[place] };
  }
  return body;
}

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The places at which two policies differ. */
export function changedPlaces(before: PolicyDocument, after: PolicyDocument): readonly Place[] {
  return places.filter((place) => !sameValue(before[place], after[place]));
}

/** The ways of Forgot My Phone that are open to a user who may choose any of them. */
export function openAlternates(policy: PolicyDocument): readonly Alternate[] {
  if (!policy["forgot_phone.enabled"]) return [];
  return policy["forgot_phone.user_choice"] ? policy["forgot_phone.offered"] : [policy["forgot_phone.alternate"]];
}

/** The same policy as the guess budget and the standards read it. */
export function secondFactorPolicy(policy: PolicyDocument): SecondFactorPolicy {
  const login = (["totp", "email"] as const).filter((method) => policy[`login_methods.${method}`]);
  return {
    login,
    allowNone: policy.allow_none,
    forgotPhone: policy["forgot_phone.enabled"] ? openAlternates(policy) : undefined,
    usersChoose: policy["forgot_phone.user_choice"],
    securityCodes: policy["security_codes.enabled"] ? policy["security_codes.kind"] : "none",
    totpPastSteps: policy["totp.past_steps"],
    totpFutureSteps: policy["totp.future_steps"],
    emailDigits: policy["email_codes.digits"],
    emailLifeSeconds: policy["email_codes.life_seconds"],
    emailTries: policy["email_codes.tries"],
    kbaQuestions: policy["kba.questions"],
    pauseFromFailure: policy["counting.pause_from_failure"],
    pauseStartSeconds: policy["counting.pause_start_seconds"],
    pauseCapSeconds: policy["counting.pause_cap_seconds"],
    windowCap: policy["counting.disable_at"],
  };
}
