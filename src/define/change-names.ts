// The columns that a change of a table names → nothing, or a `ConfigError`: each is there, or is not there yet, and stands once.
import { ConfigError } from "../base/config-error.js";
import { unknownColumn } from "../schema/require-columns.js";
import type { Table } from "../schema/schema.js";
import { CHANGE, type TableChange } from "./entry-form.js";
import { checkName } from "./names.js";

/** A column's name, and its place in the change. */
interface Named {
  readonly name: string;
  readonly place: string;
}

/** Throws `ConfigError`. `shown`: what of the table whoever asks may know. */
export function checkChange(change: TableChange, is: Table, shown: Table): void {
  const { standing, coming } = namesIn(change);
  for (const { name, place } of standing) {
    if (!shown.columns.some((column) => column.name === name)) throw unknownColumn(place, name, shown);
    checkName(name, place);
  }
  for (const { name, place } of coming) {
    checkName(name, place);
    if (is.columns.some((column) => sameName(column.name, name)))
      throw new ConfigError(place, `${is.id} has a column '${name}' already.`);
  }
  refuseTwice(standing);
  refuseTwice(coming);
  refuseKeyless(change, is);
}

function namesIn({ add, change, rename, drop }: TableChange): Readonly<Record<"standing" | "coming", Named[]>> {
  const renamings = Object.entries(rename);
  return {
    standing: [
      ...change.map(({ name }, i) => ({ name, place: `${CHANGE}.change[${i}].name` })),
      ...renamings.map(([name]) => ({ name, place: `${CHANGE}.rename.${name}` })),
      ...drop.map((name, i) => ({ name, place: `${CHANGE}.drop[${i}]` })),
    ],
    coming: [
      ...add.map(({ name }, i) => ({ name, place: `${CHANGE}.add[${i}].name` })),
      ...renamings.map(([from, name]) => ({ name, place: `${CHANGE}.rename.${from}` })),
    ],
  };
}

/** Some databases take names in any case for the same. */
const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function refuseTwice(names: readonly Named[]): void {
  const twice = names.find(({ name }, i) => names.findIndex((other) => sameName(other.name, name)) !== i);
  if (twice !== undefined)
    throw new ConfigError(twice.place, `${twice.name} stands twice: a change does one thing with a column.`);
}

function refuseKeyless({ drop, add, primaryKey: key }: TableChange, { id, primaryKey: now, columns }: Table): void {
  const primaryKey = key ?? now;
  const keyed = drop.findIndex((name) => primaryKey.includes(name));
  if (keyed !== -1)
    throw new ConfigError(`${CHANGE}.drop[${keyed}]`, `${drop[keyed]} is of the key of ${id}, which stays.`);
  if (drop.length === columns.length && add.length === 0)
    throw new ConfigError(`${CHANGE}.drop`, `${id} would have no column left. DELETE drops the table.`);
}
