// SPDX-License-Identifier: Apache-2.0
// docs/claims.md lists every id of the menu (A, U), the rules (R) and the lessons (L) with the issue
// that owns it, and says which issues own theirs by now. A test proves an id by carrying it in its
// name: "[R8]"; a lettered id counts for its number too: "[R14a]" for R14.

/**
 * @param {string} markdown docs/claims.md
 * @returns {{owned: Set<string>, claims: {id: string, claim: string, owner: string}[]}}
 */
export function readClaims(markdown) {
  const line = markdown.match(/^Owned now: (.+)$/m);
  if (!line) throw new Error("docs/claims.md has no line 'Owned now: ISSUES'");
  const owned = new Set(line[1].split(/[,\s]+/).filter(Boolean));
  const claims = [];
  for (const row of markdown.matchAll(/^\| ([AURL]\d+[a-z]?) \| (.+?) \| (.+?) \|$/gm)) {
    claims.push({ id: row[1], claim: row[2], owner: row[3] });
  }
  if (claims.length === 0) throw new Error("docs/claims.md has no row '| ID | claim | issue |'");
  return { owned, claims };
}

/** The ids a test's name carries, each lettered one also as its number. */
export function idsIn(name) {
  const ids = new Set();
  for (const [, id] of name.matchAll(/\[([AURL]\d+[a-z]?)\]/g)) {
    ids.add(id);
    ids.add(id.replace(/[a-z]$/, ""));
  }
  return ids;
}

/**
 * @param {ReturnType<typeof readClaims>} document
 * @param {{suite: string, name: string, outcome: string}[]} tests what the last run left
 * @returns {{id: string, claim: string, owner: string, owned: boolean, tests: object[], proven: boolean}[]}
 */
export function judgeClaims({ owned, claims }, tests) {
  const byId = new Map();
  for (const test of tests) {
    for (const id of idsIn(test.name)) byId.set(id, [...(byId.get(id) ?? []), test]);
  }
  return claims.map((claim) => {
    const own = byId.get(claim.id) ?? [];
    const proven = own.some(({ outcome }) => outcome === "passed") && own.every(({ outcome }) => outcome !== "failed");
    return { ...claim, owned: owned.has(claim.owner), tests: own, proven };
  });
}

/** Ids that tests carry and docs/claims.md does not know: a misspelling. */
export function unknownIds({ claims }, tests) {
  const known = new Set(claims.map(({ id }) => id));
  const carried = new Set(tests.flatMap(({ name }) => [...idsIn(name)]));
  return [...carried].filter((id) => !known.has(id)).sort();
}
