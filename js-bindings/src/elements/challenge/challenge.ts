// SPDX-License-Identifier: Apache-2.0

import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { CountersignCodeField } from "../code-field/code-field.js";
import type { CountersignSecurityCodeField } from "../security-code-field/security-code-field.js";
import { ChallengeClient, type Alternate, type Challenge, type Given, type LoginMethod, type MailMethod } from "../shared/challenge-client.js";
import { framedByAnotherOrigin } from "../shared/frame-guard.js";
import { Pause } from "../shared/pause.js";
import { answerLost, mayPass, type Failure } from "../shared/session-client.js";
import { pieces, themeTokens } from "../shared/theme.js";
import { troubleView } from "../shared/troubles.js";
import { notAccepted, secondsToWait } from "../step-up/refusal.js";
import { Attempts } from "./attempts.js";
import { challengeStyles } from "./challenge.styles.js";
import { isMail, MailDesk } from "./mail-desk.js";
import { RefusalNote } from "./refusal-note.js";
import { challengeTroubles, endedCodes, notStretched, unansweredSentence } from "./sentences.js";
import { stretchedOf } from "./stretched.js";
import { enrollmentView, loadingView, lockedView, passedView, screenView, type Actions, type Drawing, type Screen } from "./views.js";

/** `locked`: too many were refused, which ends a login (L11). */
type Show = "loading" | "screen" | "passed" | "enrollment" | "locked" | "trouble";

/**
 * The second factor of one login: the code of the authenticator app or one over email, a security code, or what
 * stands in for a lost phone, as far as the site's policy and the person's own choice allow (Forgot My Phone).
 *
 * Of what is not accepted it never tells why: one text, and how long to wait. A security code is stretched in a
 * worker and does not leave the page. A try whose answer was lost is sent again as the same try and costs nothing.
 *
 * When enough is proven the site's back end needs the receipt, a bearer token for 60 s: `takeReceipt()` gives it,
 * once. It stands in no event, attribute or address. Where handing it over failed, `resume()` gets a fresh one.
 *
 * Properties: `sessionToken` (a `challenge` session; a property only, never an attribute).
 * Attributes: `endpoint` (default `/countersign/w`); `digits` (of the app's codes, default 6); `wasm` and `worker`
 * (addresses of `core.wasm` and `stretch-worker.js`; default beside the module).
 * Methods: `takeReceipt()`; `resume()`; `focus()`, also before there is anything to give it to.
 * Events, bubbling and composed: `countersign-passed` and `countersign-enrollment-required` without detail;
 * `countersign-error` with `{code}`, a stable `area.reason`: the server's, `challenge.ended`, `core.unavailable`,
 * `network.unreachable`, `element.framed`.
 * Slots: `back`, beside the buttons of the first screen: the page's way back out of the login.
 * CSS: `--countersign-*`, LOOK's tokens.
 */
export class CountersignChallenge extends LitElement {
  static override styles = [themeTokens, pieces, challengeStyles];

  @property({ attribute: false }) sessionToken = "";
  @property() endpoint = "/countersign/w";
  @property({ type: Number }) digits = 6;
  @property() wasm: string | undefined;
  @property() worker: string | undefined;

  @state() private shown: Show = "loading";
  @state() private screen: Screen = "totp";
  @state() private alternate: Alternate | undefined;
  @state() private challenge: Challenge | undefined;
  @state() private busy = false;
  @query("countersign-code-field, countersign-security-code-field")
  private codeField!: CountersignCodeField | CountersignSecurityCodeField | null;

  readonly #pause = new Pause(this);
  readonly #mail = new MailDesk(this);
  readonly #note = new RefusalNote(() => this.renderRoot);
  readonly #attempts = new Attempts();
  #run: AbortController | undefined;
  #expiryTimer: ReturnType<typeof setTimeout> | undefined;
  #trouble = "";
  #receipt: string | undefined;
  #focusWanted = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.sessionToken) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  /** The receipt, once; undefined when nothing is passed or it was taken before. */
  takeReceipt(): string | undefined {
    const receipt = this.#receipt;
    this.#receipt = undefined;
    return receipt;
  }

  /** Asks anew where the login stands. When it is passed there is another `countersign-passed` and a fresh receipt. */
  async resume(): Promise<void> {
    const run = this.#run;
    if (!run) return this.#start();
    const answer = await this.#client(run).read();
    if (run.signal.aborted) return;
    if (answer.kind === "failed") this.#fail(answer.code);
    else this.#take(answer);
  }

  override focus(options?: FocusOptions): void {
    this.#focusWanted = this.shown === "loading";
    if (!this.#focusWanted) this.#focusScreen(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected || !(changed.has("sessionToken") || changed.has("endpoint"))) return;
    this.#forget();
    if (this.sessionToken) void this.#start();
  }

  protected override render(): TemplateResult {
    return html`<div aria-busy=${this.shown === "loading"}>${this.#view()}</div>`;
  }

  #view(): unknown {
    switch (this.shown) {
      case "loading":
        return loadingView;
      case "passed":
        return passedView;
      case "enrollment":
        return enrollmentView;
      case "locked":
        return lockedView(this.#again);
      case "trouble":
        return troubleView(this.#trouble, challengeTroubles, this.#again);
      case "screen":
        // Keyed, so that what was typed on one screen stands on no other.
        return keyed(`${this.screen} ${this.alternate} ${this.#mail.shown(this.screen).asked}`, screenView(this.screen, this.#drawing(), this.#actions));
    }
  }

  #drawing(): Drawing {
    const { screen, alternate, busy, digits, wasm } = this;
    if (!this.challenge) throw new Error("a screen without a challenge");
    const mail = this.#mail.shown(screen);
    return { challenge: this.challenge, alternate, busy, pause: this.#pause.seconds, mail, digits, wasm, first: screen === firstScreen(this.challenge) };
  }

  readonly #actions: Actions = {
    submit: (event) => {
      event.preventDefault();
      if (!this.busy && this.#pause.seconds === 0) void this.#submit();
    },
    mail: () => {
      if (isMail(this.screen) && !this.busy && this.#mail.shown(this.screen).wait === 0) void this.#order(this.screen);
    },
    show: (screen) => {
      if (this.busy) return;
      const [only, more] = screen === "forgot" ? (this.challenge?.alternates ?? []) : [];
      if (only && !more) void this.#choose(only);
      else this.#show(screen);
    },
    choose: (alternate) => void this.#choose(alternate),
    back: () => {
      if (this.busy || !this.challenge) return;
      const chosen = this.alternate !== undefined && this.screen !== "forgot" && this.challenge.alternates.length > 1;
      this.#show(chosen ? "forgot" : firstScreen(this.challenge));
    },
  };

  async #start(): Promise<void> {
    this.#forget();
    if (framedByAnotherOrigin()) return this.#fail("element.framed");
    this.#run = new AbortController();
    await this.resume();
  }

  /** Goes where the server says the login stands. */
  #take(challenge: Challenge): void {
    const before = this.shown;
    this.challenge = { ...challenge, receipt: undefined };
    this.#attempts.settle();
    this.#watchExpiry(challenge);
    if (challenge.state === "ended") return this.#fail("challenge.ended");
    if (challenge.state === "enrollment_required") {
      this.#showEnd("enrollment");
      return this.#tell("countersign-enrollment-required");
    }
    if (challenge.state === "passed") {
      this.#receipt = challenge.receipt;
      this.#showEnd("passed");
      return this.#tell("countersign-passed");
    }
    if (challenge.questionsProven && challenge.accepts.includes("alternate_email")) return this.#show("alternate_email", "kba_email");
    this.shown = "screen";
    if (before !== "loading" || this.#focusWanted) this.#show(firstScreen(challenge));
    else this.screen = firstScreen(challenge);
  }

  async #choose(alternate: Alternate): Promise<void> {
    const run = this.#run;
    if (!run || this.busy || !this.challenge) return;
    const { questionsProven, accepts } = this.challenge;
    if (alternate === "kba_email" && questionsProven && accepts.includes("alternate_email")) return this.#show("alternate_email", alternate);
    this.busy = true;
    const answer = await this.#client(run).forgot(alternate);
    if (run.signal.aborted) return;
    this.busy = false;
    if (answer.kind === "failed") return answer.code === "challenge.not_allowed" ? this.resume() : this.#fail(answer.code);
    if (answer.state !== "open") return this.#take(answer);
    this.challenge = answer;
    this.#show(alternate === "email" ? "alternate_email" : "kba", alternate);
  }

  async #order(method: MailMethod): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.busy = true;
    const failure = await this.#mail.order(this.#client(run), method, () => run.signal.aborted);
    if (run.signal.aborted) return;
    this.busy = false;
    if (failure?.code === "challenge.not_allowed") return this.resume();
    if (failure && !mayPass(failure) && !answerLost(failure)) return this.#fail(failure.code);
    if (failure) return this.#tell("countersign-error", { code: failure.code });
    await this.updateComplete;
    this.codeField?.focus();
  }

  async #submit(): Promise<void> {
    const { screen } = this;
    const run = this.#run;
    if (!run || screen === "forgot") return;
    if (screen === "kba") {
      const answers = this.#note.answers();
      if (answers) await this.#prove(screen, { answers }, run);
      return;
    }
    const code = this.codeField?.value;
    if (!code) return;
    this.busy = true;
    const { wasm, worker } = this;
    const given = screen === "security_code" ? await stretchedOf(code, this.challenge?.salt, { wasm, worker, signal: run.signal }) : { code };
    if (run.signal.aborted) return;
    if (given) return this.#prove(screen, given, run);
    this.busy = false;
    await this.updateComplete;
    this.codeField?.refuse(notStretched);
    this.#tell("countersign-error", { code: "core.unavailable" });
  }

  async #prove(method: LoginMethod, given: Given, run: AbortController): Promise<void> {
    this.busy = true;
    this.#mail.say("");
    const attempt = this.#attempts.idOf(JSON.stringify([method, given]));
    const answer = await this.#client(run).answer(attempt, method, given);
    if (run.signal.aborted) return;
    this.busy = false;
    await this.updateComplete;
    if (answer.kind === "challenge") return this.#take(answer);
    if (answer.kind === "failed") return this.#failed(answer);
    this.#attempts.settle();
    const wait = secondsToWait(answer.retryAfterSeconds);
    this.#refuse(notAccepted(wait), wait);
    this.#pause.start(answer.retryAfterSeconds);
    if (answer.retryAfterSeconds > 0) await this.#lookForEnd(wait, run);
  }

  /** A refusal that begins a pause ends the login as well: nobody is let type into one that has ended. */
  async #lookForEnd(wait: number, run: AbortController): Promise<void> {
    const answer = await this.#client(run).read();
    if (run.signal.aborted || answer.kind === "failed" || answer.state === "open") return;
    if (answer.state !== "ended") return this.#take(answer);
    this.#forget();
    this.#trouble = "challenge.ended";
    this.shown = "locked";
    await this.updateComplete;
    this.#note.say(notAccepted(wait), wait);
    this.#focusScreen();
    this.#tell("countersign-error", { code: this.#trouble });
  }

  /** A lost answer keeps the try; what another try cannot mend is asked of the server, or shown. */
  #failed(failure: Failure): void {
    if (failure.code === "challenge.not_allowed") return void this.resume();
    if (!mayPass(failure) && !answerLost(failure)) return this.#fail(failure.code);
    this.#refuse(unansweredSentence(failure), 0);
    this.#pause.start(failure.retryAfterSeconds);
    this.#tell("countersign-error", { code: failure.code });
  }

  #refuse(sentence: string, seconds: number): void {
    if (this.codeField) this.codeField.refuse(sentence, seconds);
    else this.#note.say(sentence, seconds);
  }

  /** Changes the screen and takes the focus along. */
  #show(screen: Screen, alternate?: Alternate): void {
    this.#pause.stop();
    this.#note.stop();
    this.#mail.say("");
    this.shown = "screen";
    this.alternate = alternate;
    this.screen = screen;
    this.#focusWanted = false;
    void this.updateComplete.then(() => this.#focusScreen());
  }

  #showEnd(shown: "passed" | "enrollment"): void {
    this.#pause.stop();
    this.shown = shown;
    void this.updateComplete.then(() => this.#focusScreen());
  }

  #focusScreen(options?: FocusOptions): void {
    const input = this.renderRoot.querySelector<HTMLElement>("input[data-question]");
    const place = this.codeField ?? input ?? this.renderRoot.querySelector<HTMLElement>("h2");
    place?.focus(options);
  }

  #watchExpiry({ lifetimeSeconds, state: stage }: Challenge): void {
    clearTimeout(this.#expiryTimer);
    if (stage !== "open" || lifetimeSeconds === undefined) return;
    this.#expiryTimer = setTimeout(() => this.#fail("challenge.ended"), Math.max(0, lifetimeSeconds) * 1000);
  }

  readonly #again = (): void => {
    if (endedCodes.includes(this.#trouble)) location.reload();
    else void this.#start();
  };

  #fail(code: string): void {
    const before = this.shown;
    this.#forget();
    this.#trouble = code;
    this.shown = "trouble";
    if (before !== "loading") void this.updateComplete.then(() => this.#focusScreen());
    this.#tell("countersign-error", { code });
  }

  #client(run: AbortController): ChallengeClient {
    return new ChallengeClient({ endpoint: this.endpoint, token: this.sessionToken }, run.signal);
  }

  /** Drops what belongs to the session that was shown. */
  #forget(): void {
    this.#run?.abort();
    this.#run = undefined;
    clearTimeout(this.#expiryTimer);
    this.#pause.stop();
    this.#mail.forget();
    this.#note.stop();
    this.#attempts.settle();
    this.#receipt = undefined;
    this.challenge = undefined;
    this.alternate = undefined;
    this.busy = false;
    this.shown = "loading";
  }

  #tell(name: "countersign-passed" | "countersign-enrollment-required" | "countersign-error", detail?: { readonly code: string }): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** The second factor comes first; what stands in for it where there is nothing else. */
function firstScreen({ accepts }: Challenge): Screen {
  return (["totp", "email", "security_code"] as const).find((method) => accepts.includes(method)) ?? "forgot";
}

declare global {
  interface HTMLElementTagNameMap {
    "countersign-challenge": CountersignChallenge;
  }
  interface HTMLElementEventMap {
    "countersign-passed": CustomEvent<undefined>;
    "countersign-enrollment-required": CustomEvent<undefined>;
  }
}
