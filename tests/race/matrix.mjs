// SPDX-License-Identifier: Apache-2.0
// Writes docs/race-matrix.md from the JUnit results of a run of this suite: which operation was raced, by how many
// callers, in how many rounds, and that it held. Fails when a row has no passing test, or a race has no row.
//
//   node tests/race/matrix.mjs RESULTS_DIRECTORY [--out FILE]
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { readJunit } from "../../scripts/lib/junit.mjs";

const one = "one yes";

/**
 * Every operation that consumes something, or decides on what others consume. `test` finds its tests by their names.
 *
 * @type {{operation: string, test: RegExp, callers: string, rounds: string, demanded: string}[]}
 */
export const rows = [
  { operation: "app's code, `/v1/verify`", test: /parallel verifications of one code/, callers: "64", rounds: "100", demanded: one },
  { operation: "app's code, two processes at the statement", test: /^(.* \/ )?64 at once from two processes/, callers: "64 in 2 processes", rounds: "100", demanded: one },
  { operation: "wrong codes, two processes at the statement", test: /64 wrong codes at once from two processes/, callers: "64 in 2 processes", rounds: "20", demanded: "5 counted, then the pause" },
  { operation: "wrong codes, `/v1/verify`", test: /64 different wrong codes at once/, callers: "64", rounds: "2", demanded: "none beyond the count" },
  { operation: "app's code, logins", test: /one code of the app in \d+ logins/, callers: "16", rounds: "20, full 200", demanded: one },
  { operation: "one login, one code", test: /one login answered \d+ times/, callers: "16", rounds: "20, full 200", demanded: "one yes, one receipt" },
  { operation: "one login, right codes, two processes at the statement", test: /64 right codes at once from two processes/, callers: "64 in 2 processes", rounds: "50", demanded: "one step, one code spent" },
  { operation: "one attempt repeated", test: /one attempt sent \d+ times/, callers: "16", rounds: "20, full 200", demanded: "all alike, one receipt" },
  { operation: "app's code, step-up", test: /one code in \d+ sessions at once/, callers: "16", rounds: "20, full 200", demanded: one },
  { operation: "one code, logins and step-ups", test: /one code for logins and step-ups|a code used by logins, step-ups/, callers: "16", rounds: "20, full 200", demanded: "one thing opened" },
  { operation: "receipt, redeem", test: /one receipt redeemed \d+ times/, callers: "16", rounds: "20, full 200", demanded: one },
  { operation: "mailed code, login", test: /one mailed code given/, callers: "16", rounds: "20, full 200", demanded: one },
  { operation: "code to the alternate address, login", test: /one code to the alternate address given/, callers: "16", rounds: "20, full 200", demanded: one },
  { operation: "mail asked for", test: /requests for mail at once/, callers: "16", rounds: "20, full 200", demanded: "one sent" },
  { operation: "security questions, logins", test: /the answers in \d+ logins/, callers: "16", rounds: "2, full 20", demanded: "three uses" },
  { operation: "static code, `/v1/verify`", test: /the same static code \d+ times/, callers: "16", rounds: "200", demanded: one },
  { operation: "static code, two processes at the statement", test: /one security code, 64 at once from two processes/, callers: "64 in 2 processes", rounds: "100", demanded: one },
  { operation: "static code, logins", test: /one security code in \d+ logins/, callers: "16", rounds: "10", demanded: one },
  { operation: "backup code, `/v1/verify`", test: /a code of the administrator's as typed and stretched/, callers: "16", rounds: "5", demanded: one },
  { operation: "backup code, logins", test: /one backup code in \d+ logins/, callers: "16", rounds: "3, full 10", demanded: one },
  { operation: "set renewed under use", test: /a set replaced while its codes are tried/, callers: "5", rounds: "20, full 200", demanded: "old or new, never both" },
  { operation: "two sets at once", test: /two sets sent at once/, callers: "3", rounds: "20, full 200", demanded: "one, whole" },
  { operation: "app, begin", test: /begins of one session at once/, callers: "16", rounds: "20, full 200", demanded: "one secret" },
  { operation: "app, confirm", test: /64 confirmations of one enrollment|begin and confirm a first authenticator at once/, callers: "16 and 64", rounds: "20 and 10, full 200 and 10", demanded: "one credential" },
  { operation: "app, reconfigure", test: /a replacement confirmed \d+ times/, callers: "16", rounds: "20, full 200", demanded: "each code once" },
  { operation: "app, remove", test: /two authenticators removed by two sessions|replaced by one session and removed by another/, callers: "16", rounds: "20, full 200", demanded: "one stays" },
  { operation: "OTP over email, confirm", test: /OTP over email confirmed/, callers: "16", rounds: "20, full 200", demanded: "one credential" },
  { operation: "alternate address, confirm", test: /the alternate address confirmed/, callers: "16", rounds: "20, full 200", demanded: "one credential" },
  { operation: "logins opened", test: /logins opened while others end/, callers: "16", rounds: "1", demanded: "all different" },
  { operation: "policy tightened under use", test: /a policy tightened while codes are on their way/, callers: "3", rounds: "5", demanded: "none after it" },
  { operation: "kill -9, app's codes", test: /kill -9 while verifications run/, callers: "48", rounds: "20, full 200", demanded: "ledger holds" },
  { operation: "kill -9, security codes", test: /kill -9 while codes are used/, callers: "8", rounds: "5", demanded: "ledger holds" },
  { operation: "kill -9, logins, receipts and mail", test: /kill -9 while people log in/, callers: "8", rounds: "20, full 200", demanded: "ledger holds" },
  { operation: "disk full, each step of a login and a set-up", test: /disk full at/, callers: "1", rounds: "3 each", demanded: "no, then yes" },
];

/** The document for these tests' results. @returns {{text: string, complaints: string[]}} */
export function judgeRun(tests) {
  const complaints = [];
  const lines = rows.map(({ operation, test, callers, rounds, demanded }) => {
    const own = tests.filter(({ name }) => test.test(name));
    if (own.length === 0) complaints.push(`${operation}: no test ran`);
    const held = own.length > 0 && own.every(({ outcome }) => outcome === "passed");
    if (own.length > 0 && !held) complaints.push(`${operation}: ${own.map(({ outcome }) => outcome).join(", ")}`);
    const ids = [...new Set(own.flatMap(({ name }) => [...name.matchAll(/\[([AURL]\d+[a-z]?)\]/g)].map(([, id]) => id)))];
    return `| ${operation} | ${callers} | ${rounds} | ${demanded} | ${held ? "held" : "**not proven**"} | ${ids.join(" ")} |`;
  });
  for (const { name } of tests) {
    if (!rows.some(({ test }) => test.test(name))) complaints.push(`no row for: ${name}`);
  }
  return { text: [...head, ...lines, ""].join("\n"), complaints };
}

const head = [
  "# The race matrix",
  "",
  "Written by the suite `race` (`scripts/test --suite race`, or `--full` for the longer form); not edited by hand. Each row is an",
  "operation that consumes something once, or a crash in the middle of it, against the real server and SQLite. *Callers* act at",
  "the same time in each of the *rounds*. The ids are those of docs/claims.md.",
  "",
  "| operation | callers | rounds | demanded | result | proves |",
  "|---|---|---|---|---|---|",
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory, flag, file = "docs/race-matrix.md"] = process.argv.slice(2);
  if (directory === undefined || (flag !== undefined && flag !== "--out")) {
    process.stderr.write("matrix: node tests/race/matrix.mjs RESULTS_DIRECTORY [--out FILE]\n");
    process.exit(2);
  }
  const tests = readdirSync(directory).filter((name) => /^race.*\.xml$/.test(name))
    .flatMap((name) => readJunit(readFileSync(`${directory}/${name}`, "utf8")));
  const { text, complaints } = judgeRun(tests);
  writeFileSync(file, text);
  for (const complaint of complaints) process.stderr.write(`matrix: ${complaint}\n`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
