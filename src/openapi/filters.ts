// A list's filters: a parameter for each column, with the operators that its kind takes and an example that fits it.
import { shownOperators } from "../request/operators.js";
import { parameters as reservedWords } from "../request/query.js";
import { isDocument } from "../schema/document.js";
import { type Column, type ColumnType, fieldOf, type ValueKind } from "../schema/schema.js";
import { isSharedParameter } from "./common-parameters.js";
import type { Components } from "./components.js";
import type { Described, Ground } from "./ground.js";
import { parameterApart, parameterName } from "./names.js";
import { described, type JsonSchema } from "./schema.js";

/** Names that mean something else in a query string: such a column is filtered inside `and=(…)`. */
const reserved: ReadonlySet<string> = new Set([...reservedWords, "and", "or", "not.and", "not.or"]);

/** References to the parameters, one a column. Columns that are filtered alike share one. */
export function filtersOf(of: Described, { components, filters, schemaNames }: Ground): readonly JsonSchema[] {
  let known = filters.get(of.resource.table);
  if (known === undefined) {
    const columns = of.readable.filter((column) => !reserved.has(fieldOf(column)));
    known = columns.map((column) =>
      components.same("parameters", filterName(column, schemaNames), filterOf(column, components)),
    );
    filters.set(of.resource.table, known);
  }
  return known;
}

const filterName = (column: Column, schemaNames: ReadonlySet<string>): string => {
  const name = parameterName(fieldOf(column));
  return isSharedParameter(name) ? `${name}_1` : parameterApart(name, schemaNames);
};

/** The columns that no parameter of their own can filter. */
export const hiddenByWords = ({ readable }: Described): string[] =>
  readable.map(fieldOf).filter((field) => reserved.has(field));

const filterOf = (column: Column, components: Components): JsonSchema =>
  described(
    {
      name: fieldOf(column),
      in: "query",
      allowReserved: true,
      schema: { ...schemaOf(column.type, components), examples: [exampleOf(column)] },
    },
    column.comment,
    sentenceOf(column),
  );

function sentenceOf(column: Column): string {
  const { type } = column;
  const values = type.kind === "enum" ? ` One of ${(type.values ?? []).join(", ")}.` : "";
  const places = isDocument(type) ? ` A place in it is filtered as \`${fieldOf(column)}->key=value\`.` : "";
  const search = column.fullText === undefined ? "" : " It has a full-text index: `fts:words`.";
  return `Filter, such as \`${exampleOf(column)}\`.${values}${places}${search}`;
}

interface Form {
  readonly name: string;
  readonly operators: string;
  /** Numbers and booleans may be sent as such. */
  readonly type?: string;
}

const equal = shownOperators("equality");
const ordered = shownOperators("equality", "order");

const number: Form = { name: "NumberFilter", operators: ordered, type: "number" };
const time: Form = { name: "TimeFilter", operators: ordered };
const text: Form = { name: "TextFilter", operators: shownOperators("equality", "order", "text", "member") };

const forms: Record<ValueKind, Form> = {
  integer: number,
  decimal: number,
  float: number,
  boolean: { name: "BooleanFilter", operators: equal, type: "boolean" },
  text,
  uuid: { name: "EqualityFilter", operators: equal },
  date: time,
  time,
  datetime: time,
  instant: time,
  json: {
    name: "JsonFilter",
    operators: "`contains:a,b` (an array that holds these), `overlaps:a,b` (one of these), `is:null`, `is:notnull`",
  },
  binary: { name: "EqualityFilter", operators: equal },
  enum: { name: "EqualityFilter", operators: equal },
  array: { name: "ArrayFilter", operators: shownOperators("member", "set") },
  any: text,
  other: text,
};

const range: Form = { name: "RangeFilter", operators: shownOperators("equality", "order", "member", "set") };

/** Names that tables' components must not take. */
export const filterComponents: readonly string[] = [...Object.values(forms), range].map(({ name }) => name);

function schemaOf(column: ColumnType, components: Components): JsonSchema {
  const { name, operators, type } = column.range === undefined ? forms[column.kind] : range;
  const one = { type: "string" };
  return components.ref("schemas", name, () => ({
    description: `An operator, \`:\` and a value: ${operators}. \`not.\` before an operator turns it round. Given several times, all of them hold. A value that begins as an operator does is written \`eq:lt:100\`; one with a comma stands in double quotes inside a list.`,
    anyOf: [one, ...(type === undefined ? [] : [{ type }]), { type: "array", items: one }],
  }));
}

/** A filter that the column takes. */
export function exampleOf({ type, nullable }: Column): string {
  const example = examples[type.kind]?.(type);
  return example ?? (nullable ? "is:notnull" : "not.is:null");
}

const examples: Partial<Record<ValueKind, (type: ColumnType) => string | undefined>> = {
  integer: () => "lt:100",
  decimal: () => "between:1,9",
  float: () => "gt:0.5",
  boolean: () => "true",
  text: () => "startswith:A",
  date: () => "gte:2024-02-29",
  time: () => "lt:12:30",
  datetime: () => "gte:2024-02-29T12:30:00",
  instant: () => "gte:2024-02-29T12:30:00Z",
  other: ({ range: bound }) => (bound === undefined ? undefined : `contains:${inRange(bound)}`),
  enum: ({ values = [] }) => (values.length === 0 ? undefined : `in:${values.slice(0, 2).map(quoted).join(",")}`),
};

const inRange = ({ kind }: ColumnType): string => {
  if (kind === "integer" || kind === "decimal") return "5";
  return kind === "date" ? "2024-02-29" : "2024-02-29T12:30:00";
};

const quoted = (value: string): string => (/[",\\]/.test(value) ? JSON.stringify(value) : value);
