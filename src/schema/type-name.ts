// A type as a person writes it in a config map → what its values are: `varchar(40)`, `integer`, `decimal(10,2)`, `boolean`.
import type { ColumnType, ValueKind } from "./schema.js";

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^bool/, "boolean"],
  [/^(big|small|tiny|medium)?(int|serial)|^integer|^year$/, "integer"],
  [/^(decimal|numeric|money|number)/, "decimal"],
  [/^(float|double|real)/, "float"],
  [/^(uuid|guid|uniqueidentifier)/, "uuid"],
  [/^(timestamptz|timestamp with time zone|datetimeoffset|instant)/, "instant"],
  [/^(timestamp|datetime)/, "datetime"],
  [/^date$/, "date"],
  [/^time/, "time"],
  [/^json/, "json"],
  [/^(blob|bytea|binary|varbinary|image)/, "binary"],
  [/^(n?(var)?char|n?text|string|clob|citext|character)/, "text"],
];

const bounds: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  int2: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  int4: 32,
  serial: 32,
};

/** The type of a column written by hand; what is not known keeps any value as it comes. */
export function typeNamed(name: string | undefined): ColumnType {
  if (name === undefined) return { kind: "any", native: "" };
  const text = name.trim().toLowerCase();
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
  const [first, second] = (/\(([^)]*)\)/.exec(text)?.[1] ?? "").split(",").map((part) => Number.parseInt(part, 10));
  const known = first === undefined || Number.isNaN(first) ? undefined : first;
  if (kind === "integer") {
    const bits = bounds[text.replace(/\(.*/, "").trim()] ?? 64;
    const limit = 2n ** BigInt(bits - 1);
    return { kind, native: name, min: String(-limit), max: String(limit - 1n) };
  }
  if (kind === "decimal" && known !== undefined) return { kind, native: name, precision: known, scale: second ?? 0 };
  if ((kind === "text" || kind === "binary") && known !== undefined) return { kind, native: name, length: known };
  return { kind, native: name };
}
