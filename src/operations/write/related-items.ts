// Objects in a nested body → the rows that they name, or that are made of them.
import { HttpError } from "../../http/problem.js";
import { planKeys, type RowKey } from "../../plan/keys.js";
import { type BodyFields, hasKey, isKeyOnly, keyFields, noRelatedRow, without } from "../../plan/related.js";
import { toSegment } from "../../plan/row-segment.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { inSteps } from "../../run/operation-steps.js";
import { withReadHooks } from "../../run/run-hooks.js";
import { countingRows } from "../../run/sized-together.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { read } from "../read/row.js";
import { atBodyPath, placedNow, renumbered } from "./body-path.js";
import { callAt, collectionAt, type RoutePlace, rowIn } from "./nested-calls.js";
import type { WholeRow } from "./related-row.js";

/** Writes with what is nested in their bodies again. */
interface Writes {
  create(call: Call): Promise<readonly WholeRow[]>;
  update(call: Call): Promise<readonly WholeRow[]>;
}

export class RelatedItems {
  constructor(
    /** The one that the body is of. */
    private readonly call: Call,
    private readonly context: RequestContext,
    private readonly writes: Writes,
  ) {}

  /** `given` is what the client said of each item, without what its place has filled in. */
  async rowsOf(
    items: readonly BodyFields[],
    given: readonly BodyFields[],
    target: TableLookup,
    /** Does an item name a row that may be there already? */
    stands: (item: BodyFields) => boolean,
  ): Promise<WholeRow[]> {
    const fresh: number[] = [];
    const named = items.flatMap((item, i) => (stands(item) && isKeyOnly(item, target) ? [i] : []));
    const rows = await this.standing(items, named, target);
    for (const [i, item] of items.entries()) {
      if (rows[i] !== undefined) continue;
      if (stands(item)) rows[i] = await atBodyPath(`[${i}]`, () => this.rowOf(item, given[i] as BodyFields, target));
      else fresh.push(i);
    }
    if (fresh.length === 0) return rows as WholeRow[];
    const bodies = fresh.map((i) => items[i]);
    const made = await this.create(collectionAt(target, this.context), bodies).catch((error) => {
      throw error instanceof HttpError ? renumbered(error, fresh) : error;
    });
    for (const [n, i] of fresh.entries()) rows[i] = made[n];
    return rows as WholeRow[];
  }

  /**
   * The rows that keys alone name, by their places among the items, in one statement. Those that it does not find are asked for
   * one by one, as all are where the table has hooks: each read is one to them.
   */
  private async standing(
    items: readonly BodyFields[],
    at: readonly number[],
    target: TableLookup,
  ): Promise<(WholeRow | undefined)[]> {
    const rows: (WholeRow | undefined)[] = [];
    if (at.length === 0 || this.context.snapshot.hooks.has(target.table.id)) return rows;
    const keys = at.map((i) => placedNow(`[${i}]`, () => keyOf(items[i] as BodyFields, target)));
    const found = await readByKeys(target.table.primaryKey, keys, target, this.context);
    for (const [n, i] of at.entries()) {
      const text = found[n];
      rows[i] = text === undefined ? undefined : { entry: target, text, stored: text, related: [] };
    }
    return rows;
  }

  /** An object with a whole key is that row, changed where it says more; where there is no such row, and without a key, a new one. */
  async rowOf(item: BodyFields, given: BodyFields, target: TableLookup): Promise<WholeRow> {
    const collection = collectionAt(target, this.context);
    const makeOne = async () => (await this.create(collection, item))[0] as WholeRow;
    if (!hasKey(item, target)) return makeOne();
    const key = keyFields(target);
    const types = target.table.primaryKey.map((name) => columnOf(target, name).type);
    // `hasKey` says that none of them is missing.
    const segment = toSegment(
      key.map((name) => item[name]),
      types,
    );
    const rest = without(item, key);
    try {
      const place = rowIn(collection, segment);
      return await (Object.keys(rest).length > 0 ? this.change(place, rest) : this.find(place, target));
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "not_found") throw error;
      if (!isKeyOnly(given, target)) return makeOne();
      throw noRelatedRow(given, target);
    }
  }

  private create(place: RoutePlace, body: unknown): Promise<readonly WholeRow[]> {
    return this.writes.create(callAt(place, "POST", body, this.call, this.context));
  }

  private async change(place: RoutePlace, body: BodyFields): Promise<WholeRow> {
    const [row] = await this.writes.update(callAt(place, "PATCH", body, this.call, this.context));
    return row as WholeRow;
  }

  private async find(place: RoutePlace, entry: TableLookup): Promise<WholeRow> {
    const call = callAt(place, "GET", {}, this.call, this.context);
    let stored = "";
    const one = async () => {
      const answer = await inSteps(read)(call, this.context);
      stored = answer.body as string;
      return answer;
    };
    const found = async () => ({ rows: [(await withReadHooks(call, this.context, one)).body as string] });
    const { rows } = await countingRows(this.context, found);
    return { entry, text: rows[0] as string, stored, related: [] };
  }
}

function keyOf(item: BodyFields, target: TableLookup): RowKey {
  try {
    return planKeys([item], target, 1)[0] as RowKey;
  } catch {
    throw noRelatedRow(item, target);
  }
}
