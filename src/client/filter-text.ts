// Filters as a program has them → the `and=(…)` of a query. There every name is a column, whatever it is called.

/** `{ age: 3, "name@ilike": "a%", id: [1, 2], country: { code: "NO" } }`: equal, by an operator, one of, of a related row. */
export type Filters = Readonly<Record<string, unknown>>;

/** `field@operator`; without one it is `eq`, `in` for arrays, `is:null` for null. */
export function conditionsOf(filters: Filters, path: readonly string[] = []): string[] {
  return Object.entries(filters).flatMap(([said, value]) => {
    if (value === undefined) return [];
    const at = said.lastIndexOf("@");
    const [name, operator] = at > 0 ? [said.slice(0, at), said.slice(at + 1)] : [said, undefined];
    const whole = [...path, name];
    if (isNested(value)) return conditionsOf(value, whole);
    return [`${quoted(whole.join("."))}=${quoted(comparison(value, operator))}`];
  });
}

export const andOf = (conditions: readonly string[]): string =>
  `and=${encodeURIComponent(`(${conditions.join(",")})`)}`;

function comparison(value: unknown, operator: string | undefined): string {
  if (value === null) return operator === "ne" ? "is:notnull" : "is:null";
  if (Array.isArray(value)) return `${operator ?? "in"}:${value.map((one) => quoted(String(one))).join(",")}`;
  return `${operator ?? "eq"}:${value instanceof Date ? value.toISOString() : String(value)}`;
}

const isNested = (value: unknown): value is Filters =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
