// What of a database is left out of its API or limited there, and why: found while its schema is read. The words for the log, for
// `sapwood routes --why` and for `sapwood check`.

/** What may be done to a table's rows. */
export type Writing = "insert" | "update" | "delete";

export interface SchemaWarning {
  /** A stable word for programs. */
  readonly code: keyof typeof said;
  /** The table's id. */
  readonly table: string;
  readonly columns?: readonly string[];
  /** What it is about beside these: another table, a constraint, what the database said. */
  readonly about?: string;
}

const list = (names: readonly string[] = []): string => names.join(", ");

/** A clause each. `note`: as it was meant to be, as far as can be told. */
const said = {
  unreadable_table: { note: true, text: () => "is left out: the connection has no right to read it" },
  unreadable_columns: {
    note: true,
    text: ({ columns }: SchemaWarning) => `shows no ${list(columns)}: the connection has no right to read them`,
  },
  refused_writes: {
    note: true,
    text: ({ about }: SchemaWarning) => `has no routes that ${about}: the connection has no right to`,
  },
  read_only_columns: {
    note: true,
    text: ({ columns, about }: SchemaWarning) =>
      `takes no ${list(columns)} where rows are ${about}: the connection has no right to write them`,
  },
  refused_default: {
    note: false,
    text: ({ columns }: SchemaWarning) =>
      `needs ${list(columns)} in every new row: the connection has no right to use the sequence that numbers them`,
  },
  unpopulated_view: {
    note: false,
    text: () => "is left out: the materialized view holds nothing before it is refreshed",
  },
  broken_view: {
    note: false,
    text: ({ about }: SchemaWarning) => `is left out: the database cannot run it${about ? ` (${about})` : ""}`,
  },
  foreign_key_elsewhere: {
    note: true,
    text: ({ columns, about }: SchemaWarning) =>
      `has no relation by ${list(columns)}: its foreign key leads to ${about}, which is not shown here`,
  },
  foreign_key_not_unique: {
    note: false,
    text: ({ columns, about }: SchemaWarning) =>
      `has no relation by ${list(columns)}: its foreign key leads to ${about}, which is no key, so that it names no single row`,
  },
  broken_foreign_key: {
    note: false,
    text: ({ columns, about }: SchemaWarning) =>
      `has a foreign key (${list(columns)}) to ${about}, which is no key there: the database refuses writes to both tables. ` +
      'Mend it, or leave foreign keys unchecked with onConnect: "PRAGMA foreign_keys = OFF"',
  },
  foreign_key_of_several_views: {
    note: false,
    text: ({ columns, about }: SchemaWarning) =>
      `has no relation by ${list(columns)}: its foreign key leads to what is not shown, and several views have that key: ${about}. ` +
      "Say which one by belongsTo in overrides",
  },
  temporal_foreign_key: {
    note: true,
    text: ({ columns, about }: SchemaWarning) =>
      `has no relation by ${list(columns)}: its foreign key to ${about} compares periods, not values`,
  },
  unchecked_foreign_key: {
    note: true,
    text: ({ columns, about }: SchemaWarning) =>
      `may hold ${list(columns)} without a row of ${about}: its foreign key is not checked for all rows`,
  },
  key_without_upsert: {
    note: true,
    text: ({ columns, about }: SchemaWarning) => `takes no on-conflict by ${list(columns)}: the key is ${about}`,
  },
  relation_not_comparable: {
    note: false,
    text: ({ columns, about }: SchemaWarning) =>
      `has no relation by ${list(columns)} to ${about}: the two have types or collations that the database does not compare`,
  },
} as const;

/** A sentence without its end. */
export const warningText = (warning: SchemaWarning): string => `${warning.table} ${said[warning.code].text(warning)}`;

/** Is it no more than what somebody has said with care, as a right that was not granted? */
export const isNote = ({ code }: SchemaWarning): boolean => said[code].note;

/** As programs get it. */
export const warningAsJson = (warning: SchemaWarning) => ({ ...warning, message: `${warningText(warning)}.` });

const verbs: Readonly<Record<Writing, string>> = {
  insert: "make rows",
  update: "change rows",
  delete: "delete rows",
};

/** What may be denied of a column: to say it in a new row, to change it, or to let its default be used. */
export type ColumnWriting = "insert" | "update" | "default";

interface Rights {
  readonly id: string;
  readonly columns: readonly { readonly name: string; readonly denied?: readonly ColumnWriting[] }[];
  readonly denied?: readonly Writing[];
}

/** What a table's and its columns' rights come to; or its columns' alone. */
export function rightsWarnings({ id, columns, denied = [] }: Rights, of: "all" | "columns" = "all"): SchemaWarning[] {
  const named = (code: SchemaWarning["code"], writing: ColumnWriting, about?: string): SchemaWarning[] => {
    if (denied.includes(writing === "default" ? "insert" : writing)) return [];
    const names = columns.filter((column) => column.denied?.includes(writing)).map(({ name }) => name);
    return names.length === 0 ? [] : [{ code, table: id, columns: names, ...(about && { about }) }];
  };
  const refused = denied.map((writing) => verbs[writing]).join(", ");
  return [
    ...(denied.length === 0 || of === "columns"
      ? []
      : [{ code: "refused_writes" as const, table: id, about: refused }]),
    ...named("read_only_columns", "insert", "made"),
    ...named("read_only_columns", "update", "changed"),
    ...named("refused_default", "default"),
  ];
}
