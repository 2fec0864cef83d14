// Schemas of a few tables with odd constraints, and few rights on them: from a seed, the same each time.
import { abilities } from "../support/abilities.js";
import type { TestDatabase } from "../support/databases.js";

export interface AnySchema {
  readonly ddl: readonly string[];
  /** `{user}` may do this. */
  readonly grants: readonly string[];
  readonly onConnect: readonly string[];
  readonly tables: readonly string[];
}

type Name = TestDatabase<"postgres" | "mariadb" | "mysql" | "sqlite">["name"];

/** Mulberry32. */
export function random(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (n: number) => Math.floor(next() * n),
    chance: (p: number) => next() < p,
    one: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

export type Random = ReturnType<typeof random>;

const types = ["INT", "VARCHAR(20)", "DECIMAL(8, 2)", "DATE", "BOOLEAN"];

const keys: Readonly<Record<Name, readonly string[]>> = {
  postgres: [
    "INT PRIMARY KEY",
    "SERIAL PRIMARY KEY",
    "INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "INT PRIMARY KEY DEFERRABLE",
  ],
  mariadb: ["INT PRIMARY KEY", "INT AUTO_INCREMENT PRIMARY KEY"],
  mysql: ["INT PRIMARY KEY", "INT AUTO_INCREMENT PRIMARY KEY"],
  sqlite: ["INTEGER PRIMARY KEY", "INT NOT NULL PRIMARY KEY"],
};

const odd: Readonly<Record<Name, (name: string, r: Random) => string[]>> = {
  postgres: (name, r) => [
    r.one([
      `CREATE UNIQUE INDEX ON ${name} (c1) WHERE id > 100`,
      `CREATE UNIQUE INDEX ON ${name} ((id + 1))`,
      `ALTER TABLE ${name} ADD UNIQUE (id, c1) DEFERRABLE`,
      `ALTER TABLE ${name} ADD CHECK (id > -5) NOT VALID`,
      `CREATE MATERIALIZED VIEW m_${name} AS SELECT id FROM ${name} WITH ${r.chance(0.5) ? "NO " : ""}DATA`,
      `CREATE TABLE heir_${name} () INHERITS (${name})`,
      `CREATE VIEW v_${name} WITH (security_barrier) AS SELECT id, c1 FROM ${name}`,
    ]),
  ],
  mariadb: (name, r) => onMysql(name, r),
  mysql: (name, r) => onMysql(name, r),
  sqlite: (name, r) => [
    r.one([
      `CREATE UNIQUE INDEX u_${name} ON ${name} (c1) WHERE id > 100`,
      `CREATE UNIQUE INDEX u_${name} ON ${name} (id + 1)`,
      `CREATE VIEW v_${name} AS SELECT id, nosuch(c1) AS x FROM ${name}`,
      `CREATE VIEW v_${name} AS SELECT id FROM ${name}`,
    ]),
  ],
};

const onMysql = (name: string, r: Random): string[] =>
  r.one([
    [
      `CREATE TABLE gone_${name} (id INT)`,
      `CREATE VIEW v_${name} AS SELECT id FROM gone_${name}`,
      `DROP TABLE gone_${name}`,
    ],
    [`CREATE VIEW v_${name} AS SELECT id FROM ${name}`],
    [`ALTER TABLE ${name} ADD COLUMN j JSON`],
    [`ALTER TABLE ${name} ADD COLUMN g INT AS (id + 1) VIRTUAL`],
  ]);

const settings: Readonly<Record<Name, readonly string[]>> = {
  postgres: [
    "SET standard_conforming_strings = off",
    "SET DateStyle = 'German, DMY'",
    "SET search_path TO public, pg_catalog",
  ],
  mariadb: [
    "SET sql_mode = 'ANSI_QUOTES'",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
    "SET sql_mode = ''",
  ],
  mysql: ["SET sql_mode = 'ANSI'", "SET sql_mode = 'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'", "SET sql_mode = ''"],
  sqlite: ["PRAGMA foreign_keys = OFF"],
};

export function anySchema(database: Name, seed: number): AnySchema {
  const r = random(seed);
  const [ddl, grants, tables]: [string[], string[], string[]] = [[], [], []];
  for (let i = 0; i < 3 + r.below(3); i++) {
    const name = `t${i}`;
    const columns = [`id ${r.one(keys[database])}`];
    const count = 1 + r.below(3);
    for (let c = 1; c <= count; c++) {
      const type = r.one(types);
      columns.push(`c${c} ${type}${r.chance(0.2) ? " NOT NULL" : ""}${r.chance(0.15) ? " UNIQUE" : ""}`);
    }
    if (i > 0) {
      const to = r.below(i);
      const declared = r.chance(0.6);
      columns.push(`t${to}_id ${declared ? "INT" : r.one(["INT", "VARCHAR(20)"])}`);
      if (declared) columns.push(`FOREIGN KEY (t${to}_id) REFERENCES t${to} (id)`);
      if (abilities[database].takeBrokenForeignKeys && r.chance(0.15))
        columns.push(`FOREIGN KEY (c1) REFERENCES ${r.one(["gone (id)", `t${to} (c1)`])}`);
    }
    ddl.push(`CREATE TABLE ${name} (${columns.join(", ")})`);
    if (r.chance(0.5)) ddl.push(...odd[database](name, r));
    tables.push(name);
    grants.push(...grantsOn(name, ["id", ...Array.from({ length: count }, (_, c) => `c${c + 1}`)], r));
  }
  ddl.push(
    "CREATE TABLE t0_t1 (t0_id INT REFERENCES t0 (id), t1_id INT REFERENCES t1 (id), PRIMARY KEY (t0_id, t1_id))",
  );
  grants.push(`GRANT SELECT${r.chance(0.5) ? ", INSERT" : ""}${r.chance(0.5) ? ", DELETE" : ""} ON t0_t1 TO {user}`);
  return { ddl, grants, onConnect: r.chance(0.4) ? [r.one(settings[database])] : [], tables };
}

function grantsOn(table: string, columns: readonly string[], r: Random): string[] {
  if (r.chance(0.1)) return [];
  const some = () => columns.filter((name) => name === "id" || r.chance(0.6)).join(", ");
  const right = (name: string) => (r.chance(0.4) ? `${name} (${some()})` : name);
  return [
    ...["SELECT"].map(right),
    ...["INSERT", "UPDATE"].filter(() => r.chance(0.6)).map(right),
    ...(r.chance(0.5) ? ["DELETE"] : []),
  ].map((rights) => `GRANT ${rights} ON ${table} TO {user}`);
}
