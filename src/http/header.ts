// A request's header by its lower-case name, as node has it.
import type { IncomingHttpHeaders } from "node:http";

/** One that came several times is one list (RFC 9110, 5.3). */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return saidIn(name, typeof value === "object" ? value.join(", ") : value);
}

/** One that is empty says nothing, but for a condition: it names no tag. */
export const saidIn = (name: string, text: string | undefined): string | undefined =>
  text === "" && !name.startsWith("if-") ? undefined : text;
