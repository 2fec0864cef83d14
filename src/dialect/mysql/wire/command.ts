// One packet to the server and what it answers (https://mariadb.com/kb/en/result-set-packets/), as a command in mysql2's queue, which
// hands it each packet. mysql2's own makes an object of each column's definition and looks for a parser that fits them, each time
// (measured on MariaDB, one row of one text: 25 µs against 11).
import { TooLarge } from "../../connection.js";
import { HEADER } from "./parameters.js";
import { type Packet, packetLength, textOf, type WireColumn, wireColumn } from "./values.js";

/** mysql2's connection, as far as it is used. */
export interface Connection {
  readonly config: { readonly clientFlags: number };
  readonly serverCapabilityFlags: number;
  readonly clientEncoding: string;
  addCommand(command: Command): void;
  readonly stream: { destroy(): void };
  write(bytes: Buffer): void;
  _resetSequenceId(): void;
  _bumpSequenceId(by: number): void;
}

/** What a statement without rows has done. */
export interface Done {
  readonly affectedRows: number;
  readonly insertId: string;
  readonly info: string;
}

export type Answer = Done | { readonly rows: readonly (readonly (string | null)[])[] };

type Step = (packet: Packet, connection: Connection) => Step | undefined;

/** `packet` begins with room for its header, where its length stands already. */
export const send = (connection: Connection, packet: Buffer, most = Number.POSITIVE_INFINITY): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, answer?: Answer) => (error === null ? resolve(answer as Answer) : reject(error));
    connection.addCommand(new Command(packet, done, most));
  });

const QUERY = 3;

/** A statement's own text (https://mariadb.com/kb/en/com_query/), which answers without rows. */
export function queryPacket(text: string): Buffer {
  const packet = Buffer.concat([Buffer.alloc(HEADER), Buffer.of(QUERY), Buffer.from(text)]);
  packet.writeUIntLE(packet.length - HEADER, 0, 3);
  return packet;
}

export class Command {
  readonly #columns: WireColumn[] = [];
  readonly #rows: (string | null)[][] = [];
  #count = 0;
  #step: Step | undefined;
  #answer: Answer | undefined;

  constructor(
    readonly packet: Buffer,
    /** mysql2 calls it where the connection is lost. */
    readonly onResult: (error: Error | null, answer?: Answer) => void,
    /** Characters of rows that are still taken. */
    private left: number,
  ) {}

  /** Called without a packet when it is this command's turn. Answers whether it is over. */
  execute(packet: Packet | undefined, connection: Connection): boolean {
    if (packet === undefined) {
      connection._resetSequenceId();
      connection._bumpSequenceId(1);
      connection.write(this.packet);
      this.#step = this.#head;
      return false;
    }
    if (packet.isError()) {
      this.onResult(packet.asError(connection.clientEncoding));
      return true;
    }
    this.#step = this.#step?.(packet, connection);
    return this.#step === undefined;
  }

  /** mysql2 prints it in its debug mode. */
  stateName(): string {
    return this.#step?.name ?? "";
  }

  readonly #head: Step = (packet, connection) => {
    if (packet.buffer[packet.offset] === 0) {
      const { status, ...done } = doneOf(packet, connection);
      return this.#answered(done, status);
    }
    this.#count = packetLength(packet);
    return this.#definition;
  };

  readonly #definition: Step = (packet) => {
    this.#columns.push(wireColumn(packet));
    return this.#columns.length < this.#count ? this.#definition : this.#definitionsEnd;
  };

  readonly #definitionsEnd: Step = () => this.#row;

  readonly #row: Step = (packet, connection) => {
    if (packet.isEOF()) return this.#answered({ rows: this.#rows }, statusOf(packet));
    // Its length, before anything is made of it.
    this.left -= packet.end - packet.offset;
    if (this.left < 0) {
      this.onResult(new TooLarge());
      breakOff(connection);
      return this.#rest;
    }
    this.#rows.push(rowOf(packet, this.#columns));
    return this.#row;
  };

  /** CALL answers with several results, the first of which is taken: the others are read all the same, or the next command would get them. */
  #answered(answer: Answer, status: number): Step | undefined {
    this.#answer ??= answer;
    if ((status & MORE_RESULTS) !== 0) return this.#next;
    this.onResult(null, this.#answer);
    return undefined;
  }

  readonly #next: Step = (packet, connection) => {
    if (packet.buffer[packet.offset] === 0) return this.#answered(noRows, doneOf(packet, connection).status);
    return this.#skipped;
  };

  /** The definitions of its columns, up to their end. */
  readonly #skipped: Step = (packet) => (packet.isEOF() ? this.#skippedRows : this.#skipped);

  readonly #skippedRows: Step = (packet) =>
    packet.isEOF() ? this.#answered(noRows, statusOf(packet)) : this.#skippedRows;

  /** What is on its way still. */
  readonly #rest: Step = (packet) => (packet.isEOF() ? undefined : this.#rest);
}

/** The server ends the statement when it finds nobody to send rows to; the pool opens another connection. */
export function breakOff(connection: Pick<Connection, "stream">): void {
  connection.stream.destroy();
}

/** https://mariadb.com/kb/en/resultset-row/#binary-resultset-row: a byte, then as many bits as there are columns, and two. */
function rowOf(packet: Packet, columns: readonly WireColumn[]): (string | null)[] {
  const { buffer, offset } = packet;
  packet.offset = offset + 1 + ((columns.length + 9) >> 3);
  return columns.map((column, i) => {
    const isNull = ((buffer[offset + 1 + ((i + 2) >> 3)] as number) >> ((i + 2) & 7)) & 1;
    return isNull === 1 ? null : textOf(packet, column);
  });
}

const noRows: Answer = { rows: [] };

/** SERVER_MORE_RESULTS_EXISTS. */
const MORE_RESULTS = 8;

/** https://mariadb.com/kb/en/eof_packet/ */
const statusOf = ({ buffer, offset }: Packet): number => buffer.readUInt16LE(offset + 3);

/** https://mariadb.com/kb/en/ok_packet/ */
function doneOf(packet: Packet, { config, serverCapabilityFlags }: Connection): Done & { readonly status: number } {
  packet.offset += 1;
  const affectedRows = packetLength(packet);
  const insertId = idOf(packet);
  const status = packet.buffer.readUInt16LE(packet.offset);
  // Status and warnings.
  packet.offset += 4;
  const tracks = (config.clientFlags & serverCapabilityFlags & SESSION_TRACK) !== 0;
  const length = packet.offset === packet.end ? 0 : tracks ? packetLength(packet) : packet.end - packet.offset;
  return {
    status,
    affectedRows,
    insertId,
    info: packet.buffer.toString("utf8", packet.offset, packet.offset + length),
  };
}

const SESSION_TRACK = 1 << 23;

/** All digits of it. */
function idOf(packet: Packet): string {
  const { buffer, offset } = packet;
  if (buffer[offset] !== 0xfe) return String(packetLength(packet));
  packet.offset += 9;
  return String(buffer.readBigInt64LE(offset + 1));
}
