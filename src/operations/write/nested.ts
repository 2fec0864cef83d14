// A body that holds related rows: parents are written first, the row itself next, its children and links last, all in one
// transaction. Each is a request of its own to the API, so that routes, hooks and refusals are the same as everywhere.
import { parse, stringify } from "lossless-json";
import { type ApiRequest, type ApiResponse, requestWith } from "../../http/message.js";
import { HttpError } from "../../http/problem.js";
import { type Key, planKeys } from "../../plan/keys.js";
import {
  agreeing,
  collectionOf,
  type Fields,
  field,
  hasKey,
  isKeyOnly,
  keyFields,
  list,
  noSuchRow,
  object,
  without,
} from "../../plan/related.js";
import { toSegment } from "../../plan/row-segment.js";
import { parseText, readJson, rowTypes } from "../../request/body.js";
import type { NamedRelation } from "../../routes/tree.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { amongOthers } from "../../run/revocable.js";
import { locationOf, valuesOf } from "../../run/row-address.js";
import { transaction } from "../../run/transaction.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { linkAll } from "../links/link-set.js";
import { JSON_TYPE } from "../read/row.js";
import { atBodyPath, placedNow, renumbered } from "./body-path.js";
import { readAgain } from "./nested-again.js";
import { requireSize, writesBeside } from "./nested-size.js";
import { relatedFields, withRelatedTexts } from "./related-fields.js";

/** Answers one request of the API, in full. */
export type Answer = (request: ApiRequest, context: RequestContext) => Promise<ApiResponse>;
type Operate = (call: Call, context: RequestContext) => Promise<ApiResponse>;
type LinkJoin = Extract<NamedRelation["join"], { via: "link" }>;
/** Does an item name a row that may be there already? */
type Stands = (item: Fields, index: number) => boolean;

/** `write` with what is nested in its body; the same as `write` where nothing is. */
export async function nesting(
  call: Call,
  context: RequestContext,
  write: Operate,
  answer: Answer,
): Promise<ApiResponse> {
  const relations = context.snapshot.relations.get(call.route.table);
  if (relations === undefined || relations.size === 0) return write(call, context);
  const body = await (call.route.operation === "create" ? readJson(call.request, rowTypes) : readJson(call.request));
  const plain = { ...call, request: withBody(call.request, body) };
  const entry = tableOf(context.snapshot.lookup, call.route.table);
  const bodies = Array.isArray(body) ? body : [body];
  if (!bodies.some((one) => relatedFields(one, entry, context.snapshot).length > 0)) return write(plain, context);
  requireSize(bodies, entry, context);
  return transaction(context, async (inner) => {
    const several = bodies.length > 1 || writesBeside(bodies[0] as Fields, entry, context);
    const writer = new NestedWriter(call, several ? amongOthers(inner) : inner, write, answer);
    if (!Array.isArray(body)) return readAgain(await writer.write(body as Fields, entry), entry, inner);
    const answers: ApiResponse[] = [];
    for (const [i, one] of body.entries())
      answers.push(await atBodyPath(`[${i}]`, () => writer.write(one as Fields, entry)));
    const status = answers.some((each) => each.status === 201) ? 201 : 200;
    const rows = `[${answers.map(({ body }) => body).join(",")}]`;
    return readAgain({ status, headers: { "content-type": JSON_TYPE }, body: rows }, entry, inner);
  });
}

class NestedWriter {
  constructor(
    private readonly call: Call,
    private readonly context: RequestContext,
    private readonly operate: Operate,
    private readonly answer: Answer,
  ) {}

  async write(body: Fields, entry: TableLookup): Promise<ApiResponse> {
    const related = relatedFields(body, entry, this.context.snapshot);
    const names = new Set(related.map(({ name }) => name));
    let own: Fields = Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
    const shown: (readonly [string, string])[] = [];
    for (const relation of related.filter(({ join }) => join.via === "parent")) {
      const { fields, text } = await atBodyPath(relation.name, () => this.parent(relation, body[relation.name], entry));
      own = agreeing(own, fields, relation);
      shown.push([relation.name, text]);
    }
    const response = await this.operate({ ...this.call, request: withBody(this.call.request, own) }, this.context);
    const row = response.body as string;
    const isNew = response.status === 201;
    for (const relation of related.filter(({ join }) => join.via !== "parent")) {
      const value = body[relation.name];
      const texts = await atBodyPath(relation.name, () =>
        relation.join.via === "link"
          ? this.linked(relation, list(value), row, entry)
          : this.children(relation, relation.many ? list(value) : [object(value)], row, isNew),
      );
      shown.push([relation.name, relation.many ? `[${texts.join(",")}]` : (texts[0] as string)]);
    }
    return { ...response, body: withRelatedTexts(row, related, new Map(shown)) };
  }

  /** The row that this one refers to, and what the foreign key then holds. */
  private async parent(relation: NamedRelation, value: unknown, entry: TableLookup) {
    const { columns, references } = relation.join as Extract<NamedRelation["join"], { via: "parent" }>;
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const item = value === null ? null : object(value);
    const text = item === null ? "null" : await this.settle(item, item, target);
    const row = parseText(text) as Fields | null;
    const fields = columns.map(
      (name, i) => [field(name, entry), row?.[field(references[i] as string, target)] ?? null] as const,
    );
    return { fields: Object.fromEntries(fields), text };
  }

  /** Rows that refer to this one: new ones all at once, those that have a key already one by one. */
  private async children(
    relation: NamedRelation,
    items: readonly Fields[],
    row: string,
    isNew: boolean,
  ): Promise<string[]> {
    const { columns, references } = relation.join as Extract<NamedRelation["join"], { via: "child" }>;
    const above = tableOf(this.context.snapshot.lookup, this.call.route.table);
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const values = parseText(row) as Fields;
    const foreignKey = Object.fromEntries(
      columns.map((name, i) => [field(name, target), values[field(references[i] as string, above)]]),
    );
    const whole: Fields[] = [];
    for (const [i, item] of items.entries())
      whole.push(placedNow(`[${i}]`, () => agreeing(item, foreignKey, relation)));
    // A key that holds the foreign key to a new row names no row that is there.
    const unheard = isNew && columns.some((name) => target.table.primaryKey.includes(name));
    return this.each(whole, items, target, (item) => !unheard && hasKey(item, target));
  }

  /** Rows on the other side of an N-to-N, each linked with this one. */
  private async linked(
    relation: NamedRelation,
    items: readonly Fields[],
    row: string,
    entry: TableLookup,
  ): Promise<string[]> {
    const target = tableOf(this.context.snapshot.lookup, relation.table);
    const texts = await this.each(items, items, target, (item) => hasKey(item, target));
    const join = relation.join as LinkJoin;
    if (this.context.snapshot.hooks.has(join.link)) await this.addEach(relation, texts, row, entry, target);
    else {
      const near = valuesOf(row, join.near.references, entry);
      const far = texts.map((text) => ({
        key: valuesOf(text, target.table.primaryKey, target),
        far: valuesOf(text, join.far.references, target),
      }));
      await linkAll(far, { join, source: entry, target, near }, this.context);
    }
    return texts;
  }

  /** Where the link table has hooks, each link is one to them. */
  private async addEach(
    { name }: NamedRelation,
    texts: readonly string[],
    row: string,
    entry: TableLookup,
    target: TableLookup,
  ): Promise<void> {
    const links = `${locationOf(row, entry, collectionOf(entry))}/${encodeURIComponent(name)}`;
    for (const [i, text] of texts.entries())
      await atBodyPath(`[${i}]`, () => this.send("POST", `${locationOf(text, target, links)}/add`, {}));
  }

  /** `given` is what the client said of each item, without what its place has filled in. */
  private async each(
    items: readonly Fields[],
    given: readonly Fields[],
    target: TableLookup,
    stands: Stands,
  ): Promise<string[]> {
    const fresh: number[] = [];
    const named = items.flatMap((item, i) => (stands(item, i) && isKeyOnly(item, target) ? [i] : []));
    const texts = await this.standing(items, named, target);
    for (const [i, item] of items.entries()) {
      if (texts[i] !== undefined) continue;
      if (stands(item, i)) texts[i] = await atBodyPath(`[${i}]`, () => this.settle(item, given[i] as Fields, target));
      else fresh.push(i);
    }
    if (fresh.length === 0) return texts as string[];
    const bodies = fresh.map((i) => items[i]);
    const made = await this.send("POST", collectionOf(target), bodies).catch((error) => {
      throw error instanceof HttpError ? renumbered(error, fresh) : error;
    });
    for (const [n, row] of (parse(made.body as string) as unknown[]).entries())
      texts[fresh[n] as number] = stringify(row) as string;
    return texts as string[];
  }

  /**
   * The rows that keys alone name, by their places among the items, in one statement. Those that it does not find are asked for
   * one by one, as all are where the table has hooks: each read is one to them.
   */
  private async standing(
    items: readonly Fields[],
    at: readonly number[],
    target: TableLookup,
  ): Promise<(string | undefined)[]> {
    const texts: (string | undefined)[] = [];
    if (at.length === 0 || this.context.snapshot.hooks.has(target.table.id)) return texts;
    const keys = at.map((i) => placedNow(`[${i}]`, () => keyOf(items[i] as Fields, target)));
    const found = await readByKeys(target.table.primaryKey, keys, target, this.context);
    for (const [n, i] of at.entries()) texts[i] = found[n];
    return texts;
  }

  /** An object with a whole key is that row, changed where it says more; where there is no such row, and without a key, a new one. */
  private async settle(item: Fields, given: Fields, target: TableLookup): Promise<string> {
    const collection = collectionOf(target);
    if (!hasKey(item, target)) return (await this.send("POST", collection, item)).body as string;
    const key = keyFields(target);
    const types = target.table.primaryKey.map((name) => columnOf(target, name).type);
    // `hasKey` says that none of them is missing.
    const address = `${collection}/${toSegment(
      key.map((name) => item[name]),
      types,
    )}`;
    const rest = without(item, key);
    const method = Object.keys(rest).length > 0 ? "PATCH" : "GET";
    try {
      return (await this.send(method, address, rest)).body as string;
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "not_found") throw error;
      if (!isKeyOnly(given, target)) return (await this.send("POST", collection, item)).body as string;
      throw noSuchRow(given, target);
    }
  }

  private send(method: string, path: string, body?: unknown): Promise<ApiResponse> {
    const request = requestWith(this.call.request, {
      method,
      path,
      query: "",
      header: () => undefined,
      body: async () => ({ kind: "parsed", value: body }),
    });
    return this.answer(request, this.context);
  }
}

function keyOf(item: Fields, target: TableLookup): Key {
  try {
    return planKeys([item], target, 1)[0] as Key;
  } catch {
    throw noSuchRow(item, target);
  }
}

/** The same request with a body that was read already. */
export const withBody = (request: ApiRequest, value: unknown): ApiRequest =>
  requestWith(request, { body: async () => ({ kind: "parsed", value }) });
