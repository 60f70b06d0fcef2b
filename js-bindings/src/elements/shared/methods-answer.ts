// SPDX-License-Identifier: Apache-2.0
// What a session may know of its user's second factors, read from the server's answer. Times are seconds since
// 1970-01-01 UTC. What is not understood is left out, never guessed at.

import { unreadable, wholeNumber, type Body, type Failure } from "./session-request.js";

/** One authenticator of the user that is set up. */
export interface Authenticator {
  readonly id: string;
  readonly name: string | undefined;
  readonly status: "active" | "disabled";
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
}

/** The user's own set of security codes. */
export interface SecurityCodes {
  readonly status: "not_configured" | "active" | "disabled";
  /** How many are not used yet. */
  readonly remaining: number;
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
}

/** What there is one of for a user: an address to which codes are mailed, or the security questions. */
export interface OwnMethod {
  readonly status: "not_configured" | "pending" | "active" | "disabled";
  /** Of what is set up; undefined where nothing is. */
  readonly id: string | undefined;
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
  /** Of an address: as much of it as may be shown. */
  readonly masked: string | undefined;
  /** Of an alternate address that is held back: from when on it works. */
  readonly usableFrom: number | undefined;
  /** Of security questions: how often they still let in; undefined when the server does not say. */
  readonly usesLeft: number | undefined;
}

/** A way in when the phone is lost: security questions, those and a code to the alternate address, or the code alone. */
export type Alternate = "kba" | "kba_email" | "email";

/** Which of them there are for this user. */
export interface Alternates {
  readonly offered: readonly Alternate[];
  /** What the user picked; none when they never did. */
  readonly chosen: readonly Alternate[];
  readonly userChoice: boolean;
}

/** What can prove inside a session who is here. */
export type Proof = "totp" | "security_code";

export interface Methods {
  readonly kind: "methods";
  readonly authenticators: readonly Authenticator[];
  /** Undefined where the site has none and offers none; the next four, too. */
  readonly codes: SecurityCodes | undefined;
  readonly email: OwnMethod | undefined;
  readonly alternateEmail: OwnMethod | undefined;
  readonly questions: OwnMethod | undefined;
  readonly alternates: Alternates | undefined;
  /** The address that the site gave for this user, masked; undefined when it gave none. */
  readonly primaryMasked: string | undefined;
  /** Whether an authenticator was begun and not confirmed. */
  readonly begun: boolean;
  readonly stepUpRequired: boolean;
  /** Whether the session was opened for changes by a fallback: it lets an authenticator be set up, and no more (R2). */
  readonly recovery: boolean;
  /** Whether the site lets the last second factor be removed (R6). */
  readonly allowNone: boolean;
  /** What proves now who is here. */
  readonly proofs: readonly Proof[];
}

export function readMethods(body: Body): Methods | Failure {
  const { methods, step_up_required: stepUp, step_up: proofs, recovery, allow_none: allowNone, alternates, primary_masked: primary } = body;
  if (!Array.isArray(methods)) return unreadable;
  const of = (wanted: string) => methods.filter((entry: Body | undefined): entry is Body => entry?.["method"] === wanted);
  const first = <T>(wanted: string, read: (entry: Body) => T | undefined): T | undefined => of(wanted).flatMap((entry) => read(entry) ?? [])[0];
  const authenticators = of("totp").flatMap((entry) => readAuthenticator(entry) ?? []);
  const codes = first("static_codes", readCodes);
  return {
    kind: "methods",
    authenticators,
    codes,
    email: first("email", readOwn),
    alternateEmail: first("alternate_email", readOwn),
    questions: first("kba", readOwn),
    alternates: readAlternates(alternates),
    primaryMasked: optionalText(primary),
    begun: of("totp").some(({ status }) => status === "pending"),
    stepUpRequired: stepUp === true,
    recovery: recovery === true,
    allowNone: allowNone === true,
    proofs: readProofs(proofs, authenticators, codes),
  };
}

/** Whether there is one that works: a way around a second factor that is not there would be the only lock. */
export function hasSecondFactor({ authenticators, email }: Methods): boolean {
  return authenticators.some(({ status }) => status === "active") || email?.status === "active";
}

const proofNames: readonly Proof[] = ["totp", "security_code"];

/** A server that does not say takes codes of an active authenticator, and security codes where there may be some. */
function readProofs(told: unknown, authenticators: readonly Authenticator[], codes: SecurityCodes | undefined): readonly Proof[] {
  if (Array.isArray(told)) return proofNames.filter((name) => told.includes(name));
  return proofNames.filter((name) => (name === "totp" ? authenticators.some(({ status }) => status === "active") : codes !== undefined));
}

const optionalNumber = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const optionalText = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function readCodes({ status, remaining, active_since: since, last_used: used }: Body): SecurityCodes | undefined {
  if (status !== "not_configured" && status !== "active" && status !== "disabled") return undefined;
  return { status, remaining: wholeNumber(remaining), activeSince: optionalNumber(since), lastUsed: optionalNumber(used) };
}

function readAuthenticator({ credential_id: id, status, name, active_since: since, last_used: used }: Body): Authenticator | undefined {
  if (typeof id !== "string" || (status !== "active" && status !== "disabled")) return undefined;
  return { id, status, name: optionalText(name), activeSince: optionalNumber(since), lastUsed: optionalNumber(used) };
}

function readOwn(entry: Body): OwnMethod | undefined {
  const { status, credential_id: id, active_since: since, last_used: used, masked, usable_from: from, uses_left: left } = entry;
  const setUp = status === "active" || status === "disabled";
  if (!setUp && status !== "not_configured" && status !== "pending") return undefined;
  if (setUp && typeof id !== "string") return undefined;
  return {
    status,
    id: setUp ? (id as string) : undefined,
    activeSince: optionalNumber(since),
    lastUsed: optionalNumber(used),
    masked: optionalText(masked),
    usableFrom: optionalNumber(from),
    usesLeft: optionalNumber(left),
  };
}

const alternateNames: readonly Alternate[] = ["kba", "kba_email", "email"];

function readAlternates(value: unknown): Alternates | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { offered, chosen, user_choice: userChoice } = value as Body;
  const names = (list: unknown) => alternateNames.filter((name) => Array.isArray(list) && list.includes(name));
  return names(offered).length > 0 ? { offered: names(offered), chosen: names(chosen), userChoice: userChoice === true } : undefined;
}
