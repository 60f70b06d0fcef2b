// SPDX-License-Identifier: Apache-2.0
// OTP over email as the second factor: a code to the address that the site has for this person.

import { html, nothing, type TemplateResult } from "lit";
import { mailIcon } from "../shared/icons.js";
import type { Methods, OwnMethod } from "../shared/session-client.js";
import { AddressBox } from "./address-box.js";
import type { BoxHost } from "./method-box.js";
import { isSetUp, ownState } from "./own-state.js";
import type { Words } from "./set-up-box.js";

export class EmailBox extends AddressBox {
  protected override readonly method = "email";
  protected override readonly fallback = false;
  protected override readonly words: Words = {
    icon: mailIcon,
    title: "OTP over email",
    line: "A code mailed to you at each sign-in. NIST does not accept email as an authenticator: whoever can read your mail needs only your password.",
    yours: "OTP over email",
    removal: "Remove OTP over email? No code is mailed to you at sign-in any more; your authenticator app is asked for instead.",
    removed: "Removed OTP over email. No codes are mailed at sign-in any more.",
  };

  constructor(host: BoxHost) {
    super(host, "email-box", "email");
  }

  protected override own({ email }: Methods): OwnMethod | undefined {
    return email;
  }

  protected override state(own: OwnMethod): TemplateResult {
    const masked = own.masked ?? (isSetUp(own) ? undefined : this.host.methods?.primaryMasked);
    return html`${masked && isSetUp(own) ? html`<p class="small"><bdi class="address">${masked}</bdi></p>` : nothing}
      ${ownState(own, "codes", this.gate() !== "closed")}`;
  }

  protected override price(): string {
    const app = this.host.methods?.authenticators.some(({ status }) => status === "active");
    return app ? this.words.removal : "Remove OTP over email? Then nothing but your password guards your account.";
  }

  protected override addressView(_own: OwnMethod, said: TemplateResult, buttons: TemplateResult): TemplateResult {
    const masked = this.host.methods?.primaryMasked;
    return html`<div class="stack tight">
        <h3 tabindex="-1">Is this your address?</h3>
        <p>${masked
          ? html`We mail a code to <bdi class="address">${masked}</bdi>.`
          : "We mail a code to the address that this site has for you."}
          If it is not right, or you cannot read mail there now, change it first where this site keeps your details.</p>
      </div>
      ${said}${buttons}`;
  }

  protected override address(): undefined {
    return undefined;
  }

  protected override addressProblem(code: string): string | undefined {
    return code === "email.no_address" ? "This site has no address of yours, so no code was sent. Give it one where it keeps your details." : undefined;
  }

  protected override savedSentence(): string {
    return "OTP over email is set up. You can ask for a code by mail at your next sign-in.";
  }
}
