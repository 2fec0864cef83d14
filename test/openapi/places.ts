// Where the document's paths lead in a filled database: addresses of rows that are there, and of rows that are not.
import type { Resource, Route, RouteNode, RouteTree } from "../../src/index.js";
import { fieldOf } from "../../src/schema/schema.js";
import type { App } from "../support/apps.js";

export type Row = Record<string, unknown>;

export interface Place {
  /** Below the prefix. */
  readonly address: string;
  /** The row there; nothing where a list is. */
  readonly row?: Row;
}

/** So many rows of a list are looked at. */
const MOST = 25;

export class Places {
  private readonly found = new Map<string, Promise<readonly Place[]>>();

  constructor(
    readonly tree: RouteTree,
    private readonly app: App,
  ) {}

  resource = (table: string): Resource => this.tree.resources.find((one) => one.table === table) as Resource;

  /** Rows or lists at a pattern, those first that are not empty. */
  at(pattern: string): Promise<readonly Place[]> {
    const known = this.found.get(pattern) ?? this.look(pattern);
    this.found.set(pattern, known);
    return known;
  }

  private async look(pattern: string): Promise<readonly Place[]> {
    if (pattern === "") return [{ address: "" }];
    const parts = pattern.split("/");
    const last = parts.pop() as string;
    const before = await this.at(parts.join("/"));
    const node = nodeAt(this.tree, pattern);
    const route = Object.values(node.routes)[0] as Route | undefined;
    if (last === "add" || last === "delete") return before.map(({ address }) => ({ address: `${address}/${last}` }));
    if (last.startsWith(":")) {
      const rows = await Promise.all(before.slice(0, 4).map(({ address }) => this.rowsOf(address, route as Route)));
      return rows.flat();
    }
    const step = route?.steps.at(-1);
    const next = before.map(({ address }) => `${address}/${encodeURIComponent(last)}`);
    if (step?.one !== true) return this.fullFirst(next);
    const answers = await Promise.all(next.map((address) => this.app.ask(`GET ${address}`)));
    return next.flatMap((address, i) =>
      answers[i]?.status === 200 ? [{ address, row: answers[i]?.json as Row }] : [],
    );
  }

  /** How many rows a first page has, and where the next one is. */
  async page(list: string): Promise<{ rows: number; next?: string }> {
    const { json, headers } = await this.app.ask(`GET ${list}?limit=1`);
    const next = /<([^>]+)>; rel="next"/.exec(String(headers.link ?? ""))?.[1];
    return {
      rows: (json as Row[]).length,
      ...(next === undefined ? {} : { next: next.slice(this.app.prefix.length) }),
    };
  }

  private readonly samples = new Map<string, readonly Row[]>();

  /** The first rows of every root table, for whoever refers to them. */
  async readSamples(): Promise<void> {
    for (const { root, table, name } of this.tree.resources) {
      if (!root) continue;
      const rows = await this.rowsOf(`/${encodeURIComponent(name)}`, { table });
      this.samples.set(
        table,
        rows.map(({ row }) => row as Row),
      );
    }
  }

  /** A value that a row there has. */
  sampleOf(table: string, field: string, seed: number): unknown {
    const rows = this.samples.get(table) ?? [];
    return rows[seed % rows.length]?.[field];
  }

  async rowsOf(list: string, { table }: Pick<Route, "table">): Promise<Place[]> {
    const { json } = await this.app.ask(`GET ${list}?limit=${MOST}`);
    return (json as Row[]).map((row) => ({ address: `${list}/${keyOf(row, this.resource(table))}`, row }));
  }

  private async fullFirst(lists: readonly string[]): Promise<readonly Place[]> {
    const answers = await Promise.all(lists.slice(0, MOST).map((address) => this.app.ask(`GET ${address}?limit=1`)));
    const full = (i: number) => answers[i]?.status === 200 && answers[i]?.json.length > 0;
    const known = lists.slice(0, MOST);
    return [...known.filter((_, i) => full(i)), ...known.filter((_, i) => !full(i))].map((address) => ({ address }));
  }
}

export function nodeAt(tree: RouteTree, pattern: string): RouteNode {
  let node = tree.root;
  for (const part of pattern.split("/").slice(1))
    node = (part.startsWith(":") ? node.param?.node : node.literals[part]) as RouteNode;
  return node;
}

export const keyOf = (row: Row, { columns, primaryKey }: Resource): string =>
  primaryKey
    .map((name) => columns.find((column) => column.name === name))
    .map((column) => encodeURIComponent(String(row[column === undefined ? "" : fieldOf(column)])))
    .join(",");

const nowhere: Readonly<Record<string, string>> = {
  integer: "32001",
  uuid: "11111111-2222-4333-8444-555555555555",
};

/** A key that no row has. */
export const missingKey = ({ columns, primaryKey }: Resource): string =>
  primaryKey
    .map((name) => nowhere[columns.find((one) => one.name === name)?.type.kind ?? ""] ?? "no such")
    .map(encodeURIComponent)
    .join(",");
