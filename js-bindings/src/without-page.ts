// SPDX-License-Identifier: Apache-2.0
// Lets the class of an element be imported where there is no page, in Node or in a worker, to be named and
// typed there. The build hands these to Lit in place of the two globals that it reads while it loads; in a
// page they are those globals.

const nowhere = { createTreeWalker: () => undefined } as unknown as Document;
const noElement = class {} as unknown as typeof HTMLElement;

const page = globalThis as { document?: Document; HTMLElement?: typeof HTMLElement };
const pageDocument: Document = page.document ?? nowhere;
const pageHTMLElement: typeof HTMLElement = page.HTMLElement ?? noElement;

export { pageDocument as document, pageHTMLElement as HTMLElement };
