// The documents of the trees that were asked for lately: each role has its own tree, and so its own document.
import type { PlainParts } from "../openapi/document.js";
import { type KeptDocument, keepDocument } from "./kept-document.js";
import type { Notation } from "./notation.js";

/** How many are kept, and how many bytes of them; the latest is kept however large it is. What is gone is made again. */
const MOST = 16;
const MOST_BYTES = 134_217_728;

interface Place {
  readonly document: Promise<KeptDocument>;
  bytes: number;
}

export class Shelf {
  readonly #places = new WeakMap<object, Place>();
  /** The oldest first. Trees, or what else they are kept by, that nobody has any more are not held here. */
  #order: WeakRef<object>[] = [];

  /** Made when it is first asked for, once for all who ask. */
  documentOf(tree: object, toParts: () => PlainParts, notation?: Notation): Promise<KeptDocument> {
    const known = this.#places.get(tree);
    this.#order = [...this.#order.filter((ref) => ref.deref() !== tree), new WeakRef(tree)];
    if (known !== undefined) return known.document;
    const place: Place = { document: keepDocument(toParts, notation), bytes: 0 };
    this.#places.set(tree, place);
    place.document.then(
      ({ bytes, gzip }) => {
        place.bytes = bytes.length + gzip.length;
        this.#makeRoom();
      },
      () => this.#places.delete(tree),
    );
    return place.document;
  }

  #makeRoom(): void {
    let [count, bytes] = [0, 0];
    const kept: WeakRef<object>[] = [];
    for (const ref of this.#order.toReversed()) {
      const tree = ref.deref();
      const place = tree && this.#places.get(tree);
      if (tree === undefined || place === undefined) continue;
      count += 1;
      bytes += place.bytes;
      if (count === 1 || (count <= MOST && bytes <= MOST_BYTES)) kept.unshift(ref);
      else this.#places.delete(tree);
    }
    this.#order = kept;
  }
}
