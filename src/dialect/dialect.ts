// What one database must be able to do for sapwood. A new database is one file that exports a `Dialect`
// and one line in `index.ts`. Code outside this folder asks a dialect what it can do, never which one it is.
import type { Knex } from "knex";
import type { JsonForm } from "../plan/json-form.js";
import type { PathStep } from "../request/json-path.js";
import type { Column, ColumnType, Schema } from "../schema/schema.js";
import type {
  Ask,
  Asked,
  ConnectionRules,
  DatabaseRefusal,
  DatabaseResult,
  Identity,
  Listening,
  Readers,
  ReadersOptions,
  ReadOptions,
  SessionStatements,
  SharedSessions,
  Transactions,
} from "./connection.js";
import type { RowForm } from "./row-texts.js";
import type {
  Aggregated,
  EmbeddedList,
  Estimate,
  FullTextSearch,
  JsonArray,
  JsonField,
  JsonPlace,
  KeyConflict,
  NewRows,
  PlainColumn,
  Position,
  RelatedForm,
  Write,
} from "./statement-parts.js";

/** What belongs to the database itself. */
export interface SystemNames {
  readonly schemas: RegExp;
  /** Found without a schema before them. */
  readonly tables: RegExp;
  /** Where a server has databases of its own. */
  readonly databases?: RegExp;
}

export interface Dialect {
  /** As contract and documents call it: `sqlite`, `postgres`, `mysql`, `mssql`. */
  readonly name: string;
  /** The driver's package, for the message when it is missing. */
  readonly driver: string;
  /** The schemes of connection strings, without the colon. */
  readonly schemes: readonly string[];
  /** The values of knex's `client` that mean this database. */
  readonly clients: readonly string[];
  /** What is never shown. */
  readonly system: SystemNames;
  /** A connection string as a knex config. Throws a plain `Error` with one clear line when it cannot be one. */
  configure(connectionString: string): Knex.Config;

  /** Why the installed driver cannot run on this Node.js, where that is known; asked before the driver is loaded. */
  driverProblem?(driverVersion: string, nodeVersion: string): string | undefined;

  /** Reads the whole catalogue in a number of queries that does not grow with the number of tables. */
  readSchema(ask: Ask, options: ReadOptions): Promise<Schema>;
  /** Statements that tell a transaction who asks, and as which role of the database it runs. Left out where there is no such thing. */
  setSessionVariables?(asked: Asked | undefined, role: string | undefined): SessionStatements;
  /** A query whether the connection's user may become a role: rows of `may`, or an error where there is none. */
  readonly canSetRole?: string;
  /** Left out where it is knex's business, for the driver has calls of its own. */
  readonly transactions?: Transactions;
  /** Are there some that can only read? */
  readonly readOnlyTransactions?: boolean;
  /** A query for the columns that an index begins with: rows of `table` and `column`, of every schema that is the user's. */
  readonly indexed: string;
  /** Where tables may be that are not shown, on servers that have such places. */
  readonly elsewhere?: Elsewhere;
  /**
   * Another text whenever what `readSchema` answers would be another, and maybe at other times. Costs less than to read the
   * schema: what the server has to say is one word.
   */
  schemaDigest(ask: Ask, options: ReadOptions): Promise<string>;
  /**
   * The same at once, where it costs next to nothing: asked at the start of every request. `undefined` where the connection
   * cannot tell now.
   */
  schemaVersion?(connection: unknown): string | undefined;
  /**
   * Calls `heard` whenever the database is told `NOTIFY sapwood`, and when a lost connection stands again, as something may
   * have been said meanwhile. `connect` opens a connection. Keeps no process alive.
   */
  listen?(connect: () => Promise<unknown>, heard: () => void): Listening;
  /** Where a pooler may share sessions: whether one does so with this connection's. */
  sharedSessions?(connection: unknown): Promise<SharedSessions | undefined>;
  /** Which database answers, and its server's version: a statement that costs next to nothing. */
  identify(ask: Ask): Promise<Identity>;
  /** What this server can do beyond what all that go by this name can; asked once, at the start. */
  forServer?: (version: string) => Dialect;
  /**
   * Runs one statement on a driver connection, prepared and remembered (bounded) on that connection. `row` says how the first
   * columns of each row become its JSON text: then there is one row of all rows' texts, with `RECORD` between them, or none.
   * `most` is for statements that only read: past so many bytes of rows the statement is broken off, in the database too, and
   * rejects with `TooLarge`. That may take the connection with it.
   */
  execute(
    connection: unknown,
    text: string,
    values: readonly unknown[],
    row?: RowForm,
    most?: number,
  ): Promise<DatabaseResult>;
  /**
   * Asks the server to break off the statement that runs on a connection; `open` opens another one beside the pool. Resolves when
   * the server has heard of it: only then may the connection be used again. Does nothing where it is not certain which statement
   * that would be.
   */
  cancel?(connection: unknown, open: () => Promise<unknown>): Promise<void>;
  /** Ends a connection at once, without a word to the server: what waits for it fails. Left out where there is only one. */
  discard?(connection: unknown): void;
  /** Lets the system find out whether the other side is still there. */
  keepAlive?(connection: unknown): void;
  /** Drops the statements that `execute` prepared on a connection. Not called inside a transaction. */
  forget?(connection: unknown): void | Promise<void>;
  /** Where the driver is synchronous: what reads the database that such a connection string opens beside its connections. */
  readers?(connectionString: string, options: ReadersOptions): Readers | undefined;
  /** Runs a statement of the developer's on a driver connection, as it is. */
  say(connection: unknown, statement: string): Promise<void>;
  /** A config whose connections keep to the rules, as far as the database has such. */
  restrict(config: Knex.Config, rules: ConnectionRules): Knex.Config;
  /** The config whose connections leave no trace where they only read, where opening one does otherwise. */
  untouched?(config: Knex.Config): Knex.Config;
  /** One connection serves all, so that its pool is not to be set. */
  readonly oneConnection?: true;
  /** What a driver's error means; `undefined` for what is no refusal but a defect. */
  refusal(error: unknown): DatabaseRefusal | undefined;

  quote(identifier: string): string;
  /** The placeholder of the n-th value in the text, counted from 1. */
  placeholder(position: number): string;
  /** The placeholder as a value of this type needs it (zone conversions, casts); mostly the bare placeholder. */
  bind(placeholder: string, type: ColumnType): string;
  /** The same for a key, where a statement is else planned anew for each value. */
  keyPlaceholder?(placeholder: string): string;
  /**
   * A canonical value as the driver wants it for this type. Canonical (made by `plan/value.ts`): integer → number, or bigint
   * past 2^53; decimal → decimal text; float → number; boolean → boolean; date `2024-02-29`; time `12:30:00.5`; datetime
   * `2024-02-29T12:30:00.5`; instant the same with `Z`, in UTC; json → JSON text; binary → Buffer; array → array of canonical
   * elements; any → string, number, bigint or boolean; everything else → string. NULL is null for every kind.
   */
  encode(value: unknown, type: ColumnType): unknown;
  /** A column's expression as filters compare it; types without `=` or `<` compare as text. */
  comparable(expression: string, type: ColumnType): string;
  /** The same for ORDER BY, where an index must stay usable. */
  sortable(expression: string, type: ColumnType): string;

  /** How a column that is sorted by is kept in a cursor, and compared with what was kept; `key`: it is of the primary key. */
  position(expression: string, type: ColumnType, key?: boolean): Position;

  /** An expression whose place in a JSON object has the contract's form of the value (contract 3.3). */
  json(expression: string, type: ColumnType): string;
  /**
   * The same dialect, whose statements always answer, if not as fast: what runs where those of this one fail or fall short. It
   * has no `embedMany`, so that its rows come level by level and are counted as they come.
   */
  readonly fallback?: Dialect;
  /** Does this error say that a text would have been longer than is made in one piece? */
  isTooLong?(error: unknown): boolean;
  /** Does this error say that a value that its column's type has not made `json` fail? */
  isUnrenderable?(error: unknown): boolean;
  /** The same for integers and decimals, and arrays of them, with a number's digits as a string. */
  jsonDigits(expression: string, type: ColumnType): string;
  /**
   * What `json` says, or `jsonDigits`, as a column of its own, where `execute` knows rows' forms: less work than JSON made by
   * the server.
   */
  textColumn?(expression: string, type: ColumnType, digits: boolean): PlainColumn;
  /** An expression that builds one JSON object as text, usable in a SELECT list and in RETURNING. */
  jsonObject(fields: readonly JsonField[]): string;
  /** A SELECT of one JSON text a row, `rest` beginning at FROM; a second expression makes a second column. */
  selectJson(fields: readonly JsonField[], rest: string, second?: string): string;

  /**
   * The same in one row, its texts joined by `RECORD` (NULL without rows): where the driver does more for a row than the
   * database for joining it. `limit` is how many rows there are at the most.
   */
  selectJoined?(fields: readonly JsonField[], rest: string, second?: string, limit?: number): string;

  /**
   * The row of a correlated SELECT, as an expression for another row's `JsonField`; JSON null where there is none. `rest`
   * begins with a space, at FROM, and ends in a limit of 1. `lists`: some are among the fields, or within them.
   */
  embedOne(fields: readonly JsonField[], rest: string, lists: boolean): string;
  /**
   * The same for all its rows, as a JSON array. `order` and `limit` are what `order` and `limit` made, or empty. Left out by
   * databases that cannot sort and cut within a correlated SELECT.
   */
  embedMany?(fields: readonly JsonField[], from: string, order: string, limit: string, list: EmbeddedList): string;
  /** Where `embedMany` is not for every list: whether it is for this one. */
  embedsList?(list: EmbeddedList): boolean;
  /** Where `embedMany` may leave something out: whether it is to be feared of a row's JSON, which is asked for by `fallback` then. */
  isTruncated?(json: unknown): boolean;
  /** May it do so with any list, or only with one that has `EmbeddedList.most`? */
  readonly truncatesAnyList?: true;

  /** Where `embedMany` is not for groups: an array of the one row that aggregates without groups make, or of none. `rest` ends in its limit. */
  embedGroup?(fields: readonly JsonField[], rest: string): string;
  /**
   * The sum or the average of a column of numbers, and the type of what comes out. Sums of whole numbers and decimals keep
   * every digit; averages of them have `averageScale` digits behind the point.
   */
  aggregate(of: "sum" | "avg", expression: string, type: ColumnType): Aggregated;

  /** HAVING looks at grouped columns through an aggregate, too. */
  readonly havingOfAggregates?: true;

  /** `expression LIKE placeholder`, the case respected or not; `\\` escapes `%`, `_` and itself. */
  like(expression: string, placeholder: string, matchCase: boolean): string;
  /** A LIKE pattern as `like` binds it (SQLite says it as GLOB where the case counts). */
  likePattern(pattern: string, matchCase: boolean): string;
  /** What stands at a place in a column of JSON, in the form asked for; NULL where it has another, or nothing is there. */
  jsonAt(expression: string, type: ColumnType, form: JsonForm, place: JsonPlace): string;
  /** A path as `jsonAt` binds it. */
  jsonPath(steps: readonly PathStep[], form: JsonForm): string;
  readonly jsonArray: JsonArray;
  /** `array @> array`, where there are columns of arrays. */
  arrayContains?(expression: string, placeholder: string, type: ColumnType): string;
  readonly search: FullTextSearch;
  /** One ORDER BY item. `nullable` is false where NULL cannot occur, so that indexes stay usable. */
  order(expression: string, descending: boolean, nullsFirst: boolean, nullable: boolean): string;
  /**
   * The end of a SELECT that takes a slice; `offset` is a placeholder. Begins with a space, or is empty. `ordered` says whether an
   * ORDER BY stands before it.
   */
  limit(limit: number | undefined, offset: string | undefined, ordered: boolean): string;

  /** How a condition on related rows is said; left out where EXISTS is planned well, however deep it stands within others. */
  readonly related?: RelatedForm;

  /** Does a SELECT make its columns for every row that it sorts, though few are left by its limit? */
  readonly projectsBeforeSort?: true;

  /** Asks the statistics, where there are such: counting all rows takes as long as reading them. */
  readonly estimate?: Estimate;

  /** What locks the rows of a SELECT until the transaction ends: behind the table's name, and at the end. Empty where writers are one at a time. */
  readonly lock: { readonly hint: string; readonly clause: string };
  /** Has INSERT / UPDATE a RETURNING clause? Without one the row is read again by its key in the same transaction. */
  readonly returning: { readonly insert: boolean; readonly update: boolean };
  /** INSERT's RETURNING asks for the right to insert what it answers, and INSERT … ON DUPLICATE KEY for the right to update all that it says. */
  readonly widensColumnRights?: true;
  /**
   * Does INSERT … SELECT … WHERE NOT EXISTS lock the place where the row is not, so that writers wait for each other? Then a key
   * that is taken is better refused, after which a transaction must go on.
   */
  readonly insertLocksGap?: true;
  /** Is a row that `ignoreConflict` stepped over answered as well, as if it were new? */
  readonly returnsExisting?: true;
  /** The whole of a write that answers with its row, where that is said otherwise than by RETURNING at its end. */
  returningStatement?(write: Write): string;
  /** Several new rows that are answered in their order, or rows that may stand already, where INSERT is not what does it. */
  insertRows?(rows: NewRows): string;
  /** What makes an INSERT change or leave the row that stands already by its key, at its end. */
  onConflict?(conflict: KeyConflict): string;
  /** Can rows that stand be left as they are by one of their keys, and a conflict in another key still be an error? */
  readonly ignoresByKey: boolean;
  /** Where INSERT has no RETURNING: an expression for how much apart the numbers are that its rows are given. */
  readonly numberStep?: string;
  /** An expression for the number that a column was given last on this connection; `table` is as statements name it. */
  lastNumber?(table: string, column: Column): string;
  /** Statements that set a point within a transaction, and go back to it. */
  readonly savepoint?: { readonly set: string; readonly back: string };
  /** What sets a column back to its default, or to NULL when it has none: `DEFAULT` where UPDATE knows it. */
  defaultOf(column: Column): string;
  /** A column of numbers and a placeholder, added without a digit lost. NULL stays NULL. */
  addExact(expression: string, placeholder: string, type: ColumnType): string;
  /** What stands behind `INSERT INTO t` when no column is named. */
  readonly insertDefaults: string;
  /**
   * What makes an INSERT step over a row whose unique key is taken, at its end; `column` is any column of the key, and
   * `qualifier` what tells it from the columns of the tables that the rows come from.
   */
  ignoreConflict(column: string, qualifier: string): string;
  /** Are foreign keys checked row by row, and not when the statement has written all of them? */
  readonly immediateForeignKeys?: boolean;
  /** What checks the constraints that otherwise wait for the commit, where there are such. */
  readonly checkDeferred?: string;
  /** Behind a table that an INSERT … SELECT asks for the row it is about to make: nobody else makes it in between. */
  readonly insertSelectLock?: string;
}

/** A statement for the places with tables, the fullest first, as `place` and `tables`; and how a client of the server names one. */
export interface Elsewhere {
  readonly sql: string;
  /** `schemas`: what they are called. */
  readonly places: string;
  /** What to try, for one of them. */
  advice(place: string): string;
}
