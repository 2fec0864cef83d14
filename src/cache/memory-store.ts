// Answers in this process's memory: those that were asked for lately, up to so many bytes.
import type { Peers } from "../base/peers.js";
import type { AnswerStore, FoundAnswer } from "./answer-store.js";
import type { KeptAnswers } from "./kept.js";
import type { Others } from "./others.js";
import type { CacheWrites } from "./writes.js";

interface Entry {
  readonly kept: KeptAnswers;
  /** By the clock of `Writes`. */
  readonly at: number;
  /** By the process's own clock. */
  readonly until: number;
  readonly bytes: number;
}

/** About how many bytes an entry takes beside its texts. */
const OVERHEAD = 500;
/** No answer takes more than this part of the room. */
const PART = 8;

export class MemoryStore implements AnswerStore {
  /** The entry that was asked for last stands at the end. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(
    readonly writes: CacheWrites,
    readonly maxBytes: number,
    /** Other workers, each with a memory of its own. */
    readonly peers?: Peers,
    /** Other processes on the same database. */
    readonly others?: Others,
  ) {}

  get usage() {
    return { answers: this.#entries.size, bytes: this.#bytes, isShared: false };
  }

  find(key: string): FoundAnswer {
    if (this.others?.isHeard === false) return {};
    const at = this.writes.now;
    const entry = this.#entries.get(key);
    if (entry === undefined) return { at };
    this.#remove(key, entry);
    if (entry.until <= performance.now() || !this.writes.isUntouched(entry.kept.tables, entry.at)) return { at };
    this.#add(key, entry);
    return { kept: entry.kept, at };
  }

  keep(key: string, kept: KeptAnswers, at: number, milliseconds: number): boolean {
    if (!this.writes.isUntouched(kept.tables, at)) return false;
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(key, before);
    const bytes = kept.bytes.length + 2 * (key.length + JSON.stringify(kept.headers).length) + OVERHEAD;
    if (bytes > this.maxBytes / PART) return true;
    this.#add(key, { kept, at, until: performance.now() + milliseconds, bytes });
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.maxBytes) break;
      this.#remove(oldest, entry);
    }
    return true;
  }

  /** Tells the other processes. Entries stay until they are asked for: their tables are checked then. */
  async drop(tables: readonly string[], isTold: boolean): Promise<void> {
    await Promise.all([this.peers?.ask("written", tables), isTold ? undefined : this.others?.tell(tables)]);
  }

  async close(): Promise<void> {
    await this.others?.close();
    this.#entries.clear();
    this.#bytes = 0;
  }

  #add(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
