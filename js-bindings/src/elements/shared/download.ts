// SPDX-License-Identifier: Apache-2.0

/**
 * Hands text to the browser as a file, without a server and without the text in any address: the address is a
 * random name of this page's own, void at once. The strict CSP need allow nothing for it: a download is no
 * fetch by the page.
 */
export function saveTextFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Safari begins the download a moment after the click.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
