// A prepared statement and its values → the packet that runs it (https://mariadb.com/kb/en/com_stmt_execute/).

/** What `Dialect.encode` answers for this database, and NULL. */
export type Parameter = string | number | bigint | boolean | Buffer | null;

/** A packet's length and number. */
export const HEADER = 4;
/** What a packet holds at the most, and one byte. */
const MOST = 0xffffff;

const EXECUTE = 0x17;
/** Command, statement, flags, and how often. */
const FIXED = 1 + 4 + 1 + 4;

const [TINY, DOUBLE, NULL, LONGLONG, BLOB, VAR_STRING] = [1, 5, 6, 8, 252, 253];
const UNSIGNED = 0x80;

/** Nothing where it does not fit in one packet. */
export function executePacket(statement: number, values: readonly Parameter[]): Buffer | undefined {
  const sent = values.map((value) => (typeof value === "string" ? Buffer.from(value) : value));
  const head = HEADER + FIXED + (values.length === 0 ? 0 : bitmapOf(values) + 1 + 2 * values.length);
  const length = sent.reduce<number>((sum, value) => sum + lengthOf(value), head);
  if (length - HEADER >= MOST) return undefined;
  const packet = Buffer.alloc(length);
  packet.writeUIntLE(length - HEADER, 0, 3);
  packet[HEADER] = EXECUTE;
  packet.writeUInt32LE(statement, HEADER + 1);
  packet[HEADER + 6] = 1;
  if (values.length > 0) writeTypes(packet, values, sent);
  let at = head;
  for (const value of sent) if (value !== null) at = write(packet, at, value);
  return packet;
}

/** A bit for each that is NULL. */
const bitmapOf = ({ length }: readonly Parameter[]): number => (length + 7) >> 3;

/** They are told each time: that is what the byte between them and the bitmap says. */
function writeTypes(packet: Buffer, values: readonly Parameter[], sent: readonly Sent[]): void {
  const nulls = HEADER + FIXED;
  const types = nulls + bitmapOf(values) + 1;
  packet[types - 1] = 1;
  for (const [i, value] of sent.entries()) {
    packet[types + 2 * i] = typeOf(value, values[i] as Parameter);
    if (typeof value === "bigint" && value > MAX) packet[types + 2 * i + 1] = UNSIGNED;
    if (value === null) packet[nulls + (i >> 3)] = (packet[nulls + (i >> 3)] as number) | (1 << (i & 7));
  }
}

const MAX = 2n ** 63n - 1n;

type Sent = Exclude<Parameter, string>;

function lengthOf(value: Sent): number {
  if (value === null) return 0;
  if (typeof value === "boolean") return 1;
  return Buffer.isBuffer(value) ? prefixOf(value.length) + value.length : 8;
}

/** How many bytes say a length (https://mariadb.com/kb/en/protocol-data-types/#length-encoded-integers). */
const prefixOf = (length: number): number => (length < 251 ? 1 : length < 0x10000 ? 3 : 4);

function typeOf(value: Sent, given: Parameter): number {
  if (value === null) return NULL;
  if (typeof value === "boolean") return TINY;
  if (Buffer.isBuffer(value)) return typeof given === "string" ? VAR_STRING : BLOB;
  return typeof value === "bigint" || Number.isSafeInteger(value) ? LONGLONG : DOUBLE;
}

/** Answers with the place behind it. */
function write(packet: Buffer, at: number, value: Exclude<Sent, null>): number {
  if (Buffer.isBuffer(value)) return writeBytes(packet, at, value);
  if (typeof value === "boolean") return packet.writeInt8(value ? 1 : 0, at);
  if (typeof value === "bigint") return packet.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  if (!Number.isSafeInteger(value)) return packet.writeDoubleLE(value, at);
  packet.writeInt32LE(value | 0, at);
  return packet.writeInt32LE(Math.floor(value / 2 ** 32), at + 4);
}

function writeBytes(packet: Buffer, at: number, bytes: Buffer): number {
  const prefix = prefixOf(bytes.length);
  if (prefix === 1) packet[at] = bytes.length;
  else {
    packet[at] = prefix === 3 ? 0xfc : 0xfd;
    packet.writeUIntLE(bytes.length, at + 1, prefix - 1);
  }
  packet.set(bytes, at + prefix);
  return at + prefix + bytes.length;
}
