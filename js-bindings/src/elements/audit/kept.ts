// SPDX-License-Identifier: Apache-2.0
// The last checkpoint that this browser saw proven. Whoever controls the server cannot change it; whoever controls
// this browser can.

export interface Kept {
  /** Of the log's signatures, in hexadecimal. */
  readonly key: string;
  /** A line `cs-checkpoint-1 ...`. */
  readonly checkpoint: string;
}

const nameOf = (realm: string) => `countersign-audit:${realm}`;

/** @returns undefined where nothing is kept, "unreadable" where it is no checkpoint or the store is closed to us */
export function readKept(realm: string): Kept | "unreadable" | undefined {
  try {
    const text = localStorage.getItem(nameOf(realm));
    if (text === null) return undefined;
    const { key, checkpoint } = JSON.parse(text) as Partial<Kept>;
    return typeof key === "string" && typeof checkpoint === "string" ? { key, checkpoint } : "unreadable";
  } catch {
    return "unreadable";
  }
}

/** @returns whether it is kept: a private window may refuse */
export function keep(realm: string, kept: Kept): boolean {
  try {
    localStorage.setItem(nameOf(realm), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function forget(realm: string): void {
  try {
    localStorage.removeItem(nameOf(realm));
  } catch {
    // Where nothing can be kept, nothing is.
  }
}
