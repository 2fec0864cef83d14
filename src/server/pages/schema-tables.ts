// Requests about tables → tables shown, made, changed and dropped. Each is planned and checked first: what is refused has changed nothing.

import type { Defining, StandingSchema } from "../../api/defining.js";
import { didYouMean, excerpt } from "../../base/suggest.js";
import { wantedSteps } from "../../define/definition-plan.js";
import { entryOf } from "../../define/entry.js";
import { CHANGE, changeFrom, type TableChange, tableFrom } from "../../define/entry-form.js";
import { checkName } from "../../define/names.js";
import { referringTo } from "../../define/referring.js";
import { changeSteps } from "../../define/table-change.js";
import { wantedFromEntries } from "../../define/wanted.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { readPlainObject } from "../../request/body.js";
import type { Schema, Table } from "../../schema/schema.js";
import { jsonPage, type PageAnswer } from "../page.js";
import { askedOf, refuseParameters } from "./schema-asked.js";
import { type Carried, carryOut, type Definable } from "./schema-change.js";
import { holdsRows, inCallersWords } from "./schema-refusals.js";

export const listTables =
  ({ defining }: Definable): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    const { shown } = await defining.read();
    return jsonPage(shown.map((table) => entryOf(table, defining.dialect.definition)));
  };

export const showTable =
  ({ defining }: Definable): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    return entryPage(shownTable(await defining.read(), request), defining);
  };

export function makeTable(one: Definable): PageAnswer {
  const { defining } = one;
  const { dialect, options } = defining;
  return changing(one, async (request) => {
    const asked = askedOf(request, ["dry-run", "allow"]);
    const entry = tableFrom(await readPlainObject(request));
    const location = `${request.prefix}/${encodeURIComponent(entry.name)}`;
    return (standing) => {
      refuseExisting(standing.is, entry.name);
      const wanted = wantedFromEntries([entry], options, standing.shown);
      const differences = wantedSteps(standing.is, wanted, dialect.definition);
      const answer = ({ shown }: StandingSchema) => madePage(tableCalled(shown, entry.name), location, defining);
      return { asked, differences, answer };
    };
  });
}

export function changeTable(one: Definable): PageAnswer {
  const { defining } = one;
  return changing(one, async (request) => {
    const asked = askedOf(request, ["dry-run", "allow"]);
    const change = changeFrom(await readPlainObject(request));
    return (standing) => {
      const shown = writtenTable(standing, request);
      const is = tableCalled(standing.is.tables, shown.id);
      const differences = changeSteps(is, shown, change, defining.dialect.definition);
      refuseReferred(standing, is, [...change.drop, ...leftKey(is, change)]);
      return { asked, differences, answer: ({ shown }) => entryPage(tableCalled(shown, is.id), defining) };
    };
  });
}

export function dropTable(one: Definable): PageAnswer {
  return changing(one, async (request) => {
    const asked = askedOf(request, ["dry-run", "allow", "rows"]);
    return async (standing) => {
      const table = writtenTable(standing, request);
      refuseReferred(standing, table);
      if (!asked.dropsRows && (await one.defining.holdsRows(table))) throw holdsRows(table);
      const differences = { steps: [{ do: "drop table" as const, table, onlyEmpty: !asked.dropsRows }], notes: [] };
      return { asked, differences, answer: () => ({ status: 204, headers: {} }) };
    };
  });
}

/** What is made of a request when it is its turn, and of what is there then. */
type Planned = (standing: StandingSchema) => Carried | Promise<Carried>;

/** One change at a time. None waits for a body that is slow to come: it is parsed before. */
const changing =
  (one: Definable, parsed: (request: ApiRequest) => Promise<Planned>): PageAnswer =>
  (request) =>
    inCallersWords(async () => {
      const { defining } = one;
      if (defining.options.readOnly === true)
        throw problem("forbidden", "The server runs with --read-only: its tables can be looked at, and not changed.");
      const planned = await parsed(request);
      return defining.inTurn(async () => {
        const standing = await defining.read();
        return carryOut(one, request, standing, await planned(standing));
      });
    });

function shownTable({ shown }: StandingSchema, { path }: ApiRequest): Table {
  const name = decoded(path.slice(1));
  const table = shown.find(({ id }) => id === name);
  if (table !== undefined) return table;
  const names = shown.map(({ id }) => id);
  throw problem("no_route", `There is no table '${excerpt(name)}'.${didYouMean(name, names)}`);
}

/** Others than sapwood may have given it a name that no statement here can be made of. */
function writtenTable(standing: StandingSchema, request: ApiRequest): Table {
  const table = shownTable(standing, request);
  checkName(table.name, CHANGE);
  return table;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw problem("malformed_path", "The table's name is not percent-encoded UTF-8.");
  }
}

function tableCalled(tables: readonly Table[], id: string): Table {
  const table = tables.find((other) => other.id === id);
  if (table !== undefined) return table;
  throw problem("no_route", `${id} is there, and is not among the tables that the API shows (include, schema).`);
}

/** In any case, as some databases have it. */
function refuseExisting({ tables }: Schema, name: string): void {
  const standing = tables.find(({ id }) => id.toLowerCase() === name.toLowerCase());
  if (standing !== undefined)
    throw problem("table_exists", `There is a table '${excerpt(name)}'. PATCH changes it, another name makes another.`);
}

/** Left out, `columns` are all. */
function refuseReferred({ is, names: known }: StandingSchema, { id }: Table, columns?: readonly string[]): void {
  const referring = referringTo(is, id, columns);
  if (referring.length === 0) return;
  const names = referring.filter((name) => known.has(name));
  const whose = names.length === 0 ? "tables that are not shown here" : names.join(", ");
  const what = columns === undefined ? id : `columns of ${id}`;
  throw problem("table_in_use", `Others refer to ${what}: ${whose}. Change or drop those first.`, {
    further: { referring: names },
  });
}

/** Columns of a key that is one no longer, and no other way. */
function leftKey({ primaryKey, uniqueKeys }: Table, { primaryKey: wanted }: TableChange): readonly string[] {
  const sorted = (columns: readonly string[]) => [...columns].sort().join("\0");
  const isKey = [wanted ?? primaryKey, ...uniqueKeys.map(({ columns }) => columns)].some(
    (columns) => sorted(columns) === sorted(primaryKey),
  );
  return isKey ? [] : primaryKey;
}

const entryPage = (table: Table, { dialect }: Defining): ApiResponse => jsonPage(entryOf(table, dialect.definition));

function madePage(table: Table, location: string, defining: Defining): ApiResponse {
  const page = entryPage(table, defining);
  return { ...page, status: 201, headers: { ...page.headers, location } };
}
