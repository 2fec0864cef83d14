// A table that is and one that is wanted → the steps from one to the other, and what differs and cannot be changed.
import type { Definition } from "../dialect/parts/definition.js";
import type { Column, ColumnType, ForeignKey, Table } from "../schema/schema.js";
import { isPossibleDefault, sameDefault } from "./default-value.js";
import type { ColumnPart, DefinitionStep } from "./step.js";

export interface Differences {
  readonly steps: readonly DefinitionStep[];
  /** Sentences without their end. */
  readonly notes: readonly string[];
}

/** `drop`: what is not wanted goes. */
export function tableDifferences(is: Table, wanted: Table, definition: Definition, drop: boolean): Differences {
  const columns = columnDifferences(is, wanted, definition);
  const gone = goneSteps(is, wanted);
  return {
    steps: [
      ...(drop ? gone.filter((step) => step.do !== "drop column") : []),
      ...columns.steps,
      ...primaryKeySteps(is, wanted),
      ...keySteps(is, wanted),
      ...commentSteps(is, wanted, definition),
      ...(drop ? gone.filter((step) => step.do === "drop column") : []),
    ],
    notes: [
      ...columns.notes,
      ...(drop || gone.length === 0 ? [] : [`${is.id} keeps what is not wanted: ${gone.map(nameOf).join(", ")}`]),
    ],
  };
}

const nameOf = (step: DefinitionStep): string => {
  if (step.do === "drop column") return step.column.name;
  if (step.do === "drop index") return `the index (${step.index.columns.join(", ")})`;
  if (step.do === "drop unique") return `the unique key (${step.key.columns.join(", ")})`;
  return step.do === "drop foreign key" ? `the foreign key (${step.key.columns.join(", ")})` : step.table.id;
};

const sameList = (one: readonly string[], other: readonly string[]): boolean => one.join("\0") === other.join("\0");

/** Is the column in a key or an index? */
export const isKeyed = ({ primaryKey, uniqueKeys, foreignKeys, indexes = [] }: Table, name: string): boolean =>
  [primaryKey, ...[...uniqueKeys, ...foreignKeys, ...indexes].map(({ columns }) => columns)].some((columns) =>
    columns.includes(name),
  );

function columnDifferences(is: Table, wanted: Table, definition: Definition): Differences {
  const known = new Map(is.columns.map((column) => [column.name, column]));
  const steps = wanted.columns.flatMap((column): DefinitionStep[] => {
    const from = known.get(column.name);
    const keyed = isKeyed(wanted, column.name);
    if (from === undefined) return [{ do: "add column", table: is, column, keyed }];
    const parts = from.generated || from.identity ? [] : columnParts(from, column, definition, keyed);
    return parts.length === 0 ? [] : [{ do: "change column", table: is, from, to: column, parts, keyed }];
  });
  const numbered = wanted.columns.filter((column) => known.get(column.name)?.identity === !column.identity);
  return {
    steps,
    notes: numbered.map(
      ({ name, identity }) => `${is.id}.${name} ${identity ? "cannot become" : "stays"} one that the database numbers`,
    ),
  };
}

function columnParts(from: Column, to: Column, definition: Definition, keyed: boolean): ColumnPart[] {
  return [
    ...(sameType(from.type, to.type, definition, keyed) ? [] : (["type"] as const)),
    ...(from.nullable === to.nullable ? [] : (["not null"] as const)),
    ...(keepsDefault(from, to, definition, keyed) ? [] : (["default"] as const)),
    ...(keepsComment(from, to, definition) ? [] : (["comment"] as const)),
  ];
}

const keepsDefault = (from: Column, to: Column, definition: Definition, keyed: boolean): boolean =>
  !isPossibleDefault(to, definition, keyed) || sameDefault({ ...from, type: to.type }, to);

/** What says no comment leaves the one that is there. */
const keepsComment = (from: Pick<Column, "comment">, to: Pick<Column, "comment">, { comments }: Definition): boolean =>
  comments === undefined || to.comment === undefined || to.comment === from.comment;

/** By the name that the database would have for it, or by what its values are. */
function sameType(is: ColumnType, wanted: ColumnType, definition: Definition, keyed: boolean): boolean {
  const plain = definition.plainName(is.native);
  return (
    plain === definition.plainName(wanted.native) ||
    plain === definition.plainName(definition.typeName(wanted, keyed)) ||
    sameValues(is, wanted)
  );
}

const sameValues = (is: ColumnType, wanted: ColumnType): boolean =>
  is.kind === wanted.kind &&
  (["min", "max", "length", "precision"] as const).every((part) => is[part] === wanted[part]) &&
  (is.kind !== "decimal" || is.scale === wanted.scale);

function keySteps(is: Table, wanted: Table): DefinitionStep[] {
  const hasKey = (columns: readonly string[]) => is.uniqueKeys.some((key) => sameSet(key.columns, columns));
  const hasIndex = (columns: readonly string[]) => is.indexes?.some((index) => sameList(index.columns, columns));
  const other = (key: ForeignKey) => is.foreignKeys.find((own) => sameList(own.columns, key.columns));
  return [
    ...wanted.uniqueKeys
      .filter(({ columns }) => !hasKey(columns) && !sameSet(columns, is.primaryKey))
      .map((key) => ({ do: "add unique" as const, table: is, key })),
    ...(wanted.indexes ?? [])
      .filter(({ columns }) => !hasIndex(columns))
      .map((index) => ({ do: "add index" as const, table: is, index })),
    ...wanted.foreignKeys.flatMap((key): DefinitionStep[] => {
      const own = other(key);
      if (own !== undefined && sameForeignKey(own, key)) return [];
      const dropped: DefinitionStep[] = own === undefined ? [] : [{ do: "drop foreign key", table: is, key: own }];
      return [...dropped, { do: "add foreign key", table: is, key }];
    }),
  ];
}

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  sameList([...one].sort(), [...other].sort());

const sameForeignKey = (one: ForeignKey, other: ForeignKey): boolean =>
  one.table === other.table &&
  sameList(one.references, other.references) &&
  (one.onDelete ?? "restrict") === (other.onDelete ?? "restrict") &&
  (one.onUpdate ?? "restrict") === (other.onUpdate ?? "restrict");

const commentSteps = (is: Table, wanted: Table, definition: Definition): DefinitionStep[] =>
  keepsComment(is, wanted, definition) ? [] : [{ do: "comment table", table: is, comment: wanted.comment ?? "" }];

const primaryKeySteps = (is: Table, wanted: Table): DefinitionStep[] =>
  sameList(is.primaryKey, wanted.primaryKey)
    ? []
    : [{ do: "change primary key", table: is, from: is.primaryKey, to: wanted.primaryKey }];

/** What is there and not wanted. An index that a foreign key needs stays. */
function goneSteps(is: Table, wanted: Table): DefinitionStep[] {
  const lists = (keys: readonly { readonly columns: readonly string[] }[]) => keys.map(({ columns }) => columns);
  const isWanted = (columns: readonly string[], among: readonly (readonly string[])[]) =>
    among.some((other) => sameList(other, columns));
  const unique = wanted.uniqueKeys.map(({ columns }) => [...columns].sort());
  return [
    ...is.foreignKeys
      .filter(({ columns }) => !isWanted(columns, lists(wanted.foreignKeys)))
      .map((key) => ({ do: "drop foreign key" as const, table: is, key })),
    ...(is.indexes ?? [])
      .filter(({ columns }) => !isWanted(columns, lists([...(wanted.indexes ?? []), ...is.foreignKeys])))
      .map((index) => ({ do: "drop index" as const, table: is, index })),
    ...is.uniqueKeys
      .filter(({ columns }) => !isWanted([...columns].sort(), [...unique, [...wanted.primaryKey].sort()]))
      .map((key) => ({ do: "drop unique" as const, table: is, key })),
    ...is.columns
      .filter(({ name }) => !wanted.columns.some((column) => column.name === name))
      .map((column) => ({ do: "drop column" as const, table: is, column })),
  ];
}
