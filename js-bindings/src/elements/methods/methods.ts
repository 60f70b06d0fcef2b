// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { badIcon, goodIcon, phoneIcon, plusIcon, waitIcon } from "../shared/icons.js";
import { mayPass, SessionClient, type Authenticator, type Failure, type Methods } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView } from "../shared/troubles.js";
import { authenticatorRow, labelsOf, type RowActions } from "./authenticator-row.js";
import { methodsStyles } from "./methods.styles.js";
import { nameForm } from "./name-form.js";
import { removalSentence, type Told } from "./sentences.js";
import { nameProblem, purposeOf, type Wish } from "./wish.js";

/** What stands under the head instead of the list; `enrolled` is the end of an enrollment, above the list. */
type Panel = "none" | "step-up" | "name" | "enroll" | "enrolled";

/**
 * A person's own page of second factors: what is set up, since when, last used; Configure, Reconfigure, Add
 * another, Remove. Where something is set up, a code of it is asked for before a change.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute); `userId` (see
 * `<countersign-enroll>`).
 * Attributes: `endpoint` (default `/countersign/w`); `wasm` (address of `core.wasm`; default beside the module).
 * Events, bubbling and composed: `countersign-enrolled` and `countersign-removed` with `{method: "totp"}`;
 * `countersign-elevated`; `countersign-error` with `{code}`, a stable `area.reason`.
 * Slots: `help`, the sentence for who has no authenticator left that works.
 * CSS: `--countersign-surface`, `-surface-2`, `-text`, `-text-2`, `-line`, `-accent`, `-on-accent`, `-good`,
 * `-warn`, `-bad`. Font and direction are the page's.
 */
export class CountersignMethods extends LitElement {
  static override styles = [themeTokens, pieces, methodsStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) userId: string | undefined;
  @property() endpoint = "/countersign/w";
  @property() wasm: string | undefined;

  @state() private methods: Methods | undefined;
  @state() private trouble = "";
  @state() private panel: Panel = "none";
  @state() private asked: Authenticator | undefined;
  @state() private busy = false;
  @state() private told: Told | undefined;
  @state() private nameSaid = "";

  #wish: Wish = { kind: "configure" };
  #name: string | undefined;
  #run: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.sessionToken) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected || !(changed.has("sessionToken") || changed.has("endpoint"))) return;
    this.#forget();
    if (this.sessionToken) void this.#start();
  }

  protected override render(): TemplateResult {
    const content = this.trouble
      ? troubleView(this.trouble, {}, () => void this.#start())
      : this.methods ? this.#box(this.methods) : skeleton;
    return html`<div class="box stack" aria-busy=${!this.trouble && !this.methods}>${content}</div>`;
  }

  #box(methods: Methods): TemplateResult {
    const free = this.panel === "none" || this.panel === "enrolled";
    const none = methods.authenticators.length === 0;
    return html`<div class="head">
        <span class="icon">${phoneIcon}</span>
        <div class="stack tight">
          <h2 tabindex="-1">Authenticator app</h2>
          <p class="small secondary">Google Authenticator, Microsoft Authenticator, Authy, or any other. A new code every 30 seconds.</p>
          ${none && this.panel === "none" ? notSetUp(methods.begun) : nothing}
        </div>
        ${none && this.panel === "none" ? html`<button type="button" class="main configure" @click=${() => this.#want({ kind: "configure" })}>Configure</button>` : nothing}
      </div>
      ${this.panel === "none" ? nothing : html`<div class="panel" role="region" aria-label="Authenticator app" tabindex="-1">${this.#panelView()}</div>`}
      ${free && !none ? this.#list(methods) : nothing}
      <p class="told small ${this.told?.kind ?? ""}" role="status">${this.told ? html`${this.told.kind === "bad" ? badIcon : goodIcon}<span>${this.told.sentence}</span>` : nothing}</p>`;
  }

  #list({ authenticators, stepUpRequired }: Methods): TemplateResult {
    const active = authenticators.filter(({ status }) => status === "active").length;
    const changeable = active > 0 || !stepUpRequired;
    const labels = labelsOf(authenticators);
    const row = (authenticator: Authenticator) => authenticatorRow({
      authenticator,
      label: labels.get(authenticator.id) ?? "",
      changeable,
      removable: authenticator.status === "disabled" ? active > 0 : active > 1,
      asked: this.asked?.id === authenticator.id,
      busy: this.busy,
    }, this.#rowActions);
    return html`<ul class="authenticators" aria-label="Your authenticators">${repeat(authenticators, ({ id }) => id, row)}</ul>
      ${changeable ? html`<div class="row"><button type="button" class="add" @click=${() => this.#want({ kind: "add" })}>${plusIcon}Add another</button></div>` : nothing}`;
  }

  #panelView(): TemplateResult | typeof nothing {
    const back = html`<button type="button" slot=${this.panel === "enroll" ? "back" : nothing} @click=${this.#cancel}>Cancel</button>`;
    switch (this.panel) {
      case "none":
        return nothing;
      case "step-up":
        return html`<countersign-step-up .sessionToken=${this.sessionToken} .endpoint=${this.endpoint}
          .purpose=${purposeOf(this.#wish, this.#labelOfWish())} @countersign-elevated=${this.#onElevated}
          @countersign-error=${this.#onStepUpError}>${back}</countersign-step-up>`;
      case "name":
        return nameForm(this.nameSaid, this.#onName, back);
      case "enroll":
      case "enrolled":
        return html`<countersign-enroll .sessionToken=${this.sessionToken} .userId=${this.userId}
            .endpoint=${this.endpoint} .wasm=${this.wasm} .name=${this.#name}
            .replaces=${this.#wish.kind === "reconfigure" ? this.#wish.of.id : undefined}
            @countersign-enrolled=${this.#onEnrolled} @countersign-error=${this.#onEnrollError}>${this.panel === "enroll" ? back : nothing}</countersign-enroll>`;
    }
  }

  readonly #rowActions: RowActions = {
    reconfigure: (of) => this.#want({ kind: "reconfigure", of }),
    askRemove: (of) => this.#ask(this.asked?.id === of.id ? undefined : of),
    keep: (of) => this.#keep(of),
    remove: (of) => this.busy || this.#want({ kind: "remove", of }),
  };

  async #start(): Promise<void> {
    this.#forget();
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    this.#run = new AbortController();
    await this.#reload();
  }

  /** Reads what is set up; what was shown stays until the answer is there. */
  async #reload(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const answer = await this.#client(run).methods();
    if (run.signal.aborted) return;
    if (answer.kind === "failed") this.#fail(answer.code);
    else this.methods = answer;
  }

  #want(wish: Wish): void {
    this.#wish = wish;
    this.#name = wish.kind === "reconfigure" ? wish.of.name : undefined;
    this.told = undefined;
    if (this.methods?.stepUpRequired) void this.#open("step-up");
    else this.#go();
  }

  /** Does what was wanted, once it may be done. */
  #go(): void {
    const wish = this.#wish;
    if (wish.kind === "remove") void this.#remove(wish.of);
    else void this.#open(wish.kind === "add" && !this.#name ? "name" : "enroll");
  }

  /** Shows a panel and takes the focus along. */
  async #open(panel: Panel): Promise<void> {
    this.panel = "none";
    if (panel !== "step-up") this.asked = undefined;
    this.nameSaid = "";
    await this.updateComplete;
    this.panel = panel;
    await this.updateComplete;
    const stepUp = this.renderRoot.querySelector("countersign-step-up");
    await stepUp?.updateComplete;
    const place = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector);
    (stepUp ?? place(".panel input") ?? place(".panel"))?.focus();
  }

  #onElevated = (): void => {
    if (this.methods) this.methods = { ...this.methods, stepUpRequired: false };
    this.#go();
  };

  #onStepUpError = ({ detail: { code } }: CustomEvent<{ code: string }>): void => {
    if (code.startsWith("auth.")) this.#fail(code, "told already");
  };

  #onName = (name: string): void => {
    this.nameSaid = nameProblem(name);
    if (this.nameSaid) return this.renderRoot.querySelector<HTMLElement>(".panel input")?.focus();
    this.#name = name;
    void this.#open("enroll");
  };

  #onEnrolled = (): void => {
    this.panel = "enrolled";
    void this.#reload();
  };

  /** The session is not elevated any more: a code is asked for again, and the enrollment goes on. */
  #onEnrollError = (event: CustomEvent<{ code: string }>): void => {
    if (event.detail.code !== "auth.step_up_required") return;
    event.stopPropagation();
    void this.#askAgain();
  };

  async #askAgain(): Promise<void> {
    if (this.methods) this.methods = { ...this.methods, stepUpRequired: true };
    await this.#open("step-up");
  }

  async #remove(of: Authenticator): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.panel = "none";
    this.busy = true;
    const label = this.#labelOfWish();
    const answer = await this.#client(run).remove(of.id);
    if (run.signal.aborted) return;
    this.busy = false;
    // Gone is what was wanted: the answer to an earlier try may have been lost.
    if (answer.kind === "confirmed" || answer.code === "method.unknown") await this.#removed(label);
    else if (answer.code === "auth.step_up_required") await this.#askAgain();
    else await this.#notRemoved(answer);
  }

  async #removed(label: string): Promise<void> {
    this.told = { kind: "good", sentence: `Removed ${label}. Its codes no longer work.` };
    this.dispatchEvent(new CustomEvent("countersign-removed", { detail: { method: "totp" }, bubbles: true, composed: true }));
    await this.#reload();
    this.asked = undefined;
    await this.updateComplete;
    this.renderRoot.querySelector("h2")?.focus();
  }

  async #notRemoved(failure: Failure): Promise<void> {
    if (!mayPass(failure) && failure.code !== "method.last") return this.#fail(failure.code);
    this.told = { kind: "bad", sentence: removalSentence(failure.code) };
    this.#tellError(failure.code);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".removal .danger")?.focus();
  }

  #cancel = (): void => {
    this.panel = "none";
    this.asked = undefined;
    // A secret that was begun counts as begun: the box says so.
    void this.#reload().then(() => this.#focusWish());
  };

  #ask(of: Authenticator | undefined): void {
    this.panel = "none";
    this.asked = of;
    this.told = undefined;
    if (of) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".removal .keep")?.focus());
  }

  #keep(of: Authenticator): void {
    this.asked = undefined;
    this.#wish = { kind: "remove", of };
    void this.#focusWish();
  }

  /** Back to the button that began it. */
  async #focusWish(): Promise<void> {
    await this.updateComplete;
    const wish = this.#wish;
    const place = "of" in wish ? `[data-id="${CSS.escape(wish.of.id)}"] .${wish.kind}` : `.${wish.kind}`;
    (this.renderRoot.querySelector<HTMLElement>(place) ?? this.renderRoot.querySelector("h2"))?.focus();
  }

  #labelOfWish(): string {
    const wish = this.#wish;
    return ("of" in wish && labelsOf(this.methods?.authenticators ?? []).get(wish.of.id)) || "your authenticator app";
  }

  #client(run: AbortController): SessionClient {
    return new SessionClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  #forget(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.methods = undefined;
    this.trouble = "";
    this.panel = "none";
    this.asked = undefined;
    this.busy = false;
    this.told = undefined;
  }

  #fail(code: string, how?: "told already"): void {
    const shown = this.methods !== undefined;
    this.#forget();
    this.trouble = code;
    if (shown) void this.updateComplete.then(() => this.renderRoot.querySelector("h2")?.focus());
    if (!how) this.#tellError(code);
  }

  #tellError(code: string): void {
    this.dispatchEvent(new CustomEvent("countersign-error", { detail: { code }, bubbles: true, composed: true }));
  }
}

const skeleton = html`<p role="status" class="unseen">Looking up what is set up.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div></div><div class="button"></div></div>`;

function notSetUp(begun: boolean): TemplateResult {
  return html`<p class="state small warn">${waitIcon}<span>${begun ? "Not set up. You began and did not finish." : "Not set up"}</span></p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-methods": CountersignMethods;
  }
  interface HTMLElementEventMap {
    "countersign-removed": CustomEvent<{ method: "totp" }>;
  }
}
