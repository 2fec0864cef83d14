// A column's new type → the condition by which values do not fit it: SQLite itself takes any (https://sqlite.org/datatype3.html).
import type { ColumnType } from "../../schema/schema.js";
import { MOMENT } from "./statements.js";

/** Of what is not NULL; `c`: the column as it is copied, converted by its affinity. Nothing where all values fit. */
export function misfit(c: string, { kind, length, precision, scale = 0 }: ColumnType): string | undefined {
  switch (kind) {
    case "text":
    case "enum":
      return `typeof(${c}) <> 'text'${length === undefined ? "" : ` OR length(${c}) > ${length}`}`;
    case "integer":
      return `typeof(${c}) <> 'integer'`;
    case "decimal":
      return `typeof(${c}) NOT IN ('integer', 'real')${
        precision === undefined ? "" : ` OR abs(${c}) >= 1e${precision - scale} OR round(${c}, ${scale}) <> ${c}`
      }`;
    case "float":
      return `typeof(${c}) NOT IN ('integer', 'real')`;
    case "boolean":
      return `typeof(${c}) <> 'integer' OR ${c} NOT IN (0, 1)`;
    case "uuid":
      return `typeof(${c}) <> 'text' OR length(${c}) <> 36 OR replace(${c}, '-', '') GLOB '*[^0-9a-fA-F]*' OR length(replace(${c}, '-', '')) <> 32`;
    case "date":
      return `typeof(${c}) <> 'text' OR date(${c}) IS NOT ${c}`;
    case "time":
      return `typeof(${c}) <> 'text' OR ${c} NOT GLOB '[0-2][0-9]:[0-5][0-9]*' OR time(${c}) IS NULL`;
    case "datetime":
    case "instant":
      return `datetime(${MOMENT}(${c})) IS NULL OR typeof(${MOMENT}(${c})) <> 'text'`;
    case "json":
      return `NOT json_valid(${c}, 9)`;
    case "binary":
      return `typeof(${c}) <> 'blob'`;
    default:
      return undefined;
  }
}
