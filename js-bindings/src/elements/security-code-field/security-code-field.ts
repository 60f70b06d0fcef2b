// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import { CountersignError, loadCore, type Core } from "../../index.js";
import { Countdown } from "../shared/countdown.js";
import { badIcon, goodIcon } from "../shared/icons.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { caretBehind, grouped, readTyped, symbolsInCode } from "./code-symbols.js";
import { securityCodeFieldStyles } from "./security-code-field.styles.js";

let fields = 0;

const complete = "The code is complete.";
const mistyped = "There is a mistake in it: one symbol is wrong, or two are swapped. Compare it with your code.";

/**
 * One real input for a security code. Typed or pasted in any form it is written as the codes are:
 * `K7QF-2M9X-TRB4-V3HF`. A mistake in typing is told by the check symbol as soon as the last symbol is in, and
 * is never sent: it costs no attempt. The input stands in the page, so that a form sends it, and without script
 * it is still an input.
 *
 * ```html
 * <form method="post">
 *   <countersign-security-code-field label="Security code">
 *     <input name="code" autocomplete="off" required>
 *     <p slot="message">Not accepted. ...</p>            <!-- optional: the server's refusal -->
 *   </countersign-security-code-field>
 * </form>
 * ```
 *
 * Nothing is filled in by itself and nothing sent by itself: a code is spent by its first use, so the person
 * presses the button.
 *
 * Attributes: `label`; `hint` (one sentence under the field); `wasm` (address of `core.wasm`; default beside the
 * module). Where the core cannot be had, the mistake is told by the server.
 * Properties: `value`; `busy` (nothing is submitted); `input` (the real one).
 * Methods: `refuse(sentence, seconds?)`, `say(sentence)`, `clear()`, `focus()`, as `<countersign-code-field>`.
 * Slots: default (the input), `label`, `message`.
 * Events: none of its own: the form's `submit` and the input's `input` are the events.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignSecurityCodeField extends LitElement {
  static override styles = [themeTokens, pieces, securityCodeFieldStyles];

  @property() label = "Security code";
  @property() hint = "16 letters and digits. Large or small letters, with or without dashes.";
  @property() wasm: string | undefined;
  @property({ type: Boolean, reflect: true }) busy = false;
  @property({ type: Boolean, reflect: true }) refused = false;

  #core: Core | undefined;
  #input: HTMLInputElement | undefined;
  #message: HTMLElement | undefined;
  #hintNode: HTMLElement | undefined;
  #listening: AbortController | undefined;
  readonly #countdown = new Countdown();
  #symbols = "";
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
    this.#write(readTyped(value).symbols.slice(0, symbolsInCode));
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
    this.#listening?.abort();
    const { signal } = (this.#listening = new AbortController());
    input.addEventListener("input", this.#onInput, { signal });
    input.addEventListener("compositionend", this.#onInput, { signal });
    input.addEventListener("paste", this.#onPaste, { signal });
    addEventListener("pageshow", () => (this.#submitting = false), { signal });
    // Capturing: an incomplete or second submit is stopped before the page's own handler sees it.
    input.form?.addEventListener("submit", this.#onSubmit, { signal, capture: true });
    this.#message?.setAttribute("aria-live", "polite");
    if (this.#message?.textContent?.trim()) this.refuse(this.#message.textContent.trim());
    void this.#loadCore();
  };

  /** What was typed before the core came is judged then. */
  async #loadCore(): Promise<void> {
    this.#core = await loadCore(this.wasm ? { wasm: this.wasm } : {}).catch(() => undefined);
    const { symbols, foreign } = readTyped(this.input.value);
    if (symbols && !this.refused) this.#typed(symbols, foreign, this.input.value.length);
  }

  override focus(options?: FocusOptions): void {
    this.input.focus(options);
  }

  /** Keeps the code, selects it and says why it was not accepted; seconds count down as `(17\u00a0s)`. */
  refuse(sentence: string, seconds = 0): void {
    this.#complain(sentence);
    if (this.#message) this.#countdown.start(this.#message, sentence, seconds);
    this.input.focus();
    this.input.select();
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

  /** Empties the field. */
  clear(): void {
    this.#write("");
    this.say("");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("label") || changed.has("hint")) this.#describe();
  }

  protected override render() {
    const said = this.#message?.textContent;
    const icon = this.refused ? html`<span class="bad">${badIcon}</span>` : said === complete ? html`<span class="good">${goodIcon}</span>` : nothing;
    return html`
      <slot name="label"><span class="label" aria-hidden="true" @click=${() => this.focus()}>${this.label}</span></slot>
      <div class="field" dir="ltr" translate="no"><slot></slot></div>
      <div class="note">${icon}<slot name="message"></slot>${said ? nothing : html`<slot name="hint"></slot>`}</div>`;
  }

  #addText(slot: string): HTMLElement {
    const text = document.createElement("p");
    text.slot = slot;
    return this.appendChild(text);
  }

  #describe(): void {
    const input = this.#input;
    if (!input || !this.#message || !this.#hintNode) return;
    input.type = "text";
    input.autocomplete = "off";
    input.autocapitalize = "characters";
    input.spellcheck = false;
    input.setAttribute("translate", "no");
    if (!input.labels?.length) input.setAttribute("aria-label", this.label);
    this.#hintNode.textContent = this.hint;
    const id = (this.#message.id ||= `countersign-security-code-${++fields}-message`);
    const hint = (this.#hintNode.id ||= `countersign-security-code-${++fields}-hint`);
    input.setAttribute("aria-describedby", `${id} ${hint}`);
  }

  #onInput = (event: Event): void => {
    if (event instanceof InputEvent && event.isComposing) return;
    const input = this.input;
    const caret = readTyped(input.value.slice(0, input.selectionStart ?? undefined)).symbols.length;
    const { symbols, foreign } = readTyped(input.value);
    if (symbols.length > symbolsInCode) {
      // As with `maxlength`: what does not fit changes nothing.
      this.#write(this.#symbols, caret - (symbols.length - this.#symbols.length));
      return this.#complain(`A security code has ${symbolsInCode} symbols, and all of them are in.`);
    }
    this.#typed(symbols, foreign, caret);
  };

  #onPaste = (event: ClipboardEvent): void => {
    const { symbols, foreign } = readTyped(event.clipboardData?.getData("text") ?? "");
    const refusal = foreign !== undefined ? foreignSentence(foreign)
      : symbols.length === 0 ? "There is no code in what you pasted."
      : symbols.length > symbolsInCode ? `You pasted ${symbols.length} symbols; a security code has ${symbolsInCode}.` : "";
    if (!refusal && symbols.length < symbolsInCode) return;
    event.preventDefault();
    if (refusal) return this.#complain(refusal);
    // A whole code takes the place of what is there, wherever the caret is.
    this.#typed(symbols, undefined, symbols.length);
    this.input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertFromPaste" }));
  };

  #typed(symbols: string, foreign: string | undefined, caret: number): void {
    this.#write(symbols, caret);
    if (foreign !== undefined) return this.#complain(foreignSentence(foreign));
    if (symbols.length < symbolsInCode) return this.say("");
    if (this.#isMistyped()) this.#complain(mistyped);
    else this.say(this.#core ? complete : "");
  }

  #write(symbols: string, caret = symbols.length): void {
    const input = this.input;
    const text = grouped(symbols);
    this.#symbols = symbols;
    if (input.value === text) return;
    input.value = text;
    const place = caretBehind(Math.max(0, Math.min(caret, symbols.length)));
    if (input.matches(":focus")) input.setSelectionRange(place, place);
  }

  #isMistyped(): boolean {
    try {
      this.#core?.readSecurityCode(this.#symbols);
      return false;
    } catch (error) {
      return error instanceof CountersignError;
    }
  }

  /** The caret stays where it is. */
  #complain(sentence: string): void {
    this.say(sentence);
    this.refused = true;
    this.input.setAttribute("aria-invalid", "true");
  }

  #onSubmit = (event: SubmitEvent): void => {
    if (event.defaultPrevented) return;
    const stop = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (this.busy || this.#submitting) return stop();
    const { symbols } = readTyped(this.input.value);
    this.#symbols = symbols;
    if (symbols.length !== symbolsInCode) {
      stop();
      this.refuse(`Type all ${symbolsInCode} symbols.`);
    } else if (this.#isMistyped()) {
      stop();
      this.refuse(mistyped);
    } else {
      this.#submitting = true;
      this.say("");
      // A page that handles the submit itself says `busy` while it does; a native one is on its way.
      setTimeout(() => (this.#submitting = !event.defaultPrevented));
    }
  };
}

function foreignSentence(symbol: string): string {
  return `No security code has the sign ${symbol}. Compare it with your code.`;
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-security-code-field": CountersignSecurityCodeField;
  }
}
