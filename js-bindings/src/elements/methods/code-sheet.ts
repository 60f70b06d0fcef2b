// SPDX-License-Identifier: Apache-2.0
// The codes on the screen, once: to copy, to download, to print, and "I have saved these codes".

import { html, nothing, type TemplateResult } from "lit";
import { badIcon, copyIcon, downloadIcon, printIcon } from "../shared/icons.js";

export interface Sheet {
  readonly codes: readonly string[];
  /** Whether there is an older set, which ends with this one. */
  readonly renews: boolean;
  /** How many codes of the older set are left. */
  readonly left: number;
  readonly saved: boolean;
  /** The status line. */
  readonly said: string;
  readonly busy: boolean;
  readonly site: string;
}

export interface SheetActions {
  copy(list: Element | null): void;
  download(): void;
  print(sheet: HTMLElement): void;
  save(saved: boolean): void;
  use(): void;
}

const today = () => new Intl.DateTimeFormat("en-US", { dateStyle: "long" }).format(new Date());

/** The set as a text file and on the clipboard. */
export function sheetText(codes: readonly string[], site: string): string {
  const lines = codes.map((code, index) => `${String(index + 1).padStart(2)}. ${code}`);
  return `Security codes for ${site}, made ${today()}. Each works once.\n\n${lines.join("\n")}\n`;
}

/** What the last button costs, said before it. */
function price({ renews, left }: Sheet): string {
  if (!renews) return "They do not work yet: turn them on when you have saved them.";
  const voided = left === 0 ? "The old codes" : left === 1 ? "The old code that is left" : `The ${left} old codes that are left`;
  return `They do not work yet. ${voided} will stop working when you turn these on.`;
}

export function codeSheet(sheet: Sheet, actions: SheetActions, back: TemplateResult): TemplateResult {
  const partOf = (event: Event, selector: string) => (event.currentTarget as Element).closest(".sheet")?.querySelector<HTMLElement>(selector) ?? null;
  const print = (event: Event) => {
    const paper = partOf(event, ".paper");
    if (paper) actions.print(paper);
  };
  return html`<div class="sheet stack">
    <h2 tabindex="-1">Save your ${sheet.renews ? "new " : ""}security codes</h2>
    <p>They are shown only now. Keep them where you find them without your phone.</p>
    <div class="paper inset stack tight">
      <p class="small secondary">Security codes for <bdi>${sheet.site}</bdi>, made ${today()}. Each works once.</p>
      <ol class="codes code" translate="no">${sheet.codes.map((code) => html`<li>${code}</li>`)}</ol>
    </div>
    <div class="row">
      <button type="button" @click=${(event: Event) => actions.copy(partOf(event, ".codes"))}>${copyIcon}Copy</button>
      <button type="button" @click=${actions.download}>${downloadIcon}Download</button>
      <button type="button" @click=${print}>${printIcon}Print</button>
    </div>
    <label class="saved"><input type="checkbox" .checked=${sheet.saved}
      @change=${(event: Event) => actions.save((event.currentTarget as HTMLInputElement).checked)}><span>I have saved these codes</span></label>
    <div class="stack tight">
      <p class=${sheet.renews ? "notice warn" : "secondary"}>${sheet.renews ? badIcon : nothing}<span>${price(sheet)}</span></p>
      <p class="small said" role="status">${sheet.said}</p>
    </div>
    <div class="row">
      <button type="button" class="main steady use" aria-disabled=${sheet.busy || !sheet.saved}
        @click=${actions.use}>${sheet.busy ? "Turning them on" : "Turn them on"}</button>
      ${back}
    </div>
  </div>`;
}
