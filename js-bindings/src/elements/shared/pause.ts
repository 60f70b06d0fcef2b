// SPDX-License-Identifier: Apache-2.0

import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * A time in which nothing is sent. Its seconds count down where the host draws them: on the button, so that
 * a screen reader is not spoken to each second.
 */
export class Pause implements ReactiveController {
  #timer: ReturnType<typeof setInterval> | undefined;
  #seconds = 0;

  constructor(private readonly host: Pick<ReactiveControllerHost, "addController" | "requestUpdate">) {
    host.addController(this);
  }

  /** Whole seconds that are left; 0 when there is no pause. */
  get seconds(): number {
    return this.#seconds;
  }

  /** @param over called when it ends by itself */
  start(seconds: number, over?: () => void): void {
    this.stop();
    if (seconds <= 0) return;
    const end = performance.now() + seconds * 1000;
    this.#set(seconds);
    this.#timer = setInterval(() => {
      this.#set(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
      if (this.#seconds > 0) return;
      clearInterval(this.#timer);
      over?.();
    }, 250);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#set(0);
  }

  hostDisconnected(): void {
    this.stop();
  }

  #set(seconds: number): void {
    if (seconds === this.#seconds) return;
    this.#seconds = seconds;
    this.host.requestUpdate();
  }
}
