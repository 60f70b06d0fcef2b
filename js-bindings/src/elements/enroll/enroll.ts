// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { goodIcon } from "../shared/icons.js";
import { loadCore } from "../../index.js";
import { Pause } from "../shared/pause.js";
import { mayPass, SessionClient, type Failure, type Refused } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView, unsentSentence } from "../shared/troubles.js";
import { Attempt } from "./attempt.js";
import { enrollStyles } from "./enroll.styles.js";
import { preparePending, type Pending } from "./pending.js";
import { qrCard, qrCardSkeleton } from "./qr-card.js";
import { enrollTroubles, refusalSentence } from "./sentences.js";

type Step = "loading" | "scan" | "code" | "done" | "trouble";

/**
 * Sets up an authenticator app: shows the QR code and the key, asks for one code, says when it is done.
 *
 * The server seals the secret to a key that this element makes, so that no proxy or log on the way reads it;
 * what was sealed for another session, user or enrollment is refused. Key and secret stay the same for the
 * whole attempt (after a wrong code, Back, a lost answer, or when the element is moved in the page), and are
 * dropped when the element leaves the page or is done. Nothing of them stands in an attribute of the
 * element, an event, a form field or the address.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute); `userId` (the id by
 * which the site's back end opened the session: when given, a secret of anybody else is refused).
 * Attributes: `endpoint` (default `/countersign/w`); `wasm` (address of `core.wasm`; default beside the
 * module); `replaces` (the id of the credential that the new one takes the place of; it works until then);
 * `name` (what the owner calls the authenticator, 64 bytes at most).
 * Events, bubbling and composed: `countersign-enrolled` with `{method: "totp"}`; `countersign-error` with
 * `{code}`, a stable `area.reason`: the server's, `box.*` of a secret that was not for us, `core.unavailable`,
 * `network.unreachable`, `element.framed`, `element.insecure`.
 * Slots: `back`, beside the buttons: the page's way back out of it.
 * CSS: `--countersign-surface`, `-surface-2`, `-text`, `-text-2`, `-line`, `-accent`, `-on-accent`, `-good`,
 * `-warn`, `-bad`. The QR code is black on white in every theme. Font and direction are the page's.
 */
export class CountersignEnroll extends LitElement {
  static override styles = [themeTokens, pieces, enrollStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) userId: string | undefined;
  @property() endpoint = "/countersign/w";
  @property() wasm: string | undefined;
  @property() replaces: string | undefined;
  @property() name: string | undefined;

  @state() private step: Step = "loading";
  @state() private trouble = "";
  @state() private busy = false;
  @state() private copied = "";
  @query("countersign-code-field") private codeField!: CountersignCodeField | null;

  readonly #pause = new Pause(this);
  #attempt: Attempt | undefined;
  #pending: Pending | undefined;
  #run: AbortController | undefined;
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
    // Moved in the page, it is back by then, and the attempt goes on.
    queueMicrotask(() => this.isConnected || this.#endAttempt());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const another = (["sessionToken", "userId", "endpoint", "replaces"] as const).some((name) => changed.has(name));
    if (!this.isConnected || !another) return;
    this.#forget();
    this.#endAttempt();
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
          <p>${this.replaces ? "It has taken the place of the old one, whose codes no longer work. Delete the old entry from your app." : "From your next sign-in on, a code that it shows is asked for."}</p>
          <p class="secondary">The code that you have just typed is used up: for the next sign-in, wait for a new one.</p>
        </div></div>`;
      case "trouble":
        return troubleView(this.trouble, enrollTroubles, () => void this.#begin(), wayBack);
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
      <p class="small secondary">Next, you type one code to prove that it works. Until then
        ${this.replaces ? "the codes of the old one keep working" : "nothing changes for you"}.</p>
      <div class="row"><button type="button" class="main" @click=${() => this.#goTo("code")}>Next: type the code</button>${wayBack}</div>
    </section>`;
  }

  #codeStep(pending: Pending): TemplateResult {
    const waiting = this.#pause.seconds > 0;
    const label = this.busy ? "Checking" : waiting ? `Wait ${this.#pause.seconds} s` : this.replaces ? "Use the new one" : "Turn it on";
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
          ${wayBack}
        </div>
      </form>
    </section>`;
  }

  async #begin(): Promise<void> {
    this.#forget();
    const run = (this.#run = new AbortController());
    this.step = "loading";
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    if (!isSecureContext) return this.#fail("element.insecure");
    const core = await loadCore(this.wasm ? { wasm: this.wasm } : {}).catch(() => undefined);
    if (run.signal.aborted) return;
    if (!core) return this.#fail("core.unavailable");
    const attempt = (this.#attempt ??= new Attempt(core));
    const answer = await this.#client(run).begin(attempt.publicKey, { replaces: this.replaces, name: this.name });
    if (run.signal.aborted) return;
    if (answer.kind === "failed") return this.#fail(answer.code);
    const opened = await attempt.open(answer, { sessionToken: this.sessionToken, user: this.userId });
    if (run.signal.aborted) return;
    if ("code" in opened) return this.#abandon(opened.code);
    const pending = preparePending(core, answer.pendingId, opened.uri);
    if (!pending) return this.#abandon("server.answer_unreadable");
    this.#pending = pending;
    if (answer.lifetimeSeconds && answer.lifetimeSeconds > 0) {
      this.#expiryTimer = setTimeout(() => this.#abandon("enrollment.pending_unknown"), answer.lifetimeSeconds * 1000);
    }
    this.step = "scan";
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = this.codeField?.value;
    if (code && this.#pending && this.#run && !this.busy && this.#pause.seconds === 0) void this.#confirm(code);
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
    if (mayPass(failure)) {
      this.#confirmLost ||= failure.code === "network.unreachable";
      this.codeField?.refuse(unsentSentence(failure.code));
      this.#tell("countersign-error", { code: failure.code });
      this.#pause.start(failure.retryAfterSeconds);
      return;
    }
    // The answer to an earlier try was lost: that one may have been the yes.
    const settled = this.#confirmLost && failure.status === 404 && (await this.#isActive(run));
    if (run.signal.aborted) return;
    if (settled) this.#finish();
    else this.#abandon(failure.code);
  }

  async #isActive(run: AbortController): Promise<boolean> {
    const answer = await this.#client(run).methods();
    if (answer.kind === "failed") return false;
    return answer.authenticators.some(({ id, status }) => id === this.#pending?.pendingId && status === "active");
  }

  #showRefusal(refusal: Refused): void {
    this.codeField?.refuse(refusalSentence(refusal));
    const over = "The pause is over. Type the code that your app shows now.";
    this.#pause.start(refusal.retryAfterSeconds, () => this.codeField?.say(over));
  }

  #finish(): void {
    this.#forget();
    this.#endAttempt();
    this.#show("done");
    this.#tell("countersign-enrolled", { method: "totp" });
  }

  /** A failure after which the same secret is of no use: the next try is another attempt. */
  #abandon(code: string): void {
    this.#endAttempt();
    this.#fail(code);
  }

  #fail(code: string): void {
    const shown = this.step === "scan" || this.step === "code";
    this.#forget();
    this.trouble = code;
    if (shown) this.#show("trouble");
    else this.step = "trouble";
    this.#tell("countersign-error", { code });
  }

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

  #client(run: AbortController): SessionClient {
    return new SessionClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  /** Drops the secret and everything that belongs to the run it came from. */
  #forget(): void {
    this.#run?.abort();
    this.#pause.stop();
    clearTimeout(this.#expiryTimer);
    this.#run = undefined;
    this.#pending = undefined;
    this.#confirmLost = false;
    this.busy = false;
    this.copied = "";
  }

  /** Wipes the key to which the secret was sealed. */
  #endAttempt(): void {
    this.#attempt?.end();
    this.#attempt = undefined;
  }

  #tell(name: "countersign-enrolled" | "countersign-error", detail: Readonly<Record<string, string>>): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

const wayBack = html`<slot name="back"></slot>`;

declare global {
  interface HTMLElementTagNameMap {
    "countersign-enroll": CountersignEnroll;
  }
  interface HTMLElementEventMap {
    /** Of `<countersign-methods>` also what else was set up there. */
    "countersign-enrolled": CustomEvent<{ method: "totp" | "email" | "alternate_email" | "kba" }>;
    "countersign-error": CustomEvent<{ code: string }>;
  }
}
