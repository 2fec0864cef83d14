// A body of CSV (RFC 4180) → its header and its cells, all of them text still.
import { CsvError, type Info, parse } from "csv-parse/sync";
import type { ApiRequest } from "../api/message.js";
import { problem } from "../api/problem.js";
import { readBytes } from "./body.js";
import { shown } from "./nearest.js";

export interface CsvTable {
  readonly names: readonly string[];
  /** As many cells each as there are names. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Nothing between two commas is null, and `""` an empty text. */
export type Cell = string | null;

const mediaType = (request: ApiRequest): string => request.header("content-type") ?? "";

export const isCsv = (request: ApiRequest): boolean => /^\s*text\/csv\s*(;|$)/i.test(mediaType(request));

/** Throws 413, 415 or 400. */
export async function readCsv(request: ApiRequest, maxRows: number): Promise<CsvTable> {
  const text = decoded(await readBytes(request), mediaType(request));
  const [header, ...rows] = cellsIn(text);
  if (header === undefined) throw malformed("the first line names the columns, and there is none");
  const names = header.cells.map((cell) => cell ?? "");
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw malformed(`the first line names '${shown(twice)}' twice`);
  const full = rows.filter(({ cells }) => names.length === 1 || cells.length > 1 || cells[0] !== null);
  if (full.length > maxRows)
    throw problem(
      "too_complex",
      `A body has at most ${maxRows} rows, and this has ${full.length}. Send them in parts.`,
    );
  const ragged = full.find(({ cells }) => cells.length !== names.length);
  if (ragged !== undefined)
    throw malformed(`line ${ragged.line} has ${ragged.cells.length} cells, and the first line names ${names.length}`);
  return { names, rows: full.map(({ cells }) => cells) };
}

const malformed = (what: string) => problem("malformed_csv", `The body is not valid CSV: ${what}.`);

function decoded(bytes: Buffer | string, type: string): string {
  if (typeof bytes === "string") return bytes.replace(/^\ufeff/, "");
  const [, charset = "utf-8"] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type) ?? [];
  const decoder = decoderOf(charset);
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed(`it is no text in ${charset}`);
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw problem("unsupported_media_type", `The charset '${shown(charset)}' is not known here: send UTF-8.`);
  }
}

interface Line {
  readonly line: number;
  readonly cells: readonly Cell[];
}

function cellsIn(text: string): Line[] {
  try {
    const found: unknown = parse(text, {
      info: true,
      relax_column_count: true,
      max_record_size: 0,
      cast: (cell, { quoting }) => (cell === "" && !quoting ? null : cell),
    });
    return (found as { record: Cell[]; info: Info }[]).map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const near = typeof error.lines === "number" ? ` near line ${error.lines}` : "";
    throw malformed(
      `${faults[error.code] ?? "its quotes do not fit"}${near}; a cell with quotes in it stands in quotes, each of its own written twice`,
    );
  }
}

const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  CSV_INVALID_CLOSING_QUOTE: "something stands behind a closing quote",
  INVALID_OPENING_QUOTE: "a quote opens in the middle of a cell",
};
