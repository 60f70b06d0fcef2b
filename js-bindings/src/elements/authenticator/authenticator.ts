// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { loadCore, type Core } from "../../index.js";
import { copyText } from "../shared/clipboard.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { badIcon, plusIcon, waitIcon } from "../shared/icons.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { cameraTroubleView, cameraView, emptyView, pasteView, waysToAdd, type AddWay } from "./add-views.js";
import { authenticatorStyles } from "./authenticator.styles.js";
import { looksLikeUri, nameOf, readAddition, type Entry, type Names } from "./entries.js";
import { entryRow, type RowActions } from "./entry-row.js";
import { CameraError, Scanner, cameraSentences } from "./scanner.js";

const searchFrom = 6;
const nothingFoundAfterMs = 10_000;
const memoryNote =
  "Entries live in the memory of this page only: they vanish when you reload or close it. Keep the keys somewhere else too.";

/**
 * An authenticator app in the page: reads QR codes and set-up links, shows codes with the time they have left.
 *
 * Entries live in memory, vanish on reload, and the element says so for as long as it stands there. The time
 * is the page's wall clock.
 *
 * Attributes: `reader-wasm` (address of `zxing_reader.wasm`) and `core-wasm` (address of `core.wasm`); by
 * default both are looked for beside the module.
 * Events, bubbling and composed: `countersign-entry-added` with `{issuer}`.
 * Slots: none.
 * CSS: `--countersign-surface`, `-surface-2`, `-text`, `-text-2`, `-line`, `-accent`, `-on-accent`, `-good`,
 * `-warn`, `-bad`. Font and direction are the page's.
 */
export class CountersignAuthenticator extends LitElement {
  static override styles = [themeTokens, pieces, authenticatorStyles];

  @property({ attribute: "reader-wasm" }) readerWasm: string | undefined;
  @property({ attribute: "core-wasm" }) coreWasm: string | undefined;

  @state() private core: Core | undefined;
  @state() private blocked: "" | "framed" | "core" = "";
  @state() private entries: readonly Entry[] = [];
  @state() private nowSeconds = Date.now() / 1000;
  @state() private way: AddWay | "choose" | undefined;
  @state() private pasteIsUri = true;
  @state() private sentence = "";
  @state() private noCamera = false;
  @state() private status = "";
  @state() private warnings: readonly string[] = [];
  @state() private removing: Entry | undefined;
  @state() private search = "";
  @query("video") private video!: HTMLVideoElement | null;

  #starting: Promise<void> | undefined;
  #scanner: Scanner | undefined;
  #tick: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #codes = new Map<number, { step: number; code: string }>();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#onTick);
    this.#starting = this.#start();
    this.#onTick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#onTick);
    clearTimeout(this.#tick);
    this.#closeAdding();
  }

  protected override render(): TemplateResult {
    if (this.blocked === "framed") {
      return notice("Another site shows this page in a frame, so no codes are shown here. Open this site itself in the browser.");
    }
    if (this.blocked === "core") {
      return html`${notice("Part of this page did not load. Check your connection, then try again.")}
        <div class="row retry"><button type="button" class="main" @click=${this.#start}>Try again</button></div>`;
    }
    const empty = this.entries.length === 0;
    return html`<div class="stack">
      ${empty ? nothing : this.#header()}
      ${this.#adding(empty)}
      <div class="told" role="status">
        ${this.status ? html`<p>${this.status}</p>` : nothing}
        ${this.warnings.length ? html`<ul>${this.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>` : nothing}
      </div>
      ${empty ? nothing : this.#list()}
      <p class="notice small secondary memory">${waitIcon}<span>${memoryNote}</span></p>
    </div>`;
  }

  #header(): TemplateResult {
    return html`<div class="head">
      <h2>Your codes</h2>
      <button type="button" class="main add" aria-expanded=${this.way !== undefined}
        @click=${() => (this.way ? this.#closeAdding() : this.#open("choose"))}>${plusIcon}<span>Add</span></button>
    </div>`;
  }

  #adding(empty: boolean): TemplateResult | typeof nothing {
    const close = () => this.#closeAdding(true);
    if (this.way === "camera") {
      return (this.noCamera ? cameraTroubleView : cameraView)(this.sentence, close, () => this.#open("paste"));
    }
    if (this.way === "paste") {
      return pasteView({ sentence: this.sentence, isUri: this.pasteIsUri, onText: this.#onPasteText, onAdd: this.#onPaste, onClose: close });
    }
    if (empty) return emptyView((way) => this.#open(way));
    return this.way === "choose" ? waysToAdd((way) => this.#open(way)) : nothing;
  }

  #list(): TemplateResult {
    const wanted = this.search.trim().toLocaleLowerCase();
    const shown = this.entries.filter((entry) => nameOf(entry).toLocaleLowerCase().includes(wanted));
    const codes = this.#codesNow();
    return html`
      ${this.entries.length < searchFrom ? nothing : html`<label class="field"><span>Search</span>
        <input type="search" autocomplete="off" .value=${this.search}
          @input=${(event: InputEvent) => (this.search = (event.target as HTMLInputElement).value)}></label>`}
      ${shown.length ? nothing : html`<p class="secondary">No entry with that name.</p>`}
      <ul class="entries" role="list" aria-label="Entries">
        ${repeat(shown, ({ id }) => id, (entry) =>
          entryRow(entry, codes.get(entry.id) ?? "", this.nowSeconds, this.removing === entry, this.#rowActions))}
      </ul>`;
  }

  #start = async (): Promise<void> => {
    if (framedByAnotherOrigin()) {
      this.blocked = "framed";
      return;
    }
    this.blocked = "";
    this.core ??= await loadCore(this.coreWasm ? { wasm: this.coreWasm } : {}).catch(() => undefined);
    if (!this.core) this.blocked = "core";
  };

  /** Codes change only with their step, so most seconds cost nothing. */
  #codesNow(): Map<number, string> {
    const stepOf = ({ periodSeconds }: Entry) => Math.floor(this.nowSeconds / periodSeconds);
    const stale = this.entries.filter((entry) => this.#codes.get(entry.id)?.step !== stepOf(entry));
    if (this.core && stale.length > 0) {
      const codes = this.core.generateTotpBatch(stale, this.nowSeconds * 1000);
      stale.forEach((entry, index) => this.#codes.set(entry.id, { step: stepOf(entry), code: codes[index] ?? "" }));
    }
    return new Map([...this.#codes].map(([id, { code }]) => [id, code]));
  }

  #onTick = (): void => {
    clearTimeout(this.#tick);
    if (!this.isConnected || document.hidden) return;
    this.nowSeconds = Date.now() / 1000;
    // Just after the full second, so that a code changes when its second does.
    this.#tick = setTimeout(this.#onTick, 1005 - (Date.now() % 1000));
  };

  #open(way: AddWay | "choose"): void {
    this.#closeAdding();
    this.way = way;
    this.#tell("");
    if (way === "camera") void this.#openCamera();
    else void this.#focusSoon(way === "paste" ? "textarea" : ".ways button");
  }

  #closeAdding(returnFocus = false): void {
    this.#scanner?.stop();
    this.#scanner = undefined;
    clearTimeout(this.#patience);
    this.way = undefined;
    this.sentence = "";
    this.noCamera = false;
    this.pasteIsUri = true;
    if (returnFocus) void this.#focusSoon(this.entries.length ? ".add" : ".ways button");
  }

  async #openCamera(): Promise<void> {
    this.sentence = "Starting the camera.";
    await this.#focusSoon(".cancel");
    if (!this.video) return;
    const wasm = this.readerWasm
      ? new URL(this.readerWasm, document.baseURI)
      : new URL("zxing_reader.wasm", import.meta.url);
    const scanner = (this.#scanner = new Scanner(this.video, wasm, (text) => this.#onScanned(text)));
    try {
      await scanner.start();
      if (this.#scanner !== scanner) return;
      this.sentence = "Hold the QR code in front of the camera.";
      this.#patience = setTimeout(() => {
        this.sentence = "No QR code found yet. Hold it still, so that it fills about half of the picture.";
      }, nothingFoundAfterMs);
    } catch (error) {
      if (this.#scanner !== scanner) return;
      this.sentence = cameraSentences[error instanceof CameraError ? error.trouble : "taken"];
      this.noCamera = true;
      void this.#focusSoon(".panel .main");
    }
  }

  #onScanned(text: string): void {
    clearTimeout(this.#patience);
    if (!looksLikeUri(text) || !/^\s*otpauth/iu.test(text)) {
      this.sentence = "That QR code is not for an authenticator. Take the one from the site's set-up page.";
    } else {
      this.#add(text, { issuer: "", account: "" });
    }
  }

  #onPasteText = (text: string): void => {
    this.pasteIsUri = text.trim() === "" || looksLikeUri(text);
    this.sentence = "";
  };

  #onPaste = async (text: string, names: Names): Promise<void> => {
    await this.#starting;
    if (this.#add(text, names)) return;
    const area = this.renderRoot.querySelector("textarea");
    area?.focus();
    area?.select();
  };

  /**
   * @returns whether the panel was closed: the entry is here, now or already before. Not before the core has
   *   come: the camera sees its code again, and pasted text waits.
   */
  #add(text: string, names: Names): boolean {
    if (!this.core) return false;
    const addition = readAddition(this.core, text, names, this.entries);
    if (addition.kind === "refused") {
      this.sentence = addition.sentence;
      return false;
    }
    const { entry } = addition;
    this.#closeAdding();
    this.search = "";
    if (addition.kind === "duplicate") {
      this.#tell(`Already here: ${nameOf(entry)}. Nothing was added.`);
    } else {
      this.nowSeconds = Date.now() / 1000;
      this.entries = [...this.entries, entry];
      this.#tell(`Added ${nameOf(entry)}.`, addition.warnings);
      this.dispatchEvent(new CustomEvent("countersign-entry-added",
        { detail: { issuer: entry.issuer }, bubbles: true, composed: true }));
    }
    void this.#focusSoon(`[data-entry="${entry.id}"] button`);
    return true;
  }

  readonly #rowActions: RowActions = {
    copy: (entry, shown) => {
      const code = this.#codesNow().get(entry.id) ?? "";
      void copyText(`The code of ${nameOf(entry)}`, code, shown).then((sentence) => this.#tell(sentence));
    },
    askRemove: (entry) => {
      this.removing = this.removing === entry ? undefined : entry;
      if (this.removing) void this.#focusSoon(".removal .keep");
    },
    keep: (entry) => {
      this.removing = undefined;
      void this.#focusSoon(`[data-entry="${entry.id}"] .quiet`);
    },
    remove: (entry) => {
      entry.secret.fill(0);
      this.#codes.delete(entry.id);
      this.removing = undefined;
      this.entries = this.entries.filter((other) => other !== entry);
      this.#tell(`Removed ${nameOf(entry)}.`);
      void this.#focusSoon(this.entries.length ? ".add" : ".ways button");
    },
  };

  #tell(status: string, warnings: readonly string[] = []): void {
    this.status = status;
    this.warnings = warnings;
  }

  async #focusSoon(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }
}

function notice(sentence: string): TemplateResult {
  return html`<p class="notice" role="status"><span class="bad">${badIcon}</span><span>${sentence}</span></p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-authenticator": CountersignAuthenticator;
  }
  interface HTMLElementEventMap {
    "countersign-entry-added": CustomEvent<{ issuer: string }>;
  }
}
