// A drawing in a real Chromium → where its boxes and texts are, for tests that measure it.
import type { Page } from "playwright-core";

export interface Sides {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What the browser knows of an element, as far as it is asked here. */
interface Shown {
  getBoundingClientRect(): Sides;
  querySelector(selector: string): Shown | null;
  querySelectorAll(selector: string): Iterable<Shown>;
}

export interface Measured {
  readonly picture: Sides;
  /** Of each table its frame, and the texts in it. */
  readonly boxes: readonly { readonly box: Sides; readonly texts: readonly Sides[] }[];
  /** Texts at lines. */
  readonly labels: readonly Sides[];
}

/** Of the first `<svg>` of a page. */
export const measure = (page: Page): Promise<Measured> =>
  page
    .locator("svg")
    .first()
    .evaluate((svg) => {
      const sides = (element: Shown): Sides => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { left, top, right, bottom };
      };
      const textsIn = (element: Shown) => [...element.querySelectorAll("text")].map(sides);
      return {
        picture: sides(svg),
        boxes: [...(svg as Shown).querySelectorAll("g.node")].map((node) => ({
          box: sides(node.querySelector("polygon[stroke='#64748b']") ?? node),
          texts: textsIn(node),
        })),
        labels: [...(svg as Shown).querySelectorAll("g.edge")].flatMap(textsIn),
      };
    });

/** Pairs that cover each other. */
export const crossings = (all: readonly Sides[]): [Sides, Sides][] =>
  all.flatMap((a, i) => all.slice(i + 1).flatMap((b): [Sides, Sides][] => (cover(a, b) ? [[a, b]] : [])));

const cover = (a: Sides, b: Sides): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Those that are not wholly in `outer`, but for a pixel of rounding. */
export const outsideOf = (outer: Sides, inner: readonly Sides[]): Sides[] =>
  inner.filter(
    ({ left, top, right, bottom }) =>
      left < outer.left - 1 || top < outer.top - 1 || right > outer.right + 1 || bottom > outer.bottom + 1,
  );
