// What the published schemas say of a value is what the server says of it: a column of each kind, and any value a body may hold.

import { describe, expect, test } from "vitest";
import { writtenAs } from "../../src/openapi/column.js";
import { Components } from "../../src/openapi/components.js";
import { fromBody } from "../../src/plan/value.js";
import { parseText } from "../../src/request/body.js";
import type { ColumnType, ValueKind } from "../../src/schema/schema.js";
import { fc } from "../support/any.js";
import { schemasOf } from "../support/json-schema.js";

const type = (kind: ValueKind, more: Partial<ColumnType> = {}): ColumnType => ({ kind, native: kind, ...more });
const integer = (min: string, max: string) => type("integer", { min, max });

const int32 = integer("-2147483648", "2147483647");
const types: readonly ColumnType[] = [
  integer("-128", "127"),
  integer("-32768", "32767"),
  int32,
  integer("-9223372036854775808", "9223372036854775807"),
  integer("0", "255"),
  integer("0", "18446744073709551615"),
  integer("0", "2155"),
  type("decimal"),
  ...[
    [5, 2],
    [10, 0],
    [20, 4],
    [38, 10],
    [4, 4],
    [3, 5],
    [5, -2],
  ].map(([precision, scale]) => type("decimal", { precision, scale } as Partial<ColumnType>)),
  type("decimal", { significant: 15 }),
  type("decimal", { significant: 15, precision: 20, scale: 4 }),
  type("float"),
  type("boolean"),
  type("text"),
  type("text", { length: 5 }),
  type("uuid"),
  type("date"),
  type("time"),
  type("datetime"),
  type("instant"),
  type("json"),
  type("binary"),
  ...[0, 1, 2, 3, 4, 5].map((length) => type("binary", { length })),
  type("enum", { values: ["calm", "so-so", ""] }),
  type("array", { element: int32 }),
  type("array", { element: type("text", { length: 3 }) }),
  type("any"),
  type("other"),
];

const name = ({ kind, native: _, ...more }: ColumnType) => `${kind} ${JSON.stringify(more)}`;

/** Texts of about the right form: pieces of all the grammars, put together as they come. */
const pieces = [
  ...[
    "0",
    "1",
    "9",
    "00",
    "99",
    "999",
    "59",
    "2024",
    "0000",
    "127",
    "128",
    "255",
    "2147483647",
    "2147483648",
    "9223372036854775807",
  ],
  ...[
    "9223372036854775808",
    "18446744073709551615",
    "+",
    "-",
    ".",
    "e",
    "E+",
    "e2",
    ":",
    "T",
    "t",
    "Z",
    " ",
    "=",
    "==",
    "{",
    "}",
    ",",
  ],
  ...[
    "a",
    "f",
    "AAAA",
    "_",
    "/",
    "\u0000",
    "\ud800",
    "🌲",
    "calm",
    "true",
    "12:30",
    "24:00",
    "23:59:60",
    "-02-29",
    "-02-30",
    "-13-01",
  ],
  ...[
    "-12-31",
    "+18:00",
    "+18:01",
    "-0330",
    "+02",
    "0b9c5e1a-6f3d-4a63-9d0e-1f2a3b4c5d6e",
    "0b9c5e1a6f3d4a639d0e1f2a3b4c5d6e",
  ],
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join("")),
  fc.stringMatching(/^[+-]?[09]{0,8}(\.[0459]{0,8})?$/),
  fc.stringMatching(
    /^(19|20|00)\d\d-(0[0-9]|1[0-3])-[0-3]\d([Tt ][012]\d:[0-6]\d(:[0-6]\d(\.\d{0,10})?)? ?([Zz]|[+-][01]\d(:?[0-6]\d)?)?)?$/,
  ),
  fc.stringMatching(/^[012]\d:[0-6]\d(:[0-6]\d(\.\d{0,10})?)?$/),
  fc.stringMatching(/^[AZaz09+/_-]{0,9}={0,3}$/),
  fc.stringMatching(/^[{]?[0-9a-fA-F-]{30,38}[}]?$/),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.uuid(),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
);
const numbers = fc.oneof(
  fc.integer(),
  fc.integer({ min: -300, max: 300 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), fc.integer({ min: -10, max: 10 }))
    .map(([n, e]) => Number(`${n}e${e}`)),
  ...[5, 6, 9, 10, 16, 18, 19, 20, 37].map((digits) =>
    fc.constantFrom(10 ** digits, -(10 ** digits), 10 ** digits - 0.5),
  ),
  fc.constantFrom(
    0,
    1,
    -0,
    999.99,
    999.994,
    999.995,
    999.996,
    0.99994,
    0.99995,
    0.00999,
    0.009995,
    9999949,
    9999950,
    2 ** 53,
    2 ** 64,
  ),
);
const values: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: texts },
  { weight: 3, arbitrary: numbers },
  fc.boolean(),
  fc.array(fc.oneof(texts, numbers, fc.constant(null), fc.boolean()), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "increment"), fc.integer(), { maxKeys: 2 }),
);

/** A double itself cannot say these: whoever reads JSON's numbers as doubles takes others for them. */
function isBeyondDoubles(value: unknown, { kind, significant }: ColumnType): boolean {
  if (typeof value !== "number") return false;
  if (kind === "integer" && (Math.abs(value) === 2 ** 63 || value === 2 ** 64)) return true;
  return significant !== undefined && value.toExponential().replace(/e.*|\D/g, "").length > significant;
}

describe("a value in a body fits its published schema exactly where the server takes it", () => {
  test.each(types.map((of) => [name(of), of] as const))("%s", (_, of) => {
    const components = new Components();
    const schema = writtenAs(of, components);
    const schemas = schemasOf({ components: components.toJSON() });
    const [taken, refused] = [new Set<string>(), new Set<string>()];
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(!isBeyondDoubles(value, of));
        const text = JSON.stringify(value);
        const typed = fromBody(parseText(text), of);
        (typed.ok ? taken : refused).add(text);
        const fits = schemas.faults(schema, JSON.parse(text)) === undefined;
        expect(fits, `${text}: ${typed.ok ? "taken" : typed.message}`).toBe(typed.ok);
      }),
      { numRuns: 3000, examples: [["0.e2"]] },
    );
    // Both happen, or nothing would have been shown.
    expect(Math.min(taken.size, of.kind === "json" ? 1 : refused.size)).toBeGreaterThan(0);
  });
});
