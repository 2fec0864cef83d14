// Random requests to the four tables: single rows, arrays, lists by a filter, upserts, links, nested bodies, patches.
import type { Chance } from "./random.js";
import { values } from "./tables.js";

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export const told = ({ method, path, query, body, headers }: Ask): string =>
  `${method} ${path}${query && `?${query}`} ${JSON.stringify(headers)} ${JSON.stringify(body)}`;

const collections = ["items", "parts", "labels"] as const;
const ids = [1, 2, 3, 4, 5, 6, 9] as const;
const plain: readonly ((chance: Chance) => Made)[] = [single, single, single, array, list, links, nested, upsert];

export function anyAsk(chance: Chance): Ask {
  if (chance.oneIn(12)) return batch(chance);
  const ask = { query: "", headers: {}, ...anyMade(chance) };
  const more = chance.pick([
    "",
    "",
    "",
    "",
    "",
    "tx=rollback",
    "return=minimal",
    "return=headers-only",
    "return=representation",
  ]);
  const prefer = [ask.headers.prefer ?? "", more].filter((part) => part !== "").join(", ");
  return prefer === "" ? ask : { ...ask, headers: { ...ask.headers, prefer } };
}

const anyMade = (chance: Chance): Made => chance.pick([...plain, patch])(chance);

/** What needs no header to be understood: an entry of a batch has no content type that would tell a patch. */
const anyPlain = (chance: Chance): Made => chance.pick(plain)(chance);

function batch(chance: Chance): Ask {
  const body = Array.from({ length: 1 + chance.below(3) }, () => {
    const { method, path, query = "", body } = anyPlain(chance);
    return { method, path: query === "" ? path : `${path}?${query}`, ...(body === undefined ? {} : { body }) };
  });
  return { method: "POST", path: "/batch", query: "", headers: {}, body };
}

type Made = Pick<Ask, "method" | "path"> & {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
};

function row(chance: Chance, key = chance.oneIn(2)): Record<string, unknown> {
  return {
    ...(key ? { id: chance.pick([...ids, 7, 8, 10, 11]) } : {}),
    ...(chance.oneIn(4) ? {} : { v: chance.pick(values) }),
    ...(chance.oneIn(3) ? { n: chance.below(3) } : {}),
  };
}

function single(chance: Chance): Made {
  const table = chance.pick(collections);
  const at = `/${table}/${chance.pick(ids)}`;
  const conditional = chance.oneIn(5) ? { headers: { "if-match": "*" } } : {};
  switch (chance.below(6)) {
    case 0:
      return { method: "POST", path: `/${table}`, body: row(chance) };
    case 1:
      return { method: "PUT", path: at, body: row(chance, false), ...conditional };
    case 2:
      return { method: "PUT", path: at, body: row(chance, false), headers: { prefer: "resolution=upsert" } };
    case 3:
      return { method: "POST", path: `/items/${chance.pick(ids)}/parts`, body: row(chance) };
    case 4:
      return { method: "DELETE", path: at, ...conditional };
    default:
      return { method: "PATCH", path: at, body: row(chance, false), ...conditional };
  }
}

/** JSON Patch and JSON Merge Patch of one row: its `test` may fail, and its last operation too. */
function patch(chance: Chance): Made {
  const operations = [
    { op: "replace", path: "/v", value: chance.pick(values) },
    { op: "test", path: "/v", value: chance.pick(values) },
    { op: "add", path: "/n", value: chance.below(3) },
    { op: "remove", path: chance.pick(["/v", "/n"]) },
    { op: "copy", from: "/id", path: "/n" },
    { op: "move", from: "/v", path: "/w" },
  ];
  const isMerge = chance.oneIn(2);
  return {
    method: "PATCH",
    path: `/${chance.pick(collections)}/${chance.pick(ids)}`,
    headers: { "content-type": isMerge ? "application/merge-patch+json" : "application/json-patch+json" },
    body: isMerge ? { ...row(chance, false), ...(chance.oneIn(3) ? { v: null } : {}) } : chance.some(operations, 3),
  };
}

function array(chance: Chance): Made {
  const body = Array.from({ length: 1 + chance.below(4) }, () => row(chance));
  return { method: "POST", path: `/${chance.pick(collections)}`, body };
}

function upsert(chance: Chance): Made {
  const rows = Array.from({ length: 1 + chance.below(3) }, () => row(chance, !chance.oneIn(5)));
  const query = `on-conflict=${chance.pick(["merge", "ignore"])}`;
  return { method: "POST", path: `/${chance.pick(collections)}`, query, body: chance.oneIn(2) ? rows : rows[0] };
}

function list(chance: Chance): Made {
  const some = `id=in:${[chance.pick(ids), ...chance.some(ids, 3)].join(",")}`;
  const query = chance.oneIn(3) ? `v=${chance.pick(values)}` : some;
  const path = `/${chance.pick(collections)}`;
  return chance.oneIn(2)
    ? { method: "PATCH", path, query, body: row(chance, false) }
    : { method: "DELETE", path, query };
}

function links(chance: Chance): Made {
  const item = `/items/${chance.pick(ids)}/labels`;
  switch (chance.below(4)) {
    case 0:
      return { method: "POST", path: `${item}/${chance.pick(ids)}/delete`, body: {} };
    case 1:
      return { method: "PUT", path: item, body: [...new Set(chance.some([1, 2, 3], 3))] };
    case 2:
      return { method: "DELETE", path: item, query: `id=in:1,${chance.pick(ids)}` };
    default:
      return {
        method: "POST",
        path: `${item}/${chance.pick(ids)}/add`,
        body: chance.oneIn(2) ? {} : { v: chance.pick(values) },
      };
  }
}

function nested(chance: Chance): Made {
  const parts = chance.oneIn(2) ? { parts: Array.from({ length: 1 + chance.below(2) }, () => row(chance)) } : {};
  const labels = chance.oneIn(2) ? { labels: [chance.oneIn(2) ? { id: chance.pick([1, 2, 3]) } : row(chance)] } : {};
  const related = { ...parts, ...labels };
  const body = { ...row(chance), ...related };
  switch (chance.below(4)) {
    case 0:
      return { method: "POST", path: "/items", body };
    case 1:
      return { method: "POST", path: "/items", body: [body, { ...row(chance), ...related }] };
    case 2:
      return { method: "PATCH", path: `/items/${chance.pick(ids)}`, body: { ...row(chance, false), ...related } };
    default:
      return {
        method: "POST",
        path: "/parts",
        body: { ...row(chance), item: chance.oneIn(2) ? { id: chance.pick(ids) } : row(chance) },
      };
  }
}
