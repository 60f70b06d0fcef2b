// SPDX-License-Identifier: Apache-2.0
// Each of the three runners of tests/vectors prints `file: N run / N in file`. All must have run all of
// each file, and the same files. A runner may run further cases under the same name later: the first line counts.

/** @returns {Map<string, {run: number, inFile: number}>} by file name */
export function readVectorLines(log) {
  const files = new Map();
  for (const [, file, run, inFile] of log.matchAll(/([\w-]+\.vec): (\d+) run \/ (\d+) in file/g)) {
    if (!files.has(file)) files.set(file, { run: Number(run), inFile: Number(inFile) });
  }
  return files;
}

/**
 * @param {Map<string, string>} logs suite name -> what it printed
 * @param {string[]} vectorFiles the names in tests/vectors
 * @returns {string[]} what differs, a sentence each; empty when all three agree
 */
export function compareVectorRuns(logs, vectorFiles) {
  const complaints = [];
  const sizes = new Map();
  for (const [suite, log] of logs) {
    const files = readVectorLines(log);
    for (const file of vectorFiles) {
      const line = files.get(file);
      if (!line) {
        complaints.push(`${suite} did not run ${file}`);
        continue;
      }
      if (line.run !== line.inFile) complaints.push(`${suite} ran ${line.run} of ${line.inFile} cases of ${file}`);
      if (line.inFile === 0) complaints.push(`${suite} found no case in ${file}`);
      const size = sizes.get(file) ?? line.inFile;
      if (size !== line.inFile) complaints.push(`${suite} found ${line.inFile} cases in ${file}, another runner ${size}`);
      sizes.set(file, size);
    }
  }
  return complaints;
}
