// SPDX-License-Identifier: Apache-2.0
// What is enough. No line and no branch is left out of the count: what cannot be reached (a library that
// does not start, the default of a switch over every enumerator) fits in the last percent.

export const leastPercent = { lines: 98, branches: 90 };

/** @param {import("./measure.mjs").FileCoverage[]} files */
export function totalOf(files, kind) {
  const sum = (key) => files.reduce((total, file) => total + file[kind][key], 0);
  return { count: sum("count"), covered: sum("covered") };
}

export const percentOf = ({ count, covered }) => (count === 0 ? 100 : (100 * covered) / count);

/**
 * @param {import("./measure.mjs").FileCoverage[]} files
 * @param {string[]} sources every .cpp that has to be among them: what no test links is not counted at all
 * @returns {string[]} what is too little, a sentence each
 */
export function judge(files, sources) {
  const tooFew = Object.entries(leastPercent).flatMap(([kind, least]) => {
    const total = totalOf(files, kind);
    if (total.count > 0 && percentOf(total) >= least) return [];
    return [`${total.covered} of ${total.count} ${kind} are run: ${percentOf(total).toFixed(2)} %, less than ${least} %`];
  });
  const unseen = sources.filter((source) => !files.some(({ path }) => path === source));
  return [...tooFew, ...unseen.map((source) => `${source} is in no test`)];
}

/** The table that is printed. */
export function tableOf(files) {
  const cell = ({ count, covered }) => `${covered}/${count}`.padStart(11) + `${percentOf({ count, covered }).toFixed(2)} %`.padStart(10);
  const row = (name, lines, branches) => `${name.padEnd(28)}${cell(lines)}${cell(branches)}`;
  return [
    `${"core/src".padEnd(28)}${"lines".padStart(21)}${"branches".padStart(21)}`,
    ...files.flatMap((file) => [row(file.path, file.lines, file.branches), ...file.missed.map((text) => `    ${file.path}:${text}`)]),
    row("total", totalOf(files, "lines"), totalOf(files, "branches")),
  ].join("\n");
}
