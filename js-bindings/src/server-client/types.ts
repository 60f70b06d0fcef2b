// SPDX-License-Identifier: Apache-2.0

// What travels, in the contract's own names. A test compares each with the schema of server/openapi.yaml.

/** What is the same in every session of a user. `account` is what the authenticator app shows under `issuer`; neither has a colon. */
interface UserSession {
  /** The site's own id of the user; 1 to 128 bytes of UTF-8. */
  user: string;
  account: string;
  issuer: string;
  /** The user's primary address, as the site knows it: where notices go. */
  email?: string;
}

/** In which a user's page sets up and changes second factors; 15 minutes. */
export interface ManageSessionRequest extends UserSession {
  purpose: "manage";
  /** A challenge of the same user and application key, passed at most 10 minutes ago: then no code is asked for again. */
  elevated_by?: string;
}

/** One login's second factor; 10 minutes. */
export interface ChallengeSessionRequest extends UserSession {
  purpose: "challenge";
  /** What the receipt is to allow; 1 to 64 bytes. */
  receipt_purpose: string;
  /** What the site has checked before, and when; without it no fallback is offered. `at` is in seconds since 1970 UTC. */
  first_factor?: { method: string; at: number };
  /** The site's own, at most 512 bytes; handed back with the receipt. */
  context?: string;
}

/** In which one of the staff administers; 10 minutes. The application key needs the scope `admin`. */
export interface AdminSessionRequest {
  user: string;
  purpose: "admin";
  scopes: AdminScope[];
  /** The actor's own challenge, opened by the same key and passed at most 10 minutes ago without a fallback. */
  challenge: string;
}

export type AdminScope = "policy" | "unlock" | "codes" | "audit";

export type SessionRequest = ManageSessionRequest | ChallengeSessionRequest | AdminSessionRequest;

/** `token` is for the page; `challenge` stays with the site's own login. */
export interface OpenedSession {
  token: string;
  challenge?: string;
  expires_at: number;
}

/** `code` as typed, or a security code `stretched`. */
export type VerifyRequest = { user: string; method: "totp" | "security_code" } & ({ code: string; stretched?: never } | { code?: never; stretched: string });

/** The answer never says why a code was not accepted. `retry_after`: seconds during which none is; 0 for at once. */
export type VerifyAnswer = { ok: true } | { ok: false; code: "not_accepted"; retry_after: number };

/** `receipt` is the page's; the other three are the site's own, of this login. */
export interface RedeemRequest {
  receipt: string;
  challenge: string;
  user: string;
  /** The `receipt_purpose` of the session. */
  purpose: string;
}

export type Proof = "totp" | "email" | "kba" | "alternate_email" | "static_code" | "backup_code";

/** `fallback`: something stood in for the second factor; `recovery`: it was an administrator's backup code. */
export type RedeemAnswer =
  | { ok: true; methods: Proof[]; fallback: boolean; recovery: boolean; context: string }
  | { ok: false; code: "not_accepted" };

/** One method of a user, or that there is none of its kind. Times are seconds since 1970 UTC. */
export interface Method {
  method: "totp" | "static_codes" | "kba" | "email" | "alternate_email";
  status: "not_configured" | "pending" | "active" | "disabled";
  credential_id?: string;
  /** What its owner calls it. */
  name?: string;
  active_since?: number;
  last_used?: number;
  /** Of static codes: those not used yet. */
  remaining?: number;
  /** Of security questions: how often their answers still let in. */
  uses_left?: number;
  questions?: number;
  paused_until?: number;
  /** Of an address. */
  masked?: string;
  /** Of an alternate address, while its hold lasts. */
  usable_from?: number;
}

export interface MethodsAnswer {
  methods: Method[];
}
