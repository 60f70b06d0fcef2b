// SPDX-License-Identifier: Apache-2.0
// The authenticator apps: what is set up, Configure, Reconfigure, Add another, Remove.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { phoneIcon, plusIcon, waitIcon } from "../shared/icons.js";
import { mayPass, type Authenticator, type Failure, type Methods } from "../shared/session-client.js";
import type { SecurityCodeUse } from "../step-up/step-up.js";
import { authenticatorRow, labelsOf, type RowActions } from "./authenticator-row.js";
import { MethodBox, type Gate } from "./method-box.js";
import { nameForm } from "./name-form.js";
import { recoveryOnly, removalSentence } from "./sentences.js";
import { suggestion } from "./suggestions.js";
import { nameProblem, purposeOf, type Wish } from "./wish.js";

/** What stands under the head instead of the list; `enrolled` is the end of an enrollment, above the list. */
type Panel = "none" | "step-up" | "name" | "enroll" | "enrolled";

const isActive = ({ status }: Authenticator) => status === "active";

export class AuthenticatorBox extends MethodBox {
  #panel: Panel = "none";
  #asked: Authenticator | undefined;
  #nameSaid = "";
  #wish: Wish = { kind: "configure" };
  #name: string | undefined;
  /** Whether the one that was set up last was the first: then what else there is is told, once. */
  #first = false;

  override close(): void {
    this.#panel = "none";
    this.#asked = undefined;
  }

  protected override content(methods: Methods): TemplateResult {
    const free = this.#panel === "none" || this.#panel === "enrolled";
    const none = methods.authenticators.length === 0;
    const first = none && this.#panel === "none";
    const line = "Google Authenticator, Microsoft Authenticator, Authy, or any other. A new code every 30 seconds.";
    const configure = html`<button type="button" class="main configure" @click=${() => this.#want({ kind: "configure" })}>Configure</button>`;
    return html`${this.head(phoneIcon, "Authenticator app", line, first ? notSetUp(methods.begun) : nothing, first && this.gate() !== "closed" ? configure : nothing)}
      ${this.#panel === "none" ? nothing : this.panelFrame("Authenticator app", this.#panelView())}
      ${free && !none ? this.#list(methods) : nothing}`;
  }

  /** A fallback lets an authenticator be set up (R2). */
  protected override gate(): Gate {
    const { stepUpRequired = true, proofs = [] } = this.host.methods ?? {};
    return stepUpRequired ? (proofs.length > 0 ? "step-up" : "closed") : "open";
  }

  #list({ authenticators, stepUpRequired, email, allowNone }: Methods): TemplateResult {
    const active = authenticators.filter(isActive).length;
    const changeable = this.gate() !== "closed";
    // Removing one takes more than a fallback.
    const provable = super.gate() !== "closed";
    const mailed = email?.status === "active";
    const labels = labelsOf(authenticators);
    const row = (authenticator: Authenticator) => authenticatorRow({
      authenticator,
      label: labels.get(authenticator.id) ?? "",
      changeable,
      proof: active > 0 ? "another authenticator" : !stepUpRequired ? "none" : changeable ? "security code" : mailed ? "sign-in" : "help",
      removable: provable && (mailed || allowNone || (isActive(authenticator) ? active > 1 : active > 0)),
      then: active > (isActive(authenticator) ? 1 : 0) ? "another authenticator" : mailed ? "email" : "nothing",
      asked: this.#asked?.id === authenticator.id,
      busy: this.busy,
    }, this.#rowActions);
    return html`<ul class="authenticators" aria-label="Your authenticators">${repeat(authenticators, ({ id }) => id, row)}</ul>
      ${changeable ? html`<div class="row"><button type="button" class="add" @click=${() => this.#want({ kind: "add" })}>${plusIcon}Add another</button></div>` : nothing}`;
  }

  #panelView(): TemplateResult | typeof nothing {
    const { sessionToken, userId, endpoint, wasm } = this.host;
    const back = html`<button type="button" slot=${this.#panel === "enroll" ? "back" : nothing} @click=${this.#cancel}>Cancel</button>`;
    switch (this.#panel) {
      case "none":
        return nothing;
      case "step-up":
        return this.stepUp(purposeOf(this.#wish, this.#labelOfWish()), this.#codesForWish(), this.#go, back);
      case "name":
        return nameForm(this.#nameSaid, this.#onName, back);
      case "enroll":
      case "enrolled":
        return html`<countersign-enroll .sessionToken=${sessionToken} .userId=${userId} .endpoint=${endpoint} .wasm=${wasm} .name=${this.#name}
            .replaces=${this.#wish.kind === "reconfigure" ? this.#wish.of.id : undefined}
            @countersign-enrolled=${this.#onEnrolled} @countersign-error=${this.#onEnrollError}>${this.#panel === "enroll" ? back : nothing}</countersign-enroll>
          ${this.#panel === "enrolled" && this.#first && this.host.methods && suggestion(this.host.methods)
            ? html`<p class="suggestion">${suggestion(this.host.methods)}</p>` : nothing}`;
    }
  }

  /** A security code lets an authenticator be set up and nothing else (R2). */
  #codesForWish(): SecurityCodeUse {
    const proofs = this.host.methods?.proofs ?? [];
    if (!proofs.includes("security_code") || this.#wish.kind === "remove") return "none";
    return proofs.includes("totp") ? "also" : "only";
  }

  readonly #rowActions: RowActions = {
    reconfigure: (of) => this.#want({ kind: "reconfigure", of }),
    askRemove: (of) => this.#ask(this.#asked?.id === of.id ? undefined : of),
    keep: (of) => this.#keep(of),
    remove: (of) => this.busy || this.#want({ kind: "remove", of }),
  };

  #want(wish: Wish): void {
    this.host.take(this);
    this.#wish = wish;
    this.#name = wish.kind === "reconfigure" ? wish.of.name : undefined;
    this.told = undefined;
    const gate = wish.kind === "remove" ? super.gate() : this.gate();
    if (gate === "open") this.#go();
    else void this.#open("step-up");
  }

  /** Does what was wanted, once it may be done. */
  readonly #go = (): void => {
    const wish = this.#wish;
    if (wish.kind === "remove") void this.#remove(wish.of);
    else void this.#open(wish.kind === "add" && !this.#name ? "name" : "enroll");
  };

  /** Shows a panel and takes the focus along. */
  async #open(panel: Panel): Promise<void> {
    this.#panel = "none";
    if (panel !== "step-up") this.#asked = undefined;
    this.#nameSaid = "";
    this.host.requestUpdate();
    await this.host.updateComplete;
    this.#panel = panel;
    await this.focus("countersign-step-up", ".panel input", ".panel");
  }

  #onName = (name: string): void => {
    this.#nameSaid = nameProblem(name);
    this.host.requestUpdate();
    if (this.#nameSaid) return this.place(".panel input")?.focus();
    this.#name = name;
    void this.#open("enroll");
  };

  #onEnrolled = (): void => {
    this.#first = this.host.methods?.authenticators.length === 0;
    this.#panel = "enrolled";
    void this.host.reload();
  };

  /** The session is not elevated any more: a code is asked for again, and the enrollment goes on. */
  #onEnrollError = (event: CustomEvent<{ code: string }>): void => {
    if (event.detail.code !== "auth.step_up_required") return;
    event.stopPropagation();
    void this.#askAgain();
  };

  async #askAgain(): Promise<void> {
    this.host.stand({ stepUpRequired: true });
    await this.#open("step-up");
  }

  async #remove(of: Authenticator): Promise<void> {
    const { run } = this.host;
    if (!run) return;
    this.#panel = "none";
    this.busy = true;
    this.host.requestUpdate();
    const label = this.#labelOfWish();
    const answer = await this.host.client(run).remove(of.id);
    if (run.signal.aborted) return;
    this.busy = false;
    // Gone is what was wanted: the answer to an earlier try may have been lost.
    if (answer.kind === "confirmed" || answer.code === "method.unknown") await this.#removed(label);
    else if (answer.code === "auth.step_up_required") await this.#askAgain();
    else if (answer.code === "auth.recovery_only") await this.#askForMore();
    else await this.#notRemoved(answer);
  }

  async #askForMore(): Promise<void> {
    this.told = recoveryOnly;
    this.host.stand({ recovery: true });
    await this.#open("step-up");
  }

  async #removed(label: string): Promise<void> {
    this.told = { kind: "good", sentence: `Removed ${label}. Its codes no longer work.` };
    this.host.tell("countersign-removed", { method: "totp" });
    await this.host.reload();
    this.#asked = undefined;
    await this.focus("h2");
  }

  async #notRemoved(failure: Failure): Promise<void> {
    if (!mayPass(failure) && failure.code !== "method.last") return this.host.fail(failure.code);
    this.told = { kind: "bad", sentence: removalSentence(failure.code) };
    this.host.tell("countersign-error", { code: failure.code });
    await this.focus(".removal .danger");
  }

  #cancel = (): void => {
    this.close();
    this.told = undefined;
    this.host.requestUpdate();
    // A secret that was begun counts as begun: the box says so.
    void this.host.reload().then(() => this.#focusWish());
  };

  #ask(of: Authenticator | undefined): void {
    this.host.take(this);
    this.#panel = "none";
    this.#asked = of;
    this.told = undefined;
    this.host.requestUpdate();
    if (of) void this.focus(".removal .keep");
  }

  #keep(of: Authenticator): void {
    this.#asked = undefined;
    this.#wish = { kind: "remove", of };
    void this.#focusWish();
  }

  /** Back to the button that began it. */
  async #focusWish(): Promise<void> {
    const wish = this.#wish;
    await this.focus("of" in wish ? `[data-id="${CSS.escape(wish.of.id)}"] .${wish.kind}` : `.${wish.kind}`);
  }

  #labelOfWish(): string {
    const wish = this.#wish;
    return ("of" in wish && labelsOf(this.host.methods?.authenticators ?? []).get(wish.of.id)) || "your authenticator app";
  }
}

function notSetUp(begun: boolean): TemplateResult {
  return html`<p class="state small warn">${waitIcon}<span>${begun ? "Not set up. You began and did not finish." : "Not set up"}</span></p>`;
}
