// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { digitGroup } from "../shared/clipboard.js";
import { Countdown } from "../shared/countdown.js";
import { badIcon } from "../shared/icons.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { codeFieldStyles, inputSelectionStyles } from "./code-field.styles.js";
import { digitsOf } from "./code-text.js";

let fields = 0;
let selectionSheet: CSSStyleSheet | undefined;

/** Turns off the ink of the real input's selection, once a document or shadow tree. */
function hideSelection(root: Node): void {
  if (!(root instanceof Document || root instanceof ShadowRoot)) return;
  if (!selectionSheet) {
    selectionSheet = new CSSStyleSheet();
    selectionSheet.replaceSync(inputSelectionStyles);
  }
  if (!root.adoptedStyleSheets.includes(selectionSheet)) root.adoptedStyleSheets.push(selectionSheet);
}

/**
 * One real input for a one-time code, drawn as slots. The input stands in the page, not in the shadow
 * tree: a form sends it, a password manager fills it, and without script it is still an input.
 *
 * ```html
 * <form method="post">
 *   <countersign-code-field label="Code from your authenticator app">
 *     <input name="code" inputmode="numeric" autocomplete="one-time-code" required>
 *     <p slot="message">Not accepted. ...</p>            <!-- optional: the server's refusal -->
 *   </countersign-code-field>
 * </form>
 * ```
 *
 * Without an input inside, the element makes one. Typed or pasted spaces, dashes and foreign digits are
 * folded. The last digit submits the form it stands in, the same code never twice by itself.
 *
 * Attributes: `label`; `digits` (6 to 10, default 6); `hint` (one sentence under the field).
 * Properties: `value`; `busy` (nothing is submitted); `input` (the real one).
 * Methods: `refuse(sentence)` keeps the digits, selects them and says the sentence; a number of seconds as
 * the second argument counts down where the sentence has it as `(17\u00a0s)`; `say(sentence)`; `clear()`;
 * `focus()`.
 * Slots: default (the input), `label`, `message`.
 * Events: none of its own: the form's `submit` and the input's `input` are the events.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignCodeField extends LitElement {
  static override styles = [themeTokens, pieces, codeFieldStyles];

  @property() label = "One-time code";
  @property() hint: string | undefined;
  @property({ type: Number }) digits = 6;
  @property({ type: Boolean, reflect: true }) busy = false;
  @property({ type: Boolean, reflect: true }) refused = false;

  @state() private text = "";
  @state() private selection: readonly [number, number] = [0, 0];
  @state() private focused = false;

  #input: HTMLInputElement | undefined;
  #message: HTMLElement | undefined;
  #hintNode: HTMLElement | undefined;
  #listening: AbortController | undefined;
  readonly #countdown = new Countdown();
  #completed = "";
  #submitting = false;

  /** The real input; made on first use when the page gave none. */
  get input(): HTMLInputElement {
    if (!this.#input) {
      this.#input = this.querySelector("input") ?? this.appendChild(document.createElement("input"));
      this.#message = this.querySelector<HTMLElement>('[slot="message"]') ?? this.#addText("message");
      this.#hintNode = this.#addText("hint");
      this.#describe();
    }
    return this.#input;
  }

  get value(): string {
    return this.input.value;
  }
  set value(value: string) {
    this.input.value = digitsOf(value).slice(0, this.digits);
    this.#read();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // While the page is still being read, the input inside may not have come yet.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", this.#attach, { once: true });
    else this.#attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
    this.#countdown.stop();
  }

  #attach = (): void => {
    if (!this.isConnected) return;
    const input = this.input;
    hideSelection(this.getRootNode());
    this.#listening?.abort();
    const { signal } = (this.#listening = new AbortController());
    input.addEventListener("input", this.#onInput, { signal });
    input.addEventListener("compositionend", this.#onInput, { signal });
    input.addEventListener("paste", this.#onPaste, { signal });
    input.addEventListener("focus", this.#onFocus, { signal });
    input.addEventListener("blur", this.#onFocus, { signal });
    input.addEventListener("click", this.#onClick, { signal });
    document.addEventListener("selectionchange", this.#onSelection, { signal });
    addEventListener("pageshow", this.#onPageShow, { signal });
    // Capturing: an incomplete or second submit is stopped before the page's own handler sees it.
    input.form?.addEventListener("submit", this.#onSubmit, { signal, capture: true });
    this.focused = input.matches(":focus");
    this.#read();
    this.#message?.setAttribute("aria-live", "polite");
    if (this.#message?.textContent?.trim()) this.refuse(this.#message.textContent.trim());
  };

  override focus(options?: FocusOptions): void {
    this.input.focus(options);
  }

  /** Keeps the digits, selects them and says why they were not accepted. */
  refuse(sentence: string, seconds = 0): void {
    this.say(sentence);
    if (this.#message) this.#countdown.start(this.#message, sentence, seconds);
    this.refused = true;
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
    this.input.select();
    this.#onSelection();
  }

  /** Puts a sentence into the reserved space; an empty one clears it. */
  say(sentence: string): void {
    this.#countdown.stop();
    this.refused = false;
    this.input.removeAttribute("aria-invalid");
    this.#message?.setAttribute("aria-live", "polite");
    if (this.#message && this.#message.textContent !== sentence) this.#message.textContent = sentence;
    this.requestUpdate();
  }

  /** Empties the field and forgets what was sent. */
  clear(): void {
    this.#completed = "";
    this.value = "";
    this.say("");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("label") || changed.has("digits") || changed.has("hint")) this.#describe();
  }

  protected override render() {
    const group = digitGroup(this.digits);
    const [start, end] = this.selection;
    const slots = Array.from({ length: this.digits }, (_, index) => {
      const selected = this.focused && index >= start && index < end;
      const caret = this.focused && start === end && index === Math.min(start, this.digits - 1);
      const gap = index > 0 && index % group === 0;
      return html`<span class="slot ${gap ? "gap" : ""} ${selected ? "selected" : ""} ${caret ? "caret" : ""}"
        >${this.text[index] ?? ""}</span>`;
    });
    return html`
      <slot name="label"><span class="label" aria-hidden="true" @click=${() => this.focus()}>${this.label}</span></slot>
      <div class="field" dir="ltr" translate="no">
        <div class="slots" aria-hidden="true">${slots}</div>
        <slot></slot>
      </div>
      <div class="note">
        ${this.refused ? html`<span class="bad">${badIcon}</span>` : nothing}
        <slot name="message"></slot>
        ${this.#message?.textContent ? nothing : html`<slot name="hint"></slot>`}
      </div>`;
  }

  #addText(slot: string): HTMLElement {
    const text = document.createElement("p");
    text.slot = slot;
    return this.appendChild(text);
  }

  #describe(): void {
    const input = this.#input;
    if (!input || !this.#message || !this.#hintNode) return;
    input.inputMode = "numeric";
    input.autocomplete = "one-time-code";
    input.type = "text";
    input.spellcheck = false;
    input.setAttribute("translate", "no");
    if (!input.labels?.length) input.setAttribute("aria-label", this.label);
    this.#hintNode.textContent = this.hint ?? `Checked as soon as digit ${this.digits} is in.`;
    const id = (this.#message.id ||= `countersign-code-${++fields}-message`);
    const hint = (this.#hintNode.id ||= `countersign-code-${++fields}-hint`);
    input.setAttribute("aria-describedby", `${id} ${hint}`);
  }

  #read(): void {
    this.text = this.input.value;
    this.#onSelection();
  }

  #onInput = (event: Event): void => {
    if (event instanceof InputEvent && event.isComposing) return;
    const input = this.input;
    const caret = digitsOf(input.value.slice(0, input.selectionStart ?? undefined)).length;
    const folded = digitsOf(input.value).slice(0, this.digits);
    if (folded !== input.value) {
      input.value = folded;
      input.setSelectionRange(caret, caret);
    }
    this.#edited();
  };

  #onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const input = this.input;
    const pasted = digitsOf(event.clipboardData?.getData("text") ?? "");
    if (pasted.length === 0) return this.say("There are no digits in what you pasted.");
    if (pasted.length > this.digits) {
      return this.say(`You pasted ${pasted.length} digits; the code has ${this.digits}.`);
    }
    if (pasted.length === this.digits) input.value = pasted;
    else input.setRangeText(pasted, input.selectionStart ?? 0, input.selectionEnd ?? 0, "end");
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertFromPaste" }));
  };

  #edited(): void {
    if (this.text === this.input.value) return;
    this.#read();
    this.say("");
    if (this.text.length < this.digits || this.text === this.#completed) return;
    if (this.busy || this.#submitting) return;
    this.input.form?.requestSubmit();
  }

  #onSubmit = (event: SubmitEvent): void => {
    if (event.defaultPrevented) return;
    if (this.text.length < this.digits) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.refuse(`Type all ${this.digits} digits.`);
    } else if (this.busy || this.#submitting) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      this.#completed = this.text;
      this.#submitting = true;
      this.say("");
      // A page that handles the submit itself says `busy` while it does; a native one is on its way.
      setTimeout(() => (this.#submitting = !event.defaultPrevented));
    }
  };

  #onPageShow = (): void => {
    this.#submitting = false;
  };

  #onFocus = (event: Event): void => {
    this.focused = event.type === "focus";
    this.#onSelection();
  };

  /** The slots are wider than the letters of the input: a click goes to the slot that was hit. */
  #onClick = (event: MouseEvent): void => {
    const input = this.input;
    if (event.detail !== 1 || input.selectionStart !== input.selectionEnd) return;
    const slots = [...(this.renderRoot.querySelectorAll(".slot") ?? [])];
    const hit = slots.findIndex((slot) => event.clientX <= slot.getBoundingClientRect().right);
    const start = Math.min(hit < 0 ? this.digits : hit, input.value.length);
    input.setSelectionRange(start, Math.min(start + 1, input.value.length));
  };

  #onSelection = (): void => {
    const { selectionStart, selectionEnd } = this.input;
    this.selection = [selectionStart ?? 0, selectionEnd ?? 0];
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-code-field": CountersignCodeField;
  }
}
