// SPDX-License-Identifier: Apache-2.0
// The rows of a setting group: a switch, one of several, ticks, a number; each with its help, and its price in
// the size of its label.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { badIcon, goodIcon } from "../shared/icons.js";
import { fields, type Place, type PolicyDocument, type Value } from "../shared/policy-document.js";
import { chanceInWords } from "./chances.js";
import { requirementsInWords, type Price, type Scales } from "./scales.js";
import { labels } from "./words.js";

/** The element, as its rows see it. */
export interface Desk {
  readonly draft: PolicyDocument;
  readonly scales: Scales;
  /** What is wrong at a place, or "". */
  problemOf(place: string): string;
  change(wanted: Partial<PolicyDocument>): void;
  /** Of a number: as typed. */
  textOf(place: NumberPlace): string;
  type(place: NumberPlace, text: string): void;
}

export type SwitchPlace = { [P in Place]: Value<P> extends boolean ? P : never }[Place];
export type NumberPlace = { [P in Place]: Value<P> extends number ? P : never }[Place];

const idOf = (place: string, more = "") => `${place.replaceAll(/[._]/gu, "-")}${more}`;

export function problemLine(desk: Desk, place: string): TemplateResult {
  const problem = desk.problemOf(place);
  return html`<p class="problem bad" id=${idOf(place, "-problem")}>${problem ? html`${badIcon}<span>${problem}</span>` : nothing}</p>`;
}

function budgetSentence({ chances, without }: Price): string {
  if (!chances) return "The guess budget cannot be told: this setting contradicts another one.";
  const both = (of: { readonly day: number; readonly year: number }) => [chanceInWords(of.day), chanceInWords(of.year)] as const;
  const [day, year] = both(chances);
  if (!without) return `Guess budget: ${day} within a day, ${year} within a year.`;
  const [dayBefore, yearBefore] = both(without);
  return day === dayBefore && year === yearBefore
    ? `Guess budget: not changed by it, ${day} within a day, ${year} within a year.`
    : `Guess budget with it: ${day} within a day, ${year} within a year. Without: ${dayBefore} within a day, ${yearBefore} within a year.`;
}

export function priceLines(price: Price, id: string): TemplateResult {
  const { broken } = price;
  const levelOne = broken.some(({ level, id: requirement }) => level === 1 || requirement === "3.1.1.2");
  const verdict = broken.length > 0
    ? html`<p class="verdict ${levelOne ? "bad" : "warn"}">${badIcon}<span>With this on, not met: ${requirementsInWords(broken)}.</span></p>`
    : html`<p class="verdict">${goodIcon}<span>No requirement is missed because of it.</span></p>`;
  return html`<div class="price" id=${id}>${verdict}<p class="guess">${budgetSentence(price)}</p></div>`;
}

/** The policy with that switch on, weighed against the same with it off. */
export function priceOfSwitch({ scales, draft }: Desk, place: SwitchPlace): Price {
  return scales.price(draft, { [place]: true }, { [place]: false });
}

export function switchRow(desk: Desk, place: SwitchPlace, help: unknown, price: Price = priceOfSwitch(desk, place)): TemplateResult {
  const id = idOf(place);
  const onChange = (event: Event) => desk.change({ [place]: (event.currentTarget as HTMLInputElement).checked });
  return html`<div class="setting" data-place=${place}>
    <div class="line">
      <div class="what"><label for=${id}>${labels[place]}</label><p class="secondary small" id="${id}-help">${help}</p></div>
      <input class="switch" type="checkbox" role="switch" id=${id} .checked=${live(desk.draft[place])} @change=${onChange}
        aria-describedby="${id}-help ${id}-price ${id}-problem" aria-invalid=${desk.problemOf(place) !== ""}>
    </div>
    ${priceLines(price, `${id}-price`)}
    ${problemLine(desk, place)}
  </div>`;
}

export interface Option<One extends string> {
  readonly value: One;
  readonly label: string;
  readonly help?: string;
  readonly price?: Price;
  /** Cannot be turned off, and why. */
  readonly kept?: string;
}

function optionRow<One extends string>(kind: "radio" | "checkbox", place: Place, option: Option<One>, checked: boolean, onChange: (event: Event) => void) {
  const { value, label, help, price, kept } = option;
  const id = idOf(place, `-${value.replaceAll("_", "-")}`);
  const hold = (event: Event) => kept && event.preventDefault();
  return html`<div class="option">
    <input type=${kind} id=${id} name=${idOf(place)} value=${value} .checked=${live(checked)} aria-disabled=${kept ? "true" : nothing}
      aria-describedby="${id}-help ${price ? `${id}-price` : ""}" @click=${hold} @change=${onChange}>
    <div class="what"><label for=${id}>${label}</label>
      <p class="secondary small" id="${id}-help">${kept ?? help ?? nothing}</p>
      ${price ? priceLines(price, `${id}-price`) : nothing}</div>
  </div>`;
}

export function choiceRows<One extends string>(desk: Desk, place: "forgot_phone.alternate" | "security_codes.kind", options: readonly Option<One>[], onPick: (value: One) => void): TemplateResult {
  return html`<div role="group" class="setting options" aria-labelledby="${idOf(place)}-name" data-place=${place}><p class="name" id="${idOf(place)}-name">${labels[place]}</p>
    ${options.map((option) => optionRow("radio", place, option, desk.draft[place] as string === option.value, () => onPick(option.value)))}
    ${problemLine(desk, place)}
  </div>`;
}

export function tickRows<One extends string>(desk: Desk, place: "forgot_phone.offered", options: readonly Option<One>[], onTick: (value: One, ticked: boolean) => void): TemplateResult {
  const ticked = desk.draft[place] as readonly string[];
  return html`<div role="group" class="setting options" aria-labelledby="${idOf(place)}-name" data-place=${place}><p class="name" id="${idOf(place)}-name">${labels[place]}</p>
    ${options.map((option) => optionRow("checkbox", place, option, ticked.includes(option.value),
      (event) => onTick(option.value, (event.currentTarget as HTMLInputElement).checked)))}
    ${problemLine(desk, place)}
  </div>`;
}

export function numberRow(desk: Desk, place: NumberPlace, help: unknown, price?: Price): TemplateResult {
  const id = idOf(place);
  const { least, most } = fields[place] as { readonly least: number; readonly most: number };
  const onInput = (event: Event) => desk.type(place, (event.currentTarget as HTMLInputElement).value);
  return html`<div class="setting" data-place=${place}>
    <div class="line">
      <div class="what"><label for=${id}>${labels[place]}</label>
        <p class="secondary small" id="${id}-help">${help} ${least} to ${most.toLocaleString("en-US")}.</p></div>
      <input class="number" type="text" inputmode="numeric" autocomplete="off" id=${id} .value=${live(desk.textOf(place))} @input=${onInput}
        aria-describedby="${id}-help ${price ? `${id}-price` : ""} ${id}-problem" aria-invalid=${desk.problemOf(place) !== ""}>
    </div>
    ${price ? priceLines(price, `${id}-price`) : nothing}
    ${problemLine(desk, place)}
  </div>`;
}
