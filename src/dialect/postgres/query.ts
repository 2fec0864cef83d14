// One statement on a connection of pg's, by the extended query protocol (manual: protocol-flow). What comes back are texts in
// the order of the columns, so nothing of pg's own query is needed that names, types and copies them: the columns are not even
// asked for.
import type { DatabaseResult } from "../connection.js";

/** What pg's connection does for those who bring a query of their own, as its cursors do. */
export interface Connection {
  readonly stream: { cork(): void; uncork(): void };
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

  /** `name` is empty for a statement that is not kept. */
  constructor(
    readonly name: string,
    readonly text: string,
    values: readonly unknown[],
    /** pg may put another one around it. */
    readonly callback: (error: Error | null, result?: DatabaseResult) => void,
  ) {
    this.#values = values.map(toParameter);
  }

  /** One packet. */
  submit(connection: Connection): Error | null {
    const { name, text } = this;
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

  handleRowDescription(): void {}

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields);
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
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null, { rows: this.#rows, affected: Number(/\d+$/.exec(this.tag)?.[0] ?? 0) });
  }
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
