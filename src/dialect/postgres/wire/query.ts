// One statement on a connection of pg's, by the extended query protocol (manual: protocol-flow). What comes back are texts in
// the order of the columns, so nothing of pg's own query is needed that names, types and copies them: the columns are not even
// asked for.
import type { EventEmitter } from "node:events";
import type { Client, Submittable } from "pg";
import { lengthOf, TooLarge } from "../../connection.js";
import { type RowForm, RowTexts } from "../../row-texts.js";
import type { Answer, Statement } from "../answer.js";
import { checkColumns, checkCount } from "../columns.js";
import { takeStrings, toParameter } from "../texts.js";
import { BEGIN_READING, bindAndExecute, closeMessages, simpleQuery } from "./messages.js";
import { Tap } from "./tap.js";

/** pg's connection, as far as it is used. */
export interface Connection {
  readonly stream: EventEmitter & { cork(): void; uncork(): void; write(bytes: Buffer): void; destroy(): void };
  /** By name, their texts. */
  readonly parsedStatements: Record<string, string>;
  parse(statement: { readonly name: string; readonly text: string }): void;
  sendCopyFail(reason: string): void;
}

/** Called once: with an error, or with what came back. */
type Callback = (error: Error | null, result?: Answer) => void;

/** What is asked. */
interface Asked {
  /** Empty where the statement is not kept. */
  readonly name: string;
  readonly text: string;
  send(connection: Connection): void;
}

/**
 * Parsed first where the connection does not know it by its name; all is one series of messages up to Sync, which a pooler sends
 * to one server. `closing` are statements that are closed before, and is emptied then. With a `row` one that is parsed tells its columns.
 */
export function prepared({ name, text, values, alone = false }: Statement, closing: string[], row?: RowForm): Asked {
  const parameters = values.map(toParameter);
  // What a write has answered with is done.
  const isDescribed = row !== undefined && text.startsWith("SELECT");
  const send = (connection: Connection) => {
    const { stream, parsedStatements } = connection;
    const known = name !== "" && parsedStatements[name] !== undefined;
    // pg takes the first ParseComplete for the statement's own; one without a name would be replaced by BEGIN's.
    const begins = alone && name !== "";
    const message = bindAndExecute(name, parameters, { describes: isDescribed && !known, begins, commits: alone });
    if (known && closing.length === 0) return stream.write(message);
    stream.cork();
    try {
      if (closing.length > 0) stream.write(closeMessages(closing.splice(0)));
      if (alone && !begins) stream.write(BEGIN_READING);
      if (!known) connection.parse({ name, text });
      stream.write(message);
    } finally {
      stream.uncork();
    }
  };
  return { name, text, send };
}

/** A statement without values, at any time the same. */
export function fixed(text: string): Asked {
  const message = simpleQuery(text);
  return { name: "", text, send: ({ stream }) => stream.write(message) };
}

/** What pg's client takes in the place of a query. */
class Query {
  readonly #rows: (readonly (string | null)[])[] = [];
  readonly #texts: RowTexts | undefined;
  /** What was done: `INSERT 0 1`, `UPDATE 3`, `COMMIT`. */
  private tag = "";
  /** pg's client keeps both, once the server has parsed the statement. */
  readonly name: string;
  readonly text: string;

  #tap: Tap | undefined;
  #stream: Connection["stream"] | undefined;
  /** What is thrown among the stream's events would end the process: more than a buffer or a string holds. */
  #failure: Error | undefined;

  constructor(
    readonly asked: Asked,
    /** pg may put another one around it. */
    readonly callback: Callback,
    row?: RowForm,
    /** Bytes of rows that are still taken. */
    private left = Number.POSITIVE_INFINITY,
  ) {
    this.name = asked.name;
    this.text = asked.text;
    this.#texts = row && new RowTexts(row);
  }

  submit(connection: Connection): Error | null {
    this.#stream = connection.stream;
    if (this.#texts !== undefined) this.#takeRows(this.#texts, connection);
    this.asked.send(connection);
    return null;
  }

  #takeRows(texts: RowTexts, { stream }: Connection): void {
    this.#tap = Tap.on(stream);
    if (this.#tap === undefined) return;
    this.#tap.take = (bytes, at, end) => {
      if (this.#fits(end - at)) this.#guarded(() => take(texts, bytes, at, end));
    };
    this.#tap.fits = (length) => length <= this.left || this.#fits(length);
  }

  /** Past the limit nothing is taken any more, and the server ends the statement when it finds nobody to send rows to. */
  #fits(length: number): boolean {
    this.left -= length;
    if (this.left < 0 && this.#failure === undefined) {
      this.#failure = new TooLarge();
      this.#stream?.destroy();
    }
    return this.left >= 0;
  }

  #guarded<T>(work: () => T): T | undefined {
    try {
      if (this.#failure === undefined) return work();
    } catch (error) {
      this.#failure = error as Error;
    }
    return undefined;
  }

  #leaveRows(): void {
    if (this.#tap !== undefined) this.#tap.take = undefined;
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly dataTypeID: number }[] }): void {
    const texts = this.#texts;
    if (texts !== undefined) this.#guarded(() => checkColumns(texts.form, fields));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const texts = this.#texts;
    if (!this.#fits(lengthOf(fields))) return;
    if (texts === undefined) this.#rows.push(fields);
    else this.#guarded(() => takeStrings(texts, fields));
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
    this.callback(this.#failure ?? error);
  }

  handleReadyForQuery(): void {
    this.#leaveRows();
    const rows = this.#guarded(() => this.#texts?.end() ?? this.#rows);
    if (rows === undefined) this.callback(this.#failure as Error);
    else this.callback(null, { rows, affected: Number(/\d+$/.exec(this.tag)?.[0] ?? 0), command: this.tag });
  }
}

/** DataRow (manual: protocol-message-formats): how many columns, and each one's length before its text; -1 is NULL. */
function take(texts: RowTexts, bytes: Buffer, start: number, end: number): void {
  const { length: shown } = texts.form.heads;
  checkCount(texts.form, ((bytes[start] as number) << 8) | (bytes[start + 1] as number));
  texts.startRow(end - start);
  let at = start + 2;
  for (let i = 0; i < shown; i++) {
    const length = lengthAt(bytes, at);
    at += 4;
    if (length < 0) texts.writeNull(i);
    else {
      texts.write(i, bytes, at, at + length);
      at += length;
    }
  }
  texts.endRow();
  while (at < end) {
    const length = lengthAt(bytes, at);
    at += 4 + Math.max(0, length);
    texts.addFurther(length < 0 ? "" : bytes.toString("utf8", at - length, at));
  }
}

const lengthAt = (bytes: Buffer, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** `most` is in bytes of rows. */
export const ask = (client: Client, asked: Asked, row?: RowForm, most?: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const done: Callback = (error, result) => (error === null ? resolve(result as Answer) : reject(error));
    client.query(new Query(asked, done, row, most) as unknown as Submittable);
  });
