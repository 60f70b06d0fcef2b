// SPDX-License-Identifier: Apache-2.0
// The QR code, black on white in every theme, and beneath it the same secret for those who cannot scan.

import { html, nothing, type TemplateResult } from "lit";
import { copyIcon, phoneIcon } from "../shared/icons.js";
import { copyText } from "../shared/clipboard.js";
import type { Pending } from "./pending.js";

const quietZone = 4;
/** At least 4 px a module; more while the picture stays within a narrow column. */
const leastModulePixels = 4;
const widestPixels = 280;

export function qrCard(
  pending: Pending,
  copied: string,
  onCopied: (sentence: string) => void,
): TemplateResult {
  const { size, path } = pending.qr;
  const side = size + 2 * quietZone;
  const pixels = side * Math.max(leastModulePixels, Math.floor(widestPixels / side));
  const copy = async (event: Event) => {
    const shown = (event.currentTarget as Element).closest(".card")?.querySelector(".key") ?? null;
    onCopied(await copyText("The key", pending.key.replaceAll(" ", ""), shown));
  };
  return html`<div class="card ${pixels > widestPixels ? "large" : ""}">
    <div class="qr"><svg role="img" aria-label="QR code for your authenticator app" width=${pixels} height=${pixels}
      viewBox="${-quietZone} ${-quietZone} ${side} ${side}" shape-rendering="crispEdges"
      ><rect fill="#ffffff" x=${-quietZone} y=${-quietZone} width=${side} height=${side}></rect
      ><path fill="#000000" d=${path}></path></svg></div>
    <div class="stack">
      <p class="small secondary">For <bdi>${pending.account}</bdi> at <bdi>${pending.issuer}</bdi></p>
      <details ?open=${matchMedia("(pointer: coarse)").matches}>
        <summary>Can't scan?</summary>
        <div class="stack otherwise">
          <div class="stack tight">
            <p class="small">Type this key into the app instead. Choose a time-based code if it asks.</p>
            <p class="key code" translate="no">${pending.key}</p>
            <div class="row">
              <button type="button" @click=${copy}>${copyIcon}Copy the key</button>
            </div>
            <p class="small secondary status" role="status">${copied || nothing}</p>
          </div>
          <div class="stack tight">
            <p class="small">Is the app on this device?</p>
            <a class="button" href=${pending.uri} rel="noreferrer">${phoneIcon}Open in an app on this device</a>
          </div>
        </div>
      </details>
    </div>
  </div>`;
}

/** Holds the place of the card while it loads, so that nothing jumps. */
export const qrCardSkeleton = html`<div class="stack skeleton" aria-hidden="true">
  <div class="bar"></div><div class="lines"></div><div class="square"></div><div class="bar"></div><div class="button"></div>
</div>`;
