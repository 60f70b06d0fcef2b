// SPDX-License-Identifier: Apache-2.0
import { hotpApi, type HotpApi } from "./hotp.js";
import { otpauthApi, type OtpauthApi } from "./otpauth.js";
import { qrApi, type QrApi } from "./qr.js";
import { sealedBoxApi, type SealedBoxApi } from "./sealed-box.js";
import { secretApi, type SecretApi } from "./secret.js";
import { securityCodeApi, type SecurityCodeApi } from "./security-codes.js";
import { steamApi, type SteamApi } from "./steam.js";
import { stretchApi, type StretchApi } from "./stretch.js";
import { totpApi, type TotpApi } from "./totp.js";
import { Border } from "./wasm/call.js";
import { loadRawCore, type WasmSource } from "./wasm/loader.js";

/**
 * The loaded core. Its methods do not use `this`, and are synchronous but for those that return a promise.
 *
 * Secrets that come in as `Uint8Array` are copied for the call, and the copy is wiped; those that go out
 * are yours to `fill(0)`. A JavaScript string cannot be wiped: base32 text, codes and URIs stay in memory
 * until the engine collects them, so hold secrets as bytes and make text of them as late as you can.
 */
export interface Core extends SecretApi, TotpApi, HotpApi, SteamApi, SecurityCodeApi, StretchApi, SealedBoxApi, OtpauthApi, QrApi {
  /** The version of this library. */
  readonly version: string;
}

/** Where the core comes from. */
export interface LoadOptions {
  /**
   * The address of `core.wasm`, or its bytes. By default it is looked for beside this module, and read
   * from disk in Node; an engine without SIMD gets `core_scalar.wasm`, which does the same at half the speed. A bundler that does not follow `new URL("core.wasm", import.meta.url)` needs the
   * file copied beside its output, or its address given here.
   */
  readonly wasm?: WasmSource | undefined;
}

/** One instance an address: what several widgets of a page share. */
const loaded = new Map<string, Promise<Core>>();

async function start(source?: WasmSource): Promise<Core> {
  const { raw, module } = await loadRawCore(source);
  const border = new Border(raw);
  return Object.freeze({
    version: border.raw.version(),
    ...secretApi(border),
    ...totpApi(border),
    ...hotpApi(border),
    ...steamApi(border),
    ...securityCodeApi(border),
    ...stretchApi(border, module),
    ...sealedBoxApi(border),
    ...otpauthApi(border),
    ...qrApi(border),
  });
}

/**
 * Loads the core: in a page, a module worker, or Node from 20.19. Under a Content Security Policy it needs
 * `'wasm-unsafe-eval'` in `script-src` and nothing more.
 *
 * The same address gives the same instance; bytes give a new one each time. A failed load is forgotten, so
 * that calling again tries again.
 *
 * @returns rejects with the platform's own error when the file cannot be had or is no WebAssembly
 */
export function loadCore(options: LoadOptions = {}): Promise<Core> {
  const { wasm } = options;
  if (wasm !== undefined && typeof wasm !== "string" && !(wasm instanceof URL)) return start(wasm);
  const address = wasm === undefined ? "" : String(wasm);
  const known = loaded.get(address);
  if (known !== undefined) return known;
  const core = start(wasm);
  loaded.set(address, core);
  core.catch(() => loaded.delete(address));
  return core;
}
