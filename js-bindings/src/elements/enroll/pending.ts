// SPDX-License-Identifier: Apache-2.0
// What the page shows of a pending secret, worked out once when it arrives.

import type { Core } from "../../index.js";
import { groupText } from "../shared/clipboard.js";

export interface Pending {
  readonly pendingId: string;
  readonly uri: string;
  readonly issuer: string;
  readonly account: string;
  readonly digits: number;
  readonly periodSeconds: number;
  /** Base32, in groups of four. */
  readonly key: string;
  /** Modules a side, and the dark ones as an SVG path in module units, without quiet zone. */
  readonly qr: { readonly size: number; readonly path: string };
}

/** @returns undefined when the server sent something that is not a time-based `otpauth:` URI */
export function preparePending(core: Core, pendingId: string, text: string): Pending | undefined {
  try {
    const { uri } = core.parseOtpauthUri(text);
    if (uri.type !== "totp") return undefined;
    const key = groupText(core.encodeBase32(uri.secret).replace(/=+$/u, ""), 4);
    uri.secret.fill(0);
    return {
      pendingId,
      uri: text,
      issuer: uri.issuer,
      account: uri.account,
      digits: uri.digits ?? 6,
      periodSeconds: uri.periodSeconds ?? 30,
      key,
      qr: core.qrPath(text),
    };
  } catch {
    return undefined;
  }
}
