// A column's expression → the contract's form of its value (contract 3.3), within JSON and as a plain column.
import { isOfComposites } from "../../schema/document.js";
import type { ColumnType, TypeField } from "../../schema/schema.js";
import { isBig } from "../big-numbers.js";
import { quote } from "../standard.js";
import type { PlainColumn } from "../statement-parts.js";
import { asWkt } from "./geometry.js";

/** A type that has no form in JSON, as text. */
export const otherText = (c: string, type: ColumnType): string =>
  type.geometry === undefined ? asText(c) : asWkt(c, type);

export const asText = (expression: string): string => `CAST(${expression} AS text)`;

export function json(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
      // row_to_json knows oid for no number.
      return type.native === "oid" ? `${c}::int8` : c;
    case "decimal":
      return type.native === "money" ? `${c}::numeric` : c;
    case "text":
      // The padding of char(n) goes with the cast.
      return /^(character|bpchar|char)\b(?! varying)/.test(type.native) ? asText(c) : c;
    case "instant":
      // A knex instance that was handed in has a session's zone of its own.
      return `CASE WHEN isfinite(${c}) THEN replace((to_json(${c} AT TIME ZONE 'UTC') #>> '{}') || '+00:00', ' BC+00:00', '+00:00 BC') ELSE ${asText(c)} END`;
    case "binary":
      return `translate(encode(${c}, 'base64'), E'\\n', '')`;
    case "array":
      return arrayJson(c, type.element);
    case "other":
      return type.fields === undefined ? otherText(c, type) : partsJson(c, type.fields, json);
    default:
      return c;
  }
}

/** A composite value, or an array of such, as one JSON document. */
export const documentOf = (c: string, type: ColumnType): string => `to_json(${json(c, type)})`;

/** `Dialect.shownText`. As JSON a date is of ISO 8601, however the session shows it. */
export function shownText(c: string, type: ColumnType): string {
  const { kind } = type;
  if (isOfComposites(type)) return asText(documentOf(c, type));
  return kind === "date" || kind === "time" || kind === "datetime" ? `(to_json(${c}) #>> '{}')` : asText(json(c, type));
}

/** What a text spells whatever it is of; the rest as JSON, also what only a schema takes for it. */
export function plain(c: string, type: ColumnType, digits: boolean): PlainColumn {
  // A number alone is sent as its digits anyway.
  const expression = digits && !isNumber(type) ? jsonDigits(c, type) : json(c, type);
  if (type.fields !== undefined) return { expression: `to_json(${expression})`, form: "json" };
  switch (type.kind) {
    case "integer":
    case "decimal":
    case "float":
      return { expression, form: digits ? "string" : "number" };
    case "boolean":
      return { expression, form: "boolean" };
    case "text":
    case "enum":
    case "uuid":
    case "time":
    case "instant":
    case "binary":
    case "other":
      return { expression, form: "string" };
    default:
      return { expression: `to_json(${expression})`, form: "json" };
  }
}

const isNumber = ({ kind }: ColumnType): boolean => kind === "integer" || kind === "decimal" || kind === "float";

type AsJson = (c: string, type: ColumnType) => string;

/** `Dialect.jsonDigits`. */
export function jsonDigits(c: string, type: ColumnType): string {
  const { kind, fields, element } = type;
  if (fields !== undefined) return partsJson(c, fields, digitsOf);
  if (element?.fields !== undefined) return itemsJson(c, element, digitsOf);
  if (kind !== "array") return asText(json(c, type));
  return element?.native === "money" ? `${c}::numeric[]::text[]` : `${c}::text[]`;
}

const digitsOf: AsJson = (c, type) => (isBig(type) ? jsonDigits(c, type) : json(c, type));

function arrayJson(c: string, element: ColumnType | undefined): string {
  if (element?.native === "money") return `${c}::numeric[]`;
  if (element?.kind === "binary") return bytesJson(c);
  if (element?.fields !== undefined) return itemsJson(c, element, json);
  // An element that `json` would touch: as text, which is what `json` does to most of them.
  return element && element.kind !== "instant" && json("", element) !== "" ? `${c}::text[]` : c;
}

/**
 * A composite value as an object of its parts. As it stands, where the database shows each of them so. `IS NULL` is true of one whose
 * parts are NULL as well, which IS DISTINCT FROM NULL tells from none (manual: functions-comparison). It is made once for all parts.
 */
function partsJson(c: string, fields: readonly TypeField[], asJson: AsJson): string {
  if (fields.every(({ type }) => asJson("", type) === "")) return c;
  const parts = fields.map(({ name, type }) => `${asJson(`(o.v).${quote(name)}`, type)} AS ${quote(name)}`);
  return `(SELECT CASE WHEN o.v IS DISTINCT FROM NULL THEN (SELECT row_to_json(p.*) FROM (SELECT ${parts.join(", ")}) p) END FROM (SELECT ${c} AS v OFFSET 0) o)`;
}

/** The elements of an array of composites. One of several dimensions is shown as the database shows it. */
function itemsJson(c: string, element: ColumnType, asJson: AsJson): string {
  const item = asJson("i.v", element);
  if (item === "i.v") return c;
  return `(SELECT CASE WHEN array_ndims(a.v) > 1 THEN to_json(a.v) WHEN a.v IS NOT NULL THEN (SELECT coalesce(json_agg(${item}), '[]') FROM (SELECT unnest(a.v) AS v) i) END FROM (SELECT ${c} AS v OFFSET 0) a)`;
}

/** Its JSON, with base64 in the place of each text in it: whatever dimensions it has, and however the session shows bytes. */
const bytesJson = (c: string): string =>
  `(SELECT string_agg(CASE WHEN t[1] LIKE '"%' THEN to_json(translate(encode((t[1]::json #>> '{}')::bytea, 'base64'), E'\\n', ''))::text ELSE t[1] END, '' ORDER BY n)::json FROM regexp_matches(to_json(${c})::text, E'"(?:[^"\\\\\\\\]|\\\\\\\\.)*"|[^"]+', 'g') WITH ORDINALITY m(t, n))`;
