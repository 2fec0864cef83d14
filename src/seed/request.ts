// Rows of a file → a request to the API that writes them; what it refuses, by the file's rows.
import type { Api } from "../api/api.js";
import { requestFrom } from "../http/message.js";
import { SeedFailure } from "./failure.js";

interface Sent {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  /** Which row of the file the first of the body is. */
  readonly first: number;
}

interface Refused {
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export async function sendTo(api: Api, { method, path, query, body, first }: Sent): Promise<void> {
  const headers: Readonly<Record<string, string>> = { prefer: "return=minimal", "content-type": "application/json" };
  const request = requestFrom(
    {
      ...{ method, path, query, prefix: "", raw: undefined, user: undefined, caller: undefined, id: undefined },
      header: (name) => headers[name],
      body: async () => ({ kind: "parsed", value: body }),
    },
    () => undefined,
  );
  const answer = await api.handle(request);
  if (answer !== undefined && answer.status < 300) return;
  const rows = Array.isArray(body) ? body.length : 1;
  throw new SeedFailure(reasonOf(JSON.parse(answer?.body ?? "{}") as Refused, first, rows));
}

function reasonOf({ detail = "it cannot be written.", errors = [] }: Refused, first: number, rows: number): string {
  if (errors.length > 0) return errors.map(({ field, message }) => inRow(field, message, first)).join("; ");
  return `${rows === 1 ? `row ${first}` : `rows ${first} to ${first + rows - 1}`}: ${detail}`;
}

/** `[3].title` is of the fourth row of the part. */
function inRow(field: string, message: string, first: number): string {
  const [, at = "0", name = field] = /^\[(\d+)\]\.?(.*)$/s.exec(field) ?? [];
  return `row ${first + Number(at)}: ${name} ${message}`;
}
