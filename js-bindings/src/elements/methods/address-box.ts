// SPDX-License-Identifier: Apache-2.0
// An address to which codes are mailed: which one it is, a code sent there, and the code typed here.

import { html, nothing, type TemplateResult } from "lit";
import type { CountersignCodeField } from "../code-field/code-field.js";
import { badIcon } from "../shared/icons.js";
import { MailClient, type Address, type Mailed, type MailWait } from "../shared/mail-client.js";
import { Pause } from "../shared/pause.js";
import { mayPass, type Failure, type Methods, type OwnMethod } from "../shared/session-client.js";
import type { BoxHost, BoxId } from "./method-box.js";
import { beginSentences, mailRefusal, unmailedSentence } from "./mail-sentences.js";
import { SetUpBox } from "./set-up-box.js";

export abstract class AddressBox extends SetUpBox {
  readonly #resend: Pause;
  readonly #wait: Pause;
  #mailed: Mailed | undefined;
  /** What the form above "Send code" says. */
  #said = "";
  /** The request that is waited for: an answer to one that was given up is not looked at. */
  #sending: object | undefined;
  /** No answer came to a confirmation: it may have been the yes. */
  #lost = false;

  constructor(host: BoxHost, id: BoxId, private readonly which: Address) {
    super(host, id);
    this.#resend = new Pause(host);
    this.#wait = new Pause(host);
  }

  /** The first step: which address it will be. */
  protected abstract addressView(own: OwnMethod, said: TemplateResult, buttons: TemplateResult): TemplateResult;
  /** The address that is in the form; undefined where the site's own is meant. */
  protected abstract address(): string | undefined;
  /** What the form says of an address that it does not send. */
  protected abstract addressProblem(code: string): string | undefined;
  protected abstract savedSentence(methods: Methods | undefined): string;

  protected override begin(): void {
    this.drop();
  }

  protected override drop(): void {
    this.#mailed = undefined;
    this.#said = "";
    this.#lost = false;
    this.#sending = undefined;
    this.#resend.stop();
    this.#wait.stop();
  }

  protected override setUpView(own: OwnMethod, back: TemplateResult): TemplateResult {
    return this.#mailed ? this.#codeStep(this.#mailed, back) : this.#addressStep(own, back);
  }

  #addressStep(own: OwnMethod, back: TemplateResult): TemplateResult {
    const wait = this.#resend.seconds;
    const label = this.busy ? "Sending" : wait > 0 ? `Wait ${wait} s` : "Send code";
    const said = html`<p class="small bad problem" id="${this.id}-problem" role="status">${this.#said ? html`${badIcon}<span>${this.#said}</span>` : nothing}</p>`;
    const buttons = html`<div class="row"><button type="submit" class="main steady send" aria-disabled=${this.busy || wait > 0}>${label}</button>${back}</div>`;
    return html`<form class="stack" novalidate @submit=${this.#onSend}>
      <p class="secondary small">Step 1 of 2</p>
      ${this.addressView(own, said, buttons)}
    </form>`;
  }

  #codeStep({ masked, digits, lifetimeSeconds }: Mailed, back: TemplateResult): TemplateResult {
    const pause = this.#wait.seconds;
    const stopped = this.busy || pause > 0;
    const resend = this.#resend.seconds;
    const minutes = lifetimeSeconds === undefined ? 0 : Math.round(lifetimeSeconds / 60);
    return html`<div class="stack">
      <div class="stack tight">
        <p class="secondary small">Step 2 of 2</p>
        <h3 tabindex="-1">Type the code from the mail</h3>
        <p>It is on its way to <bdi class="address">${masked}</bdi>${minutes > 1 ? ` and works for ${minutes} minutes` : nothing}. Not there? Look among the unwanted mail.</p>
      </div>
      <form class="stack" @submit=${this.#onConfirm}>
        <countersign-code-field .label=${`Code of ${digits} digits`} .digits=${digits} .busy=${stopped}></countersign-code-field>
        <div class="row">
          <button type="submit" class="main steady" aria-disabled=${stopped}>${this.busy ? "Checking" : pause > 0 ? `Wait ${pause} s` : "Confirm"}</button>
          <button type="button" class="again" aria-disabled=${this.busy || resend > 0} @click=${this.#sendAgain}>${resend > 0 ? `Send again in ${resend} s` : "Send again"}</button>
          ${back}
        </div>
      </form>
    </div>`;
  }

  get #field(): CountersignCodeField | null {
    return this.place("countersign-code-field") as CountersignCodeField | null;
  }

  readonly #onSend = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy || this.#resend.seconds > 0) return;
    void this.#send(this.address());
  };

  readonly #sendAgain = (): void => {
    if (this.busy || this.#resend.seconds > 0) return;
    void this.#send(this.address());
  };

  #client(run: AbortController): MailClient {
    return new MailClient({ endpoint: this.host.endpoint, token: this.host.sessionToken }, run.signal);
  }

  async #send(address: string | undefined): Promise<void> {
    const { run } = this.host;
    if (!run) return;
    const problem = address === "" ? this.addressProblem("email.address_missing") : undefined;
    if (problem) return this.#sayAddress(problem);
    this.busy = true;
    this.#said = "";
    this.host.requestUpdate();
    const again = this.#mailed !== undefined;
    const sending = (this.#sending = {});
    const answer = await this.#client(run).begin(this.which, address);
    if (run.signal.aborted || this.#sending !== sending) return;
    this.busy = false;
    if (answer.kind === "mailed") await this.#sent(answer, again);
    else if (answer.kind === "mail_wait") await this.#notYet(answer);
    else this.#unsent(answer);
  }

  async #sent(mailed: Mailed, again: boolean): Promise<void> {
    this.#mailed = mailed;
    this.#lost = false;
    this.#wait.stop();
    this.#resend.start(mailed.resendAfterSeconds);
    await this.showStep();
    if (!again) return;
    this.#field?.clear();
    this.#field?.say("A new code is on its way. The one before does not work any more.");
  }

  /** The code that went there may still be typed. */
  async #notYet({ retryAfterSeconds, standing }: MailWait): Promise<void> {
    this.#resend.start(retryAfterSeconds);
    if (standing && !this.#mailed) {
      this.#mailed = standing;
      await this.showStep();
    }
    this.#say("A code went there a moment ago. Type that one, or wait before you send another.");
  }

  #unsent(failure: Failure): void {
    if (this.met(failure)) return;
    const problem = this.addressProblem(failure.code) ?? beginSentences[failure.code];
    if (!problem && !mayPass(failure)) return this.host.fail(failure.code);
    this.host.tell("countersign-error", { code: failure.code });
    if (mayPass(failure)) this.#resend.start(failure.retryAfterSeconds);
    this.#say(problem ?? unmailedSentence(failure.code));
  }

  /** In whichever step it is. */
  #say(sentence: string): void {
    if (!this.#mailed) return this.#sayAddress(sentence);
    this.host.requestUpdate();
    this.#field?.say(sentence);
  }

  #sayAddress(sentence: string): void {
    this.#said = sentence;
    void this.focus("input", ".send");
  }

  readonly #onConfirm = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = this.#field?.value;
    if (code && !this.busy && this.#wait.seconds === 0) void this.#confirm(code);
  };

  async #confirm(code: string): Promise<void> {
    const { run } = this.host;
    const mailed = this.#mailed;
    if (!run || !mailed) return;
    this.busy = true;
    this.host.requestUpdate();
    const answer = await this.#client(run).confirm(this.which, mailed.pendingId, code);
    if (run.signal.aborted || this.#mailed !== mailed) return;
    this.busy = false;
    this.host.requestUpdate();
    await this.host.updateComplete;
    if (answer.kind === "done") await this.#finish();
    else if (answer.kind === "refused") this.#refuse(mailRefusal(answer.reason), answer.retryAfterSeconds);
    else await this.#unconfirmed(answer, mailed);
  }

  #refuse(sentence: string, seconds: number): void {
    this.#field?.refuse(sentence);
    this.#wait.start(seconds, () => this.#field?.say("The pause is over. Type the code once more, or send a new one."));
  }

  async #unconfirmed(failure: Failure, mailed: Mailed): Promise<void> {
    if (this.met(failure)) return;
    if (mayPass(failure)) {
      this.#lost = true;
      this.host.tell("countersign-error", { code: failure.code });
      return this.#refuse(unmailedSentence(failure.code, "checked"), failure.retryAfterSeconds);
    }
    if (failure.status !== 404) return this.host.fail(failure.code);
    if (this.#lost) await this.host.reload();
    // The answer to an earlier try was lost: that one may have been the yes.
    const settled = this.#lost && this.host.methods && this.own(this.host.methods)?.id === mailed.pendingId;
    if (settled) await this.#finish();
    else this.#refuse(mailRefusal("expired"), 0);
  }

  async #finish(): Promise<void> {
    await this.host.reload();
    await this.saved(this.savedSentence(this.host.methods));
  }
}
