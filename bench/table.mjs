// SPDX-License-Identifier: Apache-2.0
// Medians with their spread, as text and as the rows of a Markdown table.

/** The middle one; of an even number the upper middle. */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const round = (value) => (value === undefined ? "-" : value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** `median (least to most)`. */
export const spread = (values) => `${round(median(values))} (${round(Math.min(...values))} to ${round(Math.max(...values))})`;

/** @param {{name: string, values: number[], columns?: Record<string, number | undefined>}[]} rows */
export function rateTable(title, rows) {
  const names = Object.keys(rows[0].columns ?? {});
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [title, line(["", "a second, median (spread)", ...names]), line(["---", "---", ...names.map(() => "---")]),
    ...rows.map(({ name, values, columns = {} }) => line([name, spread(values), ...names.map((key) => round(columns[key]))]))].join("\n");
}
