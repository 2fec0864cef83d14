// Schema and relations → the route tree. Pure: the same tree for the same input.

import { ConfigError, checkBoolean, checkWord } from "../base/config-error.js";
import { createNaming, type Naming, type Renaming } from "../base/naming.js";
import { type FieldOptions, nameFields } from "../schema/field-names.js";
import type { Schema, Table } from "../schema/schema.js";
import { addBytes } from "./bytes.js";
import { withComputed } from "./computed.js";
import { checkDocs, type DocsOption, placeDocs } from "./docs-place.js";
import { addCollection, addRow, type Growing, grow, literalStep, parameter } from "./growing.js";
import { firstFree, nameResources } from "./path-names.js";
import { addRelations, addRestore, type TreeGround, writesTo } from "./relation-routes.js";
import { type RelateOptions, relateAll } from "./relations.js";
import { checkRenamed, type RenamedResources } from "./renamed.js";
import { addRoutines } from "./routines.js";
import { Tally } from "./tally.js";
import type { RouteTree, Step } from "./tree.js";

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
  const ground: TreeGround = {
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
