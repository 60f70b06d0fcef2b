// SPDX-License-Identifier: Apache-2.0
// What serves when the phone is lost: the ways in that the site offers, which of them the person wants, and what of
// each is still to be set up.

import { html, nothing, type TemplateResult } from "lit";
import { moment } from "../shared/day.js";
import { lifebuoyIcon } from "../shared/icons.js";
import { MailClient } from "../shared/mail-client.js";
import { mayPass, type Alternate, type Alternates, type Failure, type Methods, type OwnMethod } from "../shared/session-client.js";
import { MethodBox, type BoxHost, type BoxId } from "./method-box.js";
import { isHeld, stateLine } from "./own-state.js";
import { unchangedSentence } from "./sentences.js";

/** What a way in needs, and where it is set up. */
interface Part {
  readonly name: string;
  readonly box: BoxId;
  own(methods: Methods): OwnMethod | undefined;
}

const questions: Part = { name: "your security questions", box: "questions-box", own: (methods) => methods.questions };
const address: Part = { name: "your alternate email address", box: "alternate-box", own: (methods) => methods.alternateEmail };

interface Way {
  readonly title: string;
  readonly line: string;
  readonly parts: readonly Part[];
}

export const ways: Readonly<Record<Alternate, Way>> = {
  kba: { title: "Security questions", line: "You answer all of them.", parts: [questions] },
  kba_email: { title: "Security questions and a code by email", line: "You answer them, then type a code that goes to your alternate address.", parts: [questions, address] },
  email: { title: "A code to your alternate address", line: "You type a code that goes to your alternate address.", parts: [address] },
};

export function isReady(own: OwnMethod | undefined): boolean {
  return own?.status === "active" && own.usesLeft !== 0;
}

const sameSet = (one: readonly Alternate[], other: readonly Alternate[]) => one.length === other.length && one.every((each) => other.includes(each));

export class ChoiceBox extends MethodBox {
  #asking = false;
  /** What is ticked and not saved; undefined: what the server has. */
  #ticked: readonly Alternate[] | undefined;
  #said = "";

  constructor(host: BoxHost) {
    super(host, "choice-box");
  }

  override close(): void {
    this.#asking = false;
    this.#ticked = undefined;
    this.#said = "";
    this.busy = false;
  }

  protected override content(methods: Methods): TemplateResult {
    const { alternates } = methods;
    if (!alternates) return html``;
    const choosable = alternates.userChoice && this.gate() !== "closed";
    const line = alternates.userChoice
      ? "Which of these do you want to be able to use then? Each one more is one more way in, for others too."
      : "This is how you get in then. It asks for your password first, as always.";
    const rows = alternates.offered.map((each) => this.#row(each, methods, choosable));
    return html`${this.head(lifebuoyIcon, "If you lose your phone", line, nothing, nothing)}
      ${this.#asking
        ? this.panelFrame("If you lose your phone", this.stepUp("To choose your ways in", "none", this.#go, this.#cancelButton()))
        : choosable ? this.#form(alternates, rows) : html`<ul class="ways">${rows}</ul>`}`;
  }

  #form(alternates: Alternates, rows: readonly TemplateResult[]): TemplateResult {
    const changed = this.#ticked !== undefined && !sameSet(this.#ticked, alternates.chosen);
    return html`<form class="stack" novalidate @submit=${this.#onSubmit}>
      <ul class="ways">${rows}</ul>
      ${changed ? html`<div class="stack tight">
        <p class="small bad problem" role="status">${this.#said}</p>
        <div class="row"><button type="submit" class="main steady" aria-disabled=${this.busy}>${this.busy ? "Saving" : "Save choice"}</button>${this.#cancelButton()}</div>
      </div>` : nothing}
    </form>`;
  }

  #cancelButton(): TemplateResult {
    return html`<button type="button" @click=${this.#cancel}>Cancel</button>`;
  }

  #row(each: Alternate, methods: Methods, choosable: boolean): TemplateResult {
    const { title, line, parts } = ways[each];
    const missing = parts.filter((part) => !isReady(part.own(methods)));
    const held = parts.map((part) => part.own(methods)).find((own) => own && isHeld(own));
    const ticked = (this.#ticked ?? methods.alternates?.chosen ?? []).includes(each);
    const text = html`<span class="stack tight"><span class="way-title" id="way-${each}-title">${title}</span><span class="small secondary" id="way-${each}">${line}</span></span>`;
    return html`<li class="way">
      ${choosable
        ? html`<label class="saved"><input type="checkbox" name=${each} aria-labelledby="way-${each}-title" aria-describedby="way-${each}" .checked=${ticked} @change=${(event: Event) => this.#tick(each, event)}>${text}</label>`
        : html`<div>${text}</div>`}
      <div class="way-state">
        ${missing.length > 0 ? stateLine("warn", `Does not work yet. Missing: ${missing.map(({ name }) => name).join(" and ")}`)
          : held ? stateLine("warn", html`Works from ${moment(held.usableFrom ?? 0)}`) : stateLine("good", "Ready")}
        ${missing.filter((part) => part.own(methods)).map((part) => html`<button type="button" class="plain to" @click=${() => this.host.goTo(part.box)}>Go to ${part.name}</button>`)}
      </div>
    </li>`;
  }

  #tick(each: Alternate, event: Event): void {
    const { alternates } = this.host.methods ?? {};
    if (!alternates) return;
    if (!this.#ticked) this.host.take(this);
    const now = new Set(this.#ticked ?? alternates.chosen);
    if ((event.currentTarget as HTMLInputElement).checked) now.add(each);
    else now.delete(each);
    this.#ticked = alternates.offered.filter((one) => now.has(one));
    this.#said = "";
    this.told = undefined;
    this.host.requestUpdate();
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy || !this.#ticked) return;
    if (this.#ticked.length === 0) {
      this.#said = "Tick at least one.";
      return this.host.requestUpdate();
    }
    if (this.gate() === "open") this.#go();
    else void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    await this.focus("countersign-step-up", ".panel");
  }

  readonly #go = (): void => {
    this.#asking = false;
    void this.#save();
  };

  async #save(): Promise<void> {
    const { run, endpoint, sessionToken } = this.host;
    const ticked = this.#ticked;
    if (!run || !ticked) return;
    this.busy = true;
    this.host.requestUpdate();
    const answer = await new MailClient({ endpoint, token: sessionToken }, run.signal).choose(ticked);
    if (run.signal.aborted || this.#ticked !== ticked) return;
    this.busy = false;
    if (answer.kind === "done") await this.#saved(ticked);
    else await this.#notSaved(answer);
  }

  async #saved(chosen: readonly Alternate[]): Promise<void> {
    this.close();
    this.told = { kind: "good", sentence: "Saved. From now on the ticked ones are asked for, as far as they are set up." };
    this.host.tell("countersign-alternates-chosen", { alternates: chosen });
    await this.host.reload();
    await this.focus("h2");
  }

  async #notSaved(failure: Failure): Promise<void> {
    if (failure.code === "auth.step_up_required") {
      this.host.stand({ stepUpRequired: true });
      return this.#ask();
    }
    if (failure.code === "auth.recovery_only") return this.onlyRecovery();
    this.host.tell("countersign-error", { code: failure.code });
    if (failure.code === "policy.not_allowed") {
      this.close();
      this.told = { kind: "bad", sentence: "This site has changed what it offers. Nothing was saved; look again." };
      await this.host.reload();
      return this.focus("h2");
    }
    if (!mayPass(failure)) return this.host.fail(failure.code, "told already");
    this.#said = unchangedSentence(failure.code);
    await this.focus("button.main");
  }

  readonly #cancel = (): void => {
    this.close();
    this.told = undefined;
    void this.focus("input", "h2");
  };
}
