// Whatever ends a command → one line that says what is wrong, why, and what to try. No stack and no password.
import { ConfigError } from "../base/config-error.js";
import { TimedOut } from "../base/timeout.js";
import { NeverThere } from "../database/awaiting.js";
import { DatabaseFailure } from "../database/database-failure.js";
import { isFullText } from "../dialect/mssql/refusal.js";
import { redact } from "../server/redact.js";
import { type SubjectPlace, toWhere, type Where } from "./subject.js";

/** What drivers and node put on their errors; every part may be missing. */
interface Fault {
  readonly message?: string;
  readonly code?: unknown;
  readonly syscall?: string;
  readonly hostname?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

type Wording = (where: Where) => string;

const noFile: Wording = ({ file }) =>
  `cannot open the database file ${file}: no such file, or no right to read it. Check the path.`;
const wrongPassword: Wording = ({ db, server }) =>
  `the database at ${server} does not accept this user and password. Check both in ${db}`;
const noDatabase: Wording = ({ db, server }) =>
  `the server at ${server} has no such database, or keeps it from this user. Check the database's name in ${db}`;
const refused: Wording = ({ db, server }) =>
  `nothing listens at ${server} (connection refused). Is the database running, and are host and port right in ${db}?`;
const unknownHost: Wording = ({ db, server }) => `there is no host ${server} (name not found). Check the host in ${db}`;
const noAnswer: Wording = ({ db, server }) =>
  `the database at ${server} does not answer. Check host, port and firewall for ${db}, or wait longer with --connect-timeout.`;
const hungUp: Wording = ({ db, server }) =>
  `${server} closed the connection. Is it this kind of database that listens there? Check scheme, host and port in ${db}`;
const full: Wording = ({ server }) =>
  `the database at ${server} takes no more connections (too many connections). Set --pool-max lower, here or where others connect, or let it take more.`;

/** Codes of better-sqlite3, pg (SQLSTATE), mysql2, tedious, and of their sockets. */
const databaseFaults: Readonly<Record<string, Wording>> = {
  SQLITE_CANTOPEN: noFile,
  SQLITE_NOTADB: ({ file }) => `${file} is not an SQLite database (its content is something else). Check the path.`,
  SQLITE_BUSY: ({ file }) => `the database file ${file} is locked by another program. End that one, or try again.`,
  SQLITE_READONLY: ({ file }) => `the database file ${file} or its folder cannot be written. Check the permissions.`,
  "28P01": wrongPassword,
  "28000": wrongPassword,
  "3D000": noDatabase,
  "53300": full,
  "57P03": ({ server }) => `the database at ${server} is starting or stopping. Try again in a moment.`,
  ER_ACCESS_DENIED_ERROR: wrongPassword,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: wrongPassword,
  ER_BAD_DB_ERROR: noDatabase,
  ER_DBACCESS_DENIED_ERROR: noDatabase,
  ER_CON_COUNT_ERROR: full,
  ER_TOO_MANY_USER_CONNECTIONS: full,
  ER_USER_LIMIT_REACHED: full,
  PROTOCOL_CONNECTION_LOST: hungUp,
  ELOGIN: wrongPassword,
  "ELOGIN full": full,
  ESOCKET: refused,
  EINSTLOOKUP: unknownHost,
  ETIMEOUT: noAnswer,
  "connect ENOENT": ({ db, server }) =>
    `there is no socket ${server}. Is the database running, and does it listen there? Check the socket's place in ${db}`,
  ECONNREFUSED: refused,
  ECONNRESET: hungUp,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
  ETIMEDOUT: noAnswer,
};

/** Codes of the server's own socket. */
const listenFaults: Readonly<Record<string, Wording>> = {
  EADDRINUSE: ({ host, port, before }) =>
    `port ${port} on ${host} is taken by another program. End that one, or try ${before}--port 0 for a free port.`,
  EACCES: ({ port }) => `this user may not open port ${port}. Try one above 1023, such as --port 3000.`,
  EADDRNOTAVAIL: ({ host }) =>
    `this machine has no address ${host} to listen on. Try --host 127.0.0.1, or --host 0.0.0.0 for all.`,
  ENOTFOUND: ({ host }) =>
    `there is no host ${host} to listen on (name not found). Try --host 127.0.0.1, or --host 0.0.0.0 for all.`,
};

/** What only a message tells, as its error has no code. */
const bySentence: readonly (readonly [RegExp, Wording])[] = [
  [/directory does not exist|^no such file/, noFile],
  [
    /without a scheme/,
    ({ db }) =>
      `${db} is not a connection string. A file is sqlite:${db}; a server is postgres://…, mysql://… or mssql://…`,
  ],
  [/Connection terminated unexpectedly|Packets out of order|Received invalid greeting/i, hungUp],
  [
    /client password must be a string/,
    ({ db, server }) => `the database at ${server} asks for a password, and ${db} holds none.`,
  ],
  [
    /does not support SSL connections/,
    ({ db, server }) => `the database at ${server} has no TLS, and ${db} asks for it.`,
  ],
];

/** One line, without the program's name in front. */
export function explain(error: unknown, place: SubjectPlace = {}): string {
  if (error instanceof DatabaseFailure)
    return explain(error.cause, {
      ...place,
      what: error.what,
      db: typeof error.db === "string" ? error.db : undefined,
    });
  if (error instanceof NeverThere)
    return `${explain(error.cause, place)} It was tried for ${error.seconds} seconds (--connect-timeout).`;
  const fault: Fault = error instanceof Error ? error : { message: String(error) };
  const wording = error instanceof TimedOut ? noAnswer : (wordingOf(fault, place) ?? missingPackage(fault));
  const said = wording === undefined ? (fault.message ?? "unknown error") : wording(toWhere(place));
  return oneLine(redact(`${aboutOf(error, place)}${said}`));
}

/** Of several databases the one at fault; the file that may hold the wrong option. */
function aboutOf(error: unknown, { what, config }: SubjectPlace): string {
  const file = config !== undefined && error instanceof ConfigError ? `${config}: ` : "";
  return file + (what === undefined ? "" : `${what}: `);
}

/** The text on a single line. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

function wordingOf(fault: Fault, place: SubjectPlace): Wording | undefined {
  const own = fault.syscall === "listen" || (fault.hostname !== undefined && fault.hostname === place.host);
  const known = (own ? listenFaults : databaseFaults)[codeOf(fault)];
  if (known !== undefined) return known;
  const told = bySentence.find(([pattern]) => pattern.test(fault.message ?? ""))?.[1];
  return told ?? (fault.cause instanceof Error ? wordingOf(fault.cause, place) : undefined);
}

/** `localhost` has two addresses: when both refuse, node tells of them in an `AggregateError`. */
function codeOf({ code, errors, syscall, message = "" }: Fault): string {
  const text = String(code ?? (errors?.[0] as Fault | undefined)?.code ?? "");
  if (text === "ENOENT") return `${syscall} ${text}`;
  if (text === "ELOGIN" && isFullText(message)) return "ELOGIN full";
  return /^SQLITE_[A-Z]+/.exec(text)?.[0] ?? text;
}

/** A driver that is not installed: found by node (`Cannot find package 'pg'`) or by knex (`npm install pg`). */
function missingPackage({ message = "" }: Fault): Wording | undefined {
  const name = /Cannot find (?:package|module) '([^'./][^']*)'/.exec(message)?.[1];
  return name === undefined ? undefined : () => `the package ${name} is not installed. Install it: npm install ${name}`;
}
