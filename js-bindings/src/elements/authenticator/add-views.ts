// SPDX-License-Identifier: Apache-2.0
// What is drawn while an entry is added: the ways, the camera, the text.

import { html, nothing, type TemplateResult } from "lit";
import { badIcon, cameraIcon, keyIcon } from "../shared/icons.js";
import type { Names } from "./entries.js";

export type AddWay = "camera" | "paste";

export function waysToAdd(open: (way: AddWay) => void): TemplateResult {
  return html`<div class="ways">
    <button type="button" @click=${() => open("camera")}>${cameraIcon}<span>
      <strong>Scan a QR code</strong><span class="small secondary">With the camera of this device</span></span></button>
    <button type="button" @click=${() => open("paste")}>${keyIcon}<span>
      <strong>Paste a link or a key</strong><span class="small secondary">From the site's set-up page</span></span></button>
  </div>`;
}

export function emptyView(open: (way: AddWay) => void): TemplateResult {
  return html`<section class="stack" aria-labelledby="empty">
    <div class="stack tight">
      <h2 id="empty">No entries yet</h2>
      <p>A site that asks for codes shows a QR code when you set it up. Bring it here, and this page shows its codes.</p>
    </div>
    ${waysToAdd(open)}
  </section>`;
}

export function cameraTroubleView(sentence: string, close: () => void, paste: () => void): TemplateResult {
  return html`<section class="stack panel" aria-labelledby="scan">
    <h2 id="scan">Scan a QR code</h2>
    <p class="notice" role="alert"><span class="bad">${badIcon}</span><span>${sentence}</span></p>
    <div class="row">
      <button type="button" class="main" @click=${paste}>Paste a link or a key</button>
      <button type="button" class="cancel" @click=${close}>Cancel</button>
    </div>
  </section>`;
}

export function cameraView(sentence: string, close: () => void, paste: () => void): TemplateResult {
  return html`<section class="stack panel" aria-labelledby="scan">
    <h2 id="scan">Scan a QR code</h2>
    <div class="viewfinder"><video muted playsinline aria-label="What the camera sees"></video></div>
    <p class="reserved" role="status">${sentence}</p>
    <div class="row">
      <button type="button" class="cancel" @click=${close}>Cancel</button>
      <button type="button" class="plain" @click=${paste}>Paste a link or a key instead</button>
    </div>
  </section>`;
}

export interface PasteViewOptions {
  readonly sentence: string;
  /** A link names issuer and account itself; for a bare key the person does. */
  readonly isUri: boolean;
  readonly onText: (text: string) => void;
  readonly onAdd: (text: string, names: Names) => void;
  readonly onClose: () => void;
}

/** The inputs have no `name` and the form no address: a key cannot leave by it. */
export function pasteView({ sentence, isUri, onText, onAdd, onClose }: PasteViewOptions): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const read = (selector: string) => form.querySelector<HTMLInputElement>(selector)?.value ?? "";
    onAdd(read("textarea"), { issuer: read(".issuer"), account: read(".account") });
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    (event.currentTarget as HTMLTextAreaElement).form?.requestSubmit();
  };
  return html`<form class="stack panel" aria-labelledby="paste" autocomplete="off" @submit=${submit}>
    <h2 id="paste">Paste a link or a key</h2>
    <label class="field"><span>Set-up link (otpauth://...) or key</span>
      <textarea class="code" rows="3" dir="ltr" translate="no" autocomplete="off" autocapitalize="off" spellcheck="false"
        aria-describedby="trouble" aria-invalid=${sentence !== ""} @keydown=${onEnter}
        @input=${(event: InputEvent) => onText((event.target as HTMLTextAreaElement).value)}></textarea></label>
    ${isUri ? nothing : html`<div class="names">
      <label class="field"><span>Site</span><input class="issuer" autocomplete="off" maxlength="128"></label>
      <label class="field"><span>Your account there</span>
        <input class="account" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="128"></label>
    </div>`}
    <p class="reserved ${sentence ? "bad" : ""}" id="trouble" role="status">${sentence ? html`${badIcon}<span>${sentence}</span>` : nothing}</p>
    <div class="row">
      <button type="submit" class="main">Add</button>
      <button type="button" @click=${onClose}>Cancel</button>
    </div>
  </form>`;
}
