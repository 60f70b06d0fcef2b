// SPDX-License-Identifier: Apache-2.0
// A method of which a person has one: Configure, Reconfigure and Remove, each behind a code where one is asked for.

import { html, nothing, type TemplateResult } from "lit";
import { hasSecondFactor, mayPass, type Failure, type Methods, type OwnMethod } from "../shared/session-client.js";
import { MethodBox } from "./method-box.js";
import { isSetUp, stateLine } from "./own-state.js";
import { ownRemovalSentence } from "./sentences.js";

type Panel = "none" | "step-up" | "set-up";
type Wish = "configure" | "remove";

/** What a box says of its method. */
export interface Words {
  readonly icon: TemplateResult;
  readonly title: string;
  /** What it is, in a sentence or two. */
  readonly line: unknown;
  /** As in "Remove your security questions". */
  readonly yours: string;
  /** What follows from a removal, said before it. */
  readonly removal: string;
  readonly removed: string;
}

export abstract class SetUpBox extends MethodBox {
  #panel: Panel = "none";
  #wish: Wish = "configure";
  #asked = false;

  protected abstract readonly words: Words;
  /** The name of the method in events. */
  protected abstract readonly method: string;

  /** Whether it stands in for a second factor, and so comes after one. */
  protected abstract readonly fallback: boolean;

  protected abstract own(methods: Methods): OwnMethod | undefined;
  protected abstract state(own: OwnMethod): TemplateResult;
  /** Begins anew what `setUpView` shows. */
  protected abstract begin(): void;
  protected abstract setUpView(own: OwnMethod, back: TemplateResult): TemplateResult;
  /** Drops what was begun. */
  protected abstract drop(): void;

  override close(): void {
    this.#panel = "none";
    this.#asked = false;
    this.busy = false;
    this.drop();
  }

  protected override content(methods: Methods): TemplateResult {
    const own = this.own(methods);
    if (!own) return html``;
    const { icon, title, line } = this.words;
    const free = this.#panel === "none";
    const later = this.fallback && !isSetUp(own) && !hasSecondFactor(methods);
    const state = later ? stateLine("warn", "Not set up. Set up an authenticator app first.") : this.state(own);
    return html`${this.head(icon, title, line, free ? state : nothing, free && !later && this.gate() !== "closed" ? this.#actions(own) : nothing)}
      ${free ? nothing : this.panelFrame(title, this.#panelView(own))}
      ${free && this.#asked ? this.#removal() : nothing}`;
  }

  #actions(own: OwnMethod): TemplateResult {
    const { title, yours } = this.words;
    if (!isSetUp(own)) return html`<button type="button" class="main configure" aria-label="Configure ${title}" @click=${() => this.#want("configure")}>Configure</button>`;
    return html`<div class="configure actions">
      <button type="button" class="reconfigure" aria-label="Reconfigure ${yours}" @click=${() => this.#want("configure")}>Reconfigure</button>
      <button type="button" class="plain remove" aria-label="Remove ${yours}" aria-expanded=${this.#asked} @click=${this.#ask}>Remove</button>
    </div>`;
  }

  #removal(): TemplateResult {
    const { yours } = this.words;
    return html`<div class="removal inset stack tight" role="group" aria-label="Remove ${yours}">
      <p>${this.price()}</p>
      <div class="row">
        <button type="button" class="danger steady" aria-disabled=${this.busy} @click=${() => this.busy || this.#want("remove")}>${this.busy ? "Removing" : "Remove"}</button>
        <button type="button" class="keep" @click=${this.#keep}>Keep it</button>
      </div>
    </div>`;
  }

  /** What follows from a removal, said before it. */
  protected price(): string {
    return this.words.removal;
  }

  #panelView(own: OwnMethod): TemplateResult {
    const back = html`<button type="button" class="cancel" @click=${this.#cancel}>Cancel</button>`;
    if (this.#panel === "set-up") return this.setUpView(own, back);
    const { title, yours } = this.words;
    const purpose = this.#wish === "remove" ? `To remove ${yours}` : isSetUp(own) ? `To reconfigure ${yours}` : `To set up ${title}`;
    return this.stepUp(purpose, "none", this.#go, back);
  }

  #want(wish: Wish): void {
    this.host.take(this);
    this.#wish = wish;
    this.told = undefined;
    if (wish === "configure") this.#asked = false;
    if (wish === "configure") this.begin();
    if (this.gate() === "open") this.#go();
    else void this.#open("step-up");
  }

  readonly #go = (): void => {
    if (this.#wish === "remove") void this.#remove();
    else void this.#open("set-up");
  };

  async #open(panel: Panel): Promise<void> {
    this.#panel = panel;
    if (panel === "set-up") return this.showStep();
    await this.focus("countersign-step-up", ".panel");
  }

  /** Draws the step that is due and takes the focus along. */
  protected showStep(): Promise<void> {
    return this.focus(".panel countersign-code-field", ".panel h3", ".panel");
  }

  /** The elevation has run out: a code is asked for, and then it goes on where it was. */
  protected askAgain(): Promise<void> {
    this.host.stand({ stepUpRequired: true });
    return this.#open("step-up");
  }

  /** @returns whether it was one of the refusals that every change can meet, and is told by now */
  protected met(failure: Failure): boolean {
    if (failure.code === "auth.step_up_required") void this.askAgain();
    else if (failure.code === "auth.recovery_only") this.onlyRecovery();
    else if (failure.code === "policy.not_allowed") this.stop(failure.code, "This site does not offer this any more. Nothing was changed.");
    else return false;
    return true;
  }

  /** Ends in the box as the server has it, with a sentence. */
  protected stop(code: string, sentence: string): void {
    this.close();
    this.told = { kind: "bad", sentence };
    this.host.tell("countersign-error", { code });
    void this.host.reload().then(() => this.focus("h2"));
  }

  /** It is set up. */
  protected async saved(sentence: string): Promise<void> {
    this.close();
    this.told = { kind: "good", sentence };
    this.host.tell("countersign-enrolled", { method: this.method });
    await this.host.reload();
    await this.focus("h2");
  }

  async #remove(): Promise<void> {
    const { run, methods } = this.host;
    const id = methods && this.own(methods)?.id;
    if (!run || !id) return;
    this.#panel = "none";
    this.#asked = true;
    this.busy = true;
    this.host.requestUpdate();
    const answer = await this.host.client(run).removeOwn(id);
    if (run.signal.aborted) return;
    this.busy = false;
    // Gone is what was wanted: the answer to an earlier try may have been lost.
    if (answer.kind === "confirmed" || answer.code === "method.unknown") await this.#removed();
    else if (!this.met(answer)) await this.#notRemoved(answer);
  }

  async #removed(): Promise<void> {
    this.close();
    this.told = { kind: "good", sentence: this.words.removed };
    this.host.tell("countersign-removed", { method: this.method });
    await this.host.reload();
    await this.focus("h2");
  }

  async #notRemoved(failure: Failure): Promise<void> {
    if (!mayPass(failure) && failure.code !== "method.last") return this.host.fail(failure.code);
    this.told = { kind: "bad", sentence: ownRemovalSentence(failure.code) };
    this.host.tell("countersign-error", { code: failure.code });
    await this.focus(".removal .danger");
  }

  readonly #ask = (): void => {
    const asked = !this.#asked;
    this.host.take(this);
    this.#asked = asked;
    this.told = undefined;
    this.host.requestUpdate();
    if (asked) void this.focus(".removal .keep");
  };

  readonly #keep = (): void => {
    this.#asked = false;
    void this.focus(".remove");
  };

  readonly #cancel = (): void => {
    const asked = this.#wish === "remove";
    this.close();
    this.told = undefined;
    this.host.requestUpdate();
    // What was begun counts as begun: the box says so.
    void this.host.reload().then(() => this.focus(asked ? ".remove" : ".configure:is(button), .reconfigure"));
  };
}
