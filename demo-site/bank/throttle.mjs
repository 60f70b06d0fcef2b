// SPDX-License-Identifier: Apache-2.0

/** Counts tries per key in fixed windows; bounded, so that many keys cannot fill the memory. */
export class Throttle {
  #limit;
  #windowSeconds;
  #now;
  #windows = new Map();

  constructor({ limit, windowSeconds, now = () => Math.floor(Date.now() / 1000), maxKeys = 10_000 }) {
    this.#limit = limit;
    this.#windowSeconds = windowSeconds;
    this.#now = now;
    this.maxKeys = maxKeys;
  }

  /** Takes one try. @returns {number} 0 when allowed, else the seconds to wait */
  take(key) {
    const now = this.#now();
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.#windows.delete(key);
      if (this.#windows.size >= this.maxKeys) this.#windows.delete(this.#windows.keys().next().value);
      window = { count: 0, endsAt: now + this.#windowSeconds };
      this.#windows.set(key, window);
    }
    if (window.count >= this.#limit) return window.endsAt - now;
    window.count += 1;
    return 0;
  }

  /** Forgets a key, after a success. */
  clear(key) {
    this.#windows.delete(key);
  }
}
