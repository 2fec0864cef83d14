// A value as another type. What the text that JSON shows of it does not say in that type is NULL.
import type { Dialect } from "../dialect/dialect.js";
import type { Aggregated as Typed } from "../dialect/statement-parts.js";
import { castTypes } from "../plan/casts.js";
import type { CastOf } from "../plan/terms.js";
import type { Cast } from "../request/casts.js";
import type { ColumnType, ValueKind } from "../schema/schema.js";

export function castText(dialect: Dialect, { cast }: CastOf, { expression, type }: Typed): Typed {
  if (isSuch(cast, type)) return { expression, type };
  return made[cast](dialect, dialect.shownText(expression, type), type);
}

/** Kinds whose values are of the type already. */
const same: Readonly<Partial<Record<Cast, readonly ValueKind[]>>> = {
  integer: ["integer"],
  decimal: ["integer", "decimal", "float"],
  boolean: ["boolean"],
};

const isSuch = (cast: Cast, { kind, loose, numeric }: ColumnType): boolean =>
  !loose && !numeric && same[cast]?.includes(kind) === true;

const cased = (cases: readonly (readonly [when: string, then: string])[]): string =>
  `CASE ${cases.map(([when, then]) => `WHEN ${when} THEN ${then}`).join(" ")} END`;

const number =
  (form: "number" | "whole") =>
  (dialect: Dialect, text: string, { kind }: ColumnType): Typed => {
    if (kind === "boolean")
      return {
        type: castTypes.integer,
        expression: cased([
          [`${text} = 'true'`, "1"],
          [`${text} = 'false'`, "0"],
        ]),
      };
    const { expression, type } = dialect.numberOf(text, form);
    return { type, expression: cased([[dialect.hasForm(text, form), expression]]) };
  };

/** Moments are shown in UTC. */
const withoutZone = (text: string): string => `REPLACE(REPLACE(${text}, '+00:00', ''), 'Z', '')`;

const made: Readonly<Record<Cast, (dialect: Dialect, text: string, type: ColumnType) => Typed>> = {
  text: (_, text) => ({ expression: text, type: castTypes.text }),
  integer: number("whole"),
  decimal: number("number"),
  boolean: (dialect, text, { kind }) => ({
    type: castTypes.boolean,
    expression: cased([
      [kind === "integer" ? `${text} = '0'` : dialect.hasForm(text, "false"), dialect.truthValue(false)],
      [dialect.hasForm(text, kind === "integer" ? "number" : "true"), dialect.truthValue(true)],
    ]),
  }),
  date: (dialect, text) => ({
    type: castTypes.date,
    expression: cased([
      [`${dialect.hasForm(text, "day")} OR ${dialect.hasForm(text, "moment")}`, `SUBSTRING(${text}, 1, 10)`],
    ]),
  }),
  time: (dialect, text) => ({
    type: castTypes.time,
    expression: cased([
      [dialect.hasForm(text, "clock"), text],
      [dialect.hasForm(text, "moment"), `SUBSTRING(${withoutZone(text)}, 12, 18)`],
    ]),
  }),
  datetime: (dialect, text) => ({
    type: castTypes.datetime,
    expression: cased([
      [dialect.hasForm(text, "moment"), `REPLACE(${withoutZone(text)}, ' ', 'T')`],
      [dialect.hasForm(text, "day"), `CONCAT(${text}, 'T00:00:00')`],
    ]),
  }),
};
