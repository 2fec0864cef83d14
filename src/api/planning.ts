// What was planned for a route's query strings, of which the same ones come again and again.
import { Recent } from "./recent.js";

/** A longer query is planned each time it comes. */
const LONGEST_QUERY = 1_000;

export class Planning<Made> {
  /** A plan takes about twenty times the room of its text. */
  readonly #recent = new Recent<Made>(1_000, 262_144);

  of({ id }: { readonly id: string }, query: string, make: () => Made): Made {
    if (query.length > LONGEST_QUERY) return make();
    const key = `${id}?${query}`;
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#recent.set(key, made, key.length);
    return made;
  }
}
