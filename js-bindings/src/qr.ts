// SPDX-License-Identifier: Apache-2.0
import { type Border, takeText } from "./wasm/call.js";

/** How much of the symbol may be lost: about 7, 15, 25 or 30 percent. */
export type QrLevel = "low" | "medium" | "quartile" | "high";

/** How to make a symbol. */
export interface QrOptions {
  /** The least error correction; raised when it costs no larger symbol. Default `"medium"`. */
  readonly level?: QrLevel | undefined;
}

/** How to draw a whole SVG document. */
export interface QrSvgOptions extends QrOptions {
  /** White modules around the symbol, 4 to 32; default 4, which the standard asks for. */
  readonly quietZoneModules?: number | undefined;
  /** Pixels of a module, 4 to 64; default 8. */
  readonly modulePixels?: number | undefined;
}

/** QR codes (ISO/IEC 18004, model 2). What shows a secret is a secret. */
export interface QrApi {
  /**
   * A whole SVG document, black on white whatever the theme.
   *
   * @throws {@link CountersignError} `qr.empty`, `qr.too_long`, `qr.option_out_of_range`
   */
  qrSvg(text: string, options?: QrSvgOptions): string;

  /**
   * The dark modules as the `d` of one SVG path, in module units and without a quiet zone: for a page
   * that builds the SVG itself, as a strict CSP with Trusted Types asks for.
   *
   * @throws {@link CountersignError} as {@link qrSvg}
   */
  qrPath(text: string, options?: QrOptions): { size: number; version: number; path: string };

  /**
   * The modules themselves: `size * size` bytes by rows, 1 for dark.
   *
   * @throws {@link CountersignError} as {@link qrSvg}
   */
  qrModules(text: string, options?: QrOptions): { size: number; version: number; modules: Uint8Array };
}

/** In the order of the core's enumeration. */
const levels: readonly QrLevel[] = ["low", "medium", "quartile", "high"];

/** @internal */
export function qrApi(border: Border): QrApi {
  const content = (text: string): Uint8Array => border.text(text, "text", "qr.too_long");
  const level = (options: QrOptions): number => levels.indexOf(options.level ?? "medium");
  return {
    qrSvg(text, options = {}) {
      const quietZone = border.small(options.quietZoneModules ?? 4, "quietZoneModules");
      const pixels = border.small(options.modulePixels ?? 8, "modulePixels");
      return takeText(border.open(border.raw.qrSvg(content(text), level(options), quietZone, pixels)));
    },

    qrPath(text, options = {}) {
      const { size, version, path } = border.open(border.raw.qrPath(content(text), level(options)));
      return { size, version, path: takeText(path) };
    },

    qrModules: (text, options = {}) => border.open(border.raw.qrModules(content(text), level(options))),
  };
}
