// What each connection needs whatever the server's settings and `init_connect` say, and behind all that the developer says.
import type { Connection } from "mysql2";
import { say } from "./driver.js";

interface Setting {
  readonly name: string;
  readonly isRight: (value: string) => boolean;
  readonly value: string;
}

const setting = (name: string, right: string, value = right): Setting => ({
  name,
  isRight: (held) => held === right,
  value,
});

const MOST = "18446744073709551615";

const needed: readonly Setting[] = [
  // A read leaves no transaction open, whose rows would grow old, and COMMIT begins none.
  setting("autocommit", "1"),
  setting("completion_type", "NO_CHAIN", "'NO_CHAIN'"),
  // Lists have limits of their own, the catalogue has none; a list's write has conditions, on whichever columns.
  setting("sql_select_limit", MOST),
  setting("sql_safe_updates", "0"),
  // `IS NULL` means that alone.
  setting("sql_auto_is_null", "0"),
  // A check's names are found in its text by their quotes.
  setting("sql_quote_show_create", "1"),
  // Of an error's words some are read.
  { name: "lc_messages", isRight: (value) => value.startsWith("en"), value: "'en_US'" },
  // So much of a text is sorted by: see `sortable`.
  { name: "max_sort_length", isRight: (value) => Number(value) >= 1024, value: "1024" },
  // TRADITIONAL is a word for several modes (https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html). With a zero date forbidden no
  // row that holds one could be sent back, nor be grouped by it; what clients write is looked at before. CHAR is shown as it compares.
  {
    name: "sql_mode",
    isRight: (value) => !/TRADITIONAL|NO_ZERO|PAD_CHAR/.test(value),
    value: ["TRADITIONAL", "NO_ZERO_IN_DATE", "NO_ZERO_DATE", "PAD_CHAR_TO_FULL_LENGTH"].reduce(
      (modes, mode) => `REPLACE(${modes}, '${mode}', '')`,
      "@@SESSION.sql_mode",
    ),
  },
];

/** What mysql2 sends and reads as UTF-8. */
const charsets: readonly Setting[] = [
  setting("character_set_client", "utf8mb4"),
  setting("character_set_results", "utf8mb4"),
  setting("character_set_connection", "utf8mb4"),
];

/** As of the handshake: in another encoding it is the developer's own. */
type Encoding = Connection & { readonly clientEncoding?: string };

/** `Dialect.settle`. */
export async function settle(connection: unknown): Promise<void> {
  const { clientEncoding } = connection as Encoding;
  const settings = [...needed, ...(clientEncoding === "utf8" ? charsets : [])];
  const wrong = await wrongOf(connection as Connection, settings);
  if (wrong.length === 0) return;
  await say(connection, `SET ${wrong.map(({ name, value }) => `SESSION ${name} = ${value}`).join(", ")}`);
}

/** One that the server does not know is none of its. */
async function wrongOf(connection: Connection, settings: readonly Setting[]): Promise<readonly Setting[]> {
  try {
    const held = await valuesOf(connection, settings);
    return settings.filter(({ isRight }, place) => !isRight(String(held[place])));
  } catch (error) {
    const unknown = /variable '(\w+)'/.exec((error as Error).message)?.[1];
    const known = settings.filter(({ name }) => name !== unknown);
    if ((error as { errno?: unknown }).errno !== UNKNOWN || known.length === settings.length) throw error;
    return wrongOf(connection, known);
  }
}

/** ER_UNKNOWN_SYSTEM_VARIABLE. */
const UNKNOWN = 1193;

/** With a limit of its own, as the session's may be 0. */
function valuesOf(connection: Connection, settings: readonly Setting[]): Promise<readonly unknown[]> {
  const sql = `SELECT ${settings.map(({ name }) => `@@SESSION.${name}`).join(", ")} LIMIT 1`;
  return new Promise((resolve, reject) => {
    connection.query({ sql, rowsAsArray: true, supportBigNumbers: true, bigNumberStrings: true }, (error, rows) =>
      error ? reject(error) : resolve((rows as unknown[][])[0] ?? []),
    );
  });
}
