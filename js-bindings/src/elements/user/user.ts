// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { AdminClient, mayPass, type Failure, type Issued, type UserMethod, type UserMethods } from "../shared/admin-client.js";
import { copyText } from "../shared/clipboard.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { badIcon, goodIcon, keyIcon } from "../shared/icons.js";
import { Pause } from "../shared/pause.js";
import { printAlone } from "../shared/print.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView, unsentSentence } from "../shared/troubles.js";
import { notAccepted, secondsToWait } from "../step-up/refusal.js";
import { issuedCode, issueForm, reasonProblem, type IssueActions, type ShownActions } from "./backup-code.js";
import { methodRow } from "./method-row.js";
import { userStyles } from "./user.styles.js";
import { nameOfMethod, refusalSentence, troubles } from "./words.js";

interface Told {
  readonly kind: "good" | "bad";
  readonly sentence: string;
}

/**
 * One user, for an administrator: which methods are set up, whether they work, Unlock while wrong codes have
 * paused one, and Generate Backup Code exactly while the policy has such codes.
 *
 * A backup code is made for a reason and with a fresh code of the administrator's own. It is shown once, and
 * stands in no event, attribute or address.
 *
 * Properties: `sessionToken` (an `admin` session with the scope `unlock` or `codes`; a property only, never an
 * attribute); `user` (the user's id at the server; as above).
 * Attributes: `endpoint` (default `/countersign/w`); `account` (what the person is called on the printed code).
 * Events, bubbling and composed: `countersign-unlocked` with `{method}`; `countersign-backup-code-issued` without
 * detail; `countersign-error` with `{code}`.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignUser extends LitElement {
  static override styles = [themeTokens, pieces, userStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) user = "";
  @property() endpoint = "/countersign/w";
  @property() account = "";

  @state() private shown: UserMethods | undefined;
  @state() private trouble = "";
  @state() private told: Told | undefined;
  @state() private busy = false;
  @state() private asking = false;
  @state() private reason = "";
  @state() private problem = "";
  @state() private issued: Issued | undefined;
  @state() private said = "";

  readonly #pause = new Pause(this);
  #run: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.sessionToken) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort();
    this.issued = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const given = changed.has("sessionToken") || changed.has("user") || changed.has("endpoint");
    if (changed.has("user")) this.#forget();
    if (this.isConnected && given && this.sessionToken && this.user) void this.#start();
  }

  protected override render(): TemplateResult {
    const { shown, told } = this;
    if (this.trouble) return html`<div class="box">${troubleView(this.trouble, troubles, () => void this.#start())}</div>`;
    if (!shown) return html`<div class="box" aria-busy="true">${skeleton}</div>`;
    return html`<section class="box stack" aria-labelledby="title">
      <h2 id="title" tabindex="-1">Second factor</h2>
      ${this.#list(shown)}
      ${this.#backupCode(shown)}
      <p class="told small ${told?.kind ?? ""}" role="status">${told ? html`${told.kind === "bad" ? badIcon : goodIcon}<span>${told.sentence}</span>` : nothing}</p>
    </section>`;
  }

  #list({ methods }: UserMethods): TemplateResult {
    const configured = methods.filter(({ status }) => status !== "not_configured");
    if (configured.length === 0) return html`<p class="secondary">Nothing is set up. The next sign-in takes the password alone, or asks to set up a second factor.</p>`;
    const now = Date.now() / 1000;
    return html`<ul class="methods" aria-label="Methods">${configured.map((method) => methodRow(method, now, this.busy, (one) => void this.#unlock(one)))}</ul>`;
  }

  #backupCode({ backupCodesAllowed, backupCodeExpiresAt }: UserMethods): TemplateResult | typeof nothing {
    if (this.issued) return issuedCode(this.issued, this.account, this.said, this.#shownActions);
    if (!backupCodesAllowed) return nothing;
    if (this.asking) {
      const { reason, problem, busy } = this;
      return issueForm({ reason, problem, busy, waiting: this.#pause.seconds, outstandingUntil: backupCodeExpiresAt }, this.#issueActions);
    }
    return html`<div class="row"><button type="button" class="generate" @click=${this.#ask}>${keyIcon}Generate Backup Code</button></div>`;
  }

  async #start(): Promise<void> {
    this.#run?.abort();
    this.trouble = "";
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    this.#run = new AbortController();
    await this.#reload();
  }

  async #reload(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const answer = await this.#client(run).user(this.user);
    if (run.signal.aborted) return;
    if (answer.kind === "failed") this.#fail(answer.code);
    else this.shown = answer;
  }

  async #unlock(method: UserMethod): Promise<void> {
    const run = this.#run;
    if (!run || !method.id || this.busy) return;
    this.busy = true;
    const answer = await this.#client(run).unlock(this.user, method.id);
    if (run.signal.aborted) return;
    this.busy = false;
    if (answer.kind === "failed") {
      this.told = { kind: "bad", sentence: refusalSentence(answer, "unlock") };
      this.#tell("countersign-error", { code: answer.code });
      if (answer.code === "method.unknown") await this.#reload();
      return;
    }
    this.told = { kind: "good", sentence: `Unlocked: ${nameOfMethod(method)}. A code is accepted again at once.` };
    this.#tell("countersign-unlocked", { method: method.method });
    await this.#reload();
    await this.#focus("#title");
  }

  readonly #ask = (): void => {
    this.asking = true;
    this.told = undefined;
    this.problem = "";
    void this.#focus("#reason");
  };

  readonly #issueActions: IssueActions = {
    write: (reason) => {
      this.reason = reason;
      this.problem = "";
    },
    submit: (event) => {
      event.preventDefault();
      const reason = this.reason.trim().normalize("NFC");
      this.problem = reasonProblem(reason);
      if (this.problem) return void this.#focus("#reason");
      const code = this.#codeField()?.value;
      if (code && !this.busy && this.#pause.seconds === 0) void this.#issue(reason, code);
    },
    cancel: () => {
      this.asking = false;
      this.reason = "";
      void this.#focus(".generate");
    },
  };

  async #issue(reason: string, code: string): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.busy = true;
    const answer = await this.#client(run).issueBackupCode(this.user, reason, code);
    if (run.signal.aborted) return;
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "issued") await this.#onIssued(answer);
    else if (answer.kind === "not_accepted") this.#refuse(answer.retryAfterSeconds);
    else await this.#notIssued(answer);
  }

  async #onIssued(issued: Issued): Promise<void> {
    this.asking = false;
    this.reason = "";
    this.issued = issued;
    this.said = "";
    this.#tell("countersign-backup-code-issued");
    await this.#focus("#issued-title");
    await this.#reload();
  }

  #refuse(retryAfterSeconds: number): void {
    const wait = secondsToWait(retryAfterSeconds);
    this.#codeField()?.refuse(notAccepted(wait), wait);
    this.#pause.start(retryAfterSeconds);
  }

  async #notIssued(failure: Failure): Promise<void> {
    this.#tell("countersign-error", { code: failure.code });
    // A busy server has made none; where nothing came back, one may have been made.
    if (mayPass(failure) && failure.status !== 0) return this.#codeField()?.refuse(unsentSentence(failure.code));
    this.told = { kind: "bad", sentence: refusalSentence(failure, "generate") };
    this.asking = failure.code.startsWith("auth.");
    if (!this.asking) await this.#reload();
    await this.#focus(".generate", "#title");
  }

  readonly #shownActions: ShownActions = {
    copy: (code) => void copyText("The code", this.issued?.code ?? "", code).then((sentence) => (this.said = sentence)),
    print: (paper) => paper && printAlone(paper),
    done: () => {
      this.issued = undefined;
      void this.#focus(".generate", "#title");
    },
  };

  #client(run: AbortController): AdminClient {
    return new AdminClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  #codeField(): CountersignCodeField | null {
    return this.renderRoot.querySelector("countersign-code-field");
  }

  #forget(): void {
    this.shown = undefined;
    this.issued = undefined;
    this.asking = false;
    this.told = undefined;
    this.reason = "";
  }

  async #focus(...selectors: readonly string[]): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    selectors.map((one) => this.renderRoot.querySelector<HTMLElement>(one)).find((one) => one !== null)?.focus();
  }

  /** A code that is on the screen stays there. */
  #fail(code: string): void {
    if (!this.issued) this.trouble = code;
    this.#tell("countersign-error", { code });
  }

  #tell(name: string, detail?: Readonly<Record<string, unknown>>): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

const skeleton = html`<p role="status" class="unseen">Looking up what is set up.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div></div><div></div></div>`;

declare global {
  interface HTMLElementTagNameMap {
    "countersign-user": CountersignUser;
  }
  interface HTMLElementEventMap {
    "countersign-unlocked": CustomEvent<{ method: string }>;
    "countersign-backup-code-issued": CustomEvent<undefined>;
  }
}
