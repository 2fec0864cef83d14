// A column → the JSON Schemas of its values: as answers show them, and as bodies may write them.
import { isBig } from "../dialect/big-numbers.js";
import {
  BASE64,
  DATE,
  DATE_TIME,
  decimals,
  integersBetween,
  TEXT_PATTERN,
  TIME,
  UUID,
  whole,
} from "../plan/value-patterns.js";
import type { BitString, ColumnType, TypeField, ValueKind } from "../schema/schema.js";
import type { Components } from "./components.js";
import { geoJsonGeometry } from "./geojson.js";
import { type JsonSchema, orNull } from "./schema.js";

export type BigNumbers = "number" | "string";

/** What answers show. */
export function shownAs(type: ColumnType, bigNumbers: BigNumbers): JsonSchema {
  if (bigNumbers === "string" && type.fields === undefined && type.kind !== "array" && isBig(type))
    return { type: "string" };
  return shown[type.kind](type, bigNumbers);
}

const text: JsonSchema = { type: "string" };

const shown: Record<ValueKind, (type: ColumnType, bigNumbers: BigNumbers) => JsonSchema> = {
  integer: (type) => ({ type: "integer", format: integerFormat(type) }),
  decimal: () => ({ type: "number" }),
  float: () => ({ type: "number", format: "double" }),
  boolean: () => ({ type: "boolean" }),
  text: ({ length }) => ({ ...text, ...(length === undefined ? {} : { maxLength: length }) }),
  uuid: () => ({ ...text, format: "uuid" }),
  date: () => ({ ...text, format: "date" }),
  // RFC 3339's `time` and `date-time` have a zone, and these have none: OpenAPI's registry has a format for each.
  time: () => ({ ...text, format: "time-local" }),
  datetime: () => ({ ...text, format: "date-time-local" }),
  instant: () => ({ ...text, format: "date-time" }),
  json: () => ({}),
  binary: () => ({ ...text, contentEncoding: "base64" }),
  enum: ({ values = [] }) => ({ ...text, enum: values }),
  array: ({ element, dimensions }, bigNumbers) =>
    nested(orNull(shownAs(element as ColumnType, bigNumbers)), dimensions),
  any: () => ({ type: ["string", "number", "null"] }),
  other: ({ geometry, fields }, bigNumbers) => {
    if (fields !== undefined)
      return { ...objectOf(fields, (one) => shownAs(one, bigNumbers)), required: fields.map(({ name }) => name) };
    return geometry === undefined ? text : { ...text, examples: ["POINT(8.5 47.4)"] };
  },
};

const objectOf = (fields: readonly TypeField[], schemaOf: (type: ColumnType) => JsonSchema): JsonSchema => ({
  type: "object",
  properties: Object.fromEntries(fields.map(({ name, type }) => [name, orNull(schemaOf(type))])),
  additionalProperties: false,
});

/** As OpenAPI's registry calls it. */
function integerFormat({ min = "0", max = "9223372036854775807" }: ColumnType): string {
  const within = (bits: bigint) => BigInt(min) >= -(2n ** (bits - 1n)) && BigInt(max) < 2n ** (bits - 1n);
  return within(32n) ? "int32" : within(64n) ? "int64" : "uint64";
}

/** What bodies may write: the same judgement as `fromJson`'s. Null is the column's affair. */
export function writtenAs(type: ColumnType, components: Components): JsonSchema {
  const schema = written[type.kind](type, components);
  return type.also === undefined ? schema : { anyOf: [schema, { type: "string", pattern: type.also }] };
}

/** Arrays of arrays, as deep as the column is declared. */
const nested = (items: JsonSchema, dimensions = 1): JsonSchema =>
  dimensions === 1 ? { type: "array", items } : { type: "array", items: nested(items, dimensions - 1) };

const shared =
  (name: string, description: string, schema: JsonSchema) =>
  (_: ColumnType, components: Components): JsonSchema =>
    components.ref("schemas", name, () => ({ ...schema, description }));

const moment = shared(
  "WrittenDateTime",
  "A date and time (ISO 8601), as `2024-02-29T12:30:00`, `2024-02-29T12:30:00.25Z` or `2024-02-29 12:30+02:00`; a date alone is its midnight. Where the column has no zone it is brought to UTC.",
  { type: "string", pattern: whole(DATE_TIME), examples: ["2024-02-29T12:30:00"] },
);

const written: Record<ValueKind, (type: ColumnType, components: Components) => JsonSchema> = {
  integer: writtenInteger,
  decimal: writtenDecimal,
  float: (_, components) =>
    components.ref("schemas", "WrittenFloat", () => ({
      description: "A number, or its digits as text.",
      anyOf: [
        { type: "number", format: "double" },
        { type: "string", pattern: String.raw`^[+\-]?(?:0*\d{1,308}(?:\.\d*)?|\.\d+)$` },
      ],
    })),
  boolean: () => ({ type: ["boolean", "integer"], enum: [true, false, 0, 1] }),
  text: ({ length }) => ({
    type: "string",
    ...(length === undefined ? {} : { maxLength: length }),
    pattern: TEXT_PATTERN,
  }),
  uuid: shared("WrittenUuid", "A UUID, its hyphens optional.", {
    type: "string",
    pattern: UUID,
    examples: ["123e4567-e89b-12d3-a456-426614174000"],
  }),
  date: () => ({ type: "string", format: "date", pattern: whole(DATE) }),
  time: shared("WrittenTime", "A time of day (ISO 8601), as `12:30` or `12:30:00.25`.", {
    type: "string",
    pattern: whole(TIME),
    examples: ["12:30:00"],
  }),
  datetime: moment,
  instant: moment,
  json: () => ({ type: ["object", "array", "string", "number", "boolean"], items: {} }),
  binary: ({ length }) => ({
    type: "string",
    contentEncoding: "base64",
    pattern: length === undefined ? BASE64 : BASE64.replace("^", `^(?=[^=]{0,${Math.floor((4 * length + 2) / 3)}}=*$)`),
  }),
  enum: ({ values = [] }) => ({ type: "string", enum: values }),
  array: ({ element, dimensions }, components) =>
    nested(orNull(writtenAs(element as ColumnType, components)), dimensions),
  any: () => ({ type: ["string", "number", "boolean"], pattern: TEXT_PATTERN }),
  other: (type, components) => {
    const { geometry, fields, bits } = type;
    if (geometry !== undefined) return writtenGeometry(type, components);
    if (fields !== undefined)
      return {
        anyOf: [objectOf(fields, (one) => writtenAs(one, components)), { type: "string", pattern: TEXT_PATTERN }],
      };
    if (bits !== undefined) return { type: "string", pattern: bitPattern(bits) };
    return { type: ["string", "number"], pattern: TEXT_PATTERN };
  },
};

const bitPattern = ({ least = 0, most }: BitString): string => `^[01]{${least},${most ?? ""}}$`;

const writtenGeometry = (_: ColumnType, components: Components): JsonSchema =>
  components.ref("schemas", "WrittenGeometry", () => ({
    description:
      "A geometry as well-known text, or as GeoJSON (RFC 7946): of the column's shape, in its reference system, x (the longitude) first.",
    anyOf: [
      { type: "string", pattern: TEXT_PATTERN, examples: ["POINT(8.5 47.4)"] },
      components.ref("schemas", "GeoJsonGeometry", () => geoJsonGeometry),
    ],
  }));

function writtenInteger(type: ColumnType, components: Components): JsonSchema {
  const { min = "-9223372036854775808", max = "9223372036854775807" } = type;
  const make = () => ({
    description: `A whole number from ${min} to ${max}, or its digits as text.`,
    anyOf: [
      { type: "integer", format: integerFormat({ ...type, min, max }), minimum: Number(min), maximum: Number(max) },
      { type: "string", pattern: integersBetween(min, max) },
    ],
  });
  const name = integerNames.get(`${min} ${max}`);
  return name === undefined ? make() : components.ref("schemas", name, make);
}

const integerNames: ReadonlyMap<string, string> = new Map(
  [8n, 16n, 24n, 32n, 64n].flatMap((bits) => [
    [`${-(2n ** (bits - 1n))} ${2n ** (bits - 1n) - 1n}`, `WrittenInt${bits}`],
    [`0 ${2n ** bits - 1n}`, `WrittenUInt${bits}`],
  ]),
);

function writtenDecimal(type: ColumnType, components: Components): JsonSchema {
  const { precision, scale = 0, significant } = type;
  const room = precision === undefined ? "" : `, of ${precision} digits, ${scale} of them behind the point`;
  const kept = significant === undefined ? "" : `; ${significant} significant digits are kept, and more are refused`;
  const name = ["WrittenDecimal", precision, precision === undefined ? undefined : scale, significant && "Kept"];
  return components.ref(
    "schemas",
    name
      .filter((part) => part !== undefined)
      .join("_")
      .replace("-", "minus"),
    () => ({
      description: `A number${room}, or its digits as text${kept}.`,
      anyOf: [
        { type: "number", ...bounds(precision, scale) },
        { type: "string", maxLength: 1100, pattern: decimals(type) },
      ],
    }),
  );
}

/** What still has room when it is rounded. */
function bounds(precision: number | undefined, scale: number): JsonSchema {
  if (precision === undefined || precision - scale > 308) return {};
  const bound = Number(`${"9".repeat(precision)}.5e${-scale}`);
  return { exclusiveMinimum: -bound, exclusiveMaximum: bound };
}

/** Names that tables' components must not take. */
export const columnComponents: readonly string[] = [
  "WrittenDateTime",
  "WrittenFloat",
  "WrittenDecimal",
  "WrittenUuid",
  "WrittenTime",
  "WrittenGeometry",
  "GeoJsonGeometry",
  "GeoJsonFeature",
  "GeoJsonFeatureCollection",
  ...integerNames.values(),
];
