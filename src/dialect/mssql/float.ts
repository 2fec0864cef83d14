// A float's shortest text that reads back as the same float, for SQL Server, whose own styles have 6, 8, 16 or 17 digits
// (functions/cast-and-convert-transact-sql, «float and real styles»).

/**
 * Digits behind the first: those that every decimal of so many keeps, and those that most values need. Below `below` some of them
 * stand behind the point.
 */
const types = {
  float: { few: 14, many: 15, below: "1E14" },
  real: { few: 6, many: 7, below: "1E6" },
} as const;

/** RTRIM takes characters only since 2022. The text holds no spaces. */
export const withoutLast = (character: string, text: string): string =>
  `REPLACE(RTRIM(REPLACE(${text}, '${character}', ' ')), ' ', '${character}')`;

/**
 * Style 0 has six digits. STR writes numbers of a middling size with as many as are asked for (functions/str-transact-sql). Each is
 * taken only where it leads back to the value; style 3 always does. No subquery: the value may be an aggregate.
 */
export function floatText(c: string, type: keyof typeof types): string {
  const { few, many, below } = types[type];
  const style = (number: number) => `CONVERT(varchar(32), ${c}, ${number})`;
  const written = (digits: number) => `STR(${c}, 40, ${digits} - FLOOR(LOG10(NULLIF(ABS(${c}), 0))))`;
  const read = (text: string) => `TRY_CAST(${text} AS ${type})`;
  const shorter = `CASE WHEN ${read(written(few))} = ${c} THEN ${written(few)} ELSE ${written(many)} END`;
  return (
    `CASE WHEN ${read(style(0))} = ${c} THEN ${style(0)} ` +
    `WHEN CASE WHEN ABS(${c}) >= 1E-4 AND ABS(${c}) < ${below} THEN ${read(written(many))} END = ${c} ` +
    `THEN ${withoutLast(".", withoutLast("0", `LTRIM(${shorter})`))} ELSE ${style(3)} END`
  );
}
