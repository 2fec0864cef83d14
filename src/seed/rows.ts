// A file of CSV, JSON or NDJSON → its rows, one after the other, as bodies that POST takes. I/O: reads the file, a piece at a time.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import { excerpt } from "../base/suggest.js";
import { cellsAsBody } from "../operations/write/csv-in.js";
import { writtenColumn } from "../plan/write.js";
import { type Body, parseExact } from "../request/body.js";
import type { Cell } from "../request/csv.js";
import type { TableLookup } from "../schema/lookup.js";
import { SeedFailure } from "./failure.js";
import { jsonItems, LONGEST_ROW } from "./json-items.js";

/** Those that are understood, by the ends of their names. */
export const formats = ["csv", "json", "ndjson", "jsonl"] as const;
export type Format = (typeof formats)[number];

/** Throws `SeedFailure`, or the `HttpError` of an unknown column. */
export function rowsOf(path: string, format: Format, entry: TableLookup): AsyncIterable<Body> {
  const stream = createReadStream(path, { encoding: "utf8" });
  if (format === "csv") return csvRows(stream, entry);
  return format === "json" ? parsed(jsonItems(stream)) : parsed(lines(stream));
}

async function* parsed(texts: AsyncIterable<string>): AsyncGenerator<Body> {
  let at = 0;
  for await (const text of texts) {
    at++;
    yield bodyIn(text, at);
  }
}

function bodyIn(text: string, at: number): Body {
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    throw new SeedFailure(`row ${at} is not valid JSON: ${excerpt(text.trim())}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SeedFailure(`row ${at} is no object: ${excerpt(text.trim())}`);
  return value as Body;
}

async function* lines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const text = line.replace(/^\ufeff/, "");
    if (text.length > LONGEST_ROW) throw new SeedFailure(`a row has more than ${LONGEST_ROW} characters.`);
    if (text.trim() !== "") yield text;
  }
}

/** The first line names the columns. */
async function* csvRows(stream: NodeJS.ReadableStream, entry: TableLookup): AsyncGenerator<Body> {
  const records = stream.pipe(
    parse({
      bom: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      max_record_size: LONGEST_ROW,
      skip_empty_lines: true,
      cast: (cell, { quoting }) => (cell === "" && !quoting ? null : cell),
    }),
  );
  stream.on("error", (error) => records.destroy(error));
  let columns: ReturnType<typeof writtenColumn>[] | undefined;
  try {
    for await (const record of records as AsyncIterable<Cell[]>) {
      if (columns === undefined) columns = headOf(record, entry);
      else yield cellsAsBody(record, columns);
    }
  } catch (error) {
    throw (error as { code?: string }).code?.startsWith("CSV_") ? misread(error as CsvFault) : error;
  }
}

interface CsvFault extends Error {
  readonly lines?: number;
}

const misread = ({ lines }: CsvFault): SeedFailure =>
  new SeedFailure(`it is not valid CSV near line ${lines}: as many cells as the first line has, and quotes that end.`);

function headOf(cells: readonly Cell[], entry: TableLookup): ReturnType<typeof writtenColumn>[] {
  const names = cells.map((cell) => cell ?? "");
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new SeedFailure(`the first line names '${excerpt(twice)}' twice.`);
  return names.map((name) => writtenColumn(name, entry));
}
