// SPDX-License-Identifier: Apache-2.0
// An address of the person's own to which a code goes when the phone is lost.

import { html, nothing, type TemplateResult } from "lit";
import { mailIcon } from "../shared/icons.js";
import type { Methods, OwnMethod } from "../shared/session-client.js";
import { AddressBox } from "./address-box.js";
import type { BoxHost } from "./method-box.js";
import { isHeld, isSetUp, ownState } from "./own-state.js";
import type { Words } from "./set-up-box.js";

export class AlternateBox extends AddressBox {
  /** As typed, of the form that is gone when the code is asked for. */
  #typed = "";

  protected override readonly method = "alternate_email";
  protected override readonly fallback = true;
  protected override readonly words: Words = {
    icon: mailIcon,
    title: "Alternate email address",
    line: "A code goes there when you have lost your phone. Use an account that you can open without the phone.",
    yours: "your alternate email address",
    removal: "Remove your alternate email address? Then no code can be sent there when you have lost your phone.",
    removed: "Removed your alternate email address. No code goes there any more.",
  };

  constructor(host: BoxHost) {
    super(host, "alternate-box", "alternate");
  }

  protected override drop(): void {
    super.drop();
    this.#typed = "";
  }

  protected override own({ alternateEmail }: Methods): OwnMethod | undefined {
    return alternateEmail;
  }

  protected override state(own: OwnMethod): TemplateResult {
    return html`${own.masked && isSetUp(own) ? html`<p class="small"><bdi class="address">${own.masked}</bdi></p>` : nothing}
      ${ownState(own, "codes", this.gate() !== "closed")}`;
  }

  protected override addressView(own: OwnMethod, said: TemplateResult, buttons: TemplateResult): TemplateResult {
    return html`<div class="stack tight">
        <h3 tabindex="-1">${isSetUp(own) ? "Change the address" : "Which address is it?"}</h3>
        <p>Not the one that this site has for you already.${isSetUp(own) && own.masked
          ? html` The old one, <bdi class="address">${own.masked}</bdi>, works until the new one is confirmed, and is told of the change.` : nothing}</p>
      </div>
      <div class="name">
        <label for="alternate-address">Email address</label>
        <input id="alternate-address" name="alternate-address" type="email" autocomplete="email" inputmode="email" autocapitalize="none"
          spellcheck="false" maxlength="254" .value=${this.#typed} aria-describedby="${this.id}-problem">
        ${said}
      </div>
      ${buttons}`;
  }

  protected override address(): string {
    const input = this.place("#alternate-address");
    if (input instanceof HTMLInputElement) this.#typed = input.value.trim();
    return this.#typed;
  }

  protected override addressProblem(code: string): string | undefined {
    switch (code) {
      case "email.address_missing":
        return "Type an email address.";
      case "email.address_invalid":
        return "This is not an email address that mail can go to. Look for a typing mistake.";
      case "email.same_as_primary":
        return "This is the address that this site has for you already. Use another one.";
      default:
        return undefined;
    }
  }

  protected override savedSentence(methods: Methods | undefined): string {
    const own = methods?.alternateEmail;
    return own && isHeld(own)
      ? "Your alternate email address is confirmed. Before it works there is a wait, so that nobody else can slip one in."
      : "Your alternate email address is confirmed. A code can go there when you have lost your phone.";
  }
}
