// What a TDS 7.4 server answers, as bytes. MS-TDS, 2.2.7.

/** Latin1_General_CI_AS with code page 1252. */
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
const MORE = 0x01;
const ERROR = 0x02;
const COUNT = 0x10;
const ATTENTION = 0x20;

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const ucs2 = (text: string) => Buffer.from(text, "utf16le");
const short = (text: string) => Buffer.concat([u8(text.length), ucs2(text)]);
const sized = (token: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(token), u16(body.length), body]);
};

/** Options by their number, each with its place; here: version and «encryption not supported». */
export const prelogin = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2]);

export const loginAck = Buffer.concat([
  sized(0xad, u8(1), Buffer.from([0x74, 0, 0, 4]), short("Test Server"), Buffer.from([16, 0, 0, 0])),
  sized(0xe3, u8(7), u8(COLLATION.length), COLLATION, u8(0)),
]);

/** The descriptor that the client says its transaction's requests with. */
const DESCRIPTOR = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
const change = (type: number, now: Buffer, before: Buffer) =>
  sized(0xe3, u8(type), u8(now.length), now, u8(before.length), before);
const nothing = Buffer.alloc(0);
export const began = change(8, DESCRIPTOR, nothing);
export const committed = change(9, nothing, DESCRIPTOR);
export const rolledBack = change(10, nothing, DESCRIPTOR);

function done(token: number, status: number, count?: number): Buffer {
  const rows = Buffer.alloc(8);
  rows.writeBigUInt64LE(BigInt(count ?? 0));
  return Buffer.concat([u8(token), u16(status | (count === undefined ? 0 : COUNT)), u16(0), rows]);
}

export const finished = done(0xfd, 0);
export const failed = done(0xfd, ERROR);
export const attended = done(0xfd, ATTENTION);
export const doneInCall = (count: number) => done(0xff, MORE, count);
export const doneCall = (error: boolean) => Buffer.concat([u8(0x79), u32(0), done(0xfe, error ? ERROR : 0)]);

export function error(number: number, message: string): Buffer {
  const text = Buffer.concat([u16(message.length), ucs2(message)]);
  return sized(0xaa, u32(number), u8(1), u8(16), text, short("test"), short(""), u32(1));
}

type Value = string | number | bigint | boolean | Buffer | null;
export type Row = Readonly<Record<string, Value>>;

/** COLMETADATA and a ROW each; a column's type is that of its first value. */
export function resultSet(names: readonly string[], rows: readonly Row[]): Buffer {
  const samples = names.map((name) => rows.map((row) => row[name]).find((value) => value != null) ?? "");
  const columns = names.map((name, i) => Buffer.concat([u32(0), u16(1), typeInfo(samples[i] as Value), short(name)]));
  const values = rows.map((row) =>
    Buffer.concat([u8(0xd1), ...names.map((name, i) => value(row[name] ?? null, samples[i] as Value))]),
  );
  return Buffer.concat([u8(0x81), u16(names.length), ...columns, ...values]);
}

function typeInfo(sample: Value): Buffer {
  if (typeof sample === "string") return Buffer.concat([u8(0xe7), u16(0xffff), COLLATION]);
  if (typeof sample === "boolean") return Buffer.from([0x68, 1]);
  if (typeof sample === "bigint") return Buffer.from([0x26, 8]);
  if (typeof sample === "number") return Buffer.from(Number.isInteger(sample) ? [0x26, 4] : [0x6d, 8]);
  return Buffer.concat([u8(0xa5), u16(0xffff)]);
}

function value(given: Value, sample: Value): Buffer {
  if (typeof sample === "string" || Buffer.isBuffer(sample)) {
    if (given === null) return Buffer.alloc(8, 0xff);
    const bytes = Buffer.isBuffer(given) ? given : ucs2(String(given));
    const chunk = bytes.length === 0 ? nothing : Buffer.concat([u32(bytes.length), bytes]);
    return Buffer.concat([Buffer.from([0xfe]), Buffer.alloc(7, 0xff), chunk, u32(0)]);
  }
  if (given === null) return u8(0);
  if (typeof sample === "boolean") return Buffer.from([1, given === true ? 1 : 0]);
  const bytes = Buffer.alloc(8);
  if (typeof sample === "bigint") bytes.writeBigInt64LE(BigInt(given as bigint));
  else if (!Number.isInteger(sample)) bytes.writeDoubleLE(Number(given));
  else return Buffer.concat([u8(4), u32(Number(given))]);
  return Buffer.concat([u8(8), bytes]);
}
