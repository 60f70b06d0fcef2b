// SPDX-License-Identifier: Apache-2.0
/**
 * One-time codes, `otpauth:` URIs and QR codes, made by the same core as the server's. Importing this
 * touches no DOM; {@link loadCore} is where to begin.
 *
 * @packageDocumentation
 */
export { loadCore, type Core, type LoadOptions } from "./core.js";
export { CountersignError, countersignErrorCodes, type CountersignErrorCode } from "./error.js";
export type { HotpApi, HotpParameters, HotpResult, HotpResyncOptions, HotpVerifyOptions } from "./hotp.js";
export type { OtpauthApi, OtpauthUri, OtpauthUriOptions, UriWarning } from "./otpauth.js";
export type { QrApi, QrLevel, QrOptions, QrPngOptions, QrSvgOptions, QrTerminalOptions, QrTerminalStyle } from "./qr.js";
export type { BoxContext, BoxKeyPair, SealedBoxApi } from "./sealed-box.js";
export type { SecretApi } from "./secret.js";
export type { SecurityCodeApi } from "./security-codes.js";
export type { SteamApi, SteamVerifyOptions } from "./steam.js";
export type { StretchApi, StretchOptions } from "./stretch.js";
export type { Algorithm, ResyncOptions, Totp, TotpApi, TotpEntry, TotpOptions, TotpParameters, VerifyOptions, VerifyResult } from "./totp.js";
export type { WasmSource } from "./wasm/loader.js";
