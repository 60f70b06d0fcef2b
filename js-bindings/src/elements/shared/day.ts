// SPDX-License-Identifier: Apache-2.0

import { html, type TemplateResult } from "lit";

const dayAndMonth = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });
const withYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

function dayInWords(then: Date, today: Date): string {
  const daysAgo = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (daysAgo === 0) return "today";
  if (daysAgo === 1) return "yesterday";
  return (then.getFullYear() === today.getFullYear() ? dayAndMonth : withYear).format(then);
}

/** "today", "yesterday", "May 3" or "May 3, 2024", by the page's clock; the exact time on hover. */
export function day(seconds: number): TemplateResult {
  const then = new Date(seconds * 1000);
  return html`<time datetime=${then.toISOString()} title=${exact.format(then)}>${dayInWords(then, new Date())}</time>`;
}

const hour = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" });

/** A time to come: "today at 4:05 PM", "tomorrow at 4:05 PM", "May 3 at 4:05 PM"; the exact time on hover. */
export function moment(seconds: number): TemplateResult {
  const then = new Date(seconds * 1000);
  const daysAhead = Math.round((midnight(then) - midnight(new Date())) / 86_400_000);
  const words = daysAhead === 1 ? "tomorrow" : dayInWords(then, new Date());
  return html`<time datetime=${then.toISOString()} title=${exact.format(then)}>${words} at ${hour.format(then)}</time>`;
}
