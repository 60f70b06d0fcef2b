// SPDX-License-Identifier: Apache-2.0

/**
 * Tells whether any page around this one comes from another origin (R7: then nothing is issued).
 * What cannot be read counts as another origin.
 */
export function framedByAnotherOrigin(start: Window = window): boolean {
  for (let frame = start; frame !== frame.parent; frame = frame.parent) {
    try {
      if (frame.parent.location.origin !== start.location.origin) return true;
    } catch {
      return true;
    }
  }
  return false;
}
