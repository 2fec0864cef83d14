// What was asked for lately, up to a bound of its number and of its size.

/**
 * Two generations of half the bounds each: what was not asked for while one filled up goes with the other. So the busy ones
 * stay, and a hit in the young one, as most are, is a look into one Map.
 */
export class BoundedCache<Value> {
  #young = new Map<string, Entry<Value>>();
  #old: ReadonlyMap<string, Entry<Value>> = new Map();
  #length = 0;

  constructor(
    readonly most: number,
    readonly longest: number,
  ) {}

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.set(key, old.value, old.length);
    return old.value;
  }

  set(key: string, value: Value, length: number): void {
    if (this.#young.size >= this.most / 2 || this.#length + length > this.longest / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#length = 0;
    }
    this.#young.set(key, { value, length });
    this.#length += length;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Of both generations. */
  get length(): number {
    let length = this.#length;
    for (const entry of this.#old.values()) length += entry.length;
    return length;
  }
}

interface Entry<Value> {
  readonly value: Value;
  readonly length: number;
}
