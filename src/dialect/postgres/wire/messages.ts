// What goes to the server (manual: protocol-message-formats), each in one piece: pg would write a message at a time.
import type { Parameter } from "../texts.js";

/** Execute of the unnamed portal, all its rows. */
const RUN = Buffer.of(0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0);
const SYNC = Buffer.of(0x53, 0, 0, 0, 4);
/** Describe of the unnamed portal: which columns come, and of which types. */
const DESCRIBE = Buffer.of(0x44, 0, 0, 0, 6, 0x50, 0);
const NOTHING = Buffer.alloc(0);
const [BIND, QUERY, PARSE, CLOSE] = [0x42, 0x51, 0x50, 0x43];

/** Runs a text that has neither parameters nor a name, and is not the last before Sync. */
export const onceMessages = (text: string): Buffer =>
  Buffer.concat([message(PARSE, `\0${text}\0\0\0`), bindAnd(RUN, "", [])]);

/** What follows Bind: `described` tells the statement's columns as well. */
const ends = (...more: readonly Buffer[]) => ({
  bare: Buffer.concat([RUN, ...more, SYNC]),
  described: Buffer.concat([DESCRIBE, RUN, ...more, SYNC]),
});
const plainEnds = ends();
const committedEnds = ends(onceMessages("COMMIT"));

/** Begins a transaction that only reads, before a statement that `commits` it. */
export const BEGIN_READING = onceMessages("BEGIN READ ONLY");

interface Execution {
  /** Asks for its columns as well. */
  readonly describes?: boolean;
  readonly begins?: boolean;
  /** Where the statement fails, this is passed over with all up to Sync. */
  readonly commits?: boolean;
}

/** Binds a statement to its parameters, and runs it. What comes back is text. */
export function bindAndExecute(
  statement: string,
  parameters: readonly Parameter[],
  { describes = false, begins = false, commits = false }: Execution = {},
): Buffer {
  const { bare, described } = commits ? committedEnds : plainEnds;
  return bindAnd(describes ? described : bare, statement, parameters, begins ? BEGIN_READING : NOTHING);
}

/** Closes statements by their names; those that are not there too (manual: protocol-flow, «Extended Query»). */
export const closeMessages = (names: readonly string[]): Buffer =>
  Buffer.concat(names.map((name) => message(CLOSE, `S${name}\0`)));

function bindAnd(then: Buffer, statement: string, parameters: readonly Parameter[], before: Buffer = NOTHING): Buffer {
  const lengths = parameters.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const formats = parameters.some((value) => Buffer.isBuffer(value)) ? parameters.length : 0;
  const name = Buffer.byteLength(statement);
  const length = lengths.reduce((sum, each) => sum + 4 + each, 4 + 1 + name + 1 + 2 + 2 * formats + 2 + 2);
  const message = Buffer.allocUnsafe(before.length + 1 + length + then.length);
  let at = before.copy(message);
  message[at] = BIND;
  message.writeInt32BE(length, at + 1);
  // The portal has no name.
  message[at + 5] = 0;
  at += 6 + message.write(statement, at + 6);
  message[at] = 0;
  at = message.writeInt16BE(formats, at + 1);
  for (let i = 0; i < formats; i++) at = message.writeInt16BE(Buffer.isBuffer(parameters[i]) ? 1 : 0, at);
  at = message.writeUInt16BE(parameters.length, at);
  for (const [i, value] of parameters.entries()) {
    at = message.writeInt32BE(value === null ? -1 : (lengths[i] as number), at);
    if (typeof value === "string") at += message.write(value, at);
    else if (value !== null) at += value.copy(message, at);
  }
  at = message.writeInt16BE(0, at);
  then.copy(message, at);
  return message;
}

/** A statement's own text, without parameters. */
export const simpleQuery = (text: string): Buffer => message(QUERY, `${text}\0`);

function message(letter: number, content: string): Buffer {
  const bytes = Buffer.from(`\0\0\0\0\0${content}`);
  bytes[0] = letter;
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}
