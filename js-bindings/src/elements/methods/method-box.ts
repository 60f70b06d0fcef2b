// SPDX-License-Identifier: Apache-2.0
// What the boxes of `<countersign-methods>` share: a place in the page, a status line, and asking for a code.

import { html, nothing, type ReactiveController, type TemplateResult } from "lit";
import { badIcon, goodIcon } from "../shared/icons.js";
import type { Methods, SessionClient } from "../shared/session-client.js";
import type { CountersignStepUp, SecurityCodeUse } from "../step-up/step-up.js";
import { recoveryOnly, type Told } from "./sentences.js";

export type BoxId = "authenticator-box" | "email-box" | "alternate-box" | "questions-box" | "choice-box" | "codes-box";

/** Whether a change may be made: at once, after a code of an authenticator, or not in this session. */
export type Gate = "open" | "step-up" | "closed";

/** The element, as its boxes see it. */
export interface BoxHost {
  readonly sessionToken: string;
  readonly userId: string | undefined;
  readonly endpoint: string;
  readonly wasm: string | undefined;
  readonly worker: string | undefined;
  readonly methods: Methods | undefined;
  /** Ends with the session that is shown; undefined when none is. */
  readonly run: AbortController | undefined;
  readonly root: ParentNode;
  readonly updateComplete: Promise<boolean>;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  client(run: AbortController): SessionClient;
  /** Reads what is set up; what is shown stays until the answer is there. */
  reload(): Promise<void>;
  /** Closes what the other boxes have open: one thing at a time. */
  take(box: MethodBox): void;
  /** What the session may change, when that has become known between two readings. */
  stand(now: Partial<Pick<Methods, "stepUpRequired" | "recovery">>): void;
  /** Takes the person to another box. */
  goTo(id: BoxId): void;
  /** Shows the trouble in place of all boxes. */
  fail(code: string, how?: "told already"): void;
  tell(name: string, detail: Readonly<Record<string, unknown>>): void;
}

export abstract class MethodBox {
  protected told: Told | undefined;
  protected busy = false;

  /** @param id of the box in the element's own tree */
  constructor(
    protected readonly host: BoxHost,
    readonly id: BoxId,
  ) {}

  /** Of all changes but setting up an authenticator, which a fallback may do as well (R2). */
  protected gate(): Gate {
    const { methods } = this.host;
    if (!methods) return "closed";
    if (!methods.stepUpRequired && !methods.recovery) return "open";
    return methods.proofs.includes("totp") ? "step-up" : "closed";
  }

  protected abstract content(methods: Methods): TemplateResult;

  /** Closes what is open, and drops what was begun there. */
  abstract close(): void;

  view(methods: Methods): TemplateResult {
    const told = this.told;
    return html`<section class="box stack" id=${this.id} aria-labelledby="${this.id}-title">
      ${this.content(methods)}
      <p class="told small ${told?.kind ?? ""}" role="status">${told ? html`${told.kind === "bad" ? badIcon : goodIcon}<span>${told.sentence}</span>` : nothing}</p>
    </section>`;
  }

  /** Gives the focus to what sets it up, or to its title. */
  arrive(): void {
    void this.focus("button.configure", ".configure button", "h2");
  }

  /** Forgets the session that was shown. */
  forget(): void {
    this.close();
    this.busy = false;
    this.told = undefined;
  }

  protected head(icon: TemplateResult, title: string, line: unknown, state: unknown, action: unknown): TemplateResult {
    return html`<div class="head">
      <span class="icon">${icon}</span>
      <div class="stack tight">
        <h2 id="${this.id}-title" tabindex="-1">${title}</h2>
        <p class="small secondary">${line}</p>
        ${state}
      </div>
      ${action}
    </div>`;
  }

  protected panelFrame(label: string, content: unknown): TemplateResult {
    return html`<div class="panel" role="group" aria-label=${label} tabindex="-1">${content}</div>`;
  }

  /**
   * Asks for a code before a change.
   *
   * @param codes "none" for what a fallback may not change: then one that proved no more than that is told
   */
  protected stepUp(purpose: string, codes: SecurityCodeUse, onElevated: () => void, back: TemplateResult): TemplateResult {
    const { sessionToken, endpoint } = this.host;
    const elevated = ({ currentTarget }: Event) => {
      const { recovery } = currentTarget as CountersignStepUp;
      this.host.stand({ stepUpRequired: false, recovery });
      if (recovery && codes === "none") this.onlyRecovery();
      else onElevated();
    };
    return html`<countersign-step-up .sessionToken=${sessionToken} .endpoint=${endpoint} .wasm=${this.host.wasm} .purpose=${purpose}
      .securityCodes=${codes} @countersign-elevated=${elevated} @countersign-error=${this.#onStepUpError}>${back}</countersign-step-up>`;
  }

  readonly #onStepUpError = ({ detail: { code } }: CustomEvent<{ code: string }>): void => {
    if (code.startsWith("auth.")) this.host.fail(code, "told already");
  };

  /** What was proved does not reach as far as this change. */
  protected onlyRecovery(): void {
    this.close();
    this.told = recoveryOnly;
    void this.focus("h2");
  }

  protected place(selector: string): HTMLElement | null {
    return this.host.root.querySelector<HTMLElement>(`#${this.id} ${selector}`);
  }

  /** Draws, then gives the focus to the first of these that is there, or to the title. */
  protected async focus(...selectors: readonly string[]): Promise<void> {
    this.host.requestUpdate();
    await this.host.updateComplete;
    const stepUp = this.place("countersign-step-up") as (HTMLElement & { updateComplete?: Promise<boolean> }) | null;
    await stepUp?.updateComplete;
    const found = selectors.map((selector) => this.place(selector)).find((place) => place !== null);
    (found ?? this.place("h2"))?.focus();
  }
}
