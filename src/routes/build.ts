// Schema and relations → the route tree. Pure: the same tree for the same input.

import { ConfigError, checkBoolean, checkWord } from "../base/config-error.js";
import { createNaming, type Naming, type Renaming, wordsOf } from "../base/naming.js";
import { type FieldOptions, nameFields } from "../schema/field-names.js";
import type { Schema, Table } from "../schema/schema.js";
import { deletedColumn } from "../schema/soft-delete.js";
import type { Writing } from "../schema/warnings.js";
import { addBytes } from "./bytes.js";
import { withComputed } from "./computed.js";
import { checkDocs, type DocsOption, placeDocs } from "./docs-place.js";
import {
  addCollection,
  addLinkSet,
  addRoute,
  addRow,
  type Growing,
  grow,
  literalStep,
  NOTHING,
  parameter,
  type Writes,
} from "./growing.js";
import { firstFree, nameResources } from "./path-names.js";
import { type RelateOptions, relateAll } from "./relations.js";
import { checkRenamed, type RenamedResources } from "./renamed.js";
import { addRoutines } from "./routines.js";
import { Tally } from "./tally.js";
import { type NamedRelation, type Resource, type RouteTree, type Step, segmentOf } from "./tree.js";

export interface BuildOptions extends RelateOptions, FieldOptions {
  /** How many tables a path may name: 2 is `/countries/1/members`, 3 `/countries/1/members/2/meetups`. Default 2, at most 5. */
  readonly depth?: number;
  /** With a depth of 3 and more: the most routes, before it is a mistake. Default 100000. */
  readonly maxRoutes?: number;
  /** The route for many requests at once, `POST /batch`. Default true. */
  readonly batch?: boolean;
  /**
   * Swagger UI, the OpenAPI document and the page to look around in: `false` turns them off, `"/reference"` moves the first. Default
   * `/docs`, `/openapi.json` and `/explore`.
   */
  readonly docs?: DocsOption;
  /** Only routes that read. Default false. */
  readonly readOnly?: boolean;
  /** Old names of resources: `{ clubs: { to: "societies", since: "2026-11-30", sunset: "2027-06-01" } }`. Default none. */
  readonly renamed?: RenamedResources;
}

/** What the growing tree looks things up in. */
interface Ground {
  readonly tables: ReadonlyMap<string, Table>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly depth: number;
  /** Nothing is written, whatever the tables are. */
  readonly readOnly: boolean;
  /** How parameters are spelt. */
  readonly camel: Naming;
  readonly tally: Tally;
}

/** The tree of everything the API answers to. Throws when the config asks for a relation that cannot hold. */
export function buildRouteTree(read: Schema, options: BuildOptions = {}): RouteTree {
  checkOptions(options);
  const schema = nameFields(read, options);
  const related = relateAll(schema, options);
  const { naming } = related.nouns;
  const { resources: named, renamings } = nameResources(schema, related);
  const resources = withComputed(named, schema, naming);
  const tables = new Map(schema.tables.map((table) => [table.id, table]));
  const byTable = new Map(resources.map((resource) => [resource.table, resource]));
  const ground: Ground = {
    tables,
    resources: byTable,
    depth: depthOf(options),
    readOnly: options.readOnly === true,
    camel: createNaming({ ...options, resourceCase: "camel" }),
    tally: new Tally(depthOf(options), options.maxRoutes),
  };
  const root = grow("");
  for (const resource of resources) {
    if (!resource.root) continue;
    const table = tables.get(resource.table) as Table;
    const collection = literalStep(root, resource.name);
    const writes = writesTo(table.id, ground);
    addCollection(collection, "root", [{ table: table.id }], writes, table);
    if (table.primaryKey.length === 0) continue;
    const row = parameter(collection, "id");
    const step: Step = { table: table.id, param: "id" };
    addRow(row, "root", [step], writes);
    ground.tally.count(collection);
    addRelations(row, [step], [], ground);
    if (writes.restore) addRestore(row, "root", [step]);
  }
  ground.tally.end();
  const called = addRoutines(root, schema, { resources, nouns: related.nouns, readOnly: ground.readOnly });
  const bytes = addBytes(root, resources, (table) => writesTo(table, ground));
  const moved = options.batch === false || ground.readOnly ? [] : addBatch(root, naming);
  const { docs, moved: pages } = placeDocs(new Set(Object.keys(root.literals)), options.docs);
  const { warnings } = schema;
  const { renamed } = options;
  checkRenamed(
    renamed,
    new Set([...Object.keys(root.literals), ...(docs ? [docs.page, docs.document, docs.explore].map(firstOf) : [])]),
  );
  return {
    ...{
      resources,
      root,
      renamings: [...(schema.renamings ?? []), ...renamings, ...called.renamings, ...bytes, ...moved, ...pages],
    },
    ...(called.routines.length > 0 && { routines: called.routines }),
    ...(warnings && { warnings }),
    ...(docs && { docs }),
    ...(renamed && { renamed }),
  };
}

const firstOf = (path: string): string => path.split("/")[1] as string;

/** A table that is called `batch` keeps its path. */
function addBatch(root: Growing, naming: Naming): Renaming[] {
  if (Object.keys(root.literals).length === 0) return [];
  const names = ["batch", naming.path(["batch", "requests"])];
  const name = firstFree(names, new Set(Object.keys(root.literals)));
  const node = literalStep(root, name);
  node.routes.POST = {
    id: `POST ${node.pattern}`,
    method: "POST",
    pattern: node.pattern,
    operation: "batch",
    relation: null,
    table: null,
    steps: [],
  };
  const because = "a table is /batch; this is the route for many requests at once";
  return name === "batch" ? [] : [{ wanted: "/batch", given: node.pattern, because }];
}

function checkOptions({
  classifyBy,
  resourceCase,
  tableNamePlural,
  tablePrefix,
  resourcePathPlural,
  inflect,
  inflections,
  batch,
  docs,
  readOnly,
}: BuildOptions): void {
  checkWord(classifyBy, ["both", "constraints", "names"], "options.classifyBy");
  checkWord(resourceCase, ["snake", "kebab", "camel", "preserve"], "options.resourceCase");
  checkBoolean(tableNamePlural, "options.tableNamePlural");
  checkBoolean(resourcePathPlural, "options.resourcePathPlural");
  checkPrefix(tablePrefix);
  checkBoolean(inflect, "options.inflect");
  checkBoolean(batch, "options.batch");
  checkDocs(docs, "options.docs");
  checkBoolean(readOnly, "options.readOnly");
  for (const [one, many] of Object.entries(inflections ?? {})) {
    if (typeof many !== "string" || many === "")
      throw new ConfigError(`options.inflections.${one}`, `is the plural of ${one}.`);
  }
}

function checkPrefix(prefix: unknown): void {
  const said = Array.isArray(prefix) ? prefix : [prefix ?? false];
  if (said.every((one) => one === false || (typeof one === "string" && one !== ""))) return;
  throw new ConfigError(
    "options.tablePrefix",
    'is what tables\' names begin with, as in "wp_", a list of such, or false.',
  );
}

function depthOf({ depth = 2 }: BuildOptions): number {
  if (Number.isInteger(depth) && depth >= 1 && depth <= 5) return depth;
  throw new ConfigError("options.depth", `is a whole number from 1 to 5, not ${String(depth)}.`);
}

function writesTo(table: string, { resources, readOnly }: Ground): Writes {
  const resource = resources.get(table) as Resource;
  if (readOnly || resource.readOnly) return NOTHING;
  const may = (writing: Writing) => resource.denied?.includes(writing) !== true;
  const restore = deletedColumn(resource.columns) !== undefined && may("update");
  return { insert: may("insert"), update: may("update"), delete: restore || may("delete"), restore };
}

/** All that hangs on the rows of the last step; no relation is taken twice in one path, so that paths end. */
function addRelations(node: Growing, steps: readonly Step[], taken: readonly string[], ground: Ground): void {
  if (steps.length >= ground.depth) return;
  const source = ground.resources.get((steps.at(-1) as Step).table) as Resource;
  for (const relation of source.relations) {
    const identity = identityOf(source.table, relation);
    if (!taken.includes(identity)) addRelation(node, steps, relation, [...taken, identity], ground);
  }
}

/** A foreign key or a link table is the same relation from whichever side it is seen. */
function identityOf(source: string, { table, join }: NamedRelation): string {
  if (join.via === "link") return join.link;
  return `${join.via === "child" ? table : source}.${join.columns.join(",")}`;
}

function addRelation(
  row: Growing,
  before: readonly Step[],
  relation: NamedRelation,
  taken: readonly string[],
  ground: Ground,
): void {
  const target = ground.tables.get(relation.table) as Table;
  const writes = writesTo(relation.table, ground);
  const { tally } = ground;
  // Past the limit routes are counted only: what is made for it hangs on nothing.
  const segment = segmentOf(relation);
  const node = tally.isOver ? grow(`${row.pattern}/${segment}`) : literalStep(row, segment);
  const step: Step = { table: relation.table, join: relation.join };
  if (!relation.many) {
    const steps = [...before, { ...step, one: true }];
    const isParent = relation.relation === "parent";
    addRow(node, relation.relation, steps, isParent ? NOTHING : writes);
    tally.count(node);
    addRelations(node, steps, taken, ground);
    if (writes.restore && !isParent) addRestore(node, relation.relation, steps);
    return;
  }
  const linked = relation.relation === "n-n";
  addCollection(node, relation.relation, [...before, step], linked ? NOTHING : writes, target);
  if (target.primaryKey.length === 0) {
    tally.count(node);
    return;
  }
  const links = relation.join.via === "link" ? writesTo(relation.join.link, ground) : NOTHING;
  // All links are set by those who see all rows: a view may leave some out.
  if (linked) addLinkSet(node, [...before, step], writes, target.kind === "view" ? NOTHING : links);
  const param = paramName(node.pattern, segment, target, ground.camel);
  const child = parameter(node, param);
  const steps = [...before, { ...step, param }];
  addRow(child, relation.relation, steps, linked ? NOTHING : writes);
  if (links.insert) addRoute(literalStep(child, "add"), "POST", "link", "n-n", steps);
  if (links.delete) addRoute(literalStep(child, "delete"), "POST", "unlink", "n-n", steps);
  tally.count(node);
  addRelations(child, steps, taken, ground);
  if (writes.restore && !linked) addRestore(child, relation.relation, steps);
}

/** A relation that is called `restore` keeps its path. */
function addRestore(row: Growing, relation: NamedRelation["relation"] | "root", steps: Step[]): void {
  const name = firstFree(["restore", "restore_row"], new Set(Object.keys(row.literals)));
  addRoute(literalStep(row, name), "POST", "restore", relation, steps);
}

/** `/albums/:id/tracks/:trackId`: named after what stands before it, and once in a path. ASCII alone, as references to it are URIs. */
function paramName(pattern: string, relationName: string, target: Table, camel: Naming): string {
  const words = wordsOf(relationName);
  const said = camel.path(words.length > 0 ? words : wordsOf(target.name), "one");
  const one = said.normalize("NFD").replace(/\p{M}+/gu, "");
  const name = /[^ -~]/.test(one) || one === "" ? "childId" : `${one}Id`;
  const before = pattern.split("/").filter((part) => part.startsWith(`:${name}`)).length;
  return before === 0 ? name : `${name}${before + 1}`;
}
