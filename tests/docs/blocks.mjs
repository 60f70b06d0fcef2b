// SPDX-License-Identifier: Apache-2.0
// The fenced blocks of a document that a comment above marks as tested:
//
//   <!-- test: NAME -->                      run by the fence's language
//   <!-- test: NAME, exit 1 -->              the last command of a session exits with 1
//   <!-- test: NAME, run -->                 a js block is also run by node
//   <!-- test: NAME, site PAGE -->           a back end, played in a browser with the page script PAGE
//   <!-- test: NAME, login PAGE -->          a back end, on whose page PAGE somebody signs in
//   <!-- test: NAME, from demo-site/x.mjs -->  the lines stand in that file, as they are
//   <!-- output: NAME -->                    what the program NAME prints

/**
 * @param {string} markdown
 * @returns {{kind: "test"|"output"|null, name: string, options: Map<string, string>, language: string, text: string, line: number}[]}
 */
export function readBlocks(markdown) {
  const blocks = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i += 1) {
    const fence = lines[i].match(/^```([\w+-]*)/);
    if (!fence) continue;
    const end = lines.indexOf("```", i + 1);
    if (end < 0) throw new Error(`line ${i + 1}: the block is not closed`);
    const mark = (lines[i - 1] ?? "").match(/^<!-- (test|output): ([\w-]+)((?:, [^,>]+)*) -->$/);
    const options = new Map((mark?.[3] ?? "").split(", ").filter(Boolean).map((option) => {
      const [key, ...value] = option.split(" ");
      return [key, value.join(" ")];
    }));
    blocks.push({
      kind: mark?.[1] ?? null, name: mark?.[2] ?? "", options,
      language: fence[1], text: lines.slice(i + 1, end).join("\n"), line: i + 1,
    });
    i = end;
  }
  return blocks;
}

/** Whether `actual` is what `expected` says, where "..." stands for anything, on a line of its own for any lines. */
export function outputMatches(expected, actual) {
  const pattern = expected.trimEnd().split("\n").map((line) => {
    if (line.trim() === "...") return "(?:.*\\n)*?";
    return `${line.trimEnd().split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}[ \\t]*\\n`;
  }).join("");
  return new RegExp(`^${pattern}$`).test(actual.trimEnd() === "" ? "" : `${actual.trimEnd()}\n`) || (expected.trim() === "" && actual.trim() === "");
}
