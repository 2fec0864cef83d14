// Text that may hold a connection string or a request's credentials → the same text without them. Rather too much goes than
// too little.

/** `scheme://user:password@`, and what a mistyped one looks like; up to the last `@`, as passwords hold any character. */
const inUrl = /((?:[a-z][\w+.-]*:)\/*[^:/@\s]*):\S*@/gi;
const withoutScheme = /((?:^|\s|['"(])[^:@\s'"(]*):(?!\/)[^\s/]\S*@/g;
const inParameter = /(password|passwd|pwd|secret|token|api[-_]?key)=[^&;\s'"]*/gi;
/** Headers as they are sent, and as objects of headers are written: `authorization: 'Bearer …'`. */
const inHeader = /((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(['"]?\s*[:=]\s*)[^\r\n]*/gi;
const scheme = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
/** A JSON Web Token, whose first part is the beginning of a JSON object: `{"`. */
const jwt = /\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g;

/** Takes passwords out of connection strings, and tokens, keys and cookies, wherever in the text they stand. */
export function redact(text: string): string {
  return text
    .replace(inUrl, "$1:***@")
    .replace(withoutScheme, "$1:***@")
    .replace(inParameter, "$1=***")
    .replace(inHeader, "$1$2***")
    .replace(scheme, "$1 ***")
    .replace(jwt, "***");
}
