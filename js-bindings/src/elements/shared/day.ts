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
