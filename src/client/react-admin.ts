// `sapwood/react-admin`: a data provider for react-admin. Lists, references by nested routes, links of an N-to-N, writes of many rows
// in one request, and `If-Match` where the row was read before.
import { andOf, conditionsOf, type Filters } from "./filter-text.js";
import { askingAt, type ClientAnswer, type ClientAsk, type HttpOptions, RefusedError } from "./http.js";
import { nextQuery } from "./next-link.js";
import type {
  Identifier,
  LinkParams,
  Listing,
  Loose,
  RaListed,
  RaRecord,
  RaReference,
  SapwoodDataProvider,
} from "./ra-types.js";

export type { ProblemDocument } from "./problem-error.js";
export type { ResendOptions } from "./resend.js";
export type { Filters, HttpOptions, LinkParams, Listing, RaListed, RaRecord, RaReference, SapwoodDataProvider };
export { RefusedError };

export interface ReactAdminOptions extends HttpOptions {
  /** The fields of keys that are not `id`: `{ order_lines: ["order_id", "product_id"] }`. A record's `id` is then made of them. */
  readonly keys?: Readonly<Record<string, readonly string[]>>;
  /** How a list's `total` is found; `false` tells only whether there is another page. Default `exact`. */
  readonly count?: "exact" | "estimated" | false;
  /** Is a row that was read and changed since by somebody else left alone (412)? Default true. */
  readonly ifMatch?: boolean;
}

/** Ids in one request's query. A key of several columns is as many filters, of which the API takes 50. */
const MOST_IDS = 100;
const MOST_FILTERS = 50;
/** Tags of rows that are remembered. */
const MOST_TAGS = 1_000;

/** The API at `url`: `<Admin dataProvider={dataProvider("http://127.0.0.1:3000/api")}>`. */
export function dataProvider(url: string, options: ReactAdminOptions = {}): SapwoodDataProvider {
  const { keys = {}, count = "exact", ifMatch = true, ...http } = options;
  return providerOf({ ask: askingAt(url, http), keys, count, tags: ifMatch ? new Map() : undefined });
}

interface Ground extends Required<Pick<ReactAdminOptions, "keys" | "count">> {
  readonly ask: ClientAsk;
  /** Entity tags by the rows' paths; nothing where none are wanted. */
  readonly tags: Map<string, string> | undefined;
}

function providerOf(ground: Ground): SapwoodDataProvider {
  const { ask } = ground;
  const linkPath = (resource: string, { id, relation, relatedId, reference = relation }: LinkParams, end: string) =>
    `${pathOf(resource, id, ground)}/${encodeURIComponent(relation)}/${segmentOf(reference, relatedId, ground)}/${end}`;
  return {
    supportAbortSignal: true,
    getList: (resource, params) => listAt(listPath(resource), resource, params, ground),
    getManyReference: (resource, params) => referenced(resource, params, ground),
    async getOne(resource, { id, meta, signal }) {
      const path = pathOf(resource, id, ground);
      const answer = await ask(path + selectOf(meta, "?"), { signal });
      if (meta?.select === undefined) remember(path, answer, ground);
      return { data: recordOf(answer.json, resource, ground) as Loose };
    },
    async getMany(resource, { ids, meta, signal }) {
      const pages = await Promise.all(
        chunksOf(ids, resource, ground).map((some) =>
          ask(`${listPath(resource)}?${idsOf(some, resource, ground)}&limit=${some.length}${selectOf(meta, "&")}`, {
            signal,
          }),
        ),
      );
      const found = pages.flatMap(({ json }) => (json as object[]).map((row) => recordOf(row, resource, ground)));
      // Each row once, however often it was asked for.
      return { data: [...new Map(found.map((row) => [String(row.id), row])).values()] as Loose[] };
    },
    async create(resource, { data }) {
      const { json } = await ask(listPath(resource), { method: "POST", body: fieldsOf(data, resource, ground) });
      return { data: recordOf(json, resource, ground) as Loose };
    },
    async update(resource, { id, data, previousData }) {
      const path = pathOf(resource, id, ground);
      const body = changesOf(fieldsOf(data, resource, ground), previousData);
      const answer = await ask(path, { method: "PATCH", body, headers: condition(path, ground) });
      remember(path, answer, ground);
      return { data: recordOf(answer.json, resource, ground) as Loose };
    },
    async updateMany(resource, { ids, data }) {
      const body = fieldsOf(data, resource, ground);
      for (const some of chunksOf(ids, resource, ground))
        await ask(`${listPath(resource)}?${idsOf(some, resource, ground)}`, { method: "PATCH", body });
      forget(resource, ground);
      return { data: [...ids] };
    },
    async delete(resource, { id, previousData }) {
      const path = pathOf(resource, id, ground);
      await ask(path, { method: "DELETE", headers: condition(path, ground) });
      ground.tags?.delete(path);
      return { data: previousData ?? ({ id } as Loose) };
    },
    async deleteMany(resource, { ids }) {
      for (const some of chunksOf(ids, resource, ground))
        await ask(`${listPath(resource)}?${idsOf(some, resource, ground)}`, { method: "DELETE" });
      forget(resource, ground);
      return { data: [...ids] };
    },
    async link(resource, params) {
      const { json } = await ask(linkPath(resource, params, "add"), { method: "POST", body: params.data ?? {} });
      return { data: { id: params.relatedId, ...(json as object | undefined) } };
    },
    async unlink(resource, params) {
      await ask(linkPath(resource, params, "delete"), { method: "POST" });
      return { data: { id: params.relatedId } };
    },
    async setLinks(resource, { id, relation, ids }) {
      await ask(`${pathOf(resource, id, ground)}/${encodeURIComponent(relation)}`, { method: "PUT", body: ids });
      return { data: [...ids] };
    },
  };
}

/** By its foreign key's field, or by a nested route: `target="countries/members"`, also for an N-to-N. */
function referenced<R extends RaRecord>(
  resource: string,
  { target, id, ...params }: RaReference,
  ground: Ground,
): Promise<RaListed<R>> {
  const [parent, relation] = target.split("/", 2) as [string, string | undefined];
  if (relation !== undefined)
    return listAt(`${pathOf(parent, id, ground)}/${encodeURIComponent(relation)}`, resource, params, ground);
  return listAt(listPath(resource), resource, { ...params, filter: { ...params.filter, [target]: id } }, ground);
}

async function listAt<R extends RaRecord>(
  path: string,
  resource: string,
  { pagination = { page: 1, perPage: 25 }, sort, filter = {}, meta, signal }: Listing,
  ground: Ground,
): Promise<RaListed<R>> {
  const { page, perPage } = pagination;
  const { q, ...filters } = filter as Filters;
  const conditions = conditionsOf(filters);
  const query = [
    `limit=${perPage}&offset=${(page - 1) * perPage}`,
    ...(conditions.length === 0 ? [] : [andOf(conditions)]),
    ...(typeof q === "string" && q !== "" ? [`search=${encodeURIComponent(q)}`] : []),
    ...(sort === undefined ? [] : [`order-by=${orderOf(sort, resource, ground)}`]),
    ...(ground.count === false ? [] : [`count=${ground.count}`]),
  ].join("&");
  const { json, headers } = await ground.ask(`${path}?${query}${selectOf(meta, "&")}`, { signal });
  const data = (json as object[]).map((row) => recordOf(row, resource, ground)) as R[];
  const total = headers.get("x-total-count");
  if (total !== null) return { data, total: Number(total) };
  return { data, pageInfo: { hasNextPage: nextQuery(headers.get("link")) !== undefined, hasPreviousPage: page > 1 } };
}

const keyOf = (resource: string, { keys }: Ground): readonly string[] => keys[resource] ?? ["id"];

/** A key's values in a path: each percent-encoded, joined by commas. A key of several was made so here. */
const segmentOf = (resource: string, id: Identifier, ground: Ground): string =>
  keyOf(resource, ground).length > 1 ? String(id) : encodeURIComponent(id);

/** A table may be called in any letters, and with spaces. */
const listPath = (resource: string): string => `/${encodeURIComponent(resource)}`;

const pathOf = (resource: string, id: Identifier, ground: Ground): string =>
  `${listPath(resource)}/${segmentOf(resource, id, ground)}`;

function recordOf(json: unknown, resource: string, ground: Ground): RaRecord {
  const row = json as Record<string, unknown>;
  const key = keyOf(resource, ground);
  if (key.length === 1 && key[0] === "id") return row as RaRecord;
  const values = key.map((field) => row[field]);
  const id = values.length === 1 ? values[0] : values.map((value) => encodeURIComponent(String(value))).join(",");
  return { ...row, id };
}

/** Without the `id` that was made here. */
function fieldsOf(data: Loose, resource: string, ground: Ground): Record<string, unknown> {
  const { id: _, ...fields } = data as Record<string, unknown>;
  return keyOf(resource, ground).includes("id") ? (data as Record<string, unknown>) : fields;
}

/** Only what has changed: another one's change of another field stays. */
const changesOf = (fields: Record<string, unknown>, before: Loose): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before?.[name])),
  );

function idsOf(ids: readonly Identifier[], resource: string, ground: Ground): string {
  const key = keyOf(resource, ground);
  if (key.length === 1) return andOf(conditionsOf({ [key[0] as string]: ids }));
  const each = ids.map((id) => {
    const values = String(id).split(",").map(decodeURIComponent);
    return `and(${conditionsOf(Object.fromEntries(key.map((field, i) => [field, values[i]]))).join(",")})`;
  });
  return `or=${encodeURIComponent(`(${each.join(",")})`)}`;
}

/** `id` stands for the key, whatever it is made of. */
function orderOf({ field, order }: { field: string; order: string }, resource: string, ground: Ground): string {
  const fields = field === "id" ? keyOf(resource, ground) : [field];
  return fields
    .map((name) => `${encodeURIComponent(name)}:${order.toLowerCase() === "desc" ? "desc" : "asc"}`)
    .join(",");
}

const selectOf = (meta: Loose, before: string): string =>
  meta?.select === undefined ? "" : `${before}select=${encodeURIComponent(meta.select)}`;

function chunksOf<T>(ids: readonly T[], resource: string, ground: Ground): T[][] {
  const { length } = keyOf(resource, ground);
  const size = length === 1 ? MOST_IDS : Math.floor(MOST_FILTERS / length);
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size));
}

function remember(path: string, { headers }: ClientAnswer, { tags }: Ground): void {
  const tag = headers.get("etag");
  if (tags === undefined || tag === null) return;
  tags.delete(path);
  tags.set(path, tag);
  const [oldest] = tags.keys();
  if (tags.size > MOST_TAGS && oldest !== undefined) tags.delete(oldest);
}

function forget(resource: string, { tags }: Ground): void {
  for (const path of tags?.keys() ?? []) if (path.startsWith(`${listPath(resource)}/`)) tags?.delete(path);
}

/** A tag that a proxy has made weak while it compressed matches nothing. */
function condition(path: string, { tags }: Ground): Record<string, string> {
  const tag = tags?.get(path);
  return tag === undefined || tag.startsWith("W/") ? {} : { "if-match": tag };
}
