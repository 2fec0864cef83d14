// A name for each request, by which its lines in the logs and its answer are found.
import { randomUUID } from "node:crypto";

/** Visible ASCII: whatever is longer, or could break a line, is not taken over from a client. */
const sane = /^[\x21-\x7e]{1,128}$/;

/** The one that the host gave, else the one in `X-Request-Id` where it is sane, else a new one. */
export const requestIdOf = (given: string | undefined, header: string | undefined): string =>
  given ?? (header !== undefined && sane.test(header) ? header : randomUUID());

/** What a framework or a logger before us has named the request. */
export const hostId = (id: unknown): string | undefined =>
  typeof id === "string" || typeof id === "number" ? String(id) : undefined;
