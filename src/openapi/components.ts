// What the document says once and refers to from everywhere. Nothing is made that nothing refers to.
import { type JsonSchema, refTo } from "./schema.js";

export type ComponentKind = "schemas" | "parameters" | "responses" | "headers" | "requestBodies";

/** Components in the order in which they were first referred to. */
export class Components {
  private readonly made = new Map<ComponentKind, Map<string, JsonSchema>>();
  /** A queue rather than a recursion: tables may refer to each other in chains as long as the schema. */
  private readonly waiting: (() => void)[] = [];
  /** The names of those that `same` made, by their kind and text. */
  private readonly texts = new Map<string, string>();
  /** By kind and name, without capitals: generators write files of these names. */
  private readonly taken = new Set<string>();

  /** A reference to a component, which is made when it is first asked for. Equal names are equal things. */
  ref(kind: ComponentKind, name: string, make: () => JsonSchema): JsonSchema {
    const named = this.named(kind);
    if (!named.has(name)) {
      named.set(name, {});
      this.taken.add(fileOf(kind, name));
      this.waiting.push(() => named.set(name, make()));
    }
    return refTo(`${kind}/${name}`);
  }

  /** A reference to what is one component wherever it is the same text. The first has the name, others a number behind it. */
  same(kind: ComponentKind, wanted: string, value: JsonSchema): JsonSchema {
    const text = `${kind} ${wanted} ${JSON.stringify(value)}`;
    let name = this.texts.get(text);
    if (name === undefined) {
      name = wanted;
      for (let i = 2; this.taken.has(fileOf(kind, name)); i++) name = `${wanted}_${i}`;
      this.named(kind).set(name, value);
      this.taken.add(fileOf(kind, name));
      this.texts.set(text, name);
    }
    return refTo(`${kind}/${name}`);
  }

  private named(kind: ComponentKind): Map<string, JsonSchema> {
    const named = this.made.get(kind) ?? new Map<string, JsonSchema>();
    this.made.set(kind, named);
    return named;
  }

  /** Makes what was referred to, one component a step. */
  *settle(): Generator<void, void> {
    for (const make of this.waiting) yield make();
    this.waiting.length = 0;
  }

  toJSON(): Readonly<Record<string, JsonSchema>> {
    for (const _ of this.settle());
    return Object.fromEntries([...this.made].map(([kind, named]) => [kind, Object.fromEntries(named)]));
  }

  /** By kind, when all is settled. */
  get all(): ReadonlyMap<string, ReadonlyMap<string, JsonSchema>> {
    return this.made;
  }
}

const fileOf = (kind: ComponentKind, name: string): string => `${kind} ${name.toLowerCase()}`;
