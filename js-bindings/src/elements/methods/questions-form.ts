// SPDX-License-Identifier: Apache-2.0
// The form of the security questions. Answers stand in its fields only, until they are sent.
//
// They are shown as they are typed: a slip in one of them, seen by nobody, would lock its owner out on the day it
// is needed. Who sits among people hides them by a switch.

import { html, nothing, type TemplateResult } from "lit";
import { badIcon } from "../shared/icons.js";
import type { Answered, Catalog } from "../shared/questions-client.js";

/** The choice of a question: none yet, one of the list by its id, or the person's own words. */
export const ownWords = " own";

export type Field = "question" | "own" | "answer";

export interface Problem {
  readonly index: number;
  readonly field: Field;
  readonly sentence: string;
}

export interface QuestionsForm {
  readonly catalog: Catalog;
  /** Of each question, see `ownWords`. */
  readonly picked: readonly string[];
  readonly hidden: boolean;
  readonly problem: Problem | undefined;
  /** The status line under the form. */
  readonly said: string;
  readonly busy: boolean;
  readonly renews: boolean;
}

export interface QuestionsActions {
  pick(index: number, choice: string): void;
  hide(hidden: boolean): void;
  save(form: HTMLFormElement): void;
}

export const idOf = (field: Field, index: number): string => `kba-${field}-${index}`;

const textOf = (form: HTMLFormElement, id: string): string => {
  const field = form.elements.namedItem(id);
  return field instanceof HTMLInputElement ? field.value.trim() : "";
};

/** What the form holds. @returns the first thing that is missing, or what is sent */
export function readForm(form: HTMLFormElement, picked: readonly string[]): readonly Answered[] | Problem {
  const answered: Answered[] = [];
  for (const [index, choice] of picked.entries()) {
    const text = textOf(form, idOf("own", index));
    const answer = textOf(form, idOf("answer", index));
    if (choice === "") return { index, field: "question", sentence: "Choose a question." };
    if (choice === ownWords && text === "") return { index, field: "own", sentence: "Write the question that you will be asked." };
    if (answer === "") return { index, field: "answer", sentence: "Type an answer." };
    answered.push(choice === ownWords ? { text, answer } : { id: choice, answer });
  }
  return answered;
}

export function questionsForm(form: QuestionsForm, actions: QuestionsActions, back: TemplateResult): TemplateResult {
  const { catalog, hidden, busy, renews, said } = form;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!busy) actions.save(event.currentTarget as HTMLFormElement);
  };
  return html`<form class="stack" novalidate autocomplete="off" @submit=${onSubmit}>
    <div class="stack tight">
      <h3 tabindex="-1">${renews ? "Set new answers" : catalog.needed === 1 ? "Choose your question" : `Choose your ${catalog.needed} questions`}</h3>
      <p>Somebody who knows you, or looks you up, may guess an answer. Choose questions whose answers only you
        know; an invented answer will do, if you keep it. Capitals, spaces and punctuation make no difference.</p>
      ${renews ? html`<p class="secondary small">The answers in use are not shown. They stay until you save new ones, and end then.</p>` : nothing}
    </div>
    ${form.picked.map((_, index) => question(form, index, actions))}
    <label class="saved"><input type="checkbox" class="hide" .checked=${hidden}
      @change=${(event: Event) => actions.hide((event.currentTarget as HTMLInputElement).checked)}><span>Hide what I type</span></label>
    <div class="stack tight">
      <p class="small bad problem" role="status">${said ? html`${badIcon}<span>${said}</span>` : nothing}</p>
      <div class="row"><button type="submit" class="main steady save" aria-disabled=${busy}>${busy ? "Saving" : "Save"}</button>${back}</div>
    </div>
  </form>`;
}

function question(form: QuestionsForm, index: number, actions: QuestionsActions): TemplateResult {
  const { catalog, picked, hidden, problem } = form;
  const choice = picked[index] ?? "";
  const wrong = (field: Field) => problem?.index === index && problem.field === field;
  const elsewhere = (id: string) => picked.some((other, at) => at !== index && other === id);
  const onPick = (event: Event) => actions.pick(index, (event.currentTarget as HTMLSelectElement).value);
  const title = form.picked.length === 1 ? "Question" : `Question ${index + 1}`;
  return html`<div class="question" role="group" aria-label=${title}>
    ${catalog.questions.length === 0 ? nothing : html`<div class="name">
      <label for=${idOf("question", index)}>${title}</label>
      <select id=${idOf("question", index)} aria-invalid=${wrong("question")} aria-describedby="kba-problem-${index}" @change=${onPick}>
        <option value="" ?selected=${choice === ""}>Choose a question</option>
        ${catalog.questions.map(({ id, text }) => html`<option value=${id} ?selected=${choice === id} ?disabled=${elsewhere(id)}>${text}</option>`)}
        ${catalog.own ? html`<option value=${ownWords} ?selected=${choice === ownWords}>A question of my own</option>` : nothing}
      </select>
    </div>`}
    ${choice === ownWords ? textField(idOf("own", index), catalog.questions.length === 0 ? title : "Your own question", "text", wrong("own"), index, 200) : nothing}
    ${textField(idOf("answer", index), "Answer", hidden ? "password" : "text", wrong("answer"), index, 256)}
    <p class="small bad problem" id="kba-problem-${index}" role="status">${problem?.index === index ? html`${badIcon}<span>${problem.sentence}</span>` : nothing}</p>
  </div>`;
}

/** Nothing of it is kept by the browser, spell-checked over the network, or changed by a phone's keyboard. */
function textField(id: string, label: string, type: "text" | "password", wrong: boolean, index: number, most: number): TemplateResult {
  return html`<div class="name">
    <label for=${id}>${label}</label>
    <input id=${id} name=${id} type=${type} autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" maxlength=${most}
      aria-invalid=${wrong} aria-describedby="kba-problem-${index}">
  </div>`;
}
