// The body of a page about signing in: a form (what OAuth 2 sends) or JSON (what `fetch` sends) → its fields.
import type { ApiRequest, RequestBody } from "../http/message.js";
import { bodyTooLarge, problem } from "../http/problem.js";
import { parseJson } from "../request/body.js";

export type FormFields = Readonly<Record<string, unknown>>;

/** A name, a password and some claims are no more. */
const MOST_BYTES = 16_384;

/** Throws 400, 413 or 415. A field that stands twice is refused (RFC 6749, 3.2). */
export async function readFields(request: ApiRequest, { form }: { readonly form: boolean }): Promise<FormFields> {
  const type = request.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const isForm = form && type === "application/x-www-form-urlencoded";
  if (!isForm && type !== "application/json") {
    const forms = form
      ? "a form (application/x-www-form-urlencoded) or JSON (application/json)"
      : "JSON (application/json)";
    throw problem("unsupported_media_type", `Send ${forms}, and say so in Content-Type.`);
  }
  if (Number(request.header("content-length")) > MOST_BYTES) throw bodyTooLarge(MOST_BYTES);
  const body = await request.body();
  if (body.kind === "too-large") throw bodyTooLarge(Math.min(body.limit, MOST_BYTES));
  return objectOf(body, isForm);
}

function objectOf(body: RequestBody, isForm: boolean): FormFields {
  if (body.kind === "parsed" && typeof body.value !== "string") return asObject(body.value);
  const bytes = body.kind === "bytes" ? body.bytes : Buffer.from(String("value" in body ? body.value : ""));
  if (bytes.length > MOST_BYTES) throw bodyTooLarge(MOST_BYTES);
  return isForm ? formOf(bytes) : asObject(parseJson(bytes));
}

function formOf(bytes: Buffer): FormFields {
  const parameters = [...new URLSearchParams(bytes.toString("utf8"))];
  const names = parameters.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw problem("invalid_body", "A field of the form stands in it twice.");
  return Object.fromEntries(parameters);
}

function asObject(value: unknown): FormFields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as FormFields;
  throw problem("invalid_body", "The body is one JSON object.");
}

/** Throws 400 where it is none, or empty. */
export function formText(fields: FormFields, name: string): string {
  const { [name]: value } = fields;
  if (typeof value === "string" && value !== "") return value;
  throw problem("invalid_body", `The body has a text '${name}'.`, { errors: [{ field: name, message: "is a text" }] });
}

export function refuseUnknown(fields: FormFields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw problem("invalid_body", `The body has the fields ${known.join(", ")} here, and no other.`);
}
