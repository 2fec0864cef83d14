// What a connection remembers of the statements it prepared, up to a bound of their number and of their size.
// In: a statement's text. Out: what the driver needs to run it again.

/**
 * Characters of all texts that one connection remembers. The server keeps many times that: 60 to 220 bytes for each in
 * PostgreSQL (measured, the most for short ones).
 */
const MOST_CHARACTERS = 262_144;
/** A longer statement takes as long to run as to prepare, and would push out many that do not. */
const LONGEST = MOST_CHARACTERS / 8;
/** What statements that came again may take of the bounds; the rest is for those that came once. */
const SHARE = 3 / 4;

export interface Remembered<Handle> {
  readonly text: string;
  readonly handle: Handle;
}

/**
 * In two parts, so that any number of statements that come only once leaves the busy ones where they are (a «segmented LRU»).
 * Each part has the one not used for longest first, as a Map keeps the order in which its keys came.
 */
export class Statements<Handle> {
  readonly #once = new Part<Handle>();
  readonly #again = new Part<Handle>();

  constructor(
    readonly limit: number,
    readonly characters: number = MOST_CHARACTERS,
    readonly longest: number = LONGEST,
  ) {}

  get(text: string): Handle | undefined {
    const busy = this.#again.handles.get(text);
    if (busy !== undefined) {
      this.#again.take(text);
      this.#again.put(text, busy);
      return busy;
    }
    const handle = this.#once.handles.get(text);
    if (handle === undefined) return undefined;
    this.#once.take(text);
    this.#again.put(text, handle);
    while (this.#again.exceeds(this.limit * SHARE, this.characters * SHARE)) {
      const oldest = this.#again.takeOldest();
      if (oldest !== undefined) this.#once.put(oldest.text, oldest.handle);
    }
    return handle;
  }

  /** Is the statement to be remembered at all? */
  takes(text: string): boolean {
    return text.length <= this.longest;
  }

  /** Remembers a handle and answers those that had to go for it, for the caller to close. */
  add(text: string, handle: Handle): Remembered<Handle>[] {
    this.#once.put(text, handle);
    const dropped: Remembered<Handle>[] = [];
    const { size, length } = this.#again;
    while (this.#once.exceeds(this.limit - size, this.characters - length)) {
      const oldest = this.#once.takeOldest();
      if (oldest !== undefined) dropped.push(oldest);
    }
    return dropped;
  }

  forget(text: string): void {
    this.#once.take(text);
    this.#again.take(text);
  }

  /** Forgets all of them and answers them, for the caller to close. */
  clear(): Remembered<Handle>[] {
    return [...this.#once.clear(), ...this.#again.clear()];
  }

  /** Of all texts. */
  get length(): number {
    return this.#once.length + this.#again.length;
  }

  get size(): number {
    return this.#once.size + this.#again.size;
  }
}

class Part<Handle> {
  readonly handles = new Map<string, Handle>();
  length = 0;

  get size(): number {
    return this.handles.size;
  }

  exceeds(size: number, length: number): boolean {
    return this.size > size || this.length > length;
  }

  put(text: string, handle: Handle): void {
    this.handles.set(text, handle);
    this.length += text.length;
  }

  take(text: string): void {
    if (this.handles.delete(text)) this.length -= text.length;
  }

  clear(): Remembered<Handle>[] {
    const all = [...this.handles].map(([text, handle]) => ({ text, handle }));
    this.handles.clear();
    this.length = 0;
    return all;
  }

  takeOldest(): Remembered<Handle> | undefined {
    const [oldest] = this.handles;
    if (oldest === undefined) return undefined;
    const [text, handle] = oldest;
    this.take(text);
    return { text, handle };
  }
}
