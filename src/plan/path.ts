// A route's steps and the values in its path → the conditions that its rows meet. The chain of parents is part of them.

import { problem } from "../http/problem.js";
import type { Join, Route, Step } from "../routes/tree.js";
import { columnOf, type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import type { HeldTexts } from "./held-texts.js";
import { fromKeyText } from "./key-value.js";
import { fromSegment } from "./row-segment.js";
import type { Condition, ValueIndex } from "./terms.js";
import type { Values } from "./values.js";

/** What each step's path parameter says, as positions in the values: one a key column, in key order. */
export interface Path {
  readonly keys: readonly (readonly ValueIndex[] | undefined)[];
}

interface PathNames {
  readonly lookup: Lookup;
  /** Rows may be kept under other values than their address says by itself. */
  readonly held?: HeldTexts | undefined;
}

/** Types the parameters by their key columns. A value that no key can have is a row that is not there: 404. */
export function planPath(route: Route, params: readonly string[], { lookup, held }: PathNames, values: Values): Path {
  let next = 0;
  const keys = route.steps.map((step) => {
    if (step.param === undefined) return undefined;
    return keyValues(params[next++] as string, tableOf(lookup, step.table), held, values);
  });
  return { keys };
}

function keyValues(raw: string, entry: TableLookup, held: HeldTexts | undefined, values: Values): ValueIndex[] {
  const { table } = entry;
  const known = held?.rowOf(table.id, raw);
  if (known !== undefined) return known.map((value) => values.add(value));
  const parts = fromSegment(raw, table.primaryKey.length);
  const names = table.primaryKey.map((name) => fieldOf(columnOf(entry, name)));
  if (parts.length !== names.length) {
    throw problem(
      "not_found",
      `A row of ${entry.label} is named by ${names.length} values in this order: ${names.join(",")}. The address has ${parts.length}.`,
    );
  }
  return parts.map((part, i) => {
    const column = columnOf(entry, table.primaryKey[i] as string);
    const { typed, type } = fromKeyText(part, column.type);
    if (!typed.ok)
      throw problem(
        "not_found",
        `No row of ${entry.label} can have this address: ${fieldOf(column)} ${typed.message}.`,
      );
    return values.add({ value: typed.value, type });
  });
}

/** The conditions on the rows of step `index`; the last step when it is left out. */
export function pathConditions(route: Route, path: Path, lookup: Lookup, index = route.steps.length - 1): Condition[] {
  const step = route.steps[index] as Step;
  const { table } = tableOf(lookup, step.table);
  const own = equals(table.primaryKey, path.keys[index] ?? []);
  return step.join === undefined ? own : [...fromBefore(route, path, lookup, index, step.join), ...own];
}

/** The step before holds a row that this join reaches. */
function fromBefore(route: Route, path: Path, lookup: Lookup, index: number, join: Join): Condition[] {
  const source = route.steps[index - 1] as Step;
  const { table, hasPolicy, deleted } = tableOf(lookup, source.table);
  const ruled = hasPolicy || deleted !== undefined;
  const key = table.primaryKey;
  const keyValues = path.keys[index - 1];
  // The row before is known by its key alone, unless a rule says whether it is there: what refers to that key can be compared
  // with the path's own values.
  const direct = (references: readonly string[]) =>
    keyValues !== undefined && index === 1 && !ruled && references.every((name) => key.includes(name))
      ? references.map((name) => keyValues[key.indexOf(name)] as ValueIndex)
      : undefined;
  const where = () => pathConditions(route, path, lookup, index - 1);
  if (join.via === "link") {
    const near = direct(join.near.references);
    const linkWhere: Condition[] =
      near !== undefined
        ? equals(join.near.columns, near)
        : [
            {
              type: "within",
              columns: join.near.columns,
              table: source.table,
              select: join.near.references,
              where: where(),
            },
          ];
    return [
      { type: "within", columns: join.far.references, table: join.link, select: join.far.columns, where: linkWhere },
    ];
  }
  if (join.via === "parent") {
    return [{ type: "within", columns: join.references, table: source.table, select: join.columns, where: where() }];
  }
  const parent = join.enforced ? direct(join.references) : undefined;
  if (parent !== undefined) return equals(join.columns, parent);
  return [{ type: "within", columns: join.columns, table: source.table, select: join.references, where: where() }];
}

export const equals = (columns: readonly string[], indexes: readonly ValueIndex[]): Condition[] =>
  indexes.map((value, i) => ({ type: "compare", column: columns[i] as string, operator: "eq", value, key: true }));
