// SPDX-License-Identifier: Apache-2.0
// Runs a terminal session of a document: what follows "$ " is typed into one shell, in an empty folder,
// and what it prints must be what stands below.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputMatches } from "./blocks.mjs";

/** @returns {{command: string, expected: string}[]} a command goes on over lines that end in a backslash */
export function readSession(text) {
  const steps = [];
  let continued = false;
  for (const line of text.split("\n")) {
    if (continued) steps.at(-1).command += `\n${line.replace(/^> /, "")}`;
    else if (line.startsWith("$ ")) steps.push({ command: line.slice(2), expected: "" });
    else if (steps.length === 0) throw new Error(`a session starts with "$ ", not with: ${line}`);
    else steps.at(-1).expected += `${line}\n`;
    continued = (continued || line.startsWith("$ ")) && line.endsWith("\\");
  }
  return steps;
}

/** Types the commands into one shell; resolves with what each printed and its exit code. */
function typeInto(folder, steps, path) {
  const mark = `-- ${process.pid}.${Date.now()} --`;
  const script = steps.map(({ command }) => `${command}\nprintf '\\n%s%d\\n' '${mark}' $?\n`).join("");
  const shell = spawn("bash", ["--noprofile", "--norc", "-c", `exec 2>&1\n${script}`], {
    cwd: folder, detached: true, stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: path, HOME: folder, LC_ALL: "C.UTF-8" },
  });
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => process.kill(-shell.pid, "SIGKILL"), 60_000);
    shell.stdout.on("data", (data) => { output += data; });
    shell.once("error", reject);
    shell.once("exit", () => {
      clearTimeout(timer);
      // What the session left in the background ends with it.
      try { process.kill(-shell.pid, "SIGTERM"); } catch { /* nothing is left */ }
      const parts = output.split(`\n${mark}`);
      resolve(steps.map((_, i) => {
        const [code, printed] = [(parts[i + 1] ?? "").match(/^\d+/)?.[0], parts[i] ?? ""];
        return { printed: i === 0 ? printed : printed.replace(/^\d+\n/, ""), code: code === undefined ? null : Number(code) };
      }));
    });
  });
}

/**
 * @param {string} text the block
 * @param {string} path where the commands are
 * @param {number} lastExit what the last command exits with; all others with 0
 * @returns {Promise<string[]>} what differs
 */
export async function runSession(text, path, lastExit = 0) {
  const folder = mkdtempSync(join(tmpdir(), "session-"));
  try {
    const steps = readSession(text);
    const results = await typeInto(folder, steps, path);
    return results.flatMap(({ printed, code }, i) => {
      const { command, expected } = steps[i];
      const wanted = i === steps.length - 1 ? lastExit : 0;
      return [
        ...(code === wanted ? [] : [`$ ${command}\nexits with ${code}, not ${wanted}, and prints:\n${printed}`]),
        ...(outputMatches(expected, printed) ? [] : [`$ ${command}\nshould print:\n${expected}\nbut prints:\n${printed}`]),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
