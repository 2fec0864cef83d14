// What a connection remembers of the statements it prepared: the most recently used, up to a bound.
// In: a statement's text. Out: what the driver needs to run it again.

export class Statements<Handle> {
  readonly #handles = new Map<string, Handle>();

  constructor(readonly limit: number) {}

  get(text: string): Handle | undefined {
    const handle = this.#handles.get(text);
    if (handle === undefined) return undefined;
    // A Map keeps its insertion order, so the first entry is the one not used for longest.
    this.#handles.delete(text);
    this.#handles.set(text, handle);
    return handle;
  }

  /** Remembers a handle and answers the one that had to go for it, for the caller to close. */
  add(text: string, handle: Handle): { readonly text: string; readonly handle: Handle } | undefined {
    this.#handles.set(text, handle);
    if (this.#handles.size <= this.limit) return undefined;
    const oldest = this.#handles.entries().next().value;
    if (oldest === undefined) return undefined;
    this.#handles.delete(oldest[0]);
    return { text: oldest[0], handle: oldest[1] };
  }

  forget(text: string): void {
    this.#handles.delete(text);
  }

  clear(): void {
    this.#handles.clear();
  }
}
