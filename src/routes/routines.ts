// Functions and procedures → their places in the tree: `/rpc/:name`, and below the rows of the table that one belongs to.
import { type Renaming, wordsOf } from "../base/naming.js";
import { argumentName, inputsOf, pathNameOf, type Routine } from "../schema/routine.js";
import type { Schema, Table } from "../schema/schema.js";
import { type Growing, literalStep } from "./growing.js";
import { firstFree } from "./path-names.js";
import type { Evidence } from "./relation.js";
import type { TableNouns } from "./table-nouns.js";
import type { Callable, CallRoute, Resource, RoutineResource, Step } from "./tree.js";

interface Ground {
  readonly resources: readonly Resource[];
  readonly nouns: TableNouns;
  readonly readOnly: boolean;
}

/** A routine that belongs to a table: which, by which argument, and why. */
interface Belonging {
  readonly table: Table;
  readonly fills: number;
  readonly evidence: Evidence;
}

interface Placed {
  readonly routines: readonly RoutineResource[];
  readonly renamings: readonly Renaming[];
}

export function addRoutines(root: Growing, schema: Schema, ground: Ground): Placed {
  const routines = (schema.routines ?? []).filter(({ reads }) => reads || !ground.readOnly);
  if (routines.length === 0) return { routines: [], renamings: [] };
  const base = firstFree(["rpc", "rpc_calls"], new Set(Object.keys(root.literals)));
  const because = "a table is /rpc; this is where functions and procedures are called";
  const moved = base === "rpc" ? [] : [{ wanted: "/rpc", given: `/${base}`, because }];
  const nameOf = namesIn(routines);
  const names = new NestedNames(root, ground, nameOf);
  const placed = routines.map((routine): RoutineResource => {
    const belonging = belongingOf(routine, schema, ground.nouns);
    // Whole rows come from the database alone.
    const isOwn = !routine.arguments.some(({ row }) => row !== undefined);
    const own = isOwn ? literalStep(literalStep(root, base), nameOf(routine)) : undefined;
    if (own !== undefined) addCall(own, { routine }, []);
    const nested = belonging && names.placeOf(routine, belonging);
    if (nested && belonging)
      addCall(nested, { routine, fills: belonging.fills }, [{ table: belonging.table.id, param: "id" }]);
    return {
      routine,
      path: own?.pattern ?? null,
      ...(nested && belonging && { belongsTo: { table: belonging.table.id, path: nested.pattern } }),
      evidence: [readingEvidence(routine), ...(belonging ? [belonging.evidence] : [])],
    };
  });
  return { routines: placed.filter(({ path, belongsTo }) => path !== null || belongsTo), renamings: moved };
}

/** Where all are of one schema, none needs to be told from another's. */
function namesIn(routines: readonly Routine[]): (routine: Routine) => string {
  const schemas = new Set(routines.flatMap(({ schema }) => schema ?? []));
  return (routine) => routine.as ?? (schemas.size > 1 ? pathNameOf(routine) : routine.name);
}

/** Overloads share a place. */
function addCall(node: Growing, callable: Callable, steps: readonly Step[]): void {
  for (const method of callable.routine.reads ? (["GET", "POST"] as const) : (["POST"] as const)) {
    const before = node.routes[method];
    const known = before?.operation === "call" ? before.routines : [];
    const { pattern } = node;
    const said = {
      id: `${method} ${pattern}`,
      method,
      pattern,
      operation: "call",
      relation: null,
      table: null,
    } as const;
    const route: CallRoute = { ...said, routines: [...known, callable], steps };
    node.routes[method] = route;
  }
}

/** Below a table's rows: without the table's own words, unless something is called so already. */
class NestedNames {
  readonly #given = new Map<string, string>();
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(
    readonly root: Growing,
    readonly ground: Ground,
    readonly nameOf: (routine: Routine) => string,
  ) {
    this.#resources = new Map(ground.resources.map((resource) => [resource.table, resource]));
  }

  /** Nothing where the table has no rows at the top. */
  placeOf(routine: Routine, { table }: Belonging): Growing | undefined {
    const resource = this.#resources.get(table.id);
    const row = resource?.root ? this.root.literals[resource.name]?.param?.node : undefined;
    if (row === undefined) return undefined;
    const full = this.nameOf(routine);
    const key = JSON.stringify([table.id, full]);
    let name = this.#given.get(key);
    if (name === undefined) {
      const rest = routine.as === undefined ? withoutNoun(routine, table, this.ground.nouns) : [];
      const short = rest.length === 0 ? full : this.ground.nouns.naming.path(rest);
      name = firstFree([short, full, `call_${full}`], new Set(Object.keys(row.literals)));
      this.#given.set(key, name);
    }
    return literalStep(row, name);
  }
}

function readingEvidence({ reads, kind, sql, runs, overridden }: Routine): Evidence {
  if (sql || runs) return { by: "config", detail: `routines: it ${reads ? "reads" : "may write"}` };
  if (overridden !== undefined)
    return { by: "config", detail: `overrides say its ${overridden.join(", ")}: it ${reads ? "reads" : "may write"}` };
  const detail = reads ? `a ${kind} that is said to read only` : `a ${kind} that may write`;
  return { by: "default", detail };
}

/** By the config, by the row that it takes, or by the key that it takes and its name. */
function belongingOf(routine: Routine, schema: Schema, nouns: TableNouns): Belonging | undefined {
  const tables = schema.tables.filter(({ primaryKey }) => primaryKey.length > 0);
  const all = routine.arguments;
  const [first] = inputsOf(routine);
  if (first === undefined) return undefined;
  const fills = all.indexOf(first);
  if (routine.table !== undefined) {
    const table = tables.find(({ id }) => id === routine.table);
    const option = routine.overridden === undefined ? "routines" : "overrides";
    return table && { table, fills, evidence: { by: "config", detail: `${option}: it belongs to ${table.id}` } };
  }
  if (first.row !== undefined) {
    // No request says the other rows.
    if (all.filter(({ row }) => row !== undefined).length > 1) return undefined;
    const table = tables.find(({ id }) => id === first.row);
    const detail = `its first argument is a row of ${first.row}`;
    return table && { table, fills, evidence: { by: "constraint", detail } };
  }
  const table = tables.find((table) => takesKey(routine, table, nouns));
  const detail = `its name holds ${table?.id}, and its first argument ${argumentName(first, fills)} is the key by name and type`;
  return table && { table, fills, evidence: { by: "name", detail } };
}

function takesKey(routine: Routine, table: Table, nouns: TableNouns): boolean {
  const [first] = inputsOf(routine);
  const [key, ...others] = table.primaryKey;
  if (first?.name === undefined || key === undefined || others.length > 0) return false;
  const column = table.columns.find(({ name }) => name === key);
  if (column === undefined || column.type.kind !== first.type.kind) return false;
  const words = wordsOf(first.name.replace(/^@/, ""));
  const said = /^(p|in|i|v|arg|par|param)$/.test(words[0] ?? "") ? words.slice(1) : words;
  const noun = nouns.naming.noun(nouns.wordsOf(table));
  const own = wordsOf(key).join("_");
  const called = said.join("_");
  const isKey = called === `${noun}_id` || called === `${noun}_${own}` || (own !== "id" && called === own);
  return isKey && withoutNoun(routine, table, nouns).length < wordsOf(routine.name).length;
}

/** The words of its name without the table's: `cancel_order` → cancel. All of them where the table's are not among them. */
function withoutNoun(routine: Routine, table: Table, { naming, wordsOf: nounOf }: TableNouns): string[] {
  const words = wordsOf(routine.name);
  const noun = nounOf(table);
  const wanted = naming.noun(noun);
  const at = words.findIndex((_, i) => naming.noun(words.slice(i, i + noun.length)) === wanted);
  return at === -1 ? words : [...words.slice(0, at), ...words.slice(at + noun.length)];
}
