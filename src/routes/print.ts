// The route tree → text for people and plain data for programs (`sapwood routes`, `--why`, `--json`).
import { lastingNotes, lastingOf } from "../schema/lasting.js";
import { argumentName } from "../schema/routine.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { stampText } from "../schema/stamps.js";
import { warningAsJson, warningText } from "../schema/warnings.js";
import type { Relation } from "./relations.js";
import {
  type CalledRelation,
  type NamedRelation,
  type Resource,
  type RouteNode,
  type RouteTree,
  type RoutineResource,
  routesOf,
} from "./tree.js";

export interface PrintOptions {
  /** Adds to each table what it was taken for and by which evidence. */
  readonly why?: boolean;
}

/** One line a path with its methods, grouped by table; renamed paths at the end. */
export function printRoutes(tree: RouteTree, options: PrintOptions = {}): string {
  const paths = pathsOf(tree.root);
  const width = paths.reduce((most, { pattern }) => Math.max(most, pattern.length), 0) + 2;
  const lines = paths.map(({ pattern, methods }) => `${pattern.padEnd(width)}${methods.join(" ")}`);
  const called = tree.routines ?? [];
  const why = options.why ? ["", ...tree.resources.flatMap(explain), ...called.flatMap(explainRoutine)] : [];
  const limited = options.why ? (tree.warnings ?? []).map((warning) => `  ${warningText(warning)}`) : [];
  const renamed = [
    ...tree.renamings.map(({ wanted, given, because }) => `${wanted} is ${given}: ${because}`),
    ...Object.entries(tree.renamed ?? {}).map(
      ([old, { to, since, sunset }]) =>
        `/${old} is /${to}: renamed ${since}${sunset === undefined ? "" : `, and gone from ${sunset}`}`,
    ),
  ];
  return [
    ...lines,
    ...why,
    ...(limited.length > 0 ? ["", "left out or limited:", ...limited] : []),
    ...(renamed.length > 0 ? ["", "renamed:", ...renamed.map((line) => `  ${line}`)] : []),
  ].join("\n");
}

/** The stable form of `--json`, in which the batch route has neither relation nor table: `{ routes: [{ method, path, operation, relation, table }], tables: [{ table, path, root, relations, decisions, computed, called }], renamings, warnings: [{ code, table, columns, about, message }] }`. */
export function routesAsJson(tree: RouteTree): object {
  return {
    routes: routesOf(tree.root).map(({ method, pattern, operation, relation, table }) => ({
      method,
      path: pattern,
      operation,
      relation,
      table,
    })),
    tables: tree.resources.map(tableAsJson),
    ...(tree.routines && { routines: tree.routines.map(routineAsJson) }),
    renamings: tree.renamings,
    ...(tree.renamed && { renamed: tree.renamed }),
    warnings: (tree.warnings ?? []).map(warningAsJson),
  };
}

/** A relation as one table's rows see it, under the name that paths, filters and embedding use. */
export type RelationAsJson = Pick<NamedRelation, "name" | "relation" | "table" | "evidence">;

/** What a table was taken for, and why. */
export type DecisionAsJson = Pick<Relation, "type" | "evidence">;

export const tableAsJson = ({ table, name, root, relations, decisions, ...resource }: Resource) => ({
  table,
  path: root ? `/${name}` : null,
  root,
  ...lastingOf(resource),
  relations: relations.map(
    ({ name, relation, table, evidence }): RelationAsJson => ({ name, relation, table, evidence }),
  ),
  decisions: decisions.map(({ type, evidence }): DecisionAsJson => ({ type, evidence })),
  ...(resource.computed && { computed: resource.computed.map(computedAsJson) }),
  ...(resource.called && { called: resource.called.map(calledAsJson) }),
  ...(resource.unrelated === undefined ? {} : { unrelated: resource.unrelated }),
});

/** A field that a function of the row makes, and which function that is. */
const computedAsJson = (column: Column) => ({ name: fieldOf(column), routine: column.computed });

/** Rows that a function of the row answers, in the same way. */
export const calledAsJson = ({ name, table, join }: CalledRelation) => ({ name, table, routine: join.routine });

function pathsOf(node: RouteNode): { pattern: string; methods: string[] }[] {
  const own = Object.keys(node.routes);
  return [
    ...(own.length > 0 ? [{ pattern: node.pattern, methods: own }] : []),
    ...Object.values(node.literals).flatMap(pathsOf),
    ...(node.param === undefined ? [] : pathsOf(node.param.node)),
  ];
}

function explain(resource: Resource): string[] {
  return [
    `${resource.table}${resource.root ? ` (/${resource.name})` : ""}`,
    ...resource.decisions.map((d) => `  ${sentence(d)}`),
    ...(resource.unrelated ?? []).map(({ column, why }) => `  no relation — ${resource.table}.${column} ${why}`),
    ...(resource.computed ?? []).map((column) => `  field ${fieldOf(column)} — made of a row by ${column.computed}`),
    ...resource.columns.flatMap((column) =>
      column.stamp ? [`  field ${fieldOf(column)} — set by the API: ${stampText(column.stamp)}`] : [],
    ),
    ...(resource.called ?? []).map(({ name, join }) => `  relation ${name} — made of a row by ${join.routine}`),
    ...(lacksRowRoutes(resource) ? [`  ${noRowRoutes(resource)}`] : []),
    ...lastingNotes(resource).map((note) => `  ${note}`),
  ];
}

const lacksRowRoutes = ({ root, primaryKey }: Resource): boolean => root && primaryKey.length === 0;

const noRowRoutes = ({ name, view }: Resource): string =>
  `no /${name}/:id — ${view ? "no key is known of the view" : "the table has no primary key"}: an entry of overrides may name a primaryKey`;

const explainRoutine = ({ routine, path, belongsTo, evidence }: RoutineResource): string[] => [
  `${routine.id} (${[path, belongsTo?.path].filter(Boolean).join(", ")})`,
  ...evidence.map(({ by, detail }) => `  ${by}: ${detail}`),
];

/** A routine as programs get it: its arguments, what it answers, and why it is where it is. */
export const routineAsJson = ({ routine, path, belongsTo, evidence }: RoutineResource) => ({
  routine: routine.id,
  path,
  ...(belongsTo && { belongsTo }),
  reads: routine.reads,
  ...(routine.comment === undefined ? {} : { comment: routine.comment }),
  arguments: routine.arguments.map((argument, i) => ({
    name: argumentName(argument, i),
    type: argument.type.kind,
    native: argument.type.native,
    mode: argument.mode,
    ...(argument.default === undefined ? {} : { default: argument.default }),
  })),
  returns: routine.returns,
  evidence,
});

function sentence(relation: Relation): string {
  const because = `${relation.evidence.by}: ${relation.evidence.detail}`;
  if (relation.type === "root") return `root — ${because}`;
  if (relation.type === "n-n") return `n-n ${relation.sides[0].table} ↔ ${relation.sides[1].table} — ${because}`;
  return `${relation.unique ? "1-1" : "1-n"} ${relation.parent.table} → ${relation.table} — ${because}`;
}
