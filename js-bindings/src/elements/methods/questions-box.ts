// SPDX-License-Identifier: Apache-2.0
// The security questions: choose them, answer them, set new answers. Old answers are never shown: nobody has them.

import { html, type TemplateResult } from "lit";
import { questionsIcon } from "../shared/icons.js";
import { QuestionsClient, type Answered, type AnswerRefused, type Catalog } from "../shared/questions-client.js";
import { mayPass, type Failure, type Methods, type OwnMethod } from "../shared/session-client.js";
import type { BoxHost } from "./method-box.js";
import { isSetUp, ownState } from "./own-state.js";
import { idOf, ownWords, questionsForm, readForm, type Problem, type QuestionsActions } from "./questions-form.js";
import { unchangedSentence } from "./sentences.js";
import { SetUpBox, type Words } from "./set-up-box.js";

export class QuestionsBox extends SetUpBox {
  #catalog: Catalog | undefined;
  #picked: readonly string[] = [];
  #hidden = false;
  #problem: Problem | undefined;
  #said = "";
  /** Typed already, and kept while a code is asked for. */
  #unsent: readonly Answered[] | undefined;

  protected override readonly method = "kba";
  protected override readonly fallback = true;
  protected override readonly words: Words = {
    icon: questionsIcon,
    title: "Security questions",
    line: "A way in when you have lost your phone. Answers can often be guessed or found; the security standards (NIST, OWASP) advise against them.",
    yours: "your security questions",
    removal: "Remove your security questions? Then they let nobody in any more, you neither, when you have lost your phone.",
    removed: "Removed your security questions. Their answers no longer let anybody in.",
  };

  constructor(host: BoxHost) {
    super(host, "questions-box");
  }

  protected override own({ questions }: Methods): OwnMethod | undefined {
    return questions;
  }

  protected override state(own: OwnMethod): TemplateResult {
    return ownState(own, "answers", this.gate() !== "closed");
  }

  protected override begin(): void {
    this.drop();
  }

  protected override drop(): void {
    this.#catalog = undefined;
    this.#picked = [];
    this.#hidden = false;
    this.#problem = undefined;
    this.#said = "";
    this.#unsent = undefined;
  }

  protected override setUpView(own: OwnMethod, back: TemplateResult): TemplateResult {
    if (!this.#catalog) return html`<div class="stack" aria-busy="true"><p role="status" class="secondary">Looking up the questions.</p><div class="row">${back}</div></div>`;
    return questionsForm({
      catalog: this.#catalog,
      picked: this.#picked,
      hidden: this.#hidden,
      problem: this.#problem,
      said: this.#said,
      busy: this.busy,
      renews: isSetUp(own),
    }, this.#actions, back);
  }

  protected override async showStep(): Promise<void> {
    await super.showStep();
    if (this.#unsent) await this.#send(this.#unsent);
    else if (!this.#catalog) await this.#load();
  }

  async #load(): Promise<void> {
    const { run } = this.host;
    if (!run) return;
    const answer = await new QuestionsClient({ endpoint: this.host.endpoint, token: this.host.sessionToken }, run.signal).catalog();
    if (run.signal.aborted || !this.place(".panel")) return;
    if (answer.kind === "failed") return this.#notLoaded(answer);
    this.#catalog = answer;
    this.#picked = Array.from({ length: answer.needed }, () => (answer.questions.length === 0 ? ownWords : ""));
    await super.showStep();
  }

  #notLoaded(failure: Failure): void {
    if (this.met(failure)) return;
    if (!mayPass(failure)) return this.host.fail(failure.code);
    this.stop(failure.code, unchangedSentence(failure.code));
  }

  readonly #actions: QuestionsActions = {
    pick: (index, choice) => {
      this.#picked = this.#picked.map((old, at) => (at === index ? choice : old));
      if (this.#problem?.index === index) this.#problem = undefined;
      this.host.requestUpdate();
    },
    hide: (hidden) => {
      this.#hidden = hidden;
      this.host.requestUpdate();
    },
    save: (form) => this.#save(form),
  };

  #save(form: HTMLFormElement): void {
    const read = readForm(form, this.#picked);
    if ("sentence" in read) this.#show(read);
    else void this.#send(read);
  }

  async #send(answers: readonly Answered[]): Promise<void> {
    const { run } = this.host;
    if (!run) return;
    this.busy = true;
    this.#unsent = answers;
    this.#problem = undefined;
    this.#said = "";
    this.host.requestUpdate();
    const answer = await new QuestionsClient({ endpoint: this.host.endpoint, token: this.host.sessionToken }, run.signal).save(answers);
    if (run.signal.aborted || this.#unsent !== answers) return;
    this.busy = false;
    if (answer.kind === "saved") await this.#finish();
    else if (answer.kind === "refused") this.#refused(answer);
    else this.#unsaved(answer);
  }

  #refused(refusal: AnswerRefused): void {
    this.#unsent = undefined;
    this.host.tell("countersign-error", { code: refusal.code });
    this.#show(this.#problemOf(refusal));
  }

  async #finish(): Promise<void> {
    const renewed = this.host.methods && isSetUp(this.own(this.host.methods));
    await this.saved(renewed ? "Your new answers are in use. The old ones no longer let anybody in." : "Your security questions are set up.");
  }

  #problemOf({ code, index, detail }: AnswerRefused): Problem {
    const picked = this.#picked[index];
    const field = !code.startsWith("kba.question") ? "answer" : picked === ownWords ? "own" : "question";
    return { index, field, sentence: detail || "This is not taken. Take another one." };
  }

  #show(problem: Problem): void {
    this.#problem = problem;
    void this.focus(`#${idOf(problem.field, problem.index)}`);
  }

  #unsaved(failure: Failure): void {
    if (this.met(failure)) return;
    this.#unsent = undefined;
    const detail = failure.status === 422 ? failure.body?.["detail"] : undefined;
    if (!mayPass(failure) && typeof detail !== "string") return this.host.fail(failure.code);
    this.host.tell("countersign-error", { code: failure.code });
    this.#said = typeof detail === "string" ? detail : failure.code === "network.unreachable"
      ? "The site cannot be reached, so it is not known whether they were saved. Check your connection, then try again."
      : "The site is busy, so they were not saved. Try again in a moment.";
    void this.focus(".save");
  }
}
