// One statement on a connection of pg's, by the extended query protocol (manual: protocol-flow). What comes back are texts in
// the order of the columns, so nothing of pg's own query is needed that names, types and copies them: the columns are not even
// asked for.
import type { EventEmitter } from "node:events";
import type { DatabaseResult } from "../connection.js";
import { endRow, type Head, type RowForm, startRow, type ValueForm, writeNull, writeValue } from "../row-text.js";
import { Tap } from "./tap.js";

/** What pg's connection does for those who bring a query of their own, as its cursors do. */
export interface Connection {
  readonly stream: EventEmitter & { cork(): void; uncork(): void };
  /** By name, their texts. */
  readonly parsedStatements: Record<string, string>;
  parse(statement: { readonly name: string; readonly text: string }): void;
  bind(bound: { readonly statement: string; readonly values: readonly (string | Buffer | null)[] }): void;
  execute(portal: object): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

/** What pg's client takes in the place of a query. */
export class Query {
  readonly #rows: (readonly (string | null)[])[] = [];
  /** What was done: `INSERT 0 1`, `UPDATE 3`, `COMMIT`. */
  tag = "";

  readonly #values: readonly (string | Buffer | null)[];
  #tap: Tap | undefined;

  /** `name` is empty for a statement that is not kept. */
  constructor(
    readonly name: string,
    readonly text: string,
    values: readonly unknown[],
    /** pg may put another one around it. */
    readonly callback: (error: Error | null, result?: DatabaseResult) => void,
    readonly row?: RowForm,
  ) {
    this.#values = values.map(toParameter);
  }

  /** One packet. */
  submit(connection: Connection): Error | null {
    const { name, text, row } = this;
    if (row !== undefined) this.#takeRows(row, connection);
    connection.stream.cork();
    try {
      if (name === "" || connection.parsedStatements[name] === undefined) connection.parse({ name, text });
      connection.bind({ statement: name, values: this.#values });
      connection.execute({});
      connection.sync();
      return null;
    } finally {
      connection.stream.uncork();
    }
  }

  #takeRows(row: RowForm, { stream }: Connection): void {
    this.#tap = Tap.on(stream);
    if (this.#tap !== undefined)
      this.#tap.take = (bytes, at, end) => void this.#rows.push(columnsOf(bytes, at, end, row));
  }

  #leaveRows(): void {
    if (this.#tap !== undefined) this.#tap.take = undefined;
  }

  handleRowDescription(): void {}

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(this.row === undefined ? fields : written(fields, this.row));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.tag = text;
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFail("there is nothing to copy");
  }

  handleCopyData(): void {}

  handleError(error: Error): void {
    this.#leaveRows();
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.#leaveRows();
    this.callback(null, { rows: this.#rows, affected: Number(/\d+$/.exec(this.tag)?.[0] ?? 0) });
  }
}

/** DataRow (manual: protocol-message-formats): how many columns, and each one's length before its text; -1 is NULL. */
function columnsOf(bytes: Buffer, start: number, end: number, row: RowForm): (string | null)[] {
  const { heads, forms } = row;
  let place = startRow(row, end - start);
  let at = start + 2;
  for (let i = 0; i < heads.length; i++) {
    const length = lengthAt(bytes, at);
    at += 4;
    if (length < 0) place = writeNull(place, heads[i] as Head);
    else {
      place = writeValue(place, heads[i] as Head, forms[i] as ValueForm, bytes, at, at + length);
      at += length;
    }
  }
  const columns: (string | null)[] = [endRow(place)];
  while (at < end) {
    const length = lengthAt(bytes, at);
    at += 4 + Math.max(0, length);
    columns.push(length < 0 ? null : bytes.toString("utf8", at - length, at));
  }
  return columns;
}

const lengthAt = (bytes: Buffer, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** The same of the strings that pg has made of them. */
function written(fields: readonly (string | null)[], row: RowForm): (string | null)[] {
  const { heads, forms } = row;
  const values = heads.map((_, i) => (typeof fields[i] === "string" ? Buffer.from(fields[i]) : undefined));
  let place = startRow(
    row,
    values.reduce((sum, value) => sum + (value?.length ?? 0), 0),
  );
  for (const [i, value] of values.entries()) {
    const head = heads[i] as Head;
    place = value ? writeValue(place, head, forms[i] as ValueForm, value, 0, value.length) : writeNull(place, head);
  }
  return [endRow(place), ...fields.slice(heads.length)];
}

/** Bytes go as they are, everything else as the text that PostgreSQL reads. */
function toParameter(value: unknown): string | Buffer | null {
  if (typeof value === "string" || value === null || Buffer.isBuffer(value)) return value;
  return Array.isArray(value) ? toArray(value) : String(value);
}

/** An array's text (manual: arrays, «Array Input and Output Syntax»). */
const toArray = (items: readonly unknown[]): string => `{${items.map(toElement).join(",")}}`;

function toElement(value: unknown): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return toArray(value);
  const text = Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : String(value);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
