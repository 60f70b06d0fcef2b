// SPDX-License-Identifier: Apache-2.0
// The records, the newest first, and the filter over those that are loaded.

import { html, nothing, type TemplateResult } from "lit";
import type { TrailRecord } from "../shared/admin-client.js";
import { nameOf, type Names } from "../shared/names.js";
import { eventInWords, methodInWords } from "./words.js";

export interface Filter {
  /** An event's name; empty: all. */
  readonly event: string;
  /** What the user's id or name has to contain. */
  readonly user: string;
}

const exact = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit" });

/** "version=2 who=u-1842" with the site's name for who it was. */
const detailInWords = (names: Names, detail: string) => detail.replace(/\bwho=(\S+)/u, (_, who: string) => `who=${nameOf(names, who)}`);

export function filtered(records: readonly TrailRecord[], { event, user }: Filter, names: Names): readonly TrailRecord[] {
  const wanted = user.trim().toLowerCase();
  const isOf = (id: string) => wanted === "" || `${id} ${nameOf(names, id)}`.toLowerCase().includes(wanted);
  return records.filter((record) => (event === "" || record.event === event) && isOf(record.user));
}

function recordRow(record: TrailRecord, names: Names): TemplateResult {
  const { number, time, user, event, method, detail } = record;
  const at = new Date(time * 1000);
  const told = time > 0;
  return html`<li class="record">
    <p class="at small secondary">${told ? html`<time datetime=${at.toISOString()}>${exact.format(at)}</time>` : "Time not told"}</p>
    <div><p class="event">${eventInWords(event)}${method ? html`: ${methodInWords(method)}` : nothing}</p>
      ${detail ? html`<p class="small secondary"><bdi>${detailInWords(names, detail)}</bdi></p>` : nothing}</div>
    <p class="small whom"><bdi title=${user}>${nameOf(names, user)}</bdi></p>
    <p class="small secondary number">${number === undefined ? "not sealed yet" : `no. ${number.toLocaleString("en-US")}`}</p>
  </li>`;
}

export interface TrailActions {
  filter(wanted: Partial<Filter>): void;
  older(): void;
}

export interface TrailShown {
  /** The newest last. */
  readonly records: readonly TrailRecord[];
  readonly filter: Filter;
  readonly names: Names;
  readonly hasOlder: boolean;
  readonly busy: boolean;
  readonly said: string;
}

export function trailView({ records, filter, names, hasOlder, busy, said }: TrailShown, actions: TrailActions): TemplateResult {
  const events = [...new Set(records.map(({ event }) => event))].filter(Boolean).sort((a, b) => eventInWords(a).localeCompare(eventInWords(b)));
  const shown = filtered(records, filter, names);
  return html`<section class="box stack" aria-labelledby="trail-title">
    <h2 id="trail-title" tabindex="-1">What happened</h2>
    <div class="filters">
      <div class="filter"><label for="event">Event</label>
        <select id="event" @change=${(event: Event) => actions.filter({ event: (event.currentTarget as HTMLSelectElement).value })}>
          <option value="" ?selected=${filter.event === ""}>All events</option>
          ${events.map((name) => html`<option value=${name} ?selected=${filter.event === name}>${eventInWords(name)}</option>`)}
        </select></div>
      <div class="filter"><label for="user">User</label>
        <input id="user" type="search" autocomplete="off" .value=${filter.user} @input=${(event: Event) => actions.filter({ user: (event.currentTarget as HTMLInputElement).value })}></div>
    </div>
    <p class="small secondary" role="status">${shown.length} of the ${records.length} that are loaded, the newest first.</p>
    ${records.length === 0 ? html`<p>Nothing has happened yet.</p>` : shown.length === 0 ? html`<p>Nothing that is loaded fits.</p>`
      : html`<ol class="records">${[...shown].reverse().map((record) => recordRow(record, names))}</ol>`}
    ${hasOlder ? html`<div class="row"><button type="button" class="older" aria-disabled=${busy} @click=${actions.older}>Load older ones</button></div>` : nothing}
    <p class="small bad said" role="status">${said}</p>
  </section>`;
}
