// A body that holds related rows: parents are written first, the row itself next, its children and links last, all in one
// transaction. Each is a call of its own to the route of its table.
import { agreeing, type BodyFields, field, hasKey, listOfFields, object } from "../../plan/related.js";
import { readJson, rowTypes } from "../../request/body.js";
import { patchFormOf } from "../../request/patch.js";
import type { NamedRelation } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { inSteps, type OperationSteps } from "../../run/operation-steps.js";
import { amongOthers } from "../../run/revocable.js";
import { rowSegment, valuesOf } from "../../run/row-address.js";
import { countingRows, sizedTogether } from "../../run/sized-together.js";
import { transaction } from "../../run/transaction.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { link } from "../links/add-link.js";
import { linkAll } from "../links/link-set.js";
import { atBodyPath, placedNow } from "./body-path.js";
import { create } from "./create.js";
import { rowsOfCsv } from "./csv-in.js";
import { readAgain } from "./nested-again.js";
import { callAt, collectionAt, placeBelow, rowIn, withBody } from "./nested-calls.js";
import { requireSize, writesBeside } from "./nested-size.js";
import { relatedFields } from "./related-fields.js";
import { RelatedItems } from "./related-items.js";
import { type RelatedRows, rowFields, type WholeRow, wholeText } from "./related-row.js";
import { replace, update } from "./row.js";
import type { RowWriting, WrittenRows } from "./written-rows.js";

type LinkJoin = Extract<NamedRelation["join"], { via: "link" }>;

interface Asked<Prepared> {
  readonly entry: TableLookup;
  /** The write alone, where the body holds nothing else. */
  readonly plain?: Prepared;
  readonly nested?: { readonly call: Call; readonly bodies: readonly BodyFields[]; readonly many: boolean };
}

interface Result<Prepared> {
  readonly prepared: Prepared;
  readonly written: WrittenRows;
  readonly rows: readonly WholeRow[];
}

/** The write with what is nested in its body. */
interface Nesting<Prepared> extends OperationSteps<Asked<Prepared>, Result<Prepared>> {}

const nesting = <Prepared>(write: RowWriting<Prepared>): Nesting<Prepared> => ({
  async prepare(call, context) {
    const entry = tableOf(context.snapshot.lookup, call.route.table);
    const isNew = call.route.operation === "create";
    if (call.route.operation === "update" && patchFormOf(call.request) === "operations")
      return { entry, plain: await write.prepare(call, context) };
    const csv = isNew ? await rowsOfCsv(call.request, entry, context) : undefined;
    if (csv !== undefined) return { entry, plain: await write.prepare(withBody(call, csv), context) };
    const relations = context.snapshot.relations.get(call.route.table);
    if (relations === undefined || relations.size === 0) return { entry, plain: await write.prepare(call, context) };
    const body = await (isNew ? readJson(call.request, rowTypes) : readJson(call.request));
    const bodies = Array.isArray(body) ? body : [body];
    if (!bodies.some((one) => relatedFields(one, entry, context.snapshot).length > 0))
      return { entry, plain: await write.prepare(withBody(call, body), context) };
    requireSize(bodies, entry, context);
    return { entry, nested: { call, bodies, many: Array.isArray(body) } };
  },

  async run({ entry, plain, nested }, context) {
    if (nested !== undefined) return writeNested(write, nested, entry, context);
    const prepared = plain as Prepared;
    const written = await countingRows(context, () => write.run(prepared, context));
    const rows = written.rows.flatMap((text, i) => {
      const stored = written.stored[i];
      return text === undefined || stored === undefined ? [] : [{ entry, text, stored, related: [] }];
    });
    return { prepared, written, rows };
  },

  respond: (_, { prepared, written }) => write.respond(prepared, written),
});

export const createNested = nesting(create);
export const replaceNested = nesting(replace);
export const updateNested = nesting(update);

/** One row, changed with what is nested in its body. */
export const changeNested = (call: Call, context: RequestContext): Promise<readonly WholeRow[]> =>
  rowsBy(updateNested, call, context);

function writeNested<Prepared>(
  write: RowWriting<Prepared>,
  { call, bodies, many }: NonNullable<Asked<Prepared>["nested"]>,
  entry: TableLookup,
  context: RequestContext,
): Promise<Result<Prepared>> {
  return transaction(context, async (whole) => {
    const inner = sizedTogether(whole);
    const several = bodies.length > 1 || writesBeside(bodies[0] as BodyFields, entry, context);
    const writer = new NestedWriter(call, several ? amongOthers(inner) : inner, write);
    const results: Result<Prepared>[] = [];
    for (const [i, body] of bodies.entries()) {
      const one = () => writer.write(body, entry);
      results.push(await (many ? atBodyPath(`[${i}]`, one) : one()));
    }
    const rows = await readAgain(
      results.flatMap(({ rows }) => rows),
      { ...inner, size: undefined },
    );
    const [first] = results as [Result<Prepared>];
    const isNew = results.some(({ written }) => written.isNew);
    const written = { rows: rows.map(wholeText), stored: rows.map(({ stored }) => stored), many, isNew };
    return { prepared: first.prepared, written, rows };
  });
}

class NestedWriter<Prepared> {
  private readonly items: RelatedItems;

  constructor(
    private readonly call: Call,
    private readonly context: RequestContext,
    private readonly own: RowWriting<Prepared>,
  ) {
    this.items = new RelatedItems(call, context, {
      create: (its) => rowsBy(createNested, its, context),
      update: (its) => changeNested(its, context),
    });
  }

  async write(body: BodyFields, entry: TableLookup): Promise<Result<Prepared>> {
    const related = relatedFields(body, entry, this.context.snapshot);
    const names = new Set(related.map(({ name }) => name));
    let own: BodyFields = Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
    const shown: RelatedRows[] = [];
    for (const relation of related.filter(({ join }) => join.via === "parent")) {
      const { fields, rows } = await atBodyPath(relation.name, () => this.parent(relation, body[relation.name], entry));
      own = agreeing(own, fields, relation);
      shown.push({ relation, rows });
    }
    const prepared = await this.own.prepare(withBody(this.call, own), this.context);
    const written = await countingRows(this.context, () => this.own.run(prepared, this.context));
    const [text, stored] = [written.rows[0] as string, written.stored[0] as string];
    const row: WholeRow = { entry, text, stored, related: [] };
    for (const relation of related.filter(({ join }) => join.via !== "parent")) {
      const value = body[relation.name];
      const rows = await atBodyPath(relation.name, () =>
        relation.join.via === "link"
          ? this.linked(relation, listOfFields(value), row)
          : this.children(relation, relation.many ? listOfFields(value) : [object(value)], row, written.isNew),
      );
      shown.push({ relation, rows });
    }
    return { prepared, written, rows: [{ ...row, related: shown }] };
  }

  /** The row that this one refers to, and what the foreign key then holds. */
  private async parent(relation: NamedRelation, value: unknown, entry: TableLookup) {
    const { columns, references } = relation.join as Extract<NamedRelation["join"], { via: "parent" }>;
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const item = value === null ? null : object(value);
    const row = item === null ? undefined : await this.items.rowOf(item, item, target);
    const said = row === undefined ? undefined : rowFields(row);
    const fields = columns.map(
      (name, i) => [field(name, entry), said?.[field(references[i] as string, target)] ?? null] as const,
    );
    return { fields: Object.fromEntries(fields), rows: row === undefined ? [] : [row] };
  }

  /** Rows that refer to this one: new ones all at once, those that have a key already one by one. */
  private async children(
    relation: NamedRelation,
    items: readonly BodyFields[],
    row: WholeRow,
    isNew: boolean,
  ): Promise<WholeRow[]> {
    const { columns, references } = relation.join as Extract<NamedRelation["join"], { via: "child" }>;
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const values = rowFields(row);
    const foreignKey = Object.fromEntries(
      columns.map((name, i) => [field(name, target), values[field(references[i] as string, row.entry)]]),
    );
    const whole: BodyFields[] = [];
    for (const [i, item] of items.entries())
      whole.push(placedNow(`[${i}]`, () => agreeing(item, foreignKey, relation)));
    // A key that holds the foreign key to a new row names no row that is there.
    const unheard = isNew && columns.some((name) => target.table.primaryKey.includes(name));
    return this.items.rowsOf(whole, items, target, (item) => !unheard && hasKey(item, target));
  }

  /** Rows on the other side of an N-to-N, each linked with this one. */
  private async linked(relation: NamedRelation, items: readonly BodyFields[], row: WholeRow): Promise<WholeRow[]> {
    const { entry: source } = row;
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const rows = await this.items.rowsOf(items, items, target, (item) => hasKey(item, target));
    const join = relation.join as LinkJoin;
    if (this.context.snapshot.hooks.has(join.link)) await this.addEach(relation, rows, row);
    else {
      const near = valuesOf(row.stored, join.near.references, source);
      const far = rows.map(({ stored }) => ({
        key: valuesOf(stored, target.table.primaryKey, target),
        far: valuesOf(stored, join.far.references, target),
      }));
      await linkAll(far, { join, source, target, near }, this.context);
    }
    return rows;
  }

  /** Where the link table has hooks, each link is one to them. */
  private async addEach({ name }: NamedRelation, rows: readonly WholeRow[], row: WholeRow): Promise<void> {
    for (const [i, other] of rows.entries())
      await atBodyPath(`[${i}]`, () => {
        const source = rowIn(collectionAt(row.entry, this.context), rowSegment(row.stored, row.entry));
        const place = placeBelow(rowIn(placeBelow(source, name), rowSegment(other.stored, other.entry)), "add");
        return inSteps(link)(callAt(place, "POST", {}, this.call, this.context), this.context);
      });
  }
}

async function rowsBy<Prepared>(
  { prepare, run }: Nesting<Prepared>,
  call: Call,
  context: RequestContext,
): Promise<readonly WholeRow[]> {
  return (await run(await prepare(call, context), context)).rows;
}
