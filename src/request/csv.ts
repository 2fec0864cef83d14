// A body of CSV (RFC 4180) → its header and its cells, all of them text still.
import { CsvError, type InfoField, parse } from "csv-parse/sync";
import { decode } from "../base/decode.js";
import { excerpt } from "../base/suggest.js";
import type { ApiRequest } from "../http/message.js";
import { type HttpError, problem } from "../http/problem.js";
import { readBodyBytes } from "./body.js";

export interface CsvTable {
  readonly names: readonly string[];
  /** As many cells each as there are names. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Nothing between two commas is null, and `""` an empty text. */
export type Cell = string | null;

const mediaType = (request: ApiRequest): string => request.header("content-type") ?? "";

export const isCsv = (request: ApiRequest): boolean => /^\s*text\/csv\s*(;|$)/i.test(mediaType(request));

/** How much of a body is looked at. */
export interface CsvRoom {
  /** The most rows, and the most empty lines. */
  readonly maxRows: number;
  /** As many as the table has: a first line that names more is read no further, for one of them is unknown or stands twice. */
  readonly columns: number;
}

/** Throws 413, 415 or 400. Stops at the first row and at the first cell too many: what stands behind is not read. */
export async function readCsv(request: ApiRequest, room: CsvRoom): Promise<CsvTable> {
  const text = decoded(await readBodyBytes(request), mediaType(request));
  const { names, rows } = tableIn(text, room);
  if (names === undefined) throw malformed("the first line names the columns, and there is none");
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw malformed(`the first line names '${excerpt(twice)}' twice`);
  return { names, rows };
}

const malformed = (what: string) => problem("malformed_csv", `The body is not valid CSV: ${what}.`);

function decoded(bytes: Buffer | string, type: string): string {
  if (typeof bytes === "string") return bytes.replace(/^\ufeff/, "");
  const [, charset = "utf-8"] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type) ?? [];
  try {
    return decode(bytes, charset, { fatal: true });
  } catch (error) {
    if (error instanceof RangeError)
      throw problem("unsupported_media_type", `The charset '${excerpt(charset)}' is not known here: send UTF-8.`);
    throw malformed(`it is no text in ${charset}`);
  }
}

/** Ends the reading of a first line. */
const TOO_WIDE = new Error("the first line names more columns than there are");

/** What was read so far; it grows while the parser calls. */
class Reading {
  names: string[] | undefined;
  readonly rows: Cell[][] = [];
  readonly #first: string[] = [];
  #empty = 0;

  constructor(private readonly room: CsvRoom) {}

  /** Throws where a line has one too many. */
  cell(text: string, { quoting, index, lines }: CellPlace): Cell {
    const { names } = this;
    if (names === undefined) {
      this.#first.push(text);
      if (index >= this.room.columns) throw this.#tooWide();
    } else if (index >= names.length) {
      throw malformed(`line ${lines} has ${index + 1} cells or more, and the first line names ${names.length}`);
    }
    return text === "" && !quoting ? null : text;
  }

  line(cells: Cell[], line: number): void {
    const { names, room } = this;
    if (names === undefined) {
      this.names = this.#first;
      return;
    }
    if (names.length > 1 && cells.length === 1 && cells[0] === null) {
      if (++this.#empty > room.maxRows) throw tooMany(`${room.maxRows} empty lines`);
      return;
    }
    if (this.rows.length === room.maxRows) throw tooMany(`${room.maxRows} rows`);
    if (cells.length !== names.length)
      throw malformed(`line ${line} has ${cells.length} cells, and the first line names ${names.length}`);
    this.rows.push(cells);
  }

  #tooWide(): Error {
    this.names = this.#first;
    return TOO_WIDE;
  }
}

type CellPlace = Pick<InfoField, "quoting" | "index" | "lines">;

const tooMany = (most: string) =>
  problem("too_complex", `A body has at most ${most}, and this has more. Send them in parts.`);

/** What a callback throws ends the parser, and comes out of it as it is. */
function tableIn(text: string, room: CsvRoom): Reading {
  const reading = new Reading(room);
  try {
    parse(text, {
      relax_column_count: true,
      max_record_size: 0,
      cast: (cell, place) => reading.cell(cell, place),
      on_record: (cells: Cell[], { lines }) => {
        reading.line(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (error === TOO_WIDE) return reading;
    throw error instanceof CsvError ? misread(error) : error;
  }
  return reading;
}

function misread(error: CsvError): HttpError {
  const near = typeof error.lines === "number" ? ` near line ${error.lines}` : "";
  return malformed(
    `${faults[error.code] ?? "its quotes do not fit"}${near}; a cell with quotes in it stands in quotes, each of its own written twice`,
  );
}

const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  CSV_INVALID_CLOSING_QUOTE: "something stands behind a closing quote",
  INVALID_OPENING_QUOTE: "a quote opens in the middle of a cell",
};
