// SPDX-License-Identifier: Apache-2.0
// The sentence under the questions: one for all of them, so that it tells of none which was wrong.

import { Countdown } from "../shared/countdown.js";

const inputs = "input[data-question]";

export class RefusalNote {
  readonly #countdown = new Countdown();

  /** @param root where the questions and the place of the sentence are */
  constructor(private readonly root: () => ParentNode) {}

  /** All answers; undefined when one is missing, which is said. */
  answers(): { id: string; answer: string }[] | undefined {
    const all = [...this.root().querySelectorAll<HTMLInputElement>(inputs)];
    const empty = all.find(({ value }) => value.trim() === "");
    if (!empty) return all.map(({ dataset, value }) => ({ id: dataset["question"] ?? "", answer: value }));
    this.say("Answer all of the questions.");
    empty.focus();
    return undefined;
  }

  /** @param seconds count down where the sentence has them as `(17\u00a0s)` */
  say(sentence: string, seconds = 0): void {
    const place = this.root().querySelector<HTMLElement>("#refusal");
    if (!place) return;
    place.closest("form")?.classList.add("refused");
    place.setAttribute("aria-live", "polite");
    place.textContent = sentence;
    this.#countdown.start(place, sentence, seconds);
    this.root().querySelector<HTMLInputElement>(inputs)?.focus();
  }

  stop(): void {
    this.#countdown.stop();
  }
}
