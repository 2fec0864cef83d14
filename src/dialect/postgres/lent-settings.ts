// Settings of a connection whose session is lent for each transaction. They go to the server with the first statement of each
// transaction, in the same series of messages, whoever says it: sapwood, knex, or a hook.
import type { Client } from "pg";
import { onceMessages } from "./wire/messages.js";

/** pg's connection, as far as it is used. */
interface Wire {
  readonly stream: { write(bytes: Buffer): void };
  parse(statement: { readonly name: string; readonly text: string }): void;
  query(text: string): void;
  emit(event: string, ...rest: readonly unknown[]): boolean;
}

/** They take no settings with them: some must come before the first statement (manual: SET TRANSACTION). */
const transactional = /^\s*(begin|start\s+transaction|set\s+(local\s+)?transaction|commit|end|rollback|abort)\b/i;

export class LentSettings {
  readonly #expressions: string[] = [];
  #statement: SettingStatement | undefined;
  /** Has the transaction, or the next one, not had them yet? */
  #owed = true;
  /** Is their answer still to come? */
  #answering = false;
  /** Statements of the developer's that cannot be said so. */
  readonly unkept: string[] = [];

  constructor(client: Client) {
    goAhead((client as unknown as { connection: Wire }).connection, this);
  }

  /** An expression that sets one until the transaction ends; after those that came before. */
  add(expression: string): void {
    this.#expressions.push(expression);
    const text = settingText(this.#expressions);
    this.#statement = { text, messages: onceMessages(text) };
  }

  /** What goes in front of a statement, if anything; in one transaction with it. */
  before(text: string): SettingStatement | undefined {
    if (!this.#owed || this.#statement === undefined || transactional.test(text)) return undefined;
    this.#owed = false;
    this.#answering = true;
    return this.#statement;
  }

  /** Is a message the answer to the settings? Whoever said the statement does not expect it. */
  answers(event: string, message: unknown): boolean {
    if (event === "readyForQuery" && (message as { status?: unknown }).status === "I") this.#owed = true;
    if (event === "errorMessage") this.#answering = false;
    if (!this.#answering || (event !== "commandComplete" && event !== "rowDescription")) return false;
    this.#answering = event === "rowDescription";
    return true;
  }
}

interface SettingStatement {
  readonly text: string;
  /** The same by the extended protocol, without Sync. */
  readonly messages: Buffer;
}

/** Answers with no row, so that what comes back is another statement's alone. `concat` is never NULL, and needs all of them. */
const settingText = (expressions: readonly string[]): string =>
  `SELECT 1 WHERE concat(${expressions.join(", ")}) IS NULL`;

/** Sets it until the transaction ends, as SET LOCAL does. */
export const setLocally = (name: string, value: string): string =>
  `set_config(${literal(name)}, ${literal(value)}, true)`;

const literal = (text: string): string =>
  `${text.includes("\\") ? "E" : ""}'${text.replace(/['\\]/g, (letter) => letter + letter)}'`;

/**
 * Each statement of pg begins with one of two messages. What goes with Parse is one transaction up to Sync (manual: protocol-flow,
 * «Pipelining»); what goes with Query is one with the whole of its text («Multiple Statements in a Simple Query»).
 */
function goAhead(connection: Wire, settings: LentSettings): void {
  const { stream } = connection;
  const [parse, query, emit] = [connection.parse, connection.query, connection.emit];
  connection.parse = (statement) => {
    const ahead = settings.before(statement.text);
    // The stream is corked: all goes at once.
    if (ahead !== undefined) stream.write(ahead.messages);
    parse.call(connection, statement);
  };
  connection.query = (text) => {
    const ahead = settings.before(text);
    query.call(connection, ahead === undefined ? text : `${ahead.text}; ${text}`);
  };
  connection.emit = (event, ...rest) => settings.answers(event, rest[0]) || emit.call(connection, event, ...rest);
}
