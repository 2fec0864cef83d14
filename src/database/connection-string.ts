// A connection string as other tools spell it → the same as it is spelt here, with the server that variables name where it leaves
// that out. Others stay as they are.

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * SQLAlchemy's spellings (https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls): `postgresql+psycopg://…` names a driver
 * of Python's, `sqlite:///./shop.db` is a file of the working directory. Sockets as libpq and MySQL's clients have them:
 * `postgres://app@/shop?host=/run/postgresql`, `mysql://app@/shop?unix_socket=/run/mysqld/mysqld.sock`.
 */
export function plainConnectionString(text: string, variables: Variables = process.env): string {
  const plain = text
    .replace(/^([a-z]+)\+\w+:/i, "$1:")
    .replace(/^sqlite:\/\/\/(?=\.{1,2}\/)/i, "sqlite:")
    .replace(/(?<=^mssql:.*[?&])driver=[^&]*&?/i, "");
  const parts = partsOf(plain);
  if (parts === undefined) return plain;
  return textOf(/^p/i.test(parts.scheme) ? onPostgres(parts, variables) : onMysql(parts, variables));
}

/** What the driver reads, or MySQL's own programs and Docker's image of it do (manual: "Environment Variables"). */
const readBy = {
  postgres: ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE"],
  mysql: [
    ...["MYSQL_HOST", "MYSQL_TCP_PORT", "MYSQL_UNIX_PORT"],
    ...["MYSQL_USER", "MYSQL_PWD", "MYSQL_PASSWORD", "MYSQL_DATABASE"],
  ],
} as const;

/** The variables that are set and may have a part in the connection, for messages. */
export function variablesBehind(text: string, variables: Variables = process.env): readonly string[] {
  const parts = partsOf(text.replace(/^([a-z]+)\+\w+:/i, "$1:"));
  if (parts === undefined) return [];
  const isWhole = parts.host !== "" && parts.user.includes(":") && parts.path.length > 1;
  const known = /^p/i.test(parts.scheme) ? readBy.postgres : readBy.mysql;
  return isWhole ? [] : known.filter((name) => variables[name]);
}

interface Parts {
  readonly scheme: string;
  /** With `:password`, as it is written. */
  readonly user: string;
  /** With `:port`, or several with commas between. */
  readonly host: string;
  /** With its slash. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
}

const FORM = /^(postgres(?:ql)?|mysql|mariadb):(?:\/\/(?:([^/?#]*)@)?([^@/?#]*)(\/[^?#]*)?)?(?:\?([^#]*))?$/i;

function partsOf(text: string): Parts | undefined {
  const [, scheme, user = "", host = "", path = "", query = ""] = FORM.exec(text) ?? [];
  return scheme === undefined ? undefined : { scheme, user, host, path, query };
}

const textOf = ({ scheme, user, host, path, query }: Parts): string =>
  `${scheme}://${user === "" ? "" : `${user}@`}${host}${path}${query === "" ? "" : `?${query}`}`;

/** The value of a parameter, and the query without it. */
function taken(query: string, name: string): readonly [string | undefined, string] {
  const parameters = query.split("&").filter((parameter) => parameter !== "");
  const isNamed = (parameter: string) => parameter.startsWith(`${name}=`);
  const value = parameters.find(isNamed)?.slice(name.length + 1);
  return [value && decoded(value), parameters.filter((parameter) => !isNamed(parameter)).join("&")];
}

/** `host` and `port` may be parameters, and a host that is a folder is where the server's socket is (manual: libpq-connect). */
function onPostgres(parts: Parts, { PGHOST, PGPORT }: Variables): Parts {
  const [asked, rest] = taken(parts.query, "host");
  if (!asked && parts.host !== "") return parts;
  const [askedPort, query] = taken(rest, "port");
  const ports = (askedPort ?? PGPORT ?? "").split(",");
  const hosts = (asked || PGHOST || LOCAL).split(",");
  return { ...parts, host: hosts.map((host, i) => atPort(written(host), ports[i] ?? ports[0])).join(","), query };
}

/** A socket is an option of the driver's there. */
function onMysql(parts: Parts, { MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_UNIX_PORT }: Variables): Parts {
  const [asked, query] = taken(parts.query, "unix_socket");
  const inHost = /^%2f/i.test(parts.host) ? decoded(parts.host) : undefined;
  const isUnnamed = parts.host === "" && !MYSQL_HOST && !/(^|&)socketPath=/.test(query);
  const socket = asked || inHost || (isUnnamed ? MYSQL_UNIX_PORT : undefined);
  if (socket)
    return { ...parts, host: LOCAL, query: `${query && `${query}&`}socketPath=${encodeURIComponent(socket)}` };
  const hosts = parts.host || written(MYSQL_HOST || LOCAL);
  return {
    ...parts,
    host: hosts.replace(/[^,]+/g, (host) => (/:\d+$/.test(host) ? host : atPort(host, MYSQL_TCP_PORT))),
  };
}

const LOCAL = "localhost";

const atPort = (host: string, port: string | undefined): string => (port ? `${host}:${port}` : host);

/** A host as it stands in a URL: an IPv6 address in brackets, a folder encoded. */
const written = (host: string): string =>
  /^\[|^[^/]*:.*:/.test(host) ? `[${host.replace(/^\[|\]$/g, "")}]` : encodeURIComponent(host);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
