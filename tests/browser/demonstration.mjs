// SPDX-License-Identifier: Apache-2.0

// Where the browser tests and `scripts/demo --check` find the program, and start everything.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { launch } from "../../demo-site/launch.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @returns {string} the path of the built `countersign` program */
export function findProgram() {
  const program = join(process.env.COUNTERSIGN_BUILD ?? join(root, "build"), "release/bin/countersign");
  if (!existsSync(program)) throw new Error(`${program} is missing: run scripts/build first`);
  return program;
}

/**
 * The server, the bank and the authenticator on free ports, with all they keep in a folder that goes away.
 *
 * @param {object} [options] - of `launch`
 */
export async function startDemonstration(options = {}) {
  const directory = mkdtempSync(join(tmpdir(), "countersign-demo-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const site = await launch({ ...options, binary: findProgram(), directory });
    const stop = async () => {
      await site.stop();
      remove();
    };
    return { ...site, directory, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Changes the policy in force, as the operator does on the command line. */
export function setPolicy({ paths: { data } }, change) {
  const policy = JSON.parse(execFileSync(findProgram(), ["policy", "get", "--data", data], { encoding: "utf8" }));
  change(policy);
  execFileSync(findProgram(), ["policy", "set", "--data", data, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
}
