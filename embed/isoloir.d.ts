/**
 * Types of what the script at /embed/v1.js puts on a page. Copy this file into a project written in
 * TypeScript; docs/editors/embedding.md explains each name.
 */

/** The attributes of a booth, under the same names. */
interface IsoloirOptions {
  consultation?: string;
  source?: string;
  lang?: string;
  theme?: IsoloirTheme;
  results?: "at-close";
  loading?: "lazy" | "eager";
  /** The reserved height in pixels. */
  height?: number;
  title?: string;
}

type IsoloirTheme = "auto" | "light" | "dark";

/** What is on `window` once the script has run. No function throws, none returns anything. */
interface IsoloirApi {
  /** Show the booths of every `[data-isoloir]` inside `root`, or in the whole page. */
  scan(root?: ParentNode): void;
  /** Show a booth in an element, and with `options` set them as its attributes first. */
  mount(element: HTMLElement, options?: IsoloirOptions): void;
  /** Take a booth away; the link inside the element shows again. */
  destroy(element: HTMLElement): void;
  /** Change the theme of one booth, or of all, without loading any of them anew. */
  setTheme(theme: IsoloirTheme, element?: HTMLElement): void;
}

/** What an event says. Nothing ever says what was voted. */
interface IsoloirDetail {
  /** The height in CSS pixels that the booth needs: with `ready` and `resize`. */
  height?: number;
  /** Why there is nothing to vote on: with `closed` and `error`. */
  code?: string;
}

interface IsoloirEvents {
  "isoloir:ready": CustomEvent<IsoloirDetail>;
  "isoloir:resize": CustomEvent<IsoloirDetail>;
  "isoloir:voted": CustomEvent<IsoloirDetail>;
  "isoloir:proposed": CustomEvent<IsoloirDetail>;
  "isoloir:closed": CustomEvent<IsoloirDetail>;
  "isoloir:error": CustomEvent<IsoloirDetail>;
}

declare var Isoloir: IsoloirApi;

interface HTMLElementTagNameMap {
  "isoloir-vote": HTMLElement;
}
interface HTMLElementEventMap extends IsoloirEvents {}
interface DocumentEventMap extends IsoloirEvents {}
interface WindowEventMap extends IsoloirEvents {}
