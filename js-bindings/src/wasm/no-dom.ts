// SPDX-License-Identifier: Apache-2.0
// Stands where Lit's Node edition expects a DOM shim. It is used only where no DOM exists: there a class
// of an element can be imported, named and typed, but not constructed.

export class HTMLElement {}
export class Element {}
export class Event {}
export class CustomEvent {}
export class EventTarget {}
export class CSSStyleSheet {}
export const customElements = { define: (): void => undefined, get: (): undefined => undefined };
