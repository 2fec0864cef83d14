// A type as a person writes it in a config map → what its values are: `varchar(40)`, `integer`, `decimal(10,2)`, `boolean`.
import type { ColumnType, MomentUnit, ValueKind } from "./schema.js";

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^bool/, "boolean"],
  [/^(big|small|tiny|medium)?(int|integer|serial)\d*\b|^year\b|^(big)?increments$/, "integer"],
  [/^(decimal|numeric|money|number)/, "decimal"],
  [/^(float|double|real)/, "float"],
  [/^(uuid|guid|uniqueidentifier)/, "uuid"],
  [/^(timestamptz|timestamp.* with time zone|datetimeoffset|instant)/, "instant"],
  [/^(timestamp|(small)?datetime)/, "datetime"],
  [/^date$/, "date"],
  // With a zone it is nothing that JSON or ISO 8601 has a plain form for.
  [/^time\b(?!.* with time zone)/, "time"],
  [/^json/, "json"],
  [/^((tiny|medium|long)?blob|bytea|binary|varbinary|image)/, "binary"],
  [/^(n?(var)?char|(n|tiny|medium|long)?text|string|clob|citext|character)/, "text"],
];

const bits: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  int2: 16,
  smallserial: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  int4: 32,
  serial: 32,
  increments: 32,
};

/** The type of a column written by hand; what is not known keeps any value as it comes. */
export function typeNamed(name: string | undefined): ColumnType {
  if (name === undefined) return { kind: "any", native: "" };
  const text = name.trim().toLowerCase();
  if (text.endsWith("[]")) return { kind: "array", native: name, element: typeNamed(text.replace(/(\[\])+$/, "")) };
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
  const [first, second] = (/\(([^)]*)\)/.exec(text)?.[1] ?? "").split(",").map((part) => Number.parseInt(part, 10));
  const known = first === undefined || Number.isNaN(first) ? undefined : first;
  if (kind === "datetime" || kind === "instant") return { kind, native: name, ...unitOf(text) };
  if (kind === "integer") return { kind, native: name, ...bounds(text) };
  if (kind === "decimal" && known !== undefined) return { kind, native: name, precision: known, scale: second ?? 0 };
  if ((kind === "text" || kind === "binary") && known !== undefined) return { kind, native: name, length: known };
  return { kind, native: name };
}

/** `datetime in seconds` is a number. */
function unitOf(text: string): { held?: MomentUnit } {
  const unit = / in (seconds|milliseconds|julian days)$/.exec(text)?.[1];
  return unit === undefined ? {} : { held: unit as MomentUnit };
}

/** `bigint` where it is not known better; `int unsigned` begins at 0 and goes twice as far. */
function bounds(text: string): { min: string; max: string } {
  const size = BigInt(bits[/^\w+/.exec(text)?.[0] ?? ""] ?? 64);
  if (/unsigned/.test(text)) return { min: "0", max: String(2n ** size - 1n) };
  const limit = 2n ** (size - 1n);
  return { min: String(-limit), max: String(limit - 1n) };
}
