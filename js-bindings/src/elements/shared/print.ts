// SPDX-License-Identifier: Apache-2.0

const mark = "data-countersign-printed";
/** In print a tree shows what is marked, what is inside it, and what leads to it. */
const alone = `@media print { :not([${mark}], [${mark}] *, :has([${mark}])) { display: none !important; } }`;
let sheet: CSSStyleSheet | undefined;

function printSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(alone);
  }
  return sheet;
}

/** Prints one element, without the page around it; the page is as before when the printing is over. */
export function printAlone(element: HTMLElement): void {
  const own = printSheet();
  const undo: (() => void)[] = [];
  for (let node: Element | undefined = element; node; ) {
    const marked: Element = node;
    const root = marked.getRootNode();
    if (!(root instanceof Document || root instanceof ShadowRoot)) break;
    marked.setAttribute(mark, "");
    root.adoptedStyleSheets.push(own);
    undo.push(() => {
      marked.removeAttribute(mark);
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== own);
    });
    node = root instanceof ShadowRoot ? root.host : undefined;
  }
  addEventListener("afterprint", () => undo.forEach((step) => step()), { once: true });
  print();
}
