// The routes behind a row: its related rows, and theirs, down to the depth that is asked for.
import { type Naming, wordsOf } from "../base/naming.js";
import type { Table } from "../schema/schema.js";
import { deletedColumn } from "../schema/soft-delete.js";
import type { Writing } from "../schema/warnings.js";
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
import { firstFree } from "./path-names.js";
import type { Tally } from "./tally.js";
import { type NamedRelation, type Resource, type Step, segmentOf } from "./tree.js";

/** What the growing tree looks things up in. */
export interface TreeGround {
  readonly tables: ReadonlyMap<string, Table>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly depth: number;
  /** Nothing is written, whatever the tables are. */
  readonly readOnly: boolean;
  /** How parameters are spelt. */
  readonly camel: Naming;
  readonly tally: Tally;
}

/** Which writes a table takes, and whether a deleted row of it can be restored. */
export function writesTo(table: string, { resources, readOnly }: TreeGround): Writes {
  const resource = resources.get(table) as Resource;
  if (readOnly || resource.readOnly) return NOTHING;
  const may = (writing: Writing) => resource.denied?.includes(writing) !== true;
  const restore = deletedColumn(resource.columns) !== undefined && may("update");
  return { insert: may("insert"), update: may("update"), delete: restore || may("delete"), restore };
}

/** All that hangs on the rows of the last step; no relation is taken twice in one path, so that paths end. */
export function addRelations(
  node: Growing,
  steps: readonly Step[],
  taken: readonly string[],
  ground: TreeGround,
): void {
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
  ground: TreeGround,
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
  if (linked) addLinkSet(node, [...before, step], writes, links, target);
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
export function addRestore(row: Growing, relation: NamedRelation["relation"] | "root", steps: Step[]): void {
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
