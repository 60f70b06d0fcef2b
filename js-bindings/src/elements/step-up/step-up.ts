// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { Pause } from "../shared/pause.js";
import { mayPass, SessionClient, type Failure } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { unsentSentence } from "../shared/troubles.js";
import { notAccepted, secondsToWait } from "./refusal.js";

/**
 * Asks for a code of an active authenticator before a change: who only found the page open has none.
 *
 * Of a code that is not accepted it never tells why: one text for a wrong, a used and a paused one.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute).
 * Attributes: `endpoint` (default `/countersign/w`); `purpose` (what the code is for, as in "To add another
 * authenticator"); `digits` (default 6).
 * Methods: `focus()`.
 * Events, bubbling and composed: `countersign-elevated` without detail; `countersign-error` with `{code}`.
 * Slots: default, beside the button: the way back.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignStepUp extends LitElement {
  static override styles = [themeTokens, pieces];

  @property({ attribute: false }) sessionToken = "";
  @property() endpoint = "/countersign/w";
  @property() purpose = "To go on";
  @property({ type: Number }) digits = 6;

  @state() private busy = false;
  @query("countersign-code-field") private codeField!: CountersignCodeField | null;

  readonly #pause = new Pause(this);
  #run = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run.abort();
    this.#run = new AbortController();
    this.busy = false;
  }

  override focus(options?: FocusOptions): void {
    this.codeField?.focus(options);
  }

  protected override render(): TemplateResult {
    const waiting = this.#pause.seconds > 0;
    const label = this.busy ? "Checking" : waiting ? `Wait ${this.#pause.seconds} s` : "Continue";
    return html`<section class="stack" aria-labelledby="title">
      <div class="stack tight">
        <h2 id="title">First, prove that it is you</h2>
        <p>${this.purpose}, type a code of an authenticator that is set up.</p>
      </div>
      <form class="stack" @submit=${this.#onSubmit}>
        <countersign-code-field .label=${`Code of ${this.digits} digits`} .digits=${this.digits}
          .busy=${this.busy || waiting}></countersign-code-field>
        <div class="row">
          <button type="submit" class="main steady" aria-disabled=${this.busy || waiting}>${label}</button>
          <slot></slot>
        </div>
      </form>
    </section>`;
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = this.codeField?.value;
    if (code && !this.busy && this.#pause.seconds === 0) void this.#elevate(code);
  };

  async #elevate(code: string): Promise<void> {
    const { signal } = this.#run;
    this.busy = true;
    const answer = await new SessionClient({ endpoint: this.endpoint, token: this.sessionToken }, signal).elevate(code);
    if (signal.aborted) return;
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "confirmed") this.#tell("countersign-elevated");
    else if (answer.kind === "failed") this.#failed(answer);
    else this.#refuse(answer.retryAfterSeconds);
  }

  #refuse(retryAfterSeconds: number): void {
    const wait = secondsToWait(retryAfterSeconds);
    this.codeField?.refuse(notAccepted(wait), wait);
    this.#pause.start(retryAfterSeconds);
  }

  /** What cannot be mended by another try is for the host to show. */
  #failed(failure: Failure): void {
    if (mayPass(failure)) {
      this.codeField?.refuse(unsentSentence(failure.code));
      this.#pause.start(failure.retryAfterSeconds);
    }
    this.#tell("countersign-error", { code: failure.code });
  }

  #tell(name: "countersign-elevated" | "countersign-error", detail?: { readonly code: string }): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-step-up": CountersignStepUp;
  }
  interface HTMLElementEventMap {
    "countersign-elevated": CustomEvent<undefined>;
  }
}
