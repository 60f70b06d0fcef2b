// SPDX-License-Identifier: Apache-2.0
// What the person wants to do: kept while a code is asked for, then done.

import type { Authenticator } from "../shared/session-client.js";

export type Wish =
  | { readonly kind: "configure" }
  | { readonly kind: "add" }
  | { readonly kind: "reconfigure"; readonly of: Authenticator }
  | { readonly kind: "remove"; readonly of: Authenticator };

/** The longest name that the server keeps, in UTF-8. */
const longestNameBytes = 64;

/** How a code is asked for: "To add another authenticator, type a code ...". */
export function purposeOf(wish: Wish, label: string): string {
  switch (wish.kind) {
    case "configure":
      return "To set up an authenticator app";
    case "add":
      return "To add another authenticator";
    case "reconfigure":
      return `To reconfigure ${label}`;
    case "remove":
      return `To remove ${label}`;
  }
}

/** @returns the sentence to say of a name that cannot be kept, or "" */
export function nameProblem(name: string): string {
  if (name === "") return "Type a name to tell them apart.";
  if (/\p{C}/u.test(name)) return "Use letters, digits and signs that can be seen.";
  return new TextEncoder().encode(name).length > longestNameBytes ? "This name is too long. Use a shorter one." : "";
}
