// SPDX-License-Identifier: Apache-2.0
// Who changed what, when: looked up when it is opened.

import { html, nothing, type TemplateResult } from "lit";
import type { AdminClient, PolicyVersion } from "../shared/admin-client.js";
import { day } from "../shared/day.js";
import { nameOf, type Names } from "../shared/names.js";
import { changesInWords } from "./words.js";

function versionRow(version: PolicyVersion, before: PolicyVersion | undefined, names: Names): TemplateResult {
  const changes = before ? changesInWords(before.policy, version.policy) : ["The first version that is on record"];
  return html`<li class="version"><p><strong>Version ${version.version}</strong>${version.who ? html`, <bdi>${nameOf(names, version.who)}</bdi>` : nothing}${version.at === undefined ? nothing : html`, ${day(version.at)}`}</p>
    <ul>${(changes.length > 0 ? changes : ["Saved without a change"]).map((one) => html`<li class="small">${one}</li>`)}</ul></li>`;
}

/** Undefined where there is no session. */
type Reach = () => { readonly client: AdminClient; readonly signal: AbortSignal } | undefined;

export class History {
  #versions: readonly PolicyVersion[] | undefined;
  #trouble = "";

  constructor(
    private readonly host: { requestUpdate(): void },
    private readonly reach: Reach,
  ) {}

  view(names: Names): TemplateResult {
    const versions = this.#versions;
    return html`<details class="box group history" @toggle=${this.#onToggle}>
      <summary><h2>History</h2></summary>
      ${this.#trouble ? html`<p class="bad" role="status">${this.#trouble}</p>` : nothing}
      ${versions ? html`<ol class="versions">${versions.map((one, index) => versionRow(one, versions[index + 1], names))}</ol>`
        : this.#trouble ? nothing : html`<p class="secondary" role="status">Looking up who changed what.</p>`}
    </details>`;
  }

  /** Reads it again where it has been opened. */
  async refresh(): Promise<void> {
    if (this.#versions) await this.#read();
  }

  readonly #onToggle = (event: Event): void => {
    if ((event.currentTarget as HTMLDetailsElement).open) void this.#read();
  };

  async #read(): Promise<void> {
    const reach = this.reach();
    if (!reach) return;
    const answer = await reach.client.history();
    if (reach.signal.aborted) return;
    this.#trouble = answer.kind === "failed" ? "The history cannot be looked up right now. Close it and open it again in a moment." : "";
    if (answer.kind === "history") this.#versions = answer.versions;
    this.host.requestUpdate();
  }
}
