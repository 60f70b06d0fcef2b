// SPDX-License-Identifier: Apache-2.0
// The routes that an administrator's session may call: typed answers, nothing thrown.

import { readPolicy, writePolicy, type PolicyDocument } from "./policy-document.js";
import { bytesFromHex } from "./hex.js";
import { request, unreadable, wholeNumber, type Body, type Failure, type Session } from "./session-request.js";

export { mayPass, type Failure } from "./session-request.js";

/** One version of the policy. Times are seconds since 1970-01-01 UTC. */
export interface PolicyVersion {
  readonly version: number;
  readonly policy: PolicyDocument;
  readonly who: string;
  /** Undefined of the defaults, which nobody has saved. */
  readonly at: number | undefined;
}

export interface CurrentPolicy extends PolicyVersion {
  readonly kind: "policy";
}

export interface History {
  readonly kind: "history";
  /** The newest first. */
  readonly versions: readonly PolicyVersion[];
}

export interface Saved {
  readonly kind: "saved";
  readonly version: number;
}

/** The administrator's own code was not accepted; no reason is ever told (R14). */
export interface NotAccepted {
  readonly kind: "not_accepted";
  readonly retryAfterSeconds: number;
}

/** One configured method of a user, of any kind. */
export interface UserMethod {
  readonly method: string;
  readonly status: "active" | "disabled" | "pending" | "not_configured";
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly masked: string | undefined;
  readonly activeSince: number | undefined;
  readonly lastUsed: number | undefined;
  /** Of a set of codes. */
  readonly remaining: number | undefined;
  /** Until when nothing is accepted after wrong codes. */
  readonly pausedUntil: number | undefined;
}

export interface UserMethods {
  readonly kind: "user";
  readonly methods: readonly UserMethod[];
  /** Whether the policy of now has the action Generate Backup Code (A11). */
  readonly backupCodesAllowed: boolean;
  /** When the backup code expires that the user has now; undefined: none. */
  readonly backupCodeExpiresAt: number | undefined;
}

export interface Issued {
  readonly kind: "issued";
  readonly code: string;
  readonly expiresAt: number | undefined;
}

export interface Done {
  readonly kind: "done";
}

/** One record of the audit log. What may not be told of it is empty; its hash still holds its place. */
export interface TrailRecord {
  /** Undefined: not sealed yet. */
  readonly number: number | undefined;
  readonly hash: Uint8Array | undefined;
  readonly time: number;
  readonly nonce: Uint8Array | undefined;
  readonly realm: string;
  readonly user: string;
  readonly event: string;
  readonly method: string;
  readonly credential: string;
  readonly detail: string;
}

export interface Trail {
  readonly kind: "trail";
  /** The newest last. */
  readonly records: readonly TrailRecord[];
  /** A line `cs-checkpoint-1 ...`; undefined while none is signed. */
  readonly checkpoint: string | undefined;
  /** Of the log's signatures, 32 bytes. */
  readonly key: Uint8Array;
}

const publicKeyBytes = 32;

export class AdminClient {
  constructor(
    private readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  async policy(): Promise<CurrentPolicy | Failure> {
    const answer = await request(this.session, "admin/policy", this.signal);
    if (answer.kind === "failed") return answer;
    const read = readVersion(answer.body);
    return read ? { kind: "policy", ...read } : unreadable;
  }

  /**
   * Saves the whole policy in the place of that version.
   *
   * @param code a fresh one of the administrator's, which a weaker policy needs
   */
  async savePolicy(version: number, policy: PolicyDocument, code?: string): Promise<Saved | NotAccepted | Failure> {
    const answer = await this.#post("admin/policy", { version, policy: writePolicy(policy), ...(code ? { code } : {}) });
    if (answer.kind === "failed") return answer;
    if (answer.body["ok"] === false) return notAccepted(answer.body);
    const { version: saved } = answer.body;
    return typeof saved === "number" ? { kind: "saved", version: saved } : unreadable;
  }

  async history(): Promise<History | Failure> {
    const answer = await request(this.session, "admin/policy/history", this.signal);
    if (answer.kind === "failed") return answer;
    const { versions } = answer.body;
    if (!Array.isArray(versions)) return unreadable;
    const read = versions.flatMap((one: Body) => readVersion(one) ?? []);
    return { kind: "history", versions: read.sort((a, b) => b.version - a.version) };
  }

  async user(user: string): Promise<UserMethods | Failure> {
    const answer = await this.#post("admin/user", { user });
    if (answer.kind === "failed") return answer;
    const { methods, backup_codes_allowed: allowed, backup_code: code } = answer.body;
    if (!Array.isArray(methods)) return unreadable;
    return {
      kind: "user",
      methods: methods.flatMap((entry: Body) => readMethod(entry) ?? []),
      backupCodesAllowed: allowed === true,
      backupCodeExpiresAt: optionalNumber((code as Body | null | undefined)?.["expires_at"]),
    };
  }

  async unlock(user: string, credentialId: string): Promise<Done | Failure> {
    const answer = await this.#post("admin/unlock", { user, credential_id: credentialId });
    if (answer.kind === "failed") return answer;
    return answer.body["ok"] === true ? { kind: "done" } : unreadable;
  }

  /** @param code a fresh one of the administrator's own */
  async issueBackupCode(user: string, reason: string, code: string): Promise<Issued | NotAccepted | Failure> {
    const answer = await this.#post("admin/backupcode", { user, reason, code });
    if (answer.kind === "failed") return answer;
    if (answer.body["ok"] === false) return notAccepted(answer.body);
    const { code: issued, expires_at: expires } = answer.body;
    return typeof issued === "string" ? { kind: "issued", code: issued, expiresAt: optionalNumber(expires) } : unreadable;
  }

  /** @param after a record's number: what follows it; without one, the newest */
  async audit(after?: number): Promise<Trail | Failure> {
    const answer = await this.#post("admin/audit", after === undefined ? {} : { after });
    if (answer.kind === "failed") return answer;
    const { records, checkpoint, key: text } = answer.body;
    const key = bytesFromHex(text);
    if (!Array.isArray(records) || key?.length !== publicKeyBytes) return unreadable;
    const line = (checkpoint as Body | null | undefined)?.["line"];
    return { kind: "trail", records: records.map(readRecord), checkpoint: typeof line === "string" ? line : undefined, key };
  }

  #post(route: string, body: Body) {
    return request(this.session, route, this.signal, body);
  }
}

const optionalNumber = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const optionalText = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function notAccepted({ retry_after: wait }: Body): NotAccepted {
  return { kind: "not_accepted", retryAfterSeconds: wholeNumber(wait) };
}

function readVersion({ version, policy: body, who, at }: Body): PolicyVersion | undefined {
  const policy = readPolicy(body);
  if (!policy || typeof version !== "number") return undefined;
  return { version, policy, who: textOf(who), at: optionalNumber(at) || undefined };
}

function readMethod(entry: Body): UserMethod | undefined {
  const { method, status } = entry;
  if (typeof method !== "string") return undefined;
  if (status !== "active" && status !== "disabled" && status !== "pending" && status !== "not_configured") return undefined;
  return {
    method,
    status,
    id: optionalText(entry["credential_id"]),
    name: optionalText(entry["name"]),
    masked: optionalText(entry["masked"]),
    activeSince: optionalNumber(entry["active_since"]),
    lastUsed: optionalNumber(entry["last_used"]),
    remaining: optionalNumber(entry["remaining"]),
    pausedUntil: optionalNumber(entry["paused_until"]),
  };
}

function readRecord(entry: Body): TrailRecord {
  return {
    number: optionalNumber(entry["number"]),
    hash: bytesFromHex(entry["hash"]),
    time: wholeNumber(entry["time"]),
    nonce: bytesFromHex(entry["nonce"]),
    realm: textOf(entry["realm"]),
    user: textOf(entry["user"]),
    event: textOf(entry["event"]),
    method: textOf(entry["method"]),
    credential: textOf(entry["credential"]),
    detail: textOf(entry["detail"]),
  };
}
