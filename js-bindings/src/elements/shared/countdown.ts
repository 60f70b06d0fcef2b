// SPDX-License-Identifier: Apache-2.0

/** Counts the seconds of a sentence down where it has them as `(17\u00a0s)`. Read out once, not every second. */
export class Countdown {
  #timer: ReturnType<typeof setInterval> | undefined;

  start(place: HTMLElement, sentence: string, seconds: number): void {
    this.stop();
    if (seconds <= 0) return;
    const end = performance.now() + seconds * 1000;
    this.#timer = setInterval(() => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left < 1) return this.stop();
      place.setAttribute("aria-live", "off");
      place.textContent = sentence.replace(`(${seconds}\u00a0s)`, `(${left}\u00a0s)`);
    }, 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
