// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { loadPolicyTools, type PolicyTools } from "../../policy.js";
import { AdminClient, type Trail, type TrailRecord } from "../shared/admin-client.js";
import { copyText } from "../shared/clipboard.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { toHex } from "../shared/hex.js";
import type { Names } from "../shared/names.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView } from "../shared/troubles.js";
import { auditStyles } from "./audit.styles.js";
import { forget, keep, readKept } from "./kept.js";
import { proofView, type ProofActions } from "./proof-view.js";
import { faultOf, proveTrail, type Proof } from "./proof.js";
import { trailView, type Filter } from "./trail-view.js";
import { troubles } from "./words.js";

/** How many records the server tells at a time. */
const pageOfRecords = 200;

/**
 * The audit trail, the newest record first, and the proof of it: this browser keeps the last signed checkpoint
 * that it saw proven, and has each later one shown to extend it, computed in the page. A log that does not is told
 * in red, with what to do; what is kept stays until the administrator starts anew.
 *
 * The proof is of what this browser saw before, by a page that the same site serves: who changes the page can make
 * it say anything. Take a checkpoint elsewhere, and `countersign audit verify --since` proves it there.
 *
 * Properties: `sessionToken` (an `admin` session with the scope `audit`; a property only, never an attribute);
 * `names` (what the site calls its users, by id).
 * Attributes: `endpoint` (default `/countersign/w`); `realm` (under which the checkpoint is kept in this browser's
 * local storage; default `default`); `wasm` (address of `policy.wasm`; default beside the module).
 * Events, bubbling and composed: `countersign-audit-proof` with `{outcome}`, one of `first`, `proven`, `restored`,
 * `unsigned`, `untried`, `failed`; `countersign-error` with `{code}`.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignAudit extends LitElement {
  static override styles = [themeTokens, pieces, auditStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) names: Names = {};
  @property() endpoint = "/countersign/w";
  @property() realm = "default";
  @property() wasm: string | undefined;

  @state() private trail: Trail | undefined;
  @state() private records: readonly TrailRecord[] = [];
  @state() private proof: Proof | undefined;
  @state() private proofSaid = "";
  @state() private filter: Filter = { event: "", user: "" };
  @state() private trouble = "";
  @state() private busy = false;
  @state() private said = "";

  #run: AbortController | undefined;
  #tools: PolicyTools | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.sessionToken) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const given = changed.has("sessionToken") || changed.has("endpoint") || changed.has("realm");
    if (this.isConnected && given && this.sessionToken) void this.#start();
  }

  protected override render(): TemplateResult {
    const { trail, records, filter, names, busy, said } = this;
    if (this.trouble) return html`<div class="box">${troubleView(this.trouble, troubles, () => void this.#start())}</div>`;
    if (!trail) return html`<div class="box" aria-busy="true">${skeleton}</div>`;
    const hasOlder = (records.find(({ number }) => number !== undefined)?.number ?? 1) > 1;
    return html`<div class="stack">
      ${proofView(this.proof, this.#proofActions, this.proofSaid)}
      ${trailView({ records, filter, names, hasOlder, busy, said }, {
        filter: (wanted) => (this.filter = { ...filter, ...wanted }),
        older: () => void this.#older(),
      })}
    </div>`;
  }

  async #start(): Promise<void> {
    this.#run?.abort();
    this.trouble = "";
    this.proof = undefined;
    this.proofSaid = "";
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    const run = (this.#run = new AbortController());
    const tools = await loadPolicyTools(this.wasm ? { wasm: this.wasm } : {}).catch(() => undefined);
    if (run.signal.aborted) return;
    if (!tools) return this.#fail("core.unavailable");
    this.#tools = tools;
    const answer = await this.#client(run).audit();
    if (run.signal.aborted) return;
    if (answer.kind === "failed") return this.#fail(answer.code);
    this.trail = answer;
    this.records = answer.records;
    await this.#prove(tools, answer, run);
  }

  async #prove(tools: PolicyTools, trail: Trail, run: AbortController): Promise<void> {
    const kept = readKept(this.realm);
    const proof: Proof = kept === "unreadable"
      ? { kind: "failed", why: "malformed" }
      : await proveTrail(tools, kept, trail, (after) => this.#client(run).audit(after));
    // An older record that was loaded meanwhile may have failed it.
    if (run.signal.aborted || this.proof) return;
    if (proof.kind === "first" || proof.kind === "proven") this.#keep(trail);
    this.#conclude(proof);
  }

  #conclude(proof: Proof): void {
    this.proof = proof;
    this.dispatchEvent(new CustomEvent("countersign-audit-proof", { detail: { outcome: proof.kind }, bubbles: true, composed: true }));
  }

  #keep({ key, checkpoint }: Trail): void {
    if (checkpoint === undefined || keep(this.realm, { key: toHex(key), checkpoint })) return;
    this.proofSaid = "This browser keeps nothing for this site, so the next look cannot be compared.";
  }

  readonly #proofActions: ProofActions = {
    again: () => void this.#start().then(() => this.#focus("#proof-title")),
    startAnew: () => {
      // The new beginning is proven as a first look is: its signature has to hold.
      forget(this.realm);
      void this.#start().then(() => this.#focus("#proof-title"));
    },
    copyKept: () => {
      const kept = readKept(this.realm);
      const line = kept && kept !== "unreadable" ? kept.checkpoint : "";
      if (!line) this.proofSaid = "What is kept here cannot be read.";
      else void copyText("The kept checkpoint", line, null).then((sentence) => (this.proofSaid = sentence));
    },
  };

  async #older(): Promise<void> {
    const run = this.#run;
    const first = this.records.find(({ number }) => number !== undefined)?.number;
    if (!run || first === undefined || this.busy) return;
    this.busy = true;
    const answer = await this.#client(run).audit(Math.max(0, first - 1 - pageOfRecords));
    this.busy = false;
    if (run.signal.aborted) return;
    this.said = answer.kind === "failed" ? "The older ones cannot be read right now. Try again in a moment." : "";
    if (answer.kind !== "trail") return;
    this.records = [...answer.records.filter(({ number = 0 }) => number < first), ...this.records];
    const fault = this.#tools && faultOf(this.#tools, this.records);
    if (fault) this.#conclude(fault);
  }

  #client(run: AbortController): AdminClient {
    return new AdminClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  #fail(code: string): void {
    this.trouble = code;
    this.dispatchEvent(new CustomEvent("countersign-error", { detail: { code }, bubbles: true, composed: true }));
  }

  async #focus(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }
}

const skeleton = html`<p role="status" class="unseen">Reading the audit trail.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div></div><div></div></div>`;

declare global {
  interface HTMLElementTagNameMap {
    "countersign-audit": CountersignAudit;
  }
  interface HTMLElementEventMap {
    "countersign-audit-proof": CustomEvent<{ outcome: string }>;
  }
}
