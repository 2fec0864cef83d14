// What rows look like on their way from a statement to JSON.

/** No JSON text holds it bare: neither a string nor white space has it (RFC 7464, which parts JSON texts by it). */
export const RECORD_SEPARATOR = "\u001e";

/**
 * How a column's text becomes JSON. `number`: its digits, or a string where they are none that JSON knows (NaN, Infinity);
 * `boolean`: `t` and `f`; `json`: JSON already.
 */
export type ValueForm = "number" | "string" | "boolean" | "json";
