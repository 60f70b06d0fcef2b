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

/** How to draw a PNG. */
export type QrPngOptions = QrSvgOptions;

/** How to draw in a terminal. */
export interface QrTerminalOptions extends QrOptions {
  /** White modules around the symbol, 4 to 32; default 4. */
  readonly quietZoneModules?: number | undefined;
  /**
   * `"half-blocks"`, the default: two rows a line, black on white by escape sequences, whatever the theme;
   * `"ascii"`: `##` for a dark module, for where text is dark on light.
   */
  readonly style?: QrTerminalStyle | undefined;
}

export type QrTerminalStyle = "half-blocks" | "ascii";

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

  /**
   * A whole PNG file, one bit a pixel, black on white. Its writer is a file of its own, loaded at the first call.
   *
   * @returns the file, yours to `fill(0)`; the writer's own memory is the engine's to collect
   * @throws {@link CountersignError} as {@link qrSvg}
   */
  qrPng(text: string, options?: QrPngOptions): Promise<Uint8Array>;

  /**
   * Lines that show the symbol in a terminal, each with its line end.
   *
   * @throws {@link CountersignError} as {@link qrSvg}
   */
  qrTerminal(text: string, options?: QrTerminalOptions): string;
}

/** In the order of the core's enumerations. */
const levels: readonly QrLevel[] = ["low", "medium", "quartile", "high"];
const terminalStyles: readonly QrTerminalStyle[] = ["half-blocks", "ascii"];

/** @internal */
export function qrApi(border: Border): QrApi {
  const content = (text: string): Uint8Array => border.text(text, "text", "qr.too_long");
  const level = (options: QrOptions): number => levels.indexOf(options.level ?? "medium");
  const quietZone = (options: QrTerminalOptions | QrSvgOptions): number =>
    border.small(options.quietZoneModules ?? 4, "quietZoneModules");
  const pixels = (options: QrSvgOptions): number => border.small(options.modulePixels ?? 8, "modulePixels");
  return {
    qrSvg: (text, options = {}) =>
      takeText(border.open(border.raw.qrSvg(content(text), level(options), quietZone(options), pixels(options)))),

    qrPath(text, options = {}) {
      const { size, version, path } = border.open(border.raw.qrPath(content(text), level(options)));
      return { size, version, path: takeText(path) };
    },

    qrModules: (text, options = {}) => border.open(border.raw.qrModules(content(text), level(options))),

    async qrPng(text, options = {}) {
      const answer = border.raw.qrBitmap(content(text), level(options), quietZone(options), pixels(options));
      const { side, rows } = border.open(answer);
      const { encodePng } = await import("./qr-png.js");
      const file = encodePng(side, rows);
      rows.fill(0);
      return file;
    },

    qrTerminal(text, options = {}) {
      const style = terminalStyles.indexOf(options.style ?? "half-blocks");
      return takeText(border.open(border.raw.qrTerminal(content(text), level(options), quietZone(options), style)));
    },
  };
}
