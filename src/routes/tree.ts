// What the API looks like, as plain data. The matcher, the OpenAPI document, the CLI and the adapters all read this.
import type { Renaming } from "../base/naming.js";
import type { Method } from "../http/message.js";
import type { Lasting } from "../schema/lasting.js";
import type { Routine } from "../schema/routine.js";
import type { Column, Table, UniqueKey } from "../schema/schema.js";
import type { SchemaWarning, Writing } from "../schema/warnings.js";
import type { Evidence, Relation, Unrelated } from "./relation.js";
import type { RenamedResources } from "./renamed.js";

/** What a route does with its table's rows. */
export type Operation =
  | "list"
  | "read"
  | "create"
  | "replace"
  | "update"
  | "delete"
  /** A row that is marked as deleted. */
  | "restore"
  /** Those rows of a list that its filters select. */
  | "updateMany"
  | "deleteMany"
  | "link"
  | "unlink"
  /** The links to those rows. */
  | "unlinkMany"
  | "relink"
  /** One column's bytes. */
  | "readBytes"
  | "writeBytes"
  | "clearBytes";

/** How the rows of one table hang on the rows of another; column lists pair up by position. */
export type Join =
  /** The target's `columns` hold the source's `references`. */
  | {
      readonly via: "child";
      readonly columns: readonly string[];
      readonly references: readonly string[];
      readonly enforced: boolean;
    }
  /** The source's `columns` hold the target's `references`. */
  | { readonly via: "parent"; readonly columns: readonly string[]; readonly references: readonly string[] }
  /** A row of `link` holds the source's key in `near` and the target's in `far`. */
  | { readonly via: "link"; readonly link: string; readonly near: LinkEnd; readonly far: LinkEnd };

export interface LinkEnd {
  /** Columns of the link table. */
  readonly columns: readonly string[];
  /** Columns of the table they refer to. */
  readonly references: readonly string[];
}

/** A relation as one table's rows see it, under the name that filters, embedding and bodies use. */
export interface NamedRelation {
  readonly name: string;
  /** What paths call it, where that is not the same. */
  readonly segment?: string;
  readonly table: string;
  readonly join: Join;
  /** `one` for a parent and for the child of a 1-to-1. */
  readonly many: boolean;
  readonly relation: "one-n" | "one-one" | "n-n" | "parent";
  /** It is called like its foreign key's column: in JSON the related row may stand in the place of the key. */
  readonly inPlace?: true;
  readonly evidence: Evidence;
}

/** Rows that a function answers for a row of the table: they are embedded and filtered by, and have no paths. */
export interface CalledRelation {
  readonly name: string;
  readonly table: string;
  readonly many: boolean;
  readonly join: RowCall;
}

/** The function is called with the row that they belong to. */
export interface RowCall {
  readonly via: "call";
  /** The routine's `id`. */
  readonly routine: string;
}

/** Whatever leads from a row to others. */
export type AnyRelation = NamedRelation | CalledRelation;

/** What stands for it in a path. */
export const segmentOf = ({ name, segment }: NamedRelation): string => segment ?? name;

/** One table as the API shows it. */
export interface Resource extends Lasting {
  readonly table: string;
  /** The path's name: `/name`. */
  readonly name: string;
  /** Has it routes of its own at the top? Pure link tables have none. */
  readonly root: boolean;
  /** What one of its rows is called, its words joined by `_`: `invoice_line`. */
  readonly noun: string;
  /** Is it a view? Left out for a table. */
  readonly view?: true;
  /** Views that the database cannot write, and what else cannot be written. */
  readonly readOnly: boolean;
  /** What the connection may not do to its rows; left out where it may do all. */
  readonly denied?: readonly Writing[];
  /** What functions of its rows make where it is asked for; left out where there is none. */
  readonly computed?: readonly Column[];
  /** The rows that functions of its rows answer; left out where there are none. */
  readonly called?: readonly CalledRelation[];
  /** The schema's own columns and keys. */
  readonly columns: readonly Column[];
  /** Of these, columns that no answer shows; left out where each does, as where nobody has less than all rights. */
  readonly unread?: readonly string[];
  /** Of these, columns that no body may say, in the same way. */
  readonly unwritten?: readonly string[];
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly UniqueKey[];
  readonly comment?: string;
  readonly relations: readonly NamedRelation[];
  /** Every relation that the schema tells of this table, with its evidence. */
  readonly decisions: readonly Relation[];
  /** Columns whose names lead to tables that they do not refer to. */
  readonly unrelated?: readonly Unrelated[];
}

/** One pair of path segments: a collection or a single row of `table`, reached from the step before it. */
export interface Step {
  readonly table: string;
  /** How it hangs on the step before; the first step has none. */
  readonly join?: Join;
  /** The path parameter that holds the row's primary key; left out where the path stops at the collection or at a to-one relation. */
  readonly param?: string;
  /** The step leads to one row at the most, without a parameter. */
  readonly one?: boolean;
}

export interface Route {
  /** Stable and unique: `GET /albums/:id/tracks`. */
  readonly id: string;
  readonly method: Method;
  readonly pattern: string;
  readonly operation: Operation;
  readonly relation: "root" | NamedRelation["relation"];
  /** The table whose rows the route answers with. */
  readonly table: string;
  /** The column that `readBytes`, `writeBytes` and `clearBytes` are about. */
  readonly column?: string;
  readonly steps: readonly Step[];
}

/** Many requests in one, each to one of the other routes: it has no table of its own. */
export interface BatchRoute {
  readonly id: string;
  readonly method: "POST";
  readonly pattern: string;
  readonly operation: "batch";
  readonly relation: null;
  readonly table: null;
  readonly steps: readonly [];
}

/** A call of a function or procedure. */
export interface CallRoute {
  readonly id: string;
  readonly method: "GET" | "POST";
  readonly pattern: string;
  readonly operation: "call";
  readonly relation: null;
  readonly table: null;
  /** `Routine.id` of those that may be meant: GET has only those that read. */
  readonly routines: readonly Callable[];
  /** To the row that it belongs to; none where it belongs to no table. */
  readonly steps: readonly Step[];
}

/** A routine at a path, and which of its arguments the path says. */
export interface Callable {
  readonly routine: Routine;
  /** The argument that is the row, or its key, by its position among all. */
  readonly fills?: number;
}

export type AnyRoute = Route | BatchRoute | CallRoute;

/** A routine as the API shows it: where it is called, and why there. */
export interface RoutineResource {
  readonly routine: Routine;
  /** Its own path; nothing where only a row has it. */
  readonly path: string | null;
  /** The table that it belongs to, and its path below a row. */
  readonly belongsTo?: { readonly table: string; readonly path: string };
  /** What it was taken for. */
  readonly evidence: readonly Evidence[];
}

/** A place in a path. Matching walks one node a segment. */
export interface RouteNode {
  readonly pattern: string;
  readonly literals: Readonly<Record<string, RouteNode>>;
  readonly param?: { readonly name: string; readonly node: RouteNode };
  readonly routes: Readonly<Partial<Record<Method, AnyRoute>>>;
}

/** Paths of the API's own pages, which no table has. */
export interface DocsPlace {
  /** Swagger UI: `/docs`. What belongs to it stands below it. */
  readonly page: string;
  /** The OpenAPI document: `/openapi.json`. */
  readonly document: string;
  /** The page to look around in: `/explore`. */
  readonly explore: string;
}

export interface RouteTree {
  readonly resources: readonly Resource[];
  /** Left out where there are none. */
  readonly routines?: readonly RoutineResource[];
  readonly root: RouteNode;
  /** Names that had to give way, so that no route and no field hides one: paths, and fields as `albums.artistId`. */
  readonly renamings: readonly Renaming[];
  /** What of the database is not here, or less than it could be; left out where there is nothing to say. */
  readonly warnings?: readonly SchemaWarning[];
  /** Left out where there are none. */
  readonly docs?: DocsPlace;
  /** Old names at the top of the paths; left out where there are none. */
  readonly renamed?: RenamedResources;
  /** Left out where there is one schema only. */
  readonly profile?: Profile;
}

/** A schema of the database that is an API of its own, beside others. */
export interface Profile {
  readonly name: string;
  /** The names of all; the first is that of requests which name none. */
  readonly all: readonly string[];
}

/** Every route, in the order of the tree. */
export function routesOf(node: RouteNode): AnyRoute[] {
  return [
    ...Object.values(node.routes),
    ...Object.values(node.literals).flatMap(routesOf),
    ...(node.param === undefined ? [] : routesOf(node.param.node)),
  ];
}

export const isReadOnly = ({ denied = [] }: Table): boolean => denied.length === 3;
