// The documents that were asked for lately, by what holds their place: each role has its own.
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
  /** The oldest first. What they are kept by is not held here. */
  #order: WeakRef<object>[] = [];

  /** Made when it is first asked for, once for all who ask. */
  documentOf(key: object, toParts: () => PlainParts, notation?: Notation): Promise<KeptDocument> {
    const known = this.#places.get(key);
    this.#order = [...this.#order.filter((ref) => ref.deref() !== key), new WeakRef(key)];
    if (known !== undefined) return known.document;
    const place: Place = { document: keepDocument(toParts, notation), bytes: 0 };
    this.#places.set(key, place);
    place.document.then(
      ({ bytes, gzip }) => {
        place.bytes = bytes.length + gzip.length;
        this.#makeRoom();
      },
      () => this.#places.delete(key),
    );
    return place.document;
  }

  #makeRoom(): void {
    let [count, bytes] = [0, 0];
    const kept: WeakRef<object>[] = [];
    for (const ref of this.#order.toReversed()) {
      const key = ref.deref();
      const place = key && this.#places.get(key);
      if (key === undefined || place === undefined) continue;
      count += 1;
      bytes += place.bytes;
      if (count === 1 || (count <= MOST && bytes <= MOST_BYTES)) kept.unshift(ref);
      else this.#places.delete(key);
    }
    this.#order = kept;
  }
}
