// SPDX-License-Identifier: Apache-2.0

/**
 * Copies text, or selects it in the page where the clipboard is refused.
 *
 * @returns the sentence for the status line
 */
export async function copyText(what: string, text: string, shown: Element | null): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return `${what} is copied.`;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return `Copying is blocked here. ${what} is selected: copy it with the keyboard or the menu.`;
  }
}

/** Splits into groups for the eye: `123456` -> `123 456`. */
export function groupText(text: string, size: number, separator = " "): string {
  return text.match(new RegExp(`.{1,${size}}`, "gu"))?.join(separator) ?? "";
}

/** How many digits stand together: `123 456`, `1234 5678`, `123 456 789`, `12345 67890`. */
export function digitGroup(digits: number): number {
  return digits === 6 || digits === 9 ? 3 : Math.ceil(digits / 2);
}
