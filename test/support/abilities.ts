// What the databases can do that others cannot, as far as a test depends on it. A test asks `place.can.x`, never which database it is.

type Able = "sqlite" | "postgres" | "mariadb" | "mysql";

const servers = ["postgres", "mariadb", "mysql"] as const;
const mariadbAndMysql = ["mariadb", "mysql"] as const;

const whoCan = {
  /** It is a server: it answers a moment later, and it may be away. */
  beAway: servers,
  /** It has users of its own, with rights of their own. */
  haveUsers: servers,
  /** A user has a host beside the name. */
  haveUsersByHost: mariadbAndMysql,
  /** A new user's password may come as a hash, so that the server never sees the password. */
  takeHashedPasswords: ["postgres", "mariadb"],
  /** A function belongs to a user, who is not dropped as long as it is there. */
  haveOwners: ["postgres"],
  /** It tells of tables and columns that the user has no right to read. */
  tellOfUnreadable: ["postgres"],
  /** A row is merged into another one without the right to change the key. */
  mergeWithoutKeyRight: ["postgres", "mysql"],
  /** It has conditions of its own for the rows that a user sees (row-level security). */
  haveRowPolicies: ["postgres"],
  /** It drops no database that somebody else is connected to. */
  keepBusyDatabases: ["postgres"],
  /** There may be several schemas in one database. */
  haveSchemas: ["postgres"],
  /** A table that is made or dropped in a transaction goes back with it. */
  rollBackTables: ["sqlite", "postgres"],
  /** Others can read while a transaction writes. */
  readWhileWriting: servers,
  /** It tells other connections of an event by itself. */
  notify: ["postgres"],
  /** A database has a setting for how long a statement may take. */
  limitStatementsByDatabase: ["postgres"],
  /** It counts the statements that a connection has prepared. */
  countStatements: servers,
  /** A question may stay open in its transaction, and is answered some rows at a time. */
  keepQuestionsOpen: ["postgres"],
  /** It keeps functions and procedures. */
  keepRoutines: servers,
  /** An argument of a routine has the length of its type. */
  keepLengthsOfArguments: mariadbAndMysql,
  /** A function runs with the rights of its caller, unless it says otherwise. */
  callAsCallerByDefault: ["postgres"],
  /** A function may answer rows. */
  keepFunctionsOfRows: ["postgres"],
  /** Two functions may have one name, and are told apart by what they take. */
  overloadRoutines: ["postgres"],
  /** A procedure answers rows. */
  answerResults: mariadbAndMysql,
  /** A plain view takes writes without a trigger. */
  writeViewsByItself: servers,
  /** It makes an index for each foreign key by itself. */
  indexForeignKeys: mariadbAndMysql,
  /** A foreign key may lead to a table or a column that is not there. */
  takeBrokenForeignKeys: ["sqlite"],
  /** A new row has a number for a whole-number key, whatever the table says of it. */
  numberAnyKey: ["sqlite"],
  /** A value of any type can stand in a column of any type. */
  holdAnyValue: ["sqlite"],
  /** It has whole numbers of fewer than 64 bits. */
  haveSmallIntegers: servers,
  /** It has columns of arrays. */
  holdArrays: ["postgres"],
  /** It has dates that are all zeros. */
  holdZeroDates: mariadbAndMysql,
  /** A moment may lie before 1970 or after 2037. */
  holdFarMoments: ["sqlite", "postgres"],
  /** A moment may be written with its zone. Elsewhere it is in the zone of the connection. */
  takeZones: ["postgres"],
  /** Geometries are written as well-known text. */
  takeWellKnownText: mariadbAndMysql,
  /** Two texts that differ by spaces at the end are two. */
  tellTrailingSpaces: ["sqlite", "postgres"],
  /** A column may have a character set of its own. */
  haveCharacterSetsOfColumns: mariadbAndMysql,
} as const satisfies Record<string, readonly Able[]>;

export type Abilities = Readonly<Record<keyof typeof whoCan, boolean>>;

export const abilities = Object.fromEntries(
  (["sqlite", ...servers] as const).map((database) => [database, abilitiesOf(database)]),
) as Readonly<Record<Able, Abilities>>;

function abilitiesOf(database: Able): Abilities {
  const can = Object.entries<readonly Able[]>(whoCan).map(([ability, who]) => [ability, who.includes(database)]);
  return Object.fromEntries(can) as Abilities;
}
