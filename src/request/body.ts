// A request's body → JSON objects. Numbers that JSON.parse would round keep every digit.
import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from "lossless-json";
import { excerpt } from "../base/suggest.js";
import type { ApiRequest } from "../http/message.js";
import { NDJSON_TYPE } from "../http/negotiate.js";
import { bodyTooLarge, problem } from "../http/problem.js";
import { listPatchTypes, patchTypes } from "./patch.js";
import { plainNumbers, Rounded, roundedAdvice } from "./rounded.js";

/** A JSON object as it came: nothing is known of its fields yet. */
export type Body = Readonly<Record<string, unknown>>;

/** Throws 413, 415 or 400. An empty body reads as `{}`. */
export async function readObject(request: ApiRequest): Promise<Body> {
  return objectIn(await readJson(request));
}

/** The same for what is no row: its numbers are those of JSON.parse. */
export const readPlainObject = async (request: ApiRequest): Promise<Body> =>
  plainNumbers(await readObject(request)) as Body;

export function objectIn(value: unknown): Body {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw problem("invalid_body", `The body is one JSON object, not ${named(value)}.`);
}

/**
 * What a body says, as a text. An object is JSON: it may hold a `toString` that is no function. Throws 422 for a whole number that
 * may have been another one.
 */
export function bodyText(value: unknown): string {
  if (value instanceof Rounded && value.isWhole) throw problem("invalid_value", `${value} ${roundedAdvice}.`);
  if (typeof value !== "object" || value === null || isLosslessNumber(value)) return String(value);
  return stringify(value) as string;
}

export interface Bodies {
  readonly bodies: readonly Body[];
  /** They came as an array. */
  readonly many: boolean;
}

/** The same where an array of objects may come as well, of at most `maxRows`, or CSV, which was made one before. */
export async function readObjects(request: ApiRequest, maxRows: number): Promise<Bodies> {
  const value = await readJson(request, rowTypes);
  if (value === undefined) return { bodies: [{}], many: false };
  if (isObject(value)) return { bodies: [value], many: false };
  if (Array.isArray(value)) return { bodies: objectsIn(value, maxRows), many: true };
  throw problem("invalid_body", `The body is one JSON object or an array of them, not ${named(value)}.`);
}

/** An array as rows, of which there are at most so many. */
export function objectsIn(value: readonly unknown[], maxRows: number): readonly Body[] {
  if (value.length > maxRows) {
    throw problem(
      "too_complex",
      `A body has at most ${maxRows} rows, and this has ${value.length}. Send them in parts.`,
    );
  }
  const at = value.findIndex((row) => !isObject(row));
  if (at === -1) return value as Body[];
  throw problem("invalid_body", `Each row is a JSON object, and [${at}] is ${named(value[at])}.`);
}

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

const named = (value: unknown): string => (Array.isArray(value) ? "an array" : excerpt(JSON.stringify(value)));

/** The body as it came; as text where a parser before us has made that of it. */
export async function readBodyBytes(request: ApiRequest): Promise<Buffer | string> {
  const body = await request.body();
  if (body.kind === "too-large") throw bodyTooLarge(body.limit);
  if (body.kind === "bytes") return body.bytes;
  if (typeof body.value === "string") return body.value;
  throw problem("invalid_body", "A body of this content type is text.");
}

/** The media types that a route takes, and what a refusal says of them. */
interface Taken {
  readonly types: string;
  readonly advice: string;
  /** Which header tells of them. */
  readonly header?: "accept-post" | "accept-patch";
  /** NDJSON is an array of its lines. */
  readonly lines?: true;
}

const jsonType: Taken = {
  types: "application/json",
  advice: "send JSON with Content-Type: application/json",
};

const patchType: Taken = { ...jsonType, types: patchTypes, header: "accept-patch" };

/** Where rows are made, CSV is read before the body is taken for JSON. */
export const rowTypes: Taken = {
  types: `application/json, text/csv, ${NDJSON_TYPE}`,
  advice: `${jsonType.advice}, CSV with text/csv, or a JSON object a line with ${NDJSON_TYPE}`,
  lines: true,
};

/** Whatever JSON the body is; `undefined` where it is empty. `taken` is all that the route takes. */
export async function readJson(request: ApiRequest, taken = jsonType): Promise<unknown> {
  const body = await request.body();
  const contentType = request.header("content-type");
  if (body.kind === "too-large") throw bodyTooLarge(body.limit);
  const isLines = taken.lines === true && typeIn(contentType) === NDJSON_TYPE;
  if (body.kind === "parsed") {
    refuseForms(contentType, takenBy(request, taken));
    return isLines && typeof body.value === "string" ? parseLines(body.value) : body.value;
  }
  if (isLines) return parseLines(textIn(body.bytes));
  if (body.bytes.length === 0) return undefined;
  requireJson(contentType, takenBy(request, taken));
  return jsonIn(textIn(body.bytes), parseExact);
}

/** RFC 5789, 3.1, names a header of PATCH's own. */
function takenBy({ method }: ApiRequest, taken: Taken): Taken {
  if (method !== "PATCH") return taken;
  return taken.lines ? { ...patchType, advice: taken.advice, types: listPatchTypes } : patchType;
}

const typeIn = (contentType = ""): string => (contentType.split(";", 1)[0] as string).trim().toLowerCase();

function requireJson(contentType: string | undefined, { types, advice, header = "accept-post" }: Taken): void {
  const type = typeIn(contentType);
  if (type === "application/json" || /^application\/[\w.+-]+\+json$/.test(type)) return;
  const said = type === "" ? "The body has no content type" : `'${excerpt(type)}' is not understood`;
  throw problem("unsupported_media_type", `${said}: ${advice}.`, {
    headers: { [header]: types },
  });
}

/** What a page of another site can send without being asked first (the CORS-safelisted types of the Fetch standard). */
const FORMS = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** A host's parser may have made an object of a form: still it is no JSON. */
function refuseForms(contentType: string | undefined, taken: Taken): void {
  if (contentType !== undefined && FORMS.test(contentType)) requireJson(contentType, taken);
}

/** Where a double may lose digits: 16 digits or more, with or without a point, or an exponent of three digits. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE][+-]?\d{3}/;

const utf8 = new TextDecoder("utf-8", { fatal: true });

export const parseJson = (bytes: Buffer): unknown => jsonIn(textIn(bytes), parseText);

/** NDJSON: a JSON text a line, empty lines aside. */
const parseLines = (text: string): unknown[] =>
  text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [jsonIn(line, parseExact, `line ${i + 1}: `)]));

function textIn(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw problem("malformed_json", "The body is not UTF-8.");
  }
}

function jsonIn(text: string, read: (text: string) => unknown, place = ""): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) throw problem("malformed_json", "The body is nested too deeply.");
    throw problem("malformed_json", `The body is not valid JSON: ${place}${excerpt((error as Error).message)}`);
  }
}

/** JSON.parse, but numbers that it would round become `LosslessNumber`s. Throws a `SyntaxError`. */
export const parseText = (text: string): unknown =>
  LONG_NUMBER.test(text) ? parse(text, null, asJsonParse) : JSON.parse(text);

/** Of a name that stands twice the last one counts, with long numbers as without. */
const asJsonParse = {
  parseNumber: (text: string) => (isSafeNumber(text) ? Number(text) : new LosslessNumber(text)),
  onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue,
};

/** Where a number may stand that JSON.parse would write in another form: with zeros at its end, with an exponent, a 0 with a sign. */
const OTHER_FORM = /(?:^|[:,[\s])-?(?:\d+(?:\.\d*0|(?:\.\d+)?[eE][+-]?\d+)|(?<=-)0)(?=[\s,}\]]|$)/;

/** The same, where numbers of another form keep it as well: a column of JSON may keep it too. */
export const parseExact = (text: string): unknown =>
  LONG_NUMBER.test(text) || OTHER_FORM.test(text) ? parse(text, null, inItsForm) : JSON.parse(text);

const inItsForm = {
  ...asJsonParse,
  parseNumber: (text: string) => (String(Number(text)) === text ? Number(text) : new LosslessNumber(text)),
};

/** The same JSON, and nothing of it shared; `ofText` may put something else in the place of a text. */
export function copyOfBody<T>(value: T, ofText: (text: string) => unknown = (text) => text): T {
  try {
    return copied(value, ofText) as T;
  } catch (error) {
    if (error instanceof RangeError) throw problem("malformed_json", "The body is nested too deeply.");
    throw error;
  }
}

function copied(value: unknown, ofText: (text: string) => unknown): unknown {
  if (typeof value === "string") return ofText(value);
  if (Array.isArray(value)) return value.map((item) => copied(item, ofText));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copied(item, ofText)]));
}
