// What else a database may do with rows: conflict clauses and forms of tables, children that inherit, statement triggers, constraint
// triggers that wait for the end, rules.
import type { DatabaseName } from "../support/databases.js";
import type { Chance } from "./random.js";
import { keys, type TableName, tables, values } from "./tables.js";

/** What stands behind the columns `v` and `n`, and behind the table. */
export interface TableForm {
  readonly v: string;
  readonly n: string;
  readonly end: string;
}

const plain: TableForm = { v: "", n: "NOT NULL DEFAULT 0", end: "" };

type Forms = (table: TableName, chance: Chance) => TableForm;

const forms: Readonly<Record<DatabaseName | "mysql", Forms>> = {
  sqlite: (table, chance) => {
    const how = () => chance.pick(["REPLACE", "IGNORE", "FAIL", "ROLLBACK", "ABORT"]);
    const unique = table === "labels" || table === "items" ? ` UNIQUE ON CONFLICT ${how()}` : "";
    return {
      v: chance.oneIn(2) ? unique : "",
      n: `NOT NULL ON CONFLICT ${how()} DEFAULT 0`,
      end: chance.oneIn(3) ? " WITHOUT ROWID" : "",
    };
  },
  postgres: () => plain,
  mariadb: () => ({ ...plain, end: " WITH SYSTEM VERSIONING" }),
  mysql: () => plain,
};

export const formOf = (name: DatabaseName | "mysql", table: TableName, chance: Chance): TableForm =>
  chance.oneIn(3) ? forms[name](table, chance) : plain;

const extrasOn: Readonly<Record<DatabaseName, (chance: Chance) => string[]>> = {
  sqlite: (chance) => (chance.oneIn(4) ? ["PRAGMA recursive_triggers = ON;"] : []),
  postgres: (chance) => {
    const makers = [statementTrigger, waitingTrigger, rule, inherited];
    return Array.from({ length: chance.below(3) }, (_, i) => chance.pick(makers)(`e${i}`, chance));
  },
  mariadb: () => [],
};

export const extras = (name: DatabaseName, chance: Chance): string[] => extrasOn[name](chance);

const events = ["INSERT", "UPDATE", "DELETE"] as const;
const deep = (body: string) => `BEGIN IF pg_trigger_depth() = 1 THEN ${body} END IF; RETURN NULL; END`;

function made(name: string, body: string): string {
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ ${deep(body)} $$;`;
}

function statementTrigger(name: string, chance: Chance): string {
  const table = chance.pick(tables);
  const value = chance.pick(values);
  const body = chance.pick([
    `INSERT INTO archives (what) VALUES ('${table}');`,
    `UPDATE ${table} SET n = n + 1;`,
    `UPDATE ${table} SET n = n + 1 WHERE v = '${value}';`,
    `RAISE EXCEPTION 'no' USING ERRCODE = 'P0001';`,
  ]);
  return `${made(name, body)}
    CREATE TRIGGER ${name} ${chance.pick(["BEFORE", "AFTER"])} ${chance.pick(events)} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();`;
}

/** At COMMIT, or as soon as somebody asks for it. */
function waitingTrigger(name: string, chance: Chance): string {
  const table = chance.pick(tables);
  const event = chance.pick(events);
  const row = event === "DELETE" ? "OLD" : "NEW";
  const own = keys[table].map((key) => `${key} = ${row}.${key}`).join(" AND ");
  const body = chance.pick([
    `INSERT INTO archives (what) VALUES ('${table}');`,
    `UPDATE ${table} SET n = n + 7 WHERE ${own};`,
    `DELETE FROM ${table} WHERE ${own};`,
    "RAISE EXCEPTION 'no' USING ERRCODE = '23514';",
  ]);
  const when = chance.oneIn(2) ? ` WHEN (${row}.v = '${chance.pick(values)}')` : "";
  return `${made(name, body)}
    CREATE CONSTRAINT TRIGGER ${name} AFTER ${event} ON ${table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW${when} EXECUTE FUNCTION ${name}();`;
}

function rule(name: string, chance: Chance): string {
  const table = chance.pick(tables);
  const event = chance.pick(events);
  const row = event === "INSERT" ? "NEW" : "OLD";
  const own = keys[table].map((key) => `${key} = OLD.${key}`).join(" AND ");
  const where = chance.oneIn(2) ? ` WHERE ${row}.v = '${chance.pick(values)}'` : "";
  const soft = event === "DELETE" ? [`DO INSTEAD UPDATE ${table} SET n = n + 10 WHERE ${own}`] : [];
  const does = chance.pick(["DO INSTEAD NOTHING", `DO ALSO INSERT INTO archives (what) VALUES ('${table}')`, ...soft]);
  return `CREATE RULE ${name} AS ON ${event} TO ${table}${where} ${does};`;
}

/** With a key that no request says: the parent's key does not hold over its children. */
function inherited(name: string, chance: Chance): string {
  const table = chance.pick(["items", "labels"] as const);
  return `CREATE TABLE ${name}_${table} (extra INTEGER) INHERITS (${table}); INSERT INTO ${name}_${table} (id, v) VALUES (${20 + Number(name.slice(1))}, '${chance.pick(values)}');`;
}
