// What was planned for a route's query strings, of which the same ones come again and again.
import { BoundedCache } from "../base/bounded-cache.js";
import type { StatementCache } from "./statements.js";

/** A longer query is planned each time it comes. */
const LONGEST_QUERY = 1_000;
/** A plan takes about twenty times the room of its text. */
const MOST = 1_000;
const MOST_CHARACTERS = 262_144;

/** One operation's plans. Those of another schema, or under other rules, are kept apart: they have another compiler. */
export class PlanCache<Made> {
  readonly #plans = new WeakMap<StatementCache, BoundedCache<Made>>();

  of(compile: StatementCache, { id }: { readonly id: string }, query: string, make: () => Made): Made {
    if (query.length > LONGEST_QUERY) return make();
    const plans = this.#plansOf(compile);
    const key = `${id}?${query}`;
    const known = plans.get(key);
    if (known !== undefined) return known;
    const made = make();
    plans.set(key, made, key.length);
    return made;
  }

  #plansOf(compile: StatementCache): BoundedCache<Made> {
    let plans = this.#plans.get(compile);
    if (plans === undefined) {
      plans = new BoundedCache(MOST, MOST_CHARACTERS);
      this.#plans.set(compile, plans);
    }
    return plans;
  }
}
