// Several hosts in one connection string, of which the one is looked for that can be written to:
// postgres://user@one:5432,two:5432/shop?target_session_attrs=read-write (manual: libpq-connect, "Specifying Multiple Hosts").
import type { Knex } from "knex";
import type { Dialect } from "../dialect/dialect.js";
import { type HttpError, problem } from "../http/problem.js";
import { RETRY_AFTER_REFUSAL } from "./refusals.js";

export interface Hosts {
  /** A connection string each. */
  readonly urls: readonly string[];
  /** Must it be one that can be written to? */
  readonly writable: boolean;
}

const FORM = /^((?:postgres(?:ql)?|mysql|mariadb):\/\/(?:[^/?#]*@)?)([^@/?#]+)(.*)$/is;
const ATTRIBUTES = /[?&]target_session_attrs=([^&#]*)/i;
/** What is asked of a server. Reads on others are what the option `replicas` is for. */
const meanings: Readonly<Record<string, boolean>> = { any: false, "read-write": true, primary: true };

/** A connection string for each host of one; itself where it names one. */
export function hostsIn(connectionString: string): readonly string[] {
  const [, before = "", hosts = "", rest = ""] = FORM.exec(connectionString) ?? [];
  if (before === "") return [connectionString];
  const others = rest.replace(ATTRIBUTES, "").replace(/^([^?]*)&/, "$1?");
  const names = hosts.split(",").filter((name) => name !== "");
  return names.map((name) => `${before}${name}${others}`);
}

/** Throws an `Error` of one line for a wish that cannot be met. */
export function hostsOf(connectionString: string): Hosts {
  const urls = hostsIn(connectionString);
  const asked = FORM.test(connectionString) ? ATTRIBUTES.exec(connectionString)?.[1] : undefined;
  const writable = asked === undefined ? urls.length > 1 : meanings[asked.toLowerCase()];
  if (writable === undefined)
    throw new Error(
      `target_session_attrs is ${Object.keys(meanings).join(", ")}, not '${asked}'. Reads go elsewhere by the option replicas.`,
    );
  return { urls, writable };
}

/** What is used of `knex.client`. */
interface Client {
  connectionSettings: object;
  acquireRawConnection(): Promise<object>;
}

/** Makes a knex instance open each connection on the first host that will do, beginning with the one that did last. */
export function tryHosts(knex: Knex, settings: readonly object[], writable: boolean, dialect: Dialect): void {
  const client = knex.client as Client;
  const acquire = client.acquireRawConnection.bind(client);
  let last = 0;
  client.acquireRawConnection = async () => {
    let failure: unknown;
    for (let i = 0; i < settings.length; i++) {
      const place = (last + i) % settings.length;
      // knex looks at them at once, and not later.
      client.connectionSettings = settings[place] as object;
      try {
        const connection = await acquire();
        if (!writable || (await isWritable(connection, dialect))) {
          last = place;
          return connection;
        }
        dialect.discard?.(connection);
        failure ??= noneToWriteTo();
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
}

async function isWritable(connection: object, dialect: Dialect): Promise<boolean> {
  if (dialect.replication === undefined) return true;
  const { rows } = await dialect.execute(connection, dialect.replication.writable, []);
  return Number(rows[0]?.[0]) === 1;
}

const takesNoWrites = (): HttpError =>
  problem(
    "database_away",
    "The server takes no writes any more, and the one that does is looked for. Try again in a few seconds.",
    {
      headers: { "retry-after": RETRY_AFTER_REFUSAL },
    },
  );

/** In the form of an error of the system's, which says that nobody answers. */
const noneToWriteTo = (): Error =>
  Object.assign(new Error("none of the hosts can be written to"), { code: "ECONNREFUSED" });

/**
 * The same dialect. A server that takes no writes any more, as another one has taken its place, counts as one that is away: `moved`
 * is called, for what else is open to it.
 */
export function movingOn(dialect: Dialect, moved: () => void): Dialect {
  const { replication, execute } = dialect;
  if (replication === undefined) return dialect;
  return {
    ...dialect,
    async execute(connection, ...asked) {
      try {
        return await execute(connection, ...asked);
      } catch (error) {
        if (!replication.isReadOnly(error)) throw error;
        Object.assign(connection as object, { __knex__disposed: error });
        moved();
        throw Object.assign(takesNoWrites(), { cause: error });
      }
    },
  };
}
