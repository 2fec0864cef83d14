// A small SQL Server: enough of TDS 7.4 on a loopback port for tedious and knex to log in, run statements with parameters, and keep
// transactions. What it answers is the test's business; what it was asked, in order, is in `heard`.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import * as requests from "./requests.js";
import * as tokens from "./tokens.js";

export interface Failure {
  readonly number: number;
  readonly message: string;
}

/** Nothing, rows (the last of several results is the statement's), errors in order, or no answer at all. */
export type Answer =
  | { readonly rows: readonly tokens.Row[]; readonly columns?: readonly string[] }
  | { readonly results: readonly (readonly tokens.Row[])[] }
  /** `rollsBack`: the server ends the transaction by itself. */
  | { readonly errors: readonly Failure[]; readonly rollsBack?: boolean }
  | "silence"
  /** The connection breaks. */
  | "hang up"
  | undefined;

export type Responder = (text: string, parameters: readonly requests.Parameter[]) => Answer;

export interface TdsServer {
  readonly port: number;
  /** For sapwood: nothing is encrypted. */
  url(query?: string): string;
  readonly logins: readonly requests.Login[];
  readonly heard: readonly Heard[];
  /** What logging in fails with from now on. */
  refuse(failure: Failure): void;
  /** Forgets what was heard. */
  forget(): void;
  close(): Promise<void>;
}

export type Heard = requests.TdsRequest | { readonly kind: "attention" };

export const PASSWORD = "p@ss/wörd";

export async function startTds(respond: Responder): Promise<TdsServer> {
  const logins: requests.Login[] = [];
  const heard: Heard[] = [];
  const gate: { refusal?: Failure } = {};
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    converse(socket, respond, { logins, heard, gate });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (query = "") => `mssql://sapwood:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/shop?encrypt=false${query}`,
    logins,
    heard,
    refuse: (failure) => {
      gate.refusal = failure;
    },
    forget: () => {
      heard.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

const PRELOGIN = 0x12;
const LOGIN = 0x10;
const ATTENTION = 6;
const readers: Readonly<Record<number, (bytes: Buffer) => requests.TdsRequest>> = {
  1: requests.readBatch,
  3: requests.readCall,
  14: requests.readTransaction,
};

interface Kept {
  readonly logins: requests.Login[];
  readonly heard: Heard[];
  readonly gate: { readonly refusal?: Failure };
}

function converse(socket: Socket, respond: Responder, { logins, heard, gate }: Kept): void {
  const answer = (type: number, bytes: Buffer): readonly Buffer[] => {
    if (type === PRELOGIN) return [tokens.prelogin];
    if (type === LOGIN) {
      const login = requests.readLogin(bytes);
      logins.push(login);
      if (gate.refusal !== undefined) return [tokens.error(gate.refusal.number, gate.refusal.message), tokens.failed];
      if (login.password === PASSWORD) return [tokens.loginAck, tokens.finished];
      return [tokens.error(18456, `Login failed for user '${login.user}'.`), tokens.failed];
    }
    if (type === ATTENTION) {
      heard.push({ kind: "attention" });
      // The request that is called off ends with a message of its own.
      send(socket, tokens.failed);
      return [tokens.attended];
    }
    const request = readers[type]?.(bytes);
    if (request === undefined) throw new Error(`a message of type ${type}, which the test server does not know`);
    // What tedious says of the session when it has logged in.
    if (request.kind === "sql" && request.text.startsWith("set ")) return [tokens.finished];
    heard.push(request);
    if (request.kind !== "sql") return [transactions[request.kind], tokens.finished];
    const said = respond(request.text, request.parameters);
    if (said !== "hang up") return replyOf(said);
    socket.destroy();
    return [];
  };
  onMessages(socket, (type, bytes) => send(socket, Buffer.concat(answer(type, bytes))));
}

const transactions = {
  begin: tokens.began,
  commit: tokens.committed,
  rollback: tokens.rolledBack,
  save: Buffer.alloc(0),
  "rollback to": Buffer.alloc(0),
};

function replyOf(answer: Exclude<Answer, "hang up">): readonly Buffer[] {
  if (answer === "silence") return [];
  if (answer === undefined) return [tokens.doneCall(false)];
  if ("errors" in answer) {
    const errors = answer.errors.map(({ number, message }) => tokens.error(number, message));
    return [...errors, ...(answer.rollsBack ? [tokens.rolledBack] : []), tokens.doneCall(true)];
  }
  const results = "results" in answer ? answer.results : [answer.rows];
  const sets = results.flatMap((rows) => {
    const names = ("columns" in answer ? answer.columns : undefined) ?? Object.keys(rows[0] ?? { "": 0 });
    return [tokens.resultSet(names, rows), tokens.doneInCall(rows.length)];
  });
  return [...sets, tokens.doneCall(false)];
}

/** Messages come in packets of eight bytes of header each; the second byte says which is the last. */
function onMessages(socket: Socket, take: (type: number, bytes: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  let parts: Buffer[] = [];
  socket.on("data", (data) => {
    waiting = Buffer.concat([waiting, data]);
    while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
      const packet = waiting.subarray(0, waiting.readUInt16BE(2));
      waiting = waiting.subarray(packet.length);
      parts.push(packet.subarray(8));
      if ((packet.readUInt8(1) & 1) === 0) continue;
      const bytes = Buffer.concat(parts);
      parts = [];
      take(packet.readUInt8(0), bytes);
    }
  });
}

const PACKET = 4096 - 8;

function send(socket: Socket, bytes: Buffer): void {
  for (let at = 0, number = 1; at < bytes.length; at += PACKET, number++) {
    const body = bytes.subarray(at, at + PACKET);
    const header = Buffer.from([4, at + PACKET >= bytes.length ? 1 : 0, 0, 0, 0, 0, number & 0xff, 0]);
    header.writeUInt16BE(body.length + 8, 2);
    socket.write(Buffer.concat([header, body]));
  }
}
