// A query in a body → the text that an address would have: a JSON object of the parameters, or form-encoded text.
import { isLosslessNumber } from "lossless-json";
import { excerpt } from "../base/suggest.js";
import type { ApiRequest } from "../http/message.js";
import { bodyTooLarge, problem } from "../http/problem.js";
import { objectIn, parseJson } from "./body.js";

const FORM = "application/x-www-form-urlencoded";
/** As `Accept-Query` lists them (draft-ietf-httpbis-safe-method-w-body). */
export const queryTypes = `application/json, ${FORM}`;

/** Throws 400, 413 or 415. */
export async function queryIn(request: ApiRequest): Promise<string> {
  const body = await request.body();
  if (body.kind === "too-large") throw bodyTooLarge(body.limit);
  const type = request.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json" && type !== FORM)
    throw problem("unsupported_media_type", `A query in a body is of the type ${queryTypes}, not '${excerpt(type)}'.`, {
      headers: { "accept-query": queryTypes },
    });
  if (body.kind === "bytes" && (type === FORM || body.bytes.length === 0)) return body.bytes.toString();
  if (body.kind === "parsed" && type === FORM && typeof body.value === "string") return body.value;
  // What a host's parser made of a form is an object of texts as well.
  return queryOf(body.kind === "parsed" ? body.value : parseJson(body.bytes));
}

/** `{ "age": ["gt:5", "lt:9"], "limit": 5 }` → `age=gt%3A5&age=lt%3A9&limit=5` */
function queryOf(value: unknown): string {
  const pairs = Object.entries(objectIn(value)).flatMap(([name, said]) =>
    [said].flat().map((one) => `${encoded(name)}=${encoded(textOf(name, one))}`),
  );
  return pairs.join("&");
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

function textOf(name: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return String(value);
  if (isLosslessNumber(value)) return String(value);
  const what = value === null ? "null" : "an object";
  throw problem(
    "invalid_body",
    `'${excerpt(name)}' is a text, a number or an array of them, as it would stand in an address, and not ${what}. NULL is "is:null".`,
  );
}
