// SPDX-License-Identifier: Apache-2.0

import PostalMime from "postal-mime";

/**
 * @typedef {{id: number, at: number, from: string, sender: string, to: string[], subject: string, text: string, hasHtml: boolean}} Letter
 * `at` is seconds since 1970-01-01 UTC; `from` and `to` are the envelope's addresses, `sender` the name that a reader sees
 */

/** All mail that came in since the start, in memory; the oldest goes when it is full. */
export class Mailbox {
  #letters = [];
  #lastId = 0;
  #watchers = new Set();

  /**
   * @param {() => number} now - whole seconds since 1970-01-01 UTC
   * @param {number} limit - how many letters are kept
   */
  constructor(now, limit = 500) {
    this.now = now;
    this.limit = limit;
  }

  /** Takes one message as it came over the wire. @param {Buffer} raw @returns {Promise<Letter>} */
  async take({ from, to, raw }) {
    const read = await PostalMime.parse(raw);
    const letter = {
      id: (this.#lastId += 1),
      at: this.now(),
      from,
      sender: read.from?.name || read.from?.address || from,
      to,
      subject: read.subject || "(no subject)",
      text: read.text ?? "",
      hasHtml: read.html !== undefined,
    };
    this.#letters.unshift(letter);
    this.#letters.length = Math.min(this.#letters.length, this.limit);
    for (const watcher of this.#watchers) watcher(letter);
    return letter;
  }

  /** The newest first. @param {string} [address] - only what went there @returns {Letter[]} */
  list(address) {
    return address === undefined ? [...this.#letters] : this.#letters.filter(({ to }) => to.includes(address));
  }

  find(id) {
    return this.#letters.find((letter) => letter.id === id);
  }

  /** Calls back for each letter that comes in. @returns {() => void} stops that */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
