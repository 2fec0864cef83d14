// When each table was written last, as far as this process knows. The time is a clock that each write moves on.
import { ANY_TABLE } from "../plan/tables-in.js";

export class CacheWrites {
  #now = 0;
  /** When all tables were written at once, or nobody knows which. */
  #all = 0;
  /** By the tables' names. */
  readonly #last = new Map<string, number>();

  get now(): number {
    return this.#now;
  }

  /** Notes a write: when it is done, and before it is answered. */
  note(tables: readonly string[]): void {
    this.#now++;
    for (const table of tables) {
      if (table === ANY_TABLE) this.#all = this.#now;
      else this.#last.set(table, this.#now);
    }
  }

  /** Is what was read of these tables at `since` or later still what they hold? */
  isUntouched(tables: readonly string[], since: number): boolean {
    if (this.#all > since) return false;
    return tables.every((table) => (table === ANY_TABLE ? this.#now <= since : (this.#last.get(table) ?? 0) <= since));
  }
}
