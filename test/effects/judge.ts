// What is wrong with an answer, by what the database holds before and after it.
import type { Api } from "../../src/api/api.js";
import type { ApiResponse } from "../../src/http/message.js";
import type { Ask } from "./requests.js";
import { keys, type TableName, tables } from "./tables.js";

export type Row = Readonly<Record<string, unknown>>;
/** All rows of all tables, each in the order of its key. */
export type Held = Readonly<Record<string, readonly Row[]>>;

const relations: Readonly<Record<string, readonly [table: TableName, many: boolean]>> = {
  parts: ["parts", true],
  labels: ["labels", true],
  item: ["items", false],
};

/** Nothing where all is well. */
export async function faultOf(
  ask: Ask,
  answer: ApiResponse,
  before: Held,
  after: Held,
  api: Api,
  rewrites: boolean,
): Promise<string | undefined> {
  const { status } = answer;
  if (status >= 400) return refusalFault(ask, answer, before, after, api);
  if (ask.headers.prefer?.includes("tx=rollback"))
    return isUnchanged(before, after) ? undefined : "it was to be undone, and the tables have changed";
  const body =
    answer.body === undefined || answer.body === "" ? undefined : (JSON.parse(answer.body) as Row | readonly Row[]);
  if (ask.path === "/batch") return batchFault(ask, body as unknown as readonly Entry[], after);
  return (
    // Of rows that are deleted it is said what they were.
    (body === undefined ? undefined : shownFault(body, tableOf(ask), ask.method === "DELETE" ? before : after)) ??
    (await tagFault(ask, answer, body, api)) ??
    (ask.method === "DELETE" ? deleteFault(ask, answer, before, after) : undefined) ??
    (ask.method === "PATCH" && ask.query !== "" && body !== undefined
      ? listFault(ask, answer, body as readonly Row[], before, after, rewrites)
      : undefined) ??
    (ask.path.endsWith("/add") || ask.method === "PUT" ? linkFault(ask, after) : undefined)
  );
}

const isUnchanged = (before: Held, after: Held): boolean => JSON.stringify(before) === JSON.stringify(after);

interface Entry {
  readonly status: number;
  readonly body?: Row | readonly Row[];
}

/** No entry of it was refused, and what the last one shows is what stands. */
function batchFault({ body }: Ask, answers: readonly Entry[], after: Held): string | undefined {
  const failed = answers.find(({ status }) => status >= 400);
  if (failed !== undefined) return `200 of a batch, of which an entry is ${failed.status}`;
  const last = (body as readonly { method: string; path: string; body?: unknown }[]).at(-1);
  const answer = answers.at(-1);
  if (last === undefined || answer?.body === undefined || answer.body === null) return undefined;
  const [path = "", query = ""] = last.path.split("?");
  return shownFault(answer.body, tableOf({ ...last, path, query, headers: {} }), after);
}

/** A refusal has no effect, is none of sapwood's defects, and no 404 of a row that is there. */
async function refusalFault(
  ask: Ask,
  { status, body }: ApiResponse,
  before: Held,
  after: Held,
  api: Api,
): Promise<string | undefined> {
  const { code } = JSON.parse(body ?? "{}") as { code?: string };
  if (!isUnchanged(before, after)) return `${status} ${code}, and the tables have changed`;
  if (code === "internal_error" || code === "database_away") return `${status} ${code}`;
  const isRow = /^\/(items|parts|labels)\/\d+$/.test(ask.path);
  const isNested = typeof ask.body === "object" && Object.keys(ask.body ?? {}).some((name) => name in relations);
  if (status !== 404 || !isRow || isNested) return undefined;
  const read = await api.handle(requestOf({ method: "GET", path: ask.path, query: "", headers: {} }));
  return read?.status === 200 ? "404 of a row that GET shows" : undefined;
}

function shownFault(body: Row | readonly Row[], table: TableName, after: Held): string | undefined {
  for (const row of [body].flat() as Row[]) {
    const held = after[table]?.find((one) => keys[table].every((key) => one[key] === row[key]));
    if (held === undefined) return `${table} has no such row as is shown: ${JSON.stringify(row)}`;
    for (const [field, value] of Object.entries(row)) {
      const relation = field in held ? undefined : relations[field];
      if (relation === undefined && held[field] !== value)
        return `${table}.${field} is ${held[field]}, and shown as ${value}`;
      if (relation === undefined || value === null) continue;
      const fault = shownFault(value as Row | readonly Row[], relation[0], after);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

async function tagFault(
  ask: Ask,
  { headers }: ApiResponse,
  body: Row | readonly Row[] | undefined,
  api: Api,
): Promise<string | undefined> {
  if (headers.etag === undefined || body === undefined || Array.isArray(body)) return undefined;
  const path = `/${tableOf(ask)}/${(body as Row).id}`;
  const read = await api.handle(requestOf({ method: "GET", path, query: "", headers: {} }));
  // A row that was written may not be there to be read: a policy's affair.
  return read?.status !== 200 || read.headers.etag === headers.etag ? undefined : `the ETag is not that of GET ${path}`;
}

/** Rows that a DELETE was about are gone, or have changed; its count is theirs. */
function deleteFault(ask: Ask, { headers }: ApiResponse, before: Held, after: Held): string | undefined {
  const table = tableOf(ask);
  const selected = ask.path.startsWith("/items/") && ask.query !== "" ? undefined : selectedBy(ask, table, before);
  if (selected === undefined) return undefined;
  const done = selected.filter((row) => !isHeld(row, table, after));
  if (ask.query === "") return done.length === 1 ? undefined : "204, and the row is as it was";
  return headers["x-total-count"] === String(done.length)
    ? undefined
    : `${done.length} rows are gone or changed, and X-Total-Count is ${headers["x-total-count"]}`;
}

/** Rows that a PATCH of a list answers are those that it changed, or that were so already. */
function listFault(
  ask: Ask,
  { headers }: ApiResponse,
  body: readonly Row[],
  before: Held,
  after: Held,
  rewrites: boolean,
): string | undefined {
  const table = tableOf(ask);
  if (headers["x-total-count"] !== String(body.length))
    return `X-Total-Count is ${headers["x-total-count"]} of ${body.length} rows`;
  // A trigger may have written over what was asked.
  if (rewrites) return undefined;
  const asked = Object.entries(ask.body as Row);
  const idle = body.find((row) => {
    const was = before[table]?.find(({ id }) => id === row.id);
    return was !== undefined && isHeld(was, table, after) && !asked.every(([field, value]) => was[field] === value);
  });
  return idle === undefined ? undefined : `row ${idle.id} is answered, and was not changed`;
}

/** What was linked is linked. */
function linkFault(ask: Ask, after: Held): string | undefined {
  const [, item, label] = /^\/items\/(\d+)\/labels(?:\/(\d+)\/add)?$/.exec(ask.path) ?? [];
  if (item === undefined) return undefined;
  const linked = (after.items_labels ?? []).filter((row) => row.item_id === Number(item)).map((row) => row.label_id);
  const wanted = label === undefined ? (ask.body as number[]) : [Number(label)];
  return wanted.every((id) => linked.includes(id)) ? undefined : "it says that rows are linked, and they are not";
}

function selectedBy(ask: Ask, table: TableName, held: Held): readonly Row[] {
  const rows = held[table] ?? [];
  if (ask.query === "") return rows.filter(({ id }) => id === Number(ask.path.split("/").at(-1)));
  const [, value] = /^v=(.*)$/.exec(ask.query) ?? [];
  if (value !== undefined) return rows.filter(({ v }) => v === value);
  const ids = ask.query.replace("id=in:", "").split(",").map(Number);
  return rows.filter(({ id }) => ids.includes(id as number));
}

const isHeld = (row: Row, table: TableName, held: Held): boolean =>
  (held[table] ?? []).some((one) => JSON.stringify(one) === JSON.stringify(row));

/** The table whose rows an answer shows. */
function tableOf({ path }: Ask): TableName {
  if (path.endsWith("/add")) return "items_labels";
  const name = path.split("/").findLast((part) => (tables as readonly string[]).includes(part));
  return name as TableName;
}

export const requestOf = ({ method, path, query, body, headers }: Ask) => ({
  ...{ method, path, query, prefix: "", raw: undefined, id: "r" },
  header: (name: string) =>
    headers[name] ?? (name === "content-type" && body !== undefined ? "application/json" : undefined),
  body: async () =>
    body === undefined
      ? ({ kind: "bytes", bytes: Buffer.alloc(0) } as const)
      : ({ kind: "bytes", bytes: Buffer.from(JSON.stringify(body)) } as const),
});
