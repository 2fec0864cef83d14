// Text that may hold a connection string or a request's credentials → the same text without them. Rather too much goes than
// too little.

/** `scheme://user:password@`, and what a mistyped one looks like; up to the last `@`, as passwords hold any character. */
const inUrl = /((?:[a-z][\w+.-]*:)\/*[^:/@\s]*):\S*@/gi;
const withoutScheme = /((?:^|\s|['"(])[^:@\s'"(]*):(?!\/)[^\s/]\S*@/g;
const inParameter = /(password|passwd|pwd|secret|token|api[-_]?key)=[^&;\s'"]*/gi;
const headers = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"];
const scheme = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
/** A token or a key of sapwood's own. */
const own = /\bsw[kt]_[\w-]{43}/g;
/** A JSON Web Token, whose first part is the beginning of a JSON object: `{"`. */
const jwt = /\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g;

/** Takes passwords out of connection strings, and tokens, keys and cookies, wherever in the text they stand. */
export const redact: (text: string) => string = redacting([]);

/** The same, and what stands in these headers. */
export function redacting(more: readonly string[]): (text: string) => string {
  const names = [...headers, ...more].map((name) => name.replace(/[^\w-]/g, "\\$&")).join("|");
  // As they are sent, and as objects of headers are written: `authorization: 'Bearer …'`.
  const inHeader = new RegExp(`(${names})(['"]?\\s*[:=]\\s*)[^\\r\\n]*`, "gi");
  return (text) =>
    text
      .replace(inUrl, "$1:***@")
      .replace(withoutScheme, "$1:***@")
      .replace(inParameter, "$1=***")
      .replace(inHeader, "$1$2***")
      .replace(scheme, "$1 ***")
      .replace(own, "***")
      .replace(jwt, "***");
}
