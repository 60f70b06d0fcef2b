// SPDX-License-Identifier: Apache-2.0
// The codes by mail of one login: whether one was asked for, when another one may be, and what is said of it.

import type { ReactiveControllerHost } from "lit";
import type { ChallengeClient, MailMethod } from "../shared/challenge-client.js";
import { Pause } from "../shared/pause.js";
import { answerLost, mayPass, type Failure } from "../shared/session-client.js";
import { noNewMail, unsentMailSentence } from "./sentences.js";

export class MailDesk {
  readonly #pauses: Readonly<Record<MailMethod, Pause>>;
  readonly #asked = new Set<MailMethod>();
  #said = "";

  constructor(private readonly host: ReactiveControllerHost) {
    this.#pauses = { email: new Pause(host), alternate_email: new Pause(host) };
  }

  /** What a screen shows of it; of one without mail, nothing. */
  shown(method: string): { readonly asked: boolean; readonly wait: number; readonly said: string } {
    if (!isMail(method)) return { asked: false, wait: 0, said: "" };
    return { asked: this.#asked.has(method), wait: this.#pauses[method].seconds, said: this.#said };
  }

  say(sentence: string): void {
    this.#said = sentence;
    this.host.requestUpdate();
  }

  /** @returns the failure that ends the screen, or one that may pass and is said; undefined when the code can be typed */
  async order(client: ChallengeClient, method: MailMethod, isGone: () => boolean): Promise<Failure | undefined> {
    this.say("");
    const answer = await client.mail(method);
    if (isGone()) return undefined;
    if (answer.kind === "failed") {
      if (!mayPass(answer) && !answerLost(answer)) return answer;
      this.say(unsentMailSentence(answer));
      this.#pauses[method].start(answer.retryAfterSeconds);
      return answer;
    }
    const first = !this.#asked.has(method);
    this.#asked.add(method);
    const sent = first ? "The code is on its way." : "Another code is on its way. The one before does not work any more.";
    this.say(answer.kind === "mailed" ? sent : noNewMail);
    this.#pauses[method].start(answer.kind === "mailed" ? answer.resendAfterSeconds : answer.retryAfterSeconds);
    return undefined;
  }

  forget(): void {
    for (const pause of Object.values(this.#pauses)) pause.stop();
    this.#asked.clear();
    this.#said = "";
  }
}

export const isMail = (method: string): method is MailMethod => method === "email" || method === "alternate_email";
