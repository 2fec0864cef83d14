// Text that may hold a connection string → the same text without its password. Rather too much goes than too little.

/** `scheme://user:password@`, and what a mistyped one looks like; up to the last `@`, as passwords hold any character. */
const inUrl = /((?:[a-z][\w+.-]*:)\/*[^:/@\s]*):\S*@/gi;
const withoutScheme = /((?:^|\s|['"(])[^:@\s'"(]*):(?!\/)[^\s/]\S*@/g;
const inParameter = /\b(password|passwd|pwd|sslpassword|secret|token)=[^&;\s'"]*/gi;

/** Takes passwords out of connection strings, wherever in the text they stand. */
export function redact(text: string): string {
  return text.replace(inUrl, "$1:***@").replace(withoutScheme, "$1:***@").replace(inParameter, "$1=***");
}
