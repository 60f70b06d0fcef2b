// SPDX-License-Identifier: Apache-2.0
// What a user of the elements sees of Lit, which is bundled in: the build points the declarations of the
// elements here, so that the package's types need no other package.

/** A style sheet of an element. */
export interface CSSResult {
  readonly cssText: string;
}

/** What an element draws; not for its user. */
export interface TemplateResult<Kind extends number = number> {
  readonly _$litType$: Kind;
}

/** The properties that changed, with their former values. */
export type PropertyValues<T = unknown> = T extends object ? ReadonlyMap<keyof T, unknown> : ReadonlyMap<PropertyKey, unknown>;

/** Lives with an element; not for its user. */
export interface ReactiveController {
  hostConnected?(): void;
  hostDisconnected?(): void;
  hostUpdate?(): void;
  hostUpdated?(): void;
}

/** What a controller may ask of its element. */
export interface ReactiveControllerHost {
  readonly updateComplete: Promise<boolean>;
  addController(controller: ReactiveController): void;
  removeController(controller: ReactiveController): void;
  requestUpdate(): void;
}

/** The base of the elements. */
export declare class LitElement extends HTMLElement {
  static styles: unknown;
  /** Settles when what was set is drawn. */
  readonly updateComplete: Promise<boolean>;
  /** Draws again. */
  requestUpdate(): void;
  connectedCallback(): void;
  disconnectedCallback(): void;
  protected render(): unknown;
  protected willUpdate(changed: PropertyValues): void;
  protected firstUpdated(changed: PropertyValues): void;
  protected updated(changed: PropertyValues): void;
}
