// SPDX-License-Identifier: Apache-2.0
// The names that `wasm/bindings*.cpp` gives to the core, typed by hand; a test compares the two. Nothing
// outside `src/wasm/` and the API files that forward to it sees these.

/** An answer of the core: a value, or the stable code of what was malformed. */
export type RawResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

/** A row of one of the core's own tables. */
export interface RawRow {
  readonly name: string;
  readonly sentence: string;
}

export interface RawUri {
  readonly hotp: boolean;
  readonly issuer: string;
  readonly account: string;
  readonly secret: Uint8Array;
  readonly algorithm: number;
  readonly digits: number;
  readonly periodSeconds: number;
  readonly counterHigh?: number;
  readonly counterLow?: number;
  readonly warnings: readonly number[];
}

export interface RawHotpVerdict {
  readonly outcome: string;
  readonly counterHigh: number;
  readonly counterLow: number;
}

/** The module as Embind leaves it. Text and secrets cross as bytes; a number of an enumeration is its index. */
export interface RawCore {
  version(): string;
  errors(): readonly RawRow[];
  uriWarnings(): readonly RawRow[];
  algorithms(): readonly string[];
  randomSecret(byteLength: number): Uint8Array;
  encodeBase32(bytes: Uint8Array): Uint8Array;
  decodeBase32(text: Uint8Array): RawResult<Uint8Array>;
  generateTotp(
    secret: Uint8Array, seconds: number, algorithm: number, digits: number, periodSeconds: number,
  ): RawResult<{ readonly code: Uint8Array; readonly timeStep: number }>;
  generateTotpBatch(secrets: Uint8Array, table: Float64Array, seconds: number): RawResult<Uint8Array>;
  verifyTotp(
    secret: Uint8Array, code: Uint8Array, seconds: number, algorithm: number, digits: number,
    periodSeconds: number, pastSteps: number, futureSteps: number, hasLastUsed: boolean, lastUsed: number,
  ): RawResult<{ readonly outcome: string; readonly timeStep: number }>;
  resyncTotp(
    secret: Uint8Array, first: Uint8Array, second: Uint8Array, seconds: number, algorithm: number, digits: number,
    periodSeconds: number, radiusSteps: number, hasLastUsed: boolean, lastUsed: number,
  ): RawResult<{ readonly outcome: string; readonly timeStep: number }>;
  generateHotp(
    secret: Uint8Array, counterHigh: number, counterLow: number, algorithm: number, digits: number,
  ): RawResult<Uint8Array>;
  verifyHotp(
    secret: Uint8Array, code: Uint8Array, algorithm: number, digits: number, lookAhead: number,
    hasLastUsed: boolean, lastUsedHigh: number, lastUsedLow: number,
  ): RawResult<RawHotpVerdict>;
  resyncHotp(
    secret: Uint8Array, first: Uint8Array, second: Uint8Array, algorithm: number, digits: number, reach: number,
    hasLastUsed: boolean, lastUsedHigh: number, lastUsedLow: number,
  ): RawResult<RawHotpVerdict>;
  generateSteam(secret: Uint8Array, seconds: number): RawResult<Uint8Array>;
  verifySteam(
    secret: Uint8Array, code: Uint8Array, seconds: number, pastSteps: number, futureSteps: number,
    hasLastUsed: boolean, lastUsed: number,
  ): RawResult<{ readonly outcome: string; readonly timeStep: number }>;
  /** `fields`: nonce, realm, user, event, method, credential, detail. */
  makeBoxKeyPair(): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  openBox(
    publicKey: Uint8Array, secretKey: Uint8Array, session: Uint8Array, user: Uint8Array | null, pendingId: Uint8Array,
    sealed: Uint8Array,
  ): RawResult<Uint8Array>;
  makeSecurityCode(): Uint8Array;
  readSecurityCode(typed: Uint8Array): RawResult<Uint8Array>;
  formatSecurityCode(code: Uint8Array): RawResult<Uint8Array>;
  stretchSecurityCode(code: Uint8Array, salt: Uint8Array): RawResult<Uint8Array>;
  foldCode(typed: Uint8Array): Uint8Array;
  buildOtpauthUri(
    hotp: boolean, issuer: Uint8Array, account: Uint8Array, secret: Uint8Array, algorithm: number,
    digits: number, periodSeconds: number, hasCounter: boolean, counterHigh: number, counterLow: number,
  ): RawResult<Uint8Array>;
  parseOtpauthUri(text: Uint8Array): RawResult<RawUri>;
  qrModules(text: Uint8Array, level: number): RawResult<{ size: number; version: number; modules: Uint8Array }>;
  qrPath(text: Uint8Array, level: number): RawResult<{ size: number; version: number; path: Uint8Array }>;
  qrSvg(text: Uint8Array, level: number, quietZoneModules: number, modulePixels: number): RawResult<Uint8Array>;
  qrBitmap(
    text: Uint8Array, level: number, quietZoneModules: number, modulePixels: number,
  ): RawResult<{ side: number; rows: Uint8Array }>;
  qrTerminal(text: Uint8Array, level: number, quietZoneModules: number, style: number): RawResult<Uint8Array>;
}

/** The function that Emscripten's glue exports. */
export type CreateModule<Raw> = (options: {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}) => Promise<Raw>;
export type CreateCore = CreateModule<RawCore>;
