// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";

const dayAndMonth = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });
const withYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** "today", "yesterday", "May 3" or "May 3, 2024". Both times are seconds since 1970-01-01 UTC. */
function dayInWords(at, now) {
  const then = new Date(at * 1000);
  const today = new Date(now * 1000);
  const daysAgo = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (daysAgo === 0) return "today";
  if (daysAgo === 1) return "yesterday";
  return (then.getFullYear() === today.getFullYear() ? dayAndMonth : withYear).format(then);
}

/** The day in words, the exact time on hover. */
export function day(at, now) {
  const date = new Date(at * 1000);
  return html`<time datetime="${date.toISOString()}" title="${exact.format(date)}">${dayInWords(at, now)}</time>`;
}
