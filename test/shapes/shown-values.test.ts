// What GET shows, every write and every filter takes: each value that each type of each database can hold, stored by SQL.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { beforeAll, describe, expect, test } from "vitest";
import { oddValues } from "../fixtures/odd-values.js";
import { preludes, samples } from "../fixtures/types.js";
import { abilities } from "../support/abilities.js";
import type { App } from "../support/apps.js";
import type { DatabaseName } from "../support/databases.js";
import { linkOf } from "../support/links.js";
import { onEveryDatabase, onEveryServer, type Place } from "../support/matrix.js";

interface Column {
  readonly type: string;
  readonly table: string;
  readonly values: readonly string[];
}

/** Types whose values PostgreSQL itself takes in another form than it shows them, or cannot compare. */
const other: ReadonlySet<string> = new Set(["int2vector", "oidvector", "json[]", "point[]", "xml[]"]);
/** Types that MySQL itself does not have, where it takes the DDL. */
const mariadbsOwn: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: [],
  postgres: [],
  mariadb: ["uuid", "inet4", "inet6"],
};

/** A type of a database is a table with a column of it. */
function columnsOf(name: DatabaseName): Column[] {
  const plain = abilities[name].holdAnyValue ? {} : samples[name];
  const types = [...new Set([...Object.keys(plain), ...Object.keys(oddValues[name])])].filter(
    (type) => !other.has(type),
  );
  return types.map((type, i) => {
    const values = [...(plain[type] ?? []), ...(oddValues[name][type] ?? [])];
    return { type, table: `holds${i}`, values };
  });
}

const tableOf = ({ type, table, values }: Column): string => `
CREATE TABLE ${table} (id INTEGER NOT NULL PRIMARY KEY, v ${type});
INSERT INTO ${table} VALUES ${values.map((value, i) => `(${i + 1}, ${value})`).join(", ")};`;

/** Those that MySQL has as well as MariaDB. */
const shared = (name: DatabaseName): Column[] =>
  columnsOf(name).filter(({ type }) => !mariadbsOwn[name].includes(type));

const ddlOf = (name: DatabaseName): string => preludes[name] + shared(name).map(tableOf).join("");

/** What is stored, to the bit. */
const stored: Readonly<Record<DatabaseName, string>> = {
  sqlite: "typeof(v) || ' ' || quote(v)",
  postgres: "v::text",
  mariadb: "HEX(v)",
};

type Row = Readonly<Record<string, unknown>>;

const rowsIn = (text: string): Row[] => parse(text) as Row[];

/** A value of an answer as a filter writes it. */
const asText = (value: unknown): string =>
  typeof value === "object" && !isLosslessNumber(value) ? (stringify(value) as string) : String(value);

const enc = encodeURIComponent;

onEveryServer({ sqlite: ddlOf("sqlite"), postgres: ddlOf("postgres"), mariadb: ddlOf("mariadb") }, (place) => {
  suite(place, shared(place.name));
});

describe("MariaDB's own", () => {
  const own = columnsOf("mariadb").filter(({ type }) => mariadbsOwn.mariadb.includes(type));
  const ddl = { sqlite: "", postgres: "", mariadb: preludes.mariadb + own.map(tableOf).join("") };
  onEveryDatabase(ddl, (place) => suite(place, own), ["mariadb"]);
});

function suite(place: Place, columns: readonly Column[]): void {
  let app: App;
  beforeAll(async () => {
    app = await place.app({ resourcePathPlural: false });
  });
  for (const column of columns) {
    const path = `/${column.table}`;
    const get = async (query: string): Promise<Row[]> => {
      const answer = await app.ask(`GET ${path}${query}`);
      expect(answer.status, `${query} ${answer.text} ${app.errors.at(-1) ?? ""}`).toBe(200);
      return rowsIn(answer.text);
    };

    test(`${column.type}: PUT and upsert of GET's own row are 200 and change nothing`, async () => {
      const before = await everything(place, column);
      for (const row of await get("")) {
        const body = stringify(row) as string;
        const answer = await app.ask(`PUT ${path}/${row.id}`, { body });
        expect(answer.status, `${body} ${answer.text} ${app.errors.at(-1) ?? ""}`).toBe(200);
        expect(parse(answer.text), body).toEqual(row);
        const merged = await app.ask(`POST ${path}?on-conflict=merge`, { body });
        expect(merged.status, `${body} ${merged.text} ${app.errors.at(-1) ?? ""}`).toBe(200);
        expect(parse(merged.text), body).toEqual(row);
      }
      expect(await everything(place, column)).toEqual(before);
    });

    test(`${column.type}: a filter for what is shown finds the row`, async () => {
      for (const row of await get("")) {
        if (row.v === null) {
          // JSON has a null of its own.
          expect(await get(/^jsonb?$/i.test(column.type) ? "?or=(v=is:null,v=eq:null)" : "?v=is:null")).toContainEqual(
            row,
          );
          continue;
        }
        const text = asText(row.v);
        expect(await get(`?v=eq:${enc(text)}`), text).toContainEqual(row);
        expect(await get(`?v=in:${enc(JSON.stringify(text))}`), text).toContainEqual(row);
      }
    });

    test(`${column.type}: pages and groups agree with the list`, async () => {
      for (const direction of ["asc", "desc"]) {
        const list = await get(`?order-by=v:${direction}`);
        const pages: Row[] = [];
        let next: string | undefined = `GET ${path}?order-by=v:${direction}&limit=1`;
        while (next !== undefined && pages.length <= list.length) {
          const answer = await app.ask(next);
          expect(answer.status, `${next} ${answer.text} ${app.errors.at(-1) ?? ""}`).toBe(200);
          pages.push(...rowsIn(answer.text));
          const link = linkOf(answer, "next");
          next = link === undefined ? undefined : `GET ${link.replace(/^\/api/, "")}`;
        }
        expect(pages).toEqual(list);
      }
      const grouped = await app.ask(`GET ${path}?select=v,count()`);
      if (grouped.status === 400) return;
      expect(grouped.status, `${grouped.text} ${app.errors.at(-1) ?? ""}`).toBe(200);
      const groups = rowsIn(grouped.text);
      const shown = groups.map(({ v }) => stringify(v));
      expect(new Set(shown).size, grouped.text).toBe(shown.length);
      expect(groups.reduce((sum, { count }) => sum + Number(count), 0)).toBe(column.values.length);
    });
  }
}

async function everything(place: Place, { table }: Column): Promise<unknown> {
  const { knex } = place.db();
  return knex(table)
    .select(knex.raw(`id, ${stored[place.name]} AS held`))
    .orderBy("id");
}
