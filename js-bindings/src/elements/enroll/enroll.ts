// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { goodIcon, badIcon } from "../shared/icons.js";
import { loadCore } from "../../index.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { EnrollmentClient, type Failure, type Refused } from "./enrollment-client.js";
import { enrollStyles } from "./enroll.styles.js";
import { preparePending, type Pending } from "./pending.js";
import { qrCard, qrCardSkeleton } from "./qr-card.js";
import { refusalSentence, troubleFor, unsentSentence } from "./sentences.js";

type Step = "loading" | "scan" | "code" | "done" | "trouble";

/**
 * Sets up an authenticator app: shows the QR code and the key, asks for one code, says when it is done.
 *
 * The secret comes from the server with `begin`, stays the same for the whole session (after a wrong code,
 * Back, or when the element is taken out and put back), and is dropped when the element leaves the page or
 * is done. Nothing of it stands in an attribute of the element, an event, a form field or the address.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute).
 * Attributes: `endpoint` (default `/countersign/w`); `wasm` (address of `core.wasm`; default beside the module).
 * Events, bubbling and composed: `countersign-enrolled` with `{method: "totp"}`; `countersign-error` with
 * `{code}`, a stable `area.reason`.
 * Slots: none.
 * CSS: `--countersign-surface`, `-surface-2`, `-text`, `-text-2`, `-line`, `-accent`, `-on-accent`, `-good`,
 * `-warn`, `-bad`. The QR code is black on white in every theme. Font and direction are the page's.
 */
export class CountersignEnroll extends LitElement {
  static override styles = [themeTokens, pieces, enrollStyles];

  @property({ attribute: false }) sessionToken = "";
  @property() endpoint = "/countersign/w";
  @property() wasm: string | undefined;

  @state() private step: Step = "loading";
  @state() private trouble = "";
  @state() private busy = false;
  @state() private pauseSeconds = 0;
  @state() private copied = "";
  @query("countersign-code-field") private codeField!: CountersignCodeField | null;

  #pending: Pending | undefined;
  #run: AbortController | undefined;
  #pauseTimer: ReturnType<typeof setInterval> | undefined;
  #expiryTimer: ReturnType<typeof setTimeout> | undefined;
  #confirmLost = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.sessionToken) void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
    this.step = "loading";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected || !(changed.has("sessionToken") || changed.has("endpoint"))) return;
    this.#forget();
    this.step = "loading";
    if (this.sessionToken) void this.#begin();
  }

  protected override render(): TemplateResult {
    return html`<div aria-busy=${this.step === "loading"}>${this.#view()}</div>`;
  }

  #view(): TemplateResult {
    switch (this.step) {
      case "loading":
        return html`<p role="status" class="unseen">Preparing your QR code.</p>${qrCardSkeleton}`;
      case "scan":
        return this.#pending ? this.#scanStep(this.#pending) : html``;
      case "code":
        return this.#pending ? this.#codeStep(this.#pending) : html``;
      case "done":
        return html`<div class="notice" role="status"><span class="good">${goodIcon}</span><div class="stack tight">
          <h2 tabindex="-1">Your authenticator app is set up</h2>
          <p>From your next sign-in on you will be asked for the code it shows.</p>
          <p class="secondary">The code that you have just typed is used up: for the next sign-in, wait for a new one.</p>
        </div></div>`;
      case "trouble":
        return this.#troubleView();
    }
  }

  #scanStep(pending: Pending): TemplateResult {
    return html`<section class="stack" aria-labelledby="title">
      <div class="stack tight">
        <p class="secondary small">Step 1 of 2</p>
        <h2 id="title" tabindex="-1">Scan this with your authenticator app</h2>
        <p>In the app choose to add an account, then point the camera at the square. Any such app will do:
          Google Authenticator, Microsoft Authenticator, Authy and others.</p>
      </div>
      ${qrCard(pending, this.copied, (sentence) => (this.copied = sentence))}
      <p class="small secondary">Next, you type one code to prove that it works. Until then nothing changes for you.</p>
      <div class="row"><button type="button" class="main" @click=${() => this.#goTo("code")}>Next: type the code</button></div>
    </section>`;
  }

  #codeStep(pending: Pending): TemplateResult {
    const waiting = this.pauseSeconds > 0;
    const label = this.busy ? "Checking" : waiting ? `Wait ${this.pauseSeconds} s` : "Turn it on";
    return html`<section class="stack" aria-labelledby="title">
      <div class="stack tight">
        <p class="secondary small">Step 2 of 2</p>
        <h2 id="title" tabindex="-1">Type the code that your app shows</h2>
        <p>It stands under <bdi>${pending.issuer}</bdi> and changes every ${pending.periodSeconds} seconds.</p>
      </div>
      <form class="stack" @submit=${this.#onSubmit}>
        <countersign-code-field .label=${`Code of ${pending.digits} digits`} .digits=${pending.digits}
          .busy=${this.busy || waiting}></countersign-code-field>
        <div class="row">
          <button type="submit" class="main steady" aria-disabled=${this.busy || waiting}>${label}</button>
          <button type="button" @click=${() => this.#goTo("scan")}>Back to the QR code</button>
        </div>
      </form>
    </section>`;
  }

  #troubleView(): TemplateResult {
    const { title, text, action } = troubleFor(this.trouble);
    return html`<div class="notice" role="status"><span class="bad">${badIcon}</span><div class="stack">
      <div class="stack tight"><h2 tabindex="-1">${title}</h2><p>${text}</p></div>
      ${action ? html`<div class="row"><button type="button" class="main" @click=${this.#onTroubleAction}>${action}</button></div>` : nothing}
    </div></div>`;
  }

  async #begin(): Promise<void> {
    this.#forget();
    const run = (this.#run = new AbortController());
    this.step = "loading";
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    const core = await loadCore(this.wasm ? { wasm: this.wasm } : {}).catch(() => undefined);
    if (run.signal.aborted) return;
    if (!core) return this.#fail("core.unavailable");
    const answer = await this.#client(run).begin();
    if (run.signal.aborted) return;
    if (answer.kind === "failed") return this.#fail(answer.code);
    const pending = preparePending(core, answer);
    if (!pending) return this.#fail("server.answer_unreadable");
    this.#pending = pending;
    if (answer.lifetimeSeconds && answer.lifetimeSeconds > 0) {
      this.#expiryTimer = setTimeout(() => this.#fail("enrollment.pending_unknown"), answer.lifetimeSeconds * 1000);
    }
    this.step = "scan";
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = this.codeField?.value;
    if (code && this.#pending && this.#run && !this.busy && this.pauseSeconds === 0) void this.#confirm(code);
  };

  async #confirm(code: string): Promise<void> {
    const run = this.#run;
    const pending = this.#pending;
    if (!run || !pending) return;
    this.busy = true;
    const answer = await this.#client(run).confirm(pending.pendingId, code);
    if (run.signal.aborted) return;
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "confirmed") return this.#finish();
    if (answer.kind === "refused") return this.#showRefusal(answer);
    await this.#confirmFailed(answer, run);
  }

  async #confirmFailed(failure: Failure, run: AbortController): Promise<void> {
    if (failure.code === "network.unreachable" || failure.status === 429 || failure.status === 503) {
      this.#confirmLost ||= failure.code === "network.unreachable";
      this.codeField?.refuse(unsentSentence(failure.code));
      this.#tell("countersign-error", { code: failure.code });
      this.#pause(failure.retryAfterSeconds, "");
      return;
    }
    // The answer to an earlier try was lost: that one may have been the yes.
    const settled = this.#confirmLost && failure.status === 404 && (await this.#client(run).isActive());
    if (run.signal.aborted) return;
    if (settled) this.#finish();
    else this.#fail(failure.code);
  }

  #showRefusal(refusal: Refused): void {
    this.codeField?.refuse(refusalSentence(refusal));
    this.#pause(refusal.retryAfterSeconds, "The pause is over. Type the code that your app shows now.");
  }

  /** Nothing is sent for so long; then the sentence is said, if there is one, else the last one stays. */
  #pause(seconds: number, overSentence: string): void {
    clearInterval(this.#pauseTimer);
    if (seconds <= 0) return;
    const end = performance.now() + seconds * 1000;
    this.pauseSeconds = seconds;
    this.#pauseTimer = setInterval(() => {
      this.pauseSeconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      if (this.pauseSeconds > 0) return;
      clearInterval(this.#pauseTimer);
      if (overSentence) this.codeField?.say(overSentence);
    }, 250);
  }

  #finish(): void {
    this.#forget();
    this.#show("done");
    this.#tell("countersign-enrolled", { method: "totp" });
  }

  #fail(code: string): void {
    const shown = this.step === "scan" || this.step === "code";
    this.#forget();
    this.trouble = code;
    if (shown) this.#show("trouble");
    else this.step = "trouble";
    this.#tell("countersign-error", { code });
  }

  #onTroubleAction = (): void => {
    if (troubleFor(this.trouble) === troubleFor("auth.invalid")) location.reload();
    else void this.#begin();
  };

  #goTo(step: "scan" | "code"): void {
    this.copied = "";
    this.#show(step);
  }

  /** Changes the step and takes the focus along, so that keyboard and screen reader stay with the story. */
  #show(step: Step): void {
    this.step = step;
    void this.updateComplete.then(() => {
      if (step === "code") this.codeField?.focus();
      else this.renderRoot.querySelector("h2")?.focus();
    });
  }

  #client(run: AbortController): EnrollmentClient {
    return new EnrollmentClient(this.endpoint, this.sessionToken, run.signal);
  }

  /** Drops the secret and everything that belongs to the run it came from. */
  #forget(): void {
    this.#run?.abort();
    clearInterval(this.#pauseTimer);
    clearTimeout(this.#expiryTimer);
    this.#run = undefined;
    this.#pending = undefined;
    this.#confirmLost = false;
    this.busy = false;
    this.pauseSeconds = 0;
    this.copied = "";
  }

  #tell(name: "countersign-enrolled" | "countersign-error", detail: Readonly<Record<string, string>>): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-enroll": CountersignEnroll;
  }
  interface HTMLElementEventMap {
    "countersign-enrolled": CustomEvent<{ method: "totp" }>;
    "countersign-error": CustomEvent<{ code: string }>;
  }
}
