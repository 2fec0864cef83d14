// What a TDS 7.4 client sends, as plain data. In: one message's bytes. MS-TDS, 2.2.6.
class Reader {
  private at = 0;
  constructor(private readonly bytes: Buffer) {}
  get left(): number {
    return this.bytes.length - this.at;
  }
  take(length: number): Buffer {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  u8 = () => this.take(1).readUInt8();
  u16 = () => this.take(2).readUInt16LE();
  u32 = () => this.take(4).readUInt32LE();
  u64 = () => this.take(8).readBigUInt64LE();
  text = (characters: number) => this.take(characters * 2).toString("utf16le");
}

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface Parameter {
  readonly name: string;
  /** As `sp_executesql` is told: `nvarchar(4000)`. */
  readonly type: string;
  readonly value: unknown;
}

export interface SqlRequest {
  readonly kind: "sql";
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** Is it part of a transaction? */
  readonly inside: boolean;
}

export type TdsRequest = SqlRequest | { readonly kind: "begin" | "commit" | "rollback" | "rollback to" | "save" };

export function readLogin(bytes: Buffer): Login {
  const field = (at: number) => {
    const [start, characters] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    return bytes.subarray(start, start + characters * 2);
  };
  // «every byte in the password: swap the four high bits with the four low bits and then do a bit-XOR with 0xA5»
  const password = field(44).map((byte) => {
    const mixed = byte ^ 0xa5;
    return ((mixed << 4) | (mixed >> 4)) & 0xff;
  });
  return {
    user: field(40).toString("utf16le"),
    password: Buffer.from(password).toString("utf16le"),
    database: field(68).toString("utf16le"),
  };
}

/** ALL_HEADERS: is the request part of a transaction? */
function insideTransaction(reader: Reader): boolean {
  const headers = reader.take(reader.u32() - 4);
  return headers.subarray(6, 14).some((byte) => byte !== 0);
}

export function readBatch(bytes: Buffer): TdsRequest {
  const reader = new Reader(bytes);
  const inside = insideTransaction(reader);
  return { kind: "sql", text: reader.text(reader.left / 2), parameters: [], inside };
}

const transactions: Readonly<Record<number, "begin" | "commit" | "rollback" | "save">> = {
  5: "begin",
  7: "commit",
  8: "rollback",
  9: "save",
};

export function readTransaction(bytes: Buffer): TdsRequest {
  const reader = new Reader(bytes);
  insideTransaction(reader);
  const kind = transactions[reader.u16()];
  if (kind === undefined) throw new Error("a transaction request that the test server does not know");
  // One that names a savepoint leaves the transaction as it is.
  return { kind: kind === "rollback" && reader.u8() > 0 ? "rollback to" : kind };
}

const SP_EXECUTESQL = 10;

export function readCall(bytes: Buffer): TdsRequest {
  const reader = new Reader(bytes);
  const inside = insideTransaction(reader);
  if (reader.u16() !== 0xffff || reader.u16() !== SP_EXECUTESQL) throw new Error("only sp_executesql is known here");
  reader.u16();
  const given: { name: string; value: unknown }[] = [];
  while (reader.left > 0) {
    const name = reader.text(reader.u8());
    reader.u8();
    given.push({ name, value: readValue(reader) });
  }
  const [statement, declared, ...values] = given;
  const types = new Map(
    [...String(declared?.value ?? "").matchAll(/(@\w+) (\w+(?:\([^)]*\))?)/g)].map(([, name, type]) => [name, type]),
  );
  const parameters = values.map(({ name, value }) => ({ name, type: types.get(name) ?? "undeclared", value }));
  return { kind: "sql", text: String(statement?.value), parameters, inside };
}

/** TYPE_INFO and the value behind it, of the types that the driver's parameters have. */
function readValue(reader: Reader): unknown {
  const type = reader.u8();
  switch (type) {
    case 0xe7:
    case 0xa7: {
      const most = reader.u16();
      reader.take(5);
      return readBytes(reader, most)?.toString(type === 0xe7 ? "utf16le" : "latin1") ?? null;
    }
    case 0xa5:
      return readBytes(reader, reader.u16());
    case 0x26: {
      reader.u8();
      const length = reader.u8();
      if (length === 0) return null;
      return length === 8 ? reader.take(8).readBigInt64LE() : reader.take(length).readIntLE(0, length);
    }
    case 0x68:
      reader.u8();
      return reader.u8() === 0 ? null : reader.u8() === 1;
    case 0x6d:
      reader.u8();
      return reader.u8() === 0 ? null : reader.take(8).readDoubleLE();
    case 0x24:
      reader.u8();
      return reader.u8() === 0 ? null : guid(reader.take(16));
    default:
      throw new Error(`a parameter of type 0x${type.toString(16)}, which the test server does not know`);
  }
}

function readBytes(reader: Reader, most: number): Buffer | null {
  if (most !== 0xffff) {
    const length = reader.u16();
    return length === 0xffff ? null : reader.take(length);
  }
  if (reader.u64() === 0xffff_ffff_ffff_ffffn) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.u32(); length > 0; length = reader.u32()) chunks.push(reader.take(length));
  return Buffer.concat(chunks);
}

/** The first three groups stand the other way round. */
function guid(bytes: Buffer): string {
  const turned = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)].map((part) => [...part].reverse());
  const rest = [bytes.subarray(8, 10), bytes.subarray(10)];
  return [...turned, ...rest].map((part) => Buffer.from(part).toString("hex")).join("-");
}
