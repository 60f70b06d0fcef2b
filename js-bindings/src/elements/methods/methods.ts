// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { badIcon } from "../shared/icons.js";
import { mayPass, SessionClient, type Alternate, type Methods } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView } from "../shared/troubles.js";
import { AlternateBox } from "./alternate-box.js";
import { AuthenticatorBox } from "./authenticator-box.js";
import { ChoiceBox } from "./choice-box.js";
import { CodesBox } from "./codes-box.js";
import { codeSheetStyles } from "./code-sheet.styles.js";
import { EmailBox } from "./email-box.js";
import type { BoxHost, MethodBox } from "./method-box.js";
import { methodsStyles } from "./methods.styles.js";
import { QuestionsBox } from "./questions-box.js";
import { recoverySentence, signInAgain, unreadTroubles } from "./sentences.js";

/**
 * A person's own page of second factors, a box for each: the authenticator apps (Configure, Reconfigure, Add
 * another, Remove) and, where the site offers them, codes by mail as the second factor, what serves when the phone
 * is lost (security questions, an alternate email address, and which of them to use) and the security codes (make a
 * set, how many remain, a new set). Where something is set up, a code is asked for before a change; who came in by a
 * fallback is told first how far that reaches.
 *
 * Security codes are made and stretched in the page; what the server is sent lets it check them, not read
 * them. They are shown once, and a new set takes the place of the old one only after the person said that it is
 * saved. They stand in no event, attribute or address; as text on the screen they cannot be wiped.
 *
 * Properties: `sessionToken` (a `manage` session; a property only, never an attribute); `userId` (see
 * `<countersign-enroll>`).
 * Attributes: `endpoint` (default `/countersign/w`); `wasm` and `worker` (addresses of `core.wasm` and
 * `stretch-worker.js`; default beside the module).
 * Events, bubbling and composed: `countersign-enrolled` and `countersign-removed` with `{method}`: "totp", "email",
 * "alternate_email" or "kba"; `countersign-alternates-chosen` with `{alternates}`; `countersign-codes-replaced` with `{remaining}`; `countersign-elevated`; `countersign-error` with `{code}`, a
 * stable `area.reason`.
 * Slots: `help`, the sentence for who has no authenticator left that works.
 * CSS: `--countersign-surface`, `-surface-2`, `-text`, `-text-2`, `-line`, `-accent`, `-on-accent`, `-good`,
 * `-warn`, `-bad`. Font and direction are the page's.
 */
export class CountersignMethods extends LitElement {
  static override styles = [themeTokens, pieces, methodsStyles, codeSheetStyles];

  @property({ attribute: false }) sessionToken = "";
  @property({ attribute: false }) userId: string | undefined;
  @property() endpoint = "/countersign/w";
  @property() wasm: string | undefined;
  @property() worker: string | undefined;

  @state() private methods: Methods | undefined;
  @state() private trouble = "";

  #run: AbortController | undefined;
  /** The trouble came when something was done and what is set up was looked up anew. */
  #unread = false;
  readonly #host = this.#asHost();
  readonly #authenticators = new AuthenticatorBox(this.#host, "authenticator-box");
  readonly #email = new EmailBox(this.#host);
  readonly #questions = new QuestionsBox(this.#host);
  readonly #alternate = new AlternateBox(this.#host);
  readonly #choice = new ChoiceBox(this.#host);
  readonly #codes = new CodesBox(this.#host, "codes-box");

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
    const { methods } = this;
    if (this.trouble) return html`<div class="box stack">${troubleView(this.trouble, this.#unread ? unreadTroubles : {}, () => void this.#start())}</div>`;
    if (!methods) return html`<div class="box stack" aria-busy="true">${skeleton}</div>`;
    const view = (box: MethodBox, there: unknown) => (there ? box.view(methods) : nothing);
    return html`<div class="stack">
      ${reach(methods)}${this.#authenticators.view(methods)}${view(this.#email, methods.email)}
      ${view(this.#choice, methods.alternates)}${view(this.#questions, methods.questions)}${view(this.#alternate, methods.alternateEmail)}
      ${view(this.#codes, methods.codes)}</div>`;
  }

  async #start(): Promise<void> {
    this.#forget();
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    this.#run = new AbortController();
    await this.#reload();
  }

  async #reload(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const answer = await this.#client(run).methods();
    if (run.signal.aborted) return;
    if (answer.kind !== "failed") return void (this.methods = answer);
    const unread = this.methods !== undefined && mayPass(answer);
    this.#fail(answer.code);
    this.#unread = unread;
  }

  #client(run: AbortController): SessionClient {
    return new SessionClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  #forget(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.methods = undefined;
    this.trouble = "";
    this.#unread = false;
    for (const box of this.#boxes()) box.forget();
  }

  #fail(code: string, how?: "told already"): void {
    const shown = this.methods !== undefined;
    this.#forget();
    this.trouble = code;
    if (shown) void this.updateComplete.then(() => this.renderRoot.querySelector("h2")?.focus());
    if (!how) this.#tell("countersign-error", { code });
  }

  #tell(name: string, detail: Readonly<Record<string, unknown>>): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #boxes(): readonly MethodBox[] {
    return [this.#authenticators, this.#email, this.#choice, this.#questions, this.#alternate, this.#codes];
  }

  #asHost(): BoxHost {
    const element = this;
    return {
      get sessionToken() { return element.sessionToken; },
      get userId() { return element.userId; },
      get endpoint() { return element.endpoint; },
      get wasm() { return element.wasm; },
      get worker() { return element.worker; },
      get methods() { return element.methods; },
      get run() { return element.#run; },
      get root() { return element.renderRoot; },
      get updateComplete() { return element.updateComplete; },
      addController: (controller) => element.addController(controller),
      requestUpdate: () => element.requestUpdate(),
      client: (run) => element.#client(run),
      reload: () => element.#reload(),
      take: (taker) => element.#boxes().forEach((box) => box === taker || box.close()),
      stand: (now) => {
        if (element.methods) element.methods = { ...element.methods, ...now };
      },
      goTo: (id) => element.#boxes().find((box) => box.id === id)?.arrive(),
      fail: (code, how) => element.#fail(code, how),
      tell: (name, detail) => element.#tell(name, detail),
    };
  }
}

/** How far this session reaches, where that is not far enough for all that stands below. */
function reach({ recovery, stepUpRequired, proofs, email }: Methods): TemplateResult | typeof nothing {
  const sentence = recovery ? recoverySentence(proofs.includes("totp")) : stepUpRequired && !proofs.includes("totp") && email?.status === "active" ? signInAgain : "";
  return sentence ? html`<div class="box notice reach"><span class="warn">${badIcon}</span><p>${sentence}</p></div>` : nothing;
}

const skeleton = html`<p role="status" class="unseen">Looking up what is set up.</p>
  <div class="skeleton" aria-hidden="true"><div></div><div></div><div class="button"></div></div>`;

declare global {
  interface HTMLElementTagNameMap {
    "countersign-methods": CountersignMethods;
  }
  interface HTMLElementEventMap {
    "countersign-removed": CustomEvent<{ method: "totp" | "email" | "alternate_email" | "kba" }>;
    "countersign-alternates-chosen": CustomEvent<{ alternates: readonly Alternate[] }>;
    "countersign-codes-replaced": CustomEvent<{ remaining: number }>;
  }
}
