// Where a command looked, in words for its messages.
import { plainConnectionString, variablesBehind } from "../database/connection-string.js";
import { hostsIn } from "../database/hosts.js";
import { redact } from "../server/redact.js";

/** What the command was about; parts that it has nothing to do with are left out. */
export interface SubjectPlace {
  readonly db?: string;
  readonly host?: string;
  readonly port?: number;
  /** Which of several databases: `database main`, `auth.db`. */
  readonly what?: string;
  /** The config file's name, where there is one. */
  readonly config?: string;
  /** What stands before the flags when the command is typed again. */
  readonly before?: string;
}

/** A place in words, without a password. */
export interface Where {
  /** The connection string, and the variables that may have a part in it. */
  readonly db: string;
  /** The database server: `db.example:5432`. */
  readonly server: string;
  /** The database file, for databases that are one. */
  readonly file: string;
  readonly host: string;
  readonly port: string;
  readonly before: string;
}

/** The same place in words. */
export function toWhere({ db: given = "", host = "", port, before = "" }: SubjectPlace): Where {
  const db = plainConnectionString(given);
  const shown = [redact(db), ...variablesBehind(given)].join(", ");
  const file = shown.replace(/^[a-z\d+.-]+:(\/\/)?/i, "");
  return { db: shown, server: serverOf(db), file, host, port: String(port ?? ""), before };
}

/** All of them, where the connection string names several. */
function serverOf(db: string): string {
  const hosts = hostsIn(db).flatMap((url) => (URL.canParse(url) ? [placeOf(new URL(url))] : []));
  return hosts.filter((host) => host !== "").join(", ") || "localhost";
}

/** Its host and port, or its socket. */
const placeOf = ({ host, searchParams }: URL): string => searchParams.get("socketPath") ?? host.replaceAll("%2F", "/");
