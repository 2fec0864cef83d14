// Values as other types (functions/try-cast-transact-sql): there are no regular expressions before 2025.
import type { ColumnType } from "../../schema/schema.js";
import type { CastPart, TextForm } from "../parts/casts.js";
import { asText, jsonText } from "./json.js";

const DIGIT = "[0-9]";
const DAY = `${DIGIT.repeat(4)}-${DIGIT.repeat(2)}-${DIGIT.repeat(2)}`;

const isNumber = (text: string, native: string): string =>
  `(${text} LIKE '[-0-9]%' AND ${text} NOT LIKE '%[^-0-9.]%' AND ${text} NOT LIKE '%.' AND ${text} NOT LIKE '0[0-9]%' AND ${text} NOT LIKE '-0[0-9]%' AND ${text} NOT LIKE '-.%' AND TRY_CAST(${text} AS ${native}) IS NOT NULL)`;
/** Style 23 is of ISO 8601. */
const isDay = (text: string): string => `(${text} LIKE '${DAY}' AND TRY_CONVERT(date, ${text}, 23) IS NOT NULL)`;
const isClock = (text: string): string =>
  `(${text} LIKE '[0-2][0-9]:[0-5][0-9]%' AND ${text} NOT LIKE '%[^0-9:.]%' AND TRY_CAST(${text} AS time(7)) IS NOT NULL)`;
const isMoment = (text: string): string => {
  const clock = `REPLACE(REPLACE(SUBSTRING(${text}, 12, 40), '+00:00', ''), 'Z', '')`;
  return `(${text} LIKE '${DAY}[T ]%' AND ${isDay(`LEFT(${text}, 10)`)} AND ${isClock(clock)})`;
};
const isOne = (text: string, words: string): string => `LOWER(${text}) IN (${words})`;

const forms: Readonly<Record<TextForm, (text: string) => string>> = {
  number: (text) => isNumber(text, "decimal(38, 10)"),
  whole: (text) => isNumber(text, "decimal(18, 0)"),
  day: isDay,
  clock: isClock,
  moment: isMoment,
  true: (text) => isOne(text, "'1', 't', 'true', 'yes', 'on'"),
  false: (text) => isOne(text, "'0', 'f', 'false', 'no', 'off'"),
};

/** What a JSON string holds that has no escapes, and texts themselves. */
function shownText(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
    case "decimal":
    case "float":
    case "boolean":
      return jsonText(c, type);
    case "uuid":
    case "date":
    case "time":
    case "datetime":
    case "instant":
    case "binary":
      return `REPLACE(${jsonText(c, type)}, '"', '')`;
    default:
      return /^n?char\(/i.test(type.native) ? `RTRIM(${c})` : asText(c, type);
  }
}

export const castPart: CastPart = {
  shownText,
  hasForm: (text, form) => forms[form](text),
  numberOf: (text, form) =>
    form === "number"
      ? {
          expression: `TRY_CAST(${text} AS decimal(38, 10))`,
          type: { kind: "decimal", native: "decimal(38, 10)", precision: 38, scale: 10 },
        }
      : {
          expression: `CAST(TRY_CAST(LEFT(${text}, CHARINDEX('.', ${text} + '.') - 1) AS decimal(18, 0)) AS bigint)`,
          type: { kind: "integer", native: "bigint" },
        },
  truthValue: (is) => `CAST(${is ? 1 : 0} AS bit)`,
};
