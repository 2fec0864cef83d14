// A request's header by its lower-case name, as node has it.
import type { IncomingHttpHeaders } from "node:http";

/** One that came several times is one list (RFC 9110, 5.3); one that is empty says nothing. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === "object" ? value.join(", ") : value) || undefined;
}
