// What goes to the server (manual: protocol-message-formats), each in one piece: pg would write a message at a time.

/** A parameter: text as the server reads it, or bytes. */
export type Parameter = string | Buffer | null;

/** Execute of the unnamed portal, all its rows, and Sync. */
const EXECUTE = Buffer.of(0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0x53, 0, 0, 0, 4);
const [BIND, QUERY] = [0x42, 0x51];

/** Binds a statement to its parameters, and runs it. What comes back is text. */
export function bindAndExecute(statement: string, parameters: readonly Parameter[]): Buffer {
  const lengths = parameters.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const formats = parameters.some((value) => Buffer.isBuffer(value)) ? parameters.length : 0;
  const name = Buffer.byteLength(statement);
  const length = lengths.reduce((sum, each) => sum + 4 + each, 4 + 1 + name + 1 + 2 + 2 * formats + 2 + 2);
  const message = Buffer.allocUnsafe(1 + length + EXECUTE.length);
  message[0] = BIND;
  message.writeInt32BE(length, 1);
  // The portal has no name.
  message[5] = 0;
  let at = 6 + message.write(statement, 6);
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
  EXECUTE.copy(message, at);
  return message;
}

/** A statement's own text, without parameters. */
export function simpleQuery(text: string): Buffer {
  const message = Buffer.concat([Buffer.of(QUERY, 0, 0, 0, 0), Buffer.from(text), Buffer.of(0)]);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}
