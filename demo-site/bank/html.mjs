// SPDX-License-Identifier: Apache-2.0

// HTML as a tagged template: what is put in is escaped unless it is itself HTML made here.

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function toMarkup(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(toMarkup).join("");
  if (value === undefined || value === null || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => entities[character]);
}

/** Builds a piece of HTML; strings put in are escaped, arrays joined, `false` and `null` left out. */
export function html(strings, ...values) {
  return new Html(strings.raw.reduce((text, part, i) => text + toMarkup(values[i - 1]) + part));
}
