// Values of prepared statements' rows (https://mariadb.com/kb/en/resultset-row/#binary-resultset-row): by their types, numbers and
// moments are bytes, and everything else is text behind its length.

/** mysql2's, as far as it is used: what stands in its buffer from `offset`, which each reading moves on, to `end`. */
export interface Packet {
  readonly buffer: Buffer;
  offset: number;
  readonly end: number;
  isEOF(): boolean;
  isError(): boolean;
  asError(encoding: string): Error;
}

export interface WireColumn {
  readonly type: number;
  readonly unsigned: boolean;
}

/** By its definition (https://mariadb.com/kb/en/result-set-packets/), of which the end is of one length. */
export const wireColumn = ({ buffer, end }: Packet): WireColumn => ({
  type: buffer[end - 6] as number,
  unsigned: ((buffer[end - 5] as number) & UNSIGNED) !== 0,
});

const UNSIGNED = 32;

const [TINY, SHORT, LONG, FLOAT, DOUBLE, TIMESTAMP, LONGLONG, INT24] = [1, 2, 3, 4, 5, 7, 8, 9];
const [DATE, TIME, DATETIME, YEAR] = [10, 11, 12, 13];

/** Nothing, and nothing read, where it is none. */
export function integerOf(packet: Packet, { type, unsigned }: WireColumn): number | bigint | undefined {
  const { buffer, offset } = packet;
  switch (type) {
    case LONG:
    case INT24:
      packet.offset += 4;
      return unsigned ? buffer.readUInt32LE(offset) : buffer.readInt32LE(offset);
    case LONGLONG:
      packet.offset += 8;
      return long(buffer, offset, unsigned);
    case TINY:
      packet.offset += 1;
      return unsigned ? buffer.readUInt8(offset) : buffer.readInt8(offset);
    case SHORT:
    case YEAR:
      packet.offset += 2;
      return unsigned ? buffer.readUInt16LE(offset) : buffer.readInt16LE(offset);
    default:
      return undefined;
  }
}

function long(buffer: Buffer, offset: number, unsigned: boolean): number | bigint {
  const high = buffer.readInt32LE(offset + 4);
  if (high === 0) return buffer.readUInt32LE(offset);
  return unsigned ? buffer.readBigUInt64LE(offset) : buffer.readBigInt64LE(offset);
}

/** Below 251 it is the first byte; else that says how many bytes of it follow. */
export function packetLength(packet: Packet): number {
  const { buffer, offset } = packet;
  const first = buffer[offset] as number;
  if (first < 251) {
    packet.offset += 1;
    return first;
  }
  const bytes = first === 252 ? 2 : first === 253 ? 3 : 8;
  packet.offset += 1 + bytes;
  // Six are as many as a number holds, and more than a server counts.
  return buffer.readUIntLE(offset + 1, Math.min(bytes, 6));
}

/** A value of any type as text. */
export function textOf(packet: Packet, column: WireColumn): string {
  const { buffer, offset } = packet;
  const integer = integerOf(packet, column);
  if (integer !== undefined) return String(integer);
  switch (column.type) {
    case FLOAT:
      packet.offset += 4;
      return String(buffer.readFloatLE(offset));
    case DOUBLE:
      packet.offset += 8;
      return String(buffer.readDoubleLE(offset));
    case DATE:
    case DATETIME:
    case TIMESTAMP:
      packet.offset += 1 + (buffer[offset] as number);
      return momentOf(buffer.subarray(offset + 1, packet.offset), column.type !== DATE);
    case TIME:
      packet.offset += 1 + (buffer[offset] as number);
      return timeOf(buffer.subarray(offset + 1, packet.offset));
    default:
      return stringOf(packet);
  }
}

function stringOf(packet: Packet): string {
  const length = packetLength(packet);
  const from = packet.offset;
  packet.offset += length;
  return packet.buffer.toString("utf8", from, packet.offset);
}

/** Year (2 bytes), month, day, hour, minute, second, and microseconds (4 bytes): what is left out at the end is zero. */
function momentOf(given: Buffer, timed: boolean): string {
  const bytes = Buffer.concat([given], 11);
  const date = `${padded(bytes.readUInt16LE(0), 4)}-${padded(bytes[2], 2)}-${padded(bytes[3], 2)}`;
  return timed ? `${date} ${clock(bytes[4], bytes, 5)}` : date;
}

/** Whether it is negative, days (4 bytes), hour, minute, second, and microseconds (4 bytes), in the same way. */
function timeOf(given: Buffer): string {
  const bytes = Buffer.concat([given], 12);
  const hours = bytes.readUInt32LE(1) * 24 + (bytes[5] as number);
  return `${bytes[0] === 0 ? "" : "-"}${clock(hours, bytes, 6)}`;
}

function clock(hours: number | undefined, bytes: Buffer, at: number): string {
  const fraction = bytes.readUInt32LE(at + 2);
  const time = `${padded(hours, 2)}:${padded(bytes[at], 2)}:${padded(bytes[at + 1], 2)}`;
  return fraction === 0 ? time : `${time}.${padded(fraction, 6).replace(/0+$/, "")}`;
}

const padded = (value: number | undefined, length: number): string => String(value).padStart(length, "0");
