// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { loadPolicyTools } from "../../policy.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { AdminClient, mayPass, type CurrentPolicy, type Failure } from "../shared/admin-client.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { Pause } from "../shared/pause.js";
import { changedPlaces, type PolicyDocument } from "../shared/policy-document.js";
import type { Names } from "../shared/names.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView, unsentSentence } from "../shared/troubles.js";
import { notAccepted, secondsToWait } from "../step-up/refusal.js";
import { codesGroup, forgotPhoneGroup, loginGroup, numbersGroup, questionsGroup } from "./groups.js";
import { policyEditorStyles } from "./policy-editor.styles.js";
import { History } from "./history.js";
import type { Desk, NumberPlace } from "./rows.js";
import { saveBar, statusLine, type BarActions, type Obstacle } from "./save-bar.js";
import { Scales } from "./scales.js";
import { refusalSentence, troubles } from "./sentences.js";
import { budgetCard, budgetChange, requirements, skeleton } from "./summary.js";

/**
 * The policy of a site, as its administrator decides it: which fallbacks exist, and what each costs in security.
 * Beside every switch stands the verdict of two standards and the guess budget with it and without, computed in
 * the page. Nothing takes effect before Save, and then all of it at once.
 *
 * A policy that another one has saved meanwhile is never overwritten unseen; what makes a policy weaker is saved
 * with a fresh code of the administrator's own. What is drafted stays when the session ends: hand over a new one.
 *
 * Properties: `sessionToken` (an `admin` session with the scope `policy`; a property only, never an attribute);
 * `names` (what the site calls its administrators, by id).
 * `unsaved` (read only): whether something is drafted.
 * Attributes: `endpoint` (default `/countersign/w`); `wasm` (address of `policy.wasm`; default beside the module).
 * Events, bubbling and composed: `countersign-unsaved` with `{unsaved}`, when that changes; `countersign-policy-saved`
 * with `{version}`; `countersign-error` with `{code}`.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignPolicy extends LitElement {
  static override styles = [themeTokens, pieces, policyEditorStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) names: Names = {};
  @property() endpoint = "/countersign/w";
  @property() wasm: string | undefined;

  @state() private saved: CurrentPolicy | undefined;
  @state() private draft: PolicyDocument | undefined;
  /** Numbers that cannot be read as typed. */
  @state() private typed: ReadonlyMap<string, string> = new Map();
  @state() private faults: ReadonlyMap<string, string> = new Map();
  @state() private obstacle: Obstacle = { kind: "none" };
  @state() private busy = false;
  @state() private trouble = "";
  @state() private justSaved = false;

  readonly #pause = new Pause(this);
  readonly #history = new History(this, () => this.#run && { client: this.#client(this.#run), signal: this.#run.signal });
  #scales: Scales | undefined;
  #run: AbortController | undefined;
  #told = false;

  get unsaved(): boolean {
    return this.typed.size > 0 || (this.saved !== undefined && this.draft !== undefined && changedPlaces(this.saved.policy, this.draft).length > 0);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeunload", this.#onLeave);
    if (this.hasUpdated && this.sessionToken) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this.#onLeave);
    this.#run?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.isConnected && (changed.has("sessionToken") || changed.has("endpoint")) && this.sessionToken) void this.#start();
  }

  protected override updated(): void {
    if (this.unsaved === this.#told) return;
    this.#told = this.unsaved;
    this.#tell("countersign-unsaved", { unsaved: this.#told });
  }

  protected override render(): TemplateResult {
    const { saved, draft } = this;
    const scales = this.#scales;
    if (this.trouble) return html`<div class="box">${troubleView(this.trouble, troubles, () => void this.#start())}</div>`;
    if (!saved || !draft || !scales) return html`<div class="box" aria-busy="true">${skeleton}</div>`;
    const desk = this.#desk(draft, scales);
    return html`<div class="stack">
      ${budgetCard(scales, saved.policy, draft)}
      ${forgotPhoneGroup(desk)}${codesGroup(desk)}${loginGroup(desk)}${questionsGroup(desk)}${numbersGroup(desk)}
      ${requirements(scales.findings(draft))}
      ${this.#history.view(this.names)}
      <div class="foot">${this.unsaved
        ? saveBar({ saved: saved.policy, draft, obstacle: this.obstacle, budget: budgetChange(scales, saved.policy, draft), busy: this.busy, waiting: this.#pause.seconds, names: this.names }, this.#actions)
        : statusLine(saved, this.justSaved, this.names)}</div>
    </div>`;
  }

  #desk(draft: PolicyDocument, scales: Scales): Desk {
    return {
      draft,
      scales,
      problemOf: (place) => this.faults.get(place) ?? (this.typed.has(place) ? "Type a whole number." : ""),
      change: (wanted) => this.#change(wanted),
      textOf: (place) => this.typed.get(place) ?? String(draft[place]),
      type: (place, text) => this.#type(place, text),
    };
  }

  #change(wanted: Partial<PolicyDocument>): void {
    const { draft } = this;
    if (!draft) return;
    const next = { ...draft, ...wanted };
    // At first the one that is selected is what is ticked (A5).
    const begins = next["forgot_phone.user_choice"] && !draft["forgot_phone.user_choice"];
    const ticked = next["forgot_phone.offered"].includes(next["forgot_phone.alternate"]);
    this.draft = begins && !ticked ? { ...next, "forgot_phone.offered": [next["forgot_phone.alternate"]] } : next;
    this.faults = new Map();
    this.justSaved = false;
    if (this.obstacle.kind !== "conflict") this.obstacle = { kind: "none" };
  }

  #type(place: NumberPlace, text: string): void {
    const typed = new Map(this.typed);
    typed.delete(place);
    if (/^\d{1,6}$/u.test(text.trim())) this.#change({ [place]: Number(text) });
    else typed.set(place, text);
    this.typed = typed;
  }

  async #start(): Promise<void> {
    this.#run?.abort();
    this.trouble = "";
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    const run = (this.#run = new AbortController());
    this.#scales ??= await loadPolicyTools(this.wasm ? { wasm: this.wasm } : {}).then((tools) => new Scales(tools), () => undefined);
    if (run.signal.aborted) return;
    if (!this.#scales) return this.#fail("core.unavailable");
    const answer = await this.#client(run).policy();
    if (run.signal.aborted) return;
    if (answer.kind === "failed") return this.#fail(answer.code);
    // What is drafted outlives the session it was drafted in.
    if (!this.unsaved || !this.saved) this.#show(answer);
    else this.obstacle = answer.version === this.saved.version ? { kind: "none" } : { kind: "conflict", theirs: answer };
  }

  #show(current: CurrentPolicy): void {
    this.saved = current;
    this.draft = current.policy;
    this.typed = new Map();
    this.faults = new Map();
    this.obstacle = { kind: "none" };
    this.busy = false;
    this.justSaved = false;
  }

  readonly #actions: BarActions = {
    save: () => void this.#save(),
    discard: () => {
      if (this.saved) this.#show(this.saved);
      void this.#focus(".status");
    },
    submitCode: (event) => {
      event.preventDefault();
      const code = this.#codeField()?.value;
      if (code && !this.busy && this.#pause.seconds === 0) void this.#save(code);
    },
    noCode: () => {
      this.obstacle = { kind: "none" };
      void this.#focus(".save");
    },
    showTheirs: () => {
      if (this.obstacle.kind === "conflict") this.#show(this.obstacle.theirs);
      void this.#focus(".status");
    },
    keepMine: () => {
      if (this.obstacle.kind === "conflict") this.#rebase(this.obstacle.theirs);
      void this.#focus(".save", ".status");
    },
  };

  /** What was changed here is put on top of what another one has saved. */
  #rebase(theirs: CurrentPolicy): void {
    const { saved, draft } = this;
    if (!saved || !draft) return;
    const mine = Object.fromEntries(changedPlaces(saved.policy, draft).map((place) => [place, draft[place]]));
    this.saved = theirs;
    this.draft = { ...theirs.policy, ...mine };
    this.obstacle = { kind: "none" };
  }

  async #save(code?: string): Promise<void> {
    const { saved, draft } = this;
    const run = this.#run;
    if (!saved || !draft || !run || this.busy) return;
    const [unread] = this.typed.keys();
    if (unread) return this.#refuse(unread, "");
    this.busy = true;
    this.faults = new Map();
    const answer = await this.#client(run).savePolicy(saved.version, draft, code);
    if (run.signal.aborted) return void (this.busy = false);
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "saved") return this.#onSaved(answer.version, draft);
    if (answer.kind === "not_accepted") return this.#refuseCode(answer.retryAfterSeconds);
    await this.#notSaved(answer, code);
  }

  async #onSaved(version: number, policy: PolicyDocument): Promise<void> {
    this.#show({ kind: "policy", version, policy, who: "", at: undefined });
    this.justSaved = true;
    this.#tell("countersign-policy-saved", { version });
    await Promise.all([this.#focus(".status"), this.#history.refresh()]);
  }

  #refuseCode(retryAfterSeconds: number): void {
    const wait = secondsToWait(retryAfterSeconds);
    this.#codeField()?.refuse(notAccepted(wait), wait);
    this.#pause.start(retryAfterSeconds);
  }

  async #notSaved(failure: Failure, code: string | undefined): Promise<void> {
    this.#tell("countersign-error", { code: failure.code });
    if (failure.code === "auth.fresh_factor_required") {
      // Asked for again although one was given: it was not accepted.
      if (code) return this.#refuseCode(failure.retryAfterSeconds);
      this.obstacle = { kind: "code" };
      return this.#focus("countersign-code-field");
    }
    if (failure.code === "policy.version_changed") return this.#onConflict();
    const { field, detail } = failure.body ?? {};
    if (failure.status === 422 && typeof detail === "string") return this.#refuse(typeof field === "string" ? field : "", detail);
    if (code && mayPass(failure)) return this.#codeField()?.refuse(unsentSentence(failure.code));
    this.obstacle = { kind: "refused", sentence: refusalSentence(failure) };
    await this.#focus("#bar-title");
  }

  async #onConflict(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const theirs = await this.#client(run).policy();
    if (run.signal.aborted) return;
    // Saved after all: the answer to an earlier try was lost.
    if (theirs.kind === "policy" && this.draft && changedPlaces(theirs.policy, this.draft).length === 0) return this.#onSaved(theirs.version, this.draft);
    this.obstacle = theirs.kind === "failed" ? { kind: "refused", sentence: refusalSentence(theirs) } : { kind: "conflict", theirs };
    await this.#focus(".conflict .notice", "#bar-title");
  }

  /** A contradiction, at its field and in the bar. */
  async #refuse(place: string, sentence: string): Promise<void> {
    if (sentence) this.faults = new Map([[place, sentence]]);
    this.obstacle = sentence ? { kind: "refused", sentence } : { kind: "none" };
    await this.updateComplete;
    const row = this.renderRoot.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`);
    const around = row?.closest("details");
    if (around) around.open = true;
    (row?.querySelector<HTMLElement>("input") ?? this.renderRoot.querySelector<HTMLElement>("#bar-title"))?.focus();
  }

  #client = (run: AbortController): AdminClient => new AdminClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);

  #codeField = (): CountersignCodeField | null => this.renderRoot.querySelector("countersign-code-field");

  async #focus(...selectors: readonly string[]): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    selectors.map((one) => this.renderRoot.querySelector<HTMLElement>(one)).find((one) => one !== null)?.focus();
  }

  /** What is drafted is not thrown away for a trouble: the bar tells it. */
  #fail(code: string): void {
    if (this.unsaved) this.obstacle = { kind: "refused", sentence: refusalSentence({ code }) };
    else this.trouble = code;
    this.#tell("countersign-error", { code });
  }

  readonly #onLeave = (event: BeforeUnloadEvent): void => void (this.unsaved && event.preventDefault());

  #tell(name: string, detail: Readonly<Record<string, unknown>>): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-policy": CountersignPolicy;
  }
  interface HTMLElementEventMap {
    "countersign-unsaved": CustomEvent<{ unsaved: boolean }>;
    "countersign-policy-saved": CustomEvent<{ version: number }>;
  }
}
