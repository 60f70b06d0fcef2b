// SPDX-License-Identifier: Apache-2.0
// The security codes: make a set, see how many remain, make a new set.
//
// A set is shown and saved first and sent to the server last. So the set in use is never replaced by one that
// nobody has saved: a closed page, a dead network or an expired session before the last step leaves the old one
// as it was. Should the answer to the last step be lost, the very same set is sent again.

import { html, nothing, type TemplateResult } from "lit";
import { loadCore } from "../../index.js";
import { copyText } from "../shared/clipboard.js";
import { day } from "../shared/day.js";
import { saveTextFile } from "../shared/download.js";
import { badIcon, codesIcon } from "../shared/icons.js";
import { printAlone } from "../shared/print.js";
import { answerLost, hasSecondFactor, mayPass, type Failure, type Methods, type SecurityCodes } from "../shared/session-client.js";
import { CodeSet, codesInSet } from "./code-set.js";
import { codeSheet, sheetText, type SheetActions } from "./code-sheet.js";
import { MethodBox } from "./method-box.js";
import { stateLine } from "./own-state.js";
import { lostSentence, recoveryOnlyCodes, replacementSentence, unsureSentence } from "./sentences.js";

type Panel = "none" | "step-up" | "making" | "sheet";

/** With fewer left the owner is warned. */
const few = 4;

export class CodesBox extends MethodBox {
  #panel: Panel = "none";
  #set: CodeSet | undefined;
  #making: AbortController | undefined;
  #made = 0;
  #saved = false;
  #said = "";
  /** A set was sent and no answer of the server's came back: it may be the one in force. */
  #unsure = false;

  override close(): void {
    this.#making?.abort();
    this.#making = undefined;
    this.#set?.end();
    this.#set = undefined;
    this.#panel = "none";
    this.#saved = false;
    this.#said = "";
    this.#unsure = false;
    this.busy = false;
  }

  protected override content(methods: Methods): TemplateResult {
    const { codes } = methods;
    if (!codes) return html``;
    const line = "A way in without your phone. Each code works once; keep them on paper or in a password manager.";
    const free = this.#panel === "none";
    const ready = hasSecondFactor(methods);
    const changeable = ready && this.gate() !== "closed";
    return html`${this.head(codesIcon, "Security codes", line, free ? codesState(codes, ready, changeable) : nothing, free && changeable ? this.#button(codes) : nothing)}
      ${free ? nothing : this.panelFrame("Security codes", this.#panelView(codes))}`;
  }

  #button({ status }: SecurityCodes): TemplateResult {
    const first = status === "not_configured";
    return html`<button type="button" class="configure make ${first ? "main" : ""}" @click=${this.#want}>${first ? "Make a set" : "Make a new set"}</button>`;
  }

  #panelView(codes: SecurityCodes): TemplateResult | typeof nothing {
    const renews = codes.status !== "not_configured";
    const back = html`<button type="button" @click=${this.#cancel}>Cancel</button>`;
    switch (this.#panel) {
      case "none":
        return nothing;
      case "step-up":
        return this.stepUp(renews ? "To make new security codes" : "To make security codes", "none", this.#go, back);
      case "making":
        return making(this.#made, back);
      case "sheet":
        return this.#set ? codeSheet({
          codes: this.#set.codes,
          renews,
          left: codes.status === "active" ? codes.remaining : 0,
          saved: this.#saved,
          said: this.#said,
          busy: this.busy,
          site: location.host,
        }, this.#sheetActions, back) : nothing;
    }
  }

  readonly #want = (): void => {
    this.host.take(this);
    this.told = undefined;
    if (this.gate() === "open") this.#go();
    else void this.#open("step-up");
  };

  /** A set that is there already goes to the server: the elevation had run out in between. */
  readonly #go = (): void => {
    if (this.#set) void this.#open("sheet").then(() => this.#replace());
    else void this.#make();
  };

  async #make(): Promise<void> {
    const { run } = this.host;
    if (!run) return;
    this.#making?.abort();
    const making = (this.#making = new AbortController());
    this.#made = 0;
    void this.#open("making");
    const gone = () => run.signal.aborted || making.signal.aborted;
    const answer = await this.host.client(run).codesSalt();
    if (gone()) return;
    if (answer.kind === "failed") return this.#notMade(answer);
    const { wasm, worker } = this.host;
    const onProgress = (done: number) => {
      this.#made = done;
      this.host.requestUpdate();
    };
    const set = await loadCore(wasm ? { wasm } : {})
      .then((core) => CodeSet.make(core, answer.salt, { onProgress, worker, signal: making.signal }))
      .catch(() => undefined);
    answer.salt.fill(0);
    if (gone()) return set?.end();
    if (!set) return this.#stop("core.unavailable", "Part of this page did not load. Nothing was changed. Check your connection, then try again.");
    this.#set = set;
    await this.#open("sheet");
  }

  #notMade(failure: Failure): void {
    if (!mayPass(failure) && failure.code !== "policy.not_allowed") return this.host.fail(failure.code);
    this.#stop(failure.code, replacementSentence(failure.code));
  }

  /** Ends in the box as it was, with a sentence. */
  #stop(code: string, sentence: string): void {
    this.close();
    this.told = { kind: "bad", sentence };
    this.host.tell("countersign-error", { code });
    void this.focus(".make");
  }

  readonly #sheetActions: SheetActions = {
    copy: async (list) => this.#say(await copyText("The list of codes", this.#text(), list)),
    download: () => {
      saveTextFile(`security-codes-${location.hostname}.txt`, this.#text());
      this.#say("The codes went to the browser as a text file. Check that it is among your downloads.");
    },
    print: (sheet) => printAlone(sheet),
    save: (saved) => {
      this.#saved = saved;
      this.#say("");
    },
    use: () => {
      if (this.busy) return;
      if (this.#saved) void this.#replace();
      else this.#say("Save the codes first, then tick that you have.");
    },
  };

  #text(): string {
    return sheetText(this.#set?.codes ?? [], location.host);
  }

  #say(sentence: string): void {
    this.#said = sentence;
    this.host.requestUpdate();
  }

  async #replace(): Promise<void> {
    const { run } = this.host;
    const set = this.#set;
    if (!run || !set) return;
    this.busy = true;
    this.#say("");
    const answer = await this.host.client(run).replaceCodes(set.forServer());
    if (run.signal.aborted || this.#set !== set) return;
    this.busy = false;
    if (answer.kind === "replaced") await this.#replaced(answer.remaining);
    else if (answer.code === "auth.step_up_required") await this.#askAgain();
    else if (answer.code === "auth.recovery_only") await this.#askForMore();
    else await this.#notReplaced(answer);
  }

  async #replaced(remaining: number): Promise<void> {
    const renewed = this.host.methods?.codes?.status !== "not_configured";
    this.close();
    this.told = { kind: "good", sentence: `${remaining} ${renewed ? "new codes. The old ones no longer work." : "security codes are ready to use."}` };
    this.host.tell("countersign-codes-replaced", { remaining });
    await this.host.reload();
    await this.focus("h2");
  }

  async #askAgain(): Promise<void> {
    this.host.stand({ stepUpRequired: true });
    await this.#open("step-up");
  }

  async #askForMore(): Promise<void> {
    this.told = recoveryOnlyCodes;
    this.host.stand({ recovery: true });
    await this.#open("step-up");
  }

  /** A set that was saved waits for a proof that reaches so far. */
  protected override onlyRecovery(): void {
    if (this.#set) void this.#askForMore();
    else super.onlyRecovery();
  }

  async #notReplaced(failure: Failure): Promise<void> {
    this.#unsure ||= answerLost(failure);
    if (answerLost(failure) || mayPass(failure)) {
      this.#say(this.#unsure ? lostSentence(failure.code) : replacementSentence(failure.code));
      this.host.tell("countersign-error", { code: failure.code });
      return this.focus(".use");
    }
    if (this.#unsure) return this.#stop(failure.code, unsureSentence);
    if (failure.code === "policy.not_allowed" || failure.code === "method.none") {
      this.#stop(failure.code, replacementSentence(failure.code));
      return this.host.reload();
    }
    this.host.fail(failure.code);
  }

  async #open(panel: Panel): Promise<void> {
    this.#panel = panel;
    await this.focus("countersign-step-up", ".panel h2", ".panel");
  }

  readonly #cancel = (): void => {
    const unsure = this.#unsure;
    this.close();
    this.told = unsure ? { kind: "bad", sentence: unsureSentence } : undefined;
    void this.focus(".make");
  };
}

function making(made: number, back: TemplateResult): TemplateResult {
  return html`<div class="stack">
    <h2 tabindex="-1">Making your codes</h2>
    <div class="stack tight">
      <progress max=${codesInSet} .value=${made} aria-label="Making your codes"></progress>
      <p class="small secondary">${made} of ${codesInSet}. Nothing is changed yet.</p>
    </div>
    <div class="row">${back}</div>
  </div>`;
}

/** @param ready whether there is a second factor that they stand in for; @param changeable whether a set can be made now */
function codesState({ status, remaining, activeSince, lastUsed }: SecurityCodes, ready: boolean, changeable: boolean): TemplateResult {
  const wayOn = changeable ? " Make a new set." : ready ? "" : " Set up an authenticator app that works, then make a new set.";
  if (status === "disabled") return html`${stateLine("bad", "Turned off after too many wrong codes")}
    <p class="small">These codes are not accepted any more.${wayOn}</p>`;
  if (status === "not_configured") return stateLine("warn", ready ? "Not set up" : "Not set up. Set up an authenticator app first.");
  const left = remaining === 0 ? "No codes left" : `${remaining} ${remaining === 1 ? "code" : "codes"} left`;
  const dates = html`${activeSince === undefined ? nothing : html`, made ${day(activeSince)}`}, ${lastUsed === undefined ? "none used yet" : html`last used ${day(lastUsed)}`}`;
  return html`${remaining < few ? stateLine("warn", html`${left}${dates}`, badIcon) : stateLine("good", html`${left}${dates}`)}
    ${remaining < few && changeable ? html`<p class="small">Make a new set before you run out.</p>` : nothing}`;
}
