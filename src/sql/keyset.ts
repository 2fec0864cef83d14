// A place in an order → the text that its rows are kept as, and the condition on those that stand behind it.
import { type Condition, isCountOf, type Sorting, type ValueIndex } from "../plan/terms.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { partsNulls, wholeOf } from "./nulls.js";
import type { Written } from "./operand.js";
import type { Writer } from "./writer.js";

/** What a row is sorted by, written anew each time. */
export type SortedBy = (sorting: Sorting) => Written;

/** A row's place as one JSON object: the values of the order's sortings, named by their number. */
export function placeText({ dialect }: Writer, order: readonly Sorting[], sortedBy: SortedBy): string {
  const fields = order.map((sorting, i) => {
    const { expression, type } = sortedBy(sorting);
    return { name: String(i), expression: dialect.position(expression, type).kept };
  });
  return dialect.jsonObject(fields);
}

/** One of the place's values, and what a row is compared with it by: written anew each time, for it may hold placeholders. */
interface Part {
  readonly value: ValueIndex | null;
  readonly descending: boolean;
  /** NULL can come behind a value. */
  readonly nullsBehind: boolean;
  is(what: "NULL" | "NOT NULL"): string;
  compare(sign: string): string;
  bound(): string;
}

/** `a >= 1 AND (a > 1 OR (a = 1 AND b > 2))`: what stands first says nothing new, but lets every planner begin at an index's place. */
export function afterText(
  writer: Writer,
  { order, values }: Extract<Condition, { type: "after" }>,
  entry: TableLookup,
  sortedBy: SortedBy,
): string {
  const parts = order.map((sorting, i): Part => {
    const value = values[i] as ValueIndex | null;
    const position = () => {
      const { expression, type } = sortedBy(sorting);
      return writer.dialect.position(expression, type);
    };
    return {
      value,
      descending: sorting.descending,
      nullsBehind: !sorting.nullsFirst && isNullable(sorting, entry, writer),
      is: (what) => {
        const { expression, type } = sortedBy(sorting);
        return `${wholeOf(writer, writer.dialect.position(expression, type).compared, type)} IS ${what}`;
      },
      compare: (sign) => {
        const { compared, type } = position();
        return `${compared} ${sign} ${writer.put(value as ValueIndex, type)}`;
      },
      bound: () => {
        const { compared, type, bound } = position();
        const sign = sorting.descending ? "<=" : ">=";
        const put = () => writer.put(value as ValueIndex, type);
        return bound?.(sign, put) ?? `${compared} ${sign} ${put()}`;
      },
    };
  });
  const [first] = parts;
  if (first === undefined) throw new Error("an order without a column has no places");
  const bounded = parts.length > 1 && first.value !== null && !first.nullsBehind;
  const bound = bounded ? `${first.bound()} AND ` : "";
  return bound + behind(parts);
}

function behind([part, ...rest]: readonly Part[]): string {
  if (part === undefined) return "1 = 0";
  if (rest.length === 0) return beyond(part);
  if (part.value === null && part.nullsBehind) return `${part.is("NULL")} AND (${behind(rest)})`;
  const more = beyond(part);
  const same = part.value === null ? part.is("NULL") : part.compare("=");
  return `(${more} OR (${same} AND ${behind(rest)}))`;
}

function beyond(part: Part): string {
  if (part.value === null) return part.nullsBehind ? "1 = 0" : part.is("NOT NULL");
  const more = part.compare(part.descending ? "<" : ">");
  return part.nullsBehind ? `(${more} OR ${part.is("NULL")})` : more;
}

/** As `sortedValue` says it, without writing it. */
function isNullable(sorting: Sorting, entry: TableLookup, { dialect }: Writer): boolean {
  const { column, through = [], missing } = sorting;
  if (missing) return false;
  if (through.length === 0 && isCountOf(column)) return false;
  if (through.length > 0 || typeof column !== "string") return true;
  const { nullable, showsNull, type } = columnOf(entry, column);
  return nullable || showsNull === true || (partsNulls(sorting) && dialect.present?.("", type) !== undefined);
}
