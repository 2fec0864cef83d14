// The tree and its schema → what there is, as plain data: tables, columns, keys, relations, and why each is believed.
import type { Renaming } from "../base/naming.js";
import { calledAsJson, type DecisionAsJson, type RelationAsJson, routineAsJson, tableAsJson } from "../routes/print.js";
import type { Resource, RouteTree } from "../routes/tree.js";
import { lastingOf } from "../schema/lasting.js";
import {
  type Column,
  type ColumnType,
  fieldOf,
  type Schema,
  type Stamp,
  type Table,
  type ValueKind,
} from "../schema/schema.js";

/** What the API speaks to. Never where that is. */
export interface Served {
  /** `sqlite`, `postgres`, `mysql`, `mssql`. */
  readonly dialect: string;
  /** The driver's package. Left out where roles decide what is shown: `/health` tells it to admins. */
  readonly driver?: { readonly name: string; readonly version: string | null };
}

export interface Metadata extends Served {
  readonly tables: readonly TableMetadata[];
  /** Functions and procedures; left out where there are none. */
  readonly routines?: readonly ReturnType<typeof routineAsJson>[];
  /** Names that had to give way to others. */
  readonly renamings: readonly Renaming[];
}

export interface TableMetadata {
  readonly table: string;
  /** Where its rows are, below the mount point; `null` for a table that only links others. */
  readonly path: string | null;
  readonly kind: Table["kind"];
  readonly comment?: string;
  /** Set where what is written stays, also when all else is rolled back; `engine` is what keeps the rows then, where that is known. */
  readonly transactional?: false;
  readonly engine?: string;
  readonly columns: readonly ColumnMetadata[];
  /** What functions of its rows make where it is asked for; left out where there is none. */
  readonly computed?: readonly ColumnMetadata[];
  /** The rows that functions of its rows answer, by the names that filters and `select` use. */
  readonly called?: readonly ReturnType<typeof calledAsJson>[];
  /** Columns by the names of their fields, in key order. */
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly table: string;
    readonly references: readonly string[];
  }[];
  /** What its rows hang on, by the names that paths, filters and `select` use. */
  readonly relations: readonly RelationAsJson[];
  /** What the table was taken for. */
  readonly decisions: readonly DecisionAsJson[];
}

/** Beside these, what its type tells: `length`, `precision`, `scale`, `min`, `max`, `values`, `element`. */
export interface ColumnMetadata extends Omit<ColumnType, "kind"> {
  /** In JSON and in query strings. */
  readonly name: string;
  /** In the database, where it has another name there. */
  readonly column?: string;
  readonly type: ValueKind;
  readonly nullable: boolean;
  /** The default's SQL. */
  readonly default: string | null;
  readonly generated: boolean;
  readonly identity: boolean;
  /** Set where the API itself writes it. */
  readonly stamp?: Stamp;
  readonly comment?: string;
}

export type DescribeMetadata = (of: { readonly tree: RouteTree; readonly schema: Schema }) => Metadata;

/** What describes trees of one API: each once. */
export function describing(served: Served): DescribeMetadata {
  const known = new WeakMap<RouteTree, Metadata>();
  return ({ tree, schema }) => {
    let metadata = known.get(tree);
    if (metadata === undefined) {
      const tables = new Map(schema.tables.map((table) => [table.id, table]));
      metadata = {
        ...served,
        tables: tree.resources.map((resource) => tableMetadata(resource, tables)),
        ...(tree.routines && { routines: tree.routines.map(routineAsJson) }),
        renamings: tree.renamings,
      };
      known.set(tree, metadata);
    }
    return metadata;
  };
}

function tableMetadata(resource: Resource, tables: ReadonlyMap<string, Table>): TableMetadata {
  const table = tables.get(resource.table) as Table;
  const { table: id, path, relations, decisions } = tableAsJson(resource);
  const { kind, comment, columns, primaryKey, uniqueKeys, foreignKeys } = table;
  const fields = (names: readonly string[], of: Table | undefined = table) => names.map((name) => fieldNamed(name, of));
  return {
    table: id,
    path,
    kind,
    ...(comment === undefined ? {} : { comment }),
    // Not what its triggers name: that may be a table that is not shown.
    ...lastingOf({ transactional: table.transactional, engine: table.engine }),
    columns: columns.map(columnMetadata),
    ...(resource.called && { called: resource.called.map(calledAsJson) }),
    ...(resource.computed && { computed: resource.computed.map(columnMetadata) }),
    primaryKey: fields(primaryKey),
    uniqueKeys: uniqueKeys.map(({ columns }) => fields(columns)),
    foreignKeys: foreignKeys.map(({ columns, table, references }) => ({
      columns: fields(columns),
      table,
      references: fields(references, tables.get(table)),
    })),
    relations,
    decisions,
  };
}

function columnMetadata(column: Column): ColumnMetadata {
  const { kind, ...type } = column.type;
  const { nullable, default: standard, generated, identity, stamp, comment } = column;
  const name = fieldOf(column);
  return {
    name,
    ...(name === column.name ? {} : { column: column.name }),
    type: kind,
    ...type,
    nullable,
    default: standard,
    generated,
    identity,
    ...(stamp && { stamp }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function fieldNamed(name: string, table: Table | undefined): string {
  const column = table?.columns.find((column) => column.name === name);
  return column === undefined ? name : fieldOf(column);
}
