// What every part of the page needs: the tables, what asks the API, and where things are.
import { createContext, useContext } from "react";
import type { Identifier } from "../../client/ra-types.js";
import type { ExploredRelation, ExploredTable, ExploreModel } from "../model.js";
import type { Access } from "./access.js";
import type { Addresses } from "./addresses.js";

export interface Explored extends Access {
  readonly addresses: Addresses;
  readonly model: ExploreModel;
  readonly byName: ReadonlyMap<string, ExploredTable>;
}

export const ExploredContext = createContext<Explored | undefined>(undefined);

export const useExplored = (): Explored => useContext(ExploredContext) as Explored;

/** The page of a table, of a row, or of what hangs on a row: the same as the API's path. */
export const pathTo = (table: string, id?: Identifier, segment?: string): string =>
  `/${[table, id, segment].flatMap((part) => (part === undefined ? [] : encodeURIComponent(String(part)))).join("/")}`;

/** The same in the API: a key of several columns is joined and encoded already. */
export const apiPathTo = ({ name, key }: ExploredTable, id: Identifier, segment?: string): string =>
  `/${encodeURIComponent(name)}/${key.length > 1 ? String(id) : encodeURIComponent(id)}${segment === undefined ? "" : `/${encodeURIComponent(segment)}`}`;

/** Words for people: `origin_airport` → `origin airport`. */
export const worded = (name: string): string => name.replaceAll("_", " ");

/** The table that a field's value is a key of, where one field is the whole key. */
export function referredBy(
  field: string,
  { relations }: ExploredTable,
  byName: Explored["byName"],
): ExploredTable | undefined {
  const relation = relations.find(({ kind, on }) => kind === "parent" && on?.length === 1 && on[0]?.[0] === field);
  const table = relation && byName.get(relation.table);
  return table && isWholeKey(relation, table) ? table : undefined;
}

const isWholeKey = ({ on = [] }: ExploredRelation, { key }: ExploredTable): boolean =>
  key.length === 1 && on[0]?.[1] === key[0];
