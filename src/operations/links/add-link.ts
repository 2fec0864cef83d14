// The two ends of an N-to-N: `add` and `delete`, one statement each.

import { Collision, refusalProblem } from "../../database/refusals.js";
import type { DatabaseResult } from "../../dialect/connection.js";
import { HttpError, problem } from "../../http/problem.js";
import { equals, type Path, pathConditions, planPath } from "../../plan/path.js";
import type { ReadPlan } from "../../plan/plan.js";
import type { Condition, Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { planInsert } from "../../plan/write.js";
import type { Assignment, DeletePlan, LinkEndPlan, LinkPlan } from "../../plan/write-plan.js";
import { type Body, readObject } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { allowedBodies, forbidden, outsidePolicy } from "../../run/write-rules.js";
import { isUncertain, mayKeep } from "../../schema/effects.js";
import { columnOf, deletionOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { JSON_TYPE, missingParent, refuseQuery } from "../read/row.js";
import { restoreLinks } from "./restore-links.js";
import { type LinkJoin, settledEnds } from "./role-columns.js";
import { differingEnds, sharedColumns } from "./shared-columns.js";

/** Both ends are there and no link: it stood, and was deleted before it was read. So often it is made again at once. */
const TRIES = 10;

interface AskedLink extends PlannedLink {
  readonly call: Call;
  readonly entry: TableLookup;
  /** What the body says of the link's own columns. */
  readonly further: Body;
  /** The two rows, within what the role sets. */
  readonly settled: LinkPlan["ends"];
}

interface MadeLink {
  readonly row: string;
  readonly isNew: boolean;
}

/** `add`: 201 when the link is new, 200 when it stood already; its row either way. */
export const link: OperationSteps<AskedLink, MadeLink> = {
  prepare: prepareLink,
  run: makeLink,
  respond: (_, { row, isNew }) => ({ status: isNew ? 201 : 200, headers: { "content-type": JSON_TYPE }, body: row }),
};

async function prepareLink(call: Call, context: RequestContext): Promise<AskedLink> {
  refuseQuery(call.request.query);
  const said = await readObject(call.request);
  const planned = planLink(call.route, call.params, context);
  const { join, ends, values } = planned;
  const entry = tableOf(context.snapshot.lookup, join.link);
  const [body = said] = allowedBodies([said], entry, context);
  const { further, ends: settled } = settledEnds(body, ends, join, values, context);
  return { ...planned, call, entry, further, settled };
}

async function makeLink(asked: AskedLink, context: RequestContext): Promise<MadeLink> {
  const { call, join, entry, further } = asked;
  const alone = !isUncertain(entry.table, "insert");
  let isNew = false;
  const write = async (body: Body, inner: RequestContext) => {
    const made = await insertLink(asked, body, inner, inner === context ? TRIES : 1);
    isNew = made.isNew;
    return made.row;
  };
  const row = await withSaveHooks(call, context, further, { table: join.link, alone, write });
  return { row, isNew };
}

async function insertLink(asked: AskedLink, body: Body, context: RequestContext, tries: number): Promise<MadeLink> {
  const { join, entry, settled: ends, values } = asked;
  const uncertain = isUncertain(entry.table, "insert");
  const set = planFurther(body, join, values, context);
  const plan: ReadPlan = { kind: "read", table: join.link, where: linkConditions(join, ends), changing: true };
  const [stood] = uncertain ? await foundTexts({ plan, values: values.all }, context) : [];
  if (stood !== undefined) return { row: stood, isNew: false };
  if (await restoreLinks({ table: join.link, where: linkConditions(join, ends), set }, values.all, context)) {
    const [row] = await foundTexts({ plan, values: values.all }, context);
    if (row !== undefined) return { row, isNew: true };
  }
  const unanswered = uncertain ? ({ unanswered: true } as const) : {};
  for (let left = tries; left > 0; left--) {
    const made = await make({ kind: "link", table: join.link, ends, set, ...unanswered }, values.all, context);
    const isNew = uncertain || made.affected > 0;
    // A new one answers with its row where the database can.
    if (made.rows[0] !== undefined && !entry.hasPolicy) return { row: made.rows[0][0] as string, isNew };
    const [row] = await foundTexts({ plan, values: values.all }, context);
    if (row !== undefined) return { row, isNew };
    await requireMakeable(asked, made.refused, context);
  }
  throw refusalProblem({ code: "conflict" });
}

/** Throws where there is a reason why no link was made. Otherwise one stood, and is gone by now. */
async function requireMakeable(
  { call, join, ends, settled, entry, path, values }: AskedLink,
  refused: HttpError | undefined,
  context: RequestContext,
): Promise<void> {
  const missing = await missingEnd(call.route, path, values.all, context);
  if (missing !== undefined) throw missing;
  if (refused !== undefined && refused.code !== "unique_violation") throw refused;
  if (entry.hasPolicy || settled !== ends) throw outsidePolicy(entry, context);
  if (sharedColumns(join).length > 0) throw differingEnds(join, context);
  if (isUncertain(entry.table, "insert")) throw lostByDatabase(entry);
}

/** What the database refuses may be a link that stands already, whichever reason it says first. */
interface Made extends DatabaseResult {
  readonly refused?: HttpError;
}

async function make(plan: LinkPlan, values: readonly Value[], context: RequestContext): Promise<Made> {
  const isKeyed =
    context.snapshot.dialect.insertLocksGap && hasKey(tableOf(context.snapshot.lookup, plan.table), plan.ends);
  if (!isKeyed) return run({ plan, values }, context);
  try {
    return await run({ plan: { ...plan, refused: true }, values }, context);
  } catch (error) {
    if (isRefusal(error)) return { rows: [], affected: 0, refused: error };
    throw error;
  }
}

/** Is there one link of two rows at the most? */
function hasKey({ table }: TableLookup, [one, other]: LinkPlan["ends"]): boolean {
  const columns = [...new Set([...one.columns, ...other.columns])];
  const keys = [table.primaryKey, ...table.uniqueKeys.map(({ columns }) => columns)];
  return keys.some((key) => key.length === columns.length && key.every((name) => columns.includes(name)));
}

const isRefusal = (error: unknown): error is HttpError =>
  error instanceof HttpError && error.status < 500 && !(error instanceof Collision);

interface AskedUnlink extends PlannedLink {
  readonly call: Call;
}

/** `delete`: 204, or 404 when there was no link. */
export const unlink: OperationSteps<AskedUnlink, void> = {
  prepare(call, context) {
    refuseQuery(call.request.query);
    return { ...planLink(call.route, call.params, context), call };
  },
  run: removeLink,
  respond: () => ({ status: 204, headers: {} }),
};

function removeLink({ call, join, ends, path, values }: AskedUnlink, context: RequestContext): Promise<void> {
  const links = { table: join.link, where: linkConditions(join, ends) };
  const entry = tableOf(context.snapshot.lookup, join.link);
  const uncertain = isUncertain(entry.table, deletionOf(entry));
  const asked = { plan: { kind: "list", ...links, order: [] }, values: values.all } as const;
  return withDeleteHooks(call, context, {
    table: join.link,
    alone: !uncertain,
    write: async (context) => {
      const plan: DeletePlan = { kind: "delete", ...links };
      const before = uncertain ? await foundTexts(asked, context) : [];
      const { affected } = await run({ plan, values: values.all }, context);
      const after = new Set(uncertain ? await foundTexts(asked, context) : []);
      if (before.some((row) => after.has(row))) throw keptByDatabase(entry);
      if (uncertain ? before.length > 0 : affected > 0) return;
      const missing = await missingParent(call.route, path, values.all, context);
      throw missing ?? (await notLinked(plan, values.all, context));
    },
  });
}

/** Why there was no link to take away: one may be there, and not be the caller's to change. */
async function notLinked(
  { table, where }: DeletePlan,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError> {
  const entry = tableOf(context.snapshot.lookup, table);
  if (entry.hasPolicy || mayKeep(entry.table, deletionOf(entry))) {
    const { rows } = await run({ plan: { kind: "exists", table, where }, values }, context);
    if (rows.length > 0) return entry.hasPolicy ? forbidden(context, "unlink these two rows") : keptByDatabase(entry);
  }
  return problem("link_not_found", "These two rows are not linked.");
}

/** The body of `add` fills the link table's further columns; its two ends are said by the address. */
function planFurther(body: Body, join: LinkJoin, values: Values, context: RequestContext): Assignment[] {
  const entry = tableOf(context.snapshot.lookup, join.link);
  const set = planInsert(body, entry, new Map(), values);
  const ends = new Set([...join.near.columns, ...join.far.columns]);
  for (const { column } of set) {
    if (!ends.has(column)) continue;
    const field = fieldOf(columnOf(entry, column));
    throw problem("invalid_body", `${field} is said by the address: leave it out of the body.`);
  }
  return set;
}

/** What a path says of a link: its two rows. */
interface PlannedLink {
  readonly join: LinkJoin;
  readonly ends: LinkPlan["ends"];
  readonly path: Path;
  readonly values: Values;
}

function planLink(route: Route, params: readonly string[], context: RequestContext): PlannedLink {
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  const target = route.steps.at(-1) as Step;
  const source = route.steps.at(-2) as Step;
  const join = target.join as LinkJoin;
  const key = tableOf(context.snapshot.lookup, target.table).table.primaryKey;
  const ends: [LinkEndPlan, LinkEndPlan] = [
    {
      table: source.table,
      ...join.near,
      where: pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2),
    },
    { table: target.table, ...join.far, where: equals(key, path.keys.at(-1) ?? []) },
  ];
  return { join, ends, path, values };
}

const linkConditions = (join: LinkJoin, ends: readonly [LinkEndPlan, LinkEndPlan]): Condition[] =>
  [join.near, join.far].map((side, i) => {
    const end = ends[i] as LinkEndPlan;
    return { type: "within", columns: side.columns, table: end.table, select: side.references, where: end.where };
  });

async function missingEnd(
  route: Route,
  path: Path,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError | undefined> {
  const missing = await missingParent(route, path, values, context);
  if (missing !== undefined) return missing;
  const where = equals(tableOf(context.snapshot.lookup, route.table).table.primaryKey, path.keys.at(-1) ?? []);
  const { rows } = await run({ plan: { kind: "exists", table: route.table, where }, values }, context);
  if (rows.length > 0) return undefined;
  return problem("not_found", `There is no such row of ${tableOf(context.snapshot.lookup, route.table).label}.`);
}
