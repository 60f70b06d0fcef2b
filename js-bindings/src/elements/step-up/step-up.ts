// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import type { CountersignSecurityCodeField } from "../security-code-field/security-code-field.js";
import { Pause } from "../shared/pause.js";
import { mayPass, SessionClient, type Failure, type Proof } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { unsentSentence } from "../shared/troubles.js";
import { notAccepted, secondsToWait } from "./refusal.js";

/** Whether a security code will do: not at all, in place of an authenticator's code, or as the only way. */
export type SecurityCodeUse = "none" | "also" | "only";

/**
 * Asks for a code of an active authenticator before a change: who only found the page open has none. Where the
 * phone is lost a security code does instead, as far as the server lets it: to set up an authenticator (R2).
 *
 * Of a code that is not accepted it never tells why: one text for a wrong, a used and a paused one.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute).
 * Attributes: `endpoint` (default `/countersign/w`); `purpose` (what the code is for, as in "To add another
 * authenticator"); `digits` (default 6); `securitycodes` ("none", "also" or "only"; default "none"); `wasm`
 * (address of `core.wasm`; default beside the module).
 * Methods: `focus()`; `recovery` tells, once elevated, whether by a fallback.
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

  @property() securityCodes: SecurityCodeUse = "none";
  @property() wasm: string | undefined;

  @state() private busy = false;
  @state() private proof: Proof = "totp";
  @query("countersign-code-field, countersign-security-code-field")
  private codeField!: CountersignCodeField | CountersignSecurityCodeField | null;

  readonly #pause = new Pause(this);
  #run = new AbortController();
  #recovery = false;

  /** Whether what was proved last was a fallback: then an authenticator may be set up, and no more (R2). */
  get recovery(): boolean {
    return this.#recovery;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run.abort();
    this.#run = new AbortController();
    this.busy = false;
  }

  override focus(options?: FocusOptions): void {
    this.codeField?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("securityCodes")) this.proof = this.securityCodes === "only" ? "security_code" : "totp";
  }

  protected override render(): TemplateResult {
    const waiting = this.#pause.seconds > 0;
    const label = this.busy ? "Checking" : waiting ? `Wait ${this.#pause.seconds} s` : "Continue";
    const stopped = this.busy || waiting;
    const byCode = this.proof === "security_code";
    return html`<section class="stack" aria-labelledby="title">
      <div class="stack tight">
        <h2 id="title">First, prove that it is you</h2>
        <p>${this.purpose}, ${byCode ? "type one of your security codes. It is spent with that." : "type a code of an authenticator that is set up."}</p>
      </div>
      <form class="stack" @submit=${this.#onSubmit}>
        ${byCode
          ? html`<countersign-security-code-field .wasm=${this.wasm} .busy=${stopped}></countersign-security-code-field>`
          : html`<countersign-code-field .label=${`Code of ${this.digits} digits`} .digits=${this.digits} .busy=${stopped}></countersign-code-field>`}
        <div class="row">
          <button type="submit" class="main steady" aria-disabled=${stopped}>${label}</button>
          <slot></slot>
        </div>
        ${this.securityCodes === "also" ? html`<div class="row"><button type="button" class="plain other" @click=${this.#onOther}>
          ${byCode ? "Use your authenticator app instead" : "Use a security code instead"}</button></div>` : nothing}
      </form>
    </section>`;
  }

  #onOther = (): void => {
    if (this.busy) return;
    this.#pause.stop();
    this.proof = this.proof === "totp" ? "security_code" : "totp";
    void this.updateComplete.then(() => this.codeField?.focus());
  };

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = this.codeField?.value;
    if (code && !this.busy && this.#pause.seconds === 0) void this.#elevate(code);
  };

  async #elevate(code: string): Promise<void> {
    const { signal } = this.#run;
    this.busy = true;
    const answer = await new SessionClient({ endpoint: this.endpoint, token: this.sessionToken }, signal).elevate(code, this.proof);
    if (signal.aborted) return;
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "elevated") this.#elevated(answer.recovery);
    else if (answer.kind === "failed") this.#failed(answer);
    else this.#refuse(answer.retryAfterSeconds);
  }

  #elevated(recovery: boolean): void {
    this.#recovery = recovery;
    // Spent; should more be asked for, then another one.
    this.codeField?.clear();
    this.#tell("countersign-elevated");
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
