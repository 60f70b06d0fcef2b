// SPDX-License-Identifier: Apache-2.0
// Reads JUnit XML as Catch2 and node:test write it. A test's name is the names of the suites around
// it and its own, so an id written at an outer level counts for every case within.

const entities = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name) => {
    if (name[0] !== "#") return entities[name] ?? whole;
    const value = name[1] === "x" ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return String.fromCodePoint(value);
  });
}

function attributesOf(text) {
  const attributes = {};
  for (const [, name, double, single] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name] = decode(double ?? single);
  }
  return attributes;
}

const tag = /<(\/?)(testsuites|testsuite|testcase|failure|error|skipped)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/**
 * @param {string} xml one JUnit document, whole or cut off by a crash
 * @returns {{name: string, outcome: "passed"|"failed"|"skipped", reason: string, seconds: number}[]}
 */
export function readJunit(xml) {
  const cases = [];
  const suiteNames = [];
  let current = null;
  // Comments hold a runner's free text; CDATA holds output.
  const text = xml.replace(/<!--[\s\S]*?-->/g, "").replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "");
  for (const [, closing, element, attributeText, empty] of text.matchAll(tag)) {
    const attributes = attributesOf(attributeText);
    if (element === "testsuite") {
      if (closing) suiteNames.pop();
      else if (!empty) suiteNames.push(attributes.name ?? "");
    } else if (element === "testcase" && !closing) {
      const name = [...suiteNames, attributes.name ?? ""].filter(Boolean).join(" / ");
      current = { name, outcome: "passed", reason: "", seconds: Number(attributes.time ?? 0) };
      cases.push(current);
    } else if (!closing && current && (element === "failure" || element === "error")) {
      current.outcome = "failed";
      current.reason = attributes.message ?? element;
    } else if (!closing && current && element === "skipped" && current.outcome === "passed") {
      current.outcome = "skipped";
      current.reason = attributes.message ?? "";
    }
  }
  return cases;
}

/** @returns {{passed: number, failed: number, skipped: number}} */
export function count(cases) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of cases) totals[outcome] += 1;
  return totals;
}
