// Which tables were written when, as far as this process has heard: by a clock that every write moves on.
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

  /** Called when a write is done, and before anybody is told so. */
  note(tables: readonly string[]): void {
    this.#now++;
    for (const table of tables) {
      if (table === ANY_TABLE) this.#all = this.#now;
      else this.#last.set(table, this.#now);
    }
  }

  /** What was read at `since` or later of these tables is what they hold now. */
  isUntouched(tables: readonly string[], since: number): boolean {
    if (this.#all > since) return false;
    return tables.every((table) => (table === ANY_TABLE ? this.#now <= since : (this.#last.get(table) ?? 0) <= since));
  }
}
