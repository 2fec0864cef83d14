// A login of its own with few rights on a test's database: `grants` are statements in which `{user}` is its name.
import { randomBytes } from "node:crypto";
import type { Created, NamedDatabase } from "./databases.js";

export interface LimitedUser {
  readonly name: string;
  /** The same database for it. */
  readonly url: string;
  grant(...statements: readonly string[]): Promise<void>;
  drop(): Promise<void>;
}

const password = "limited";

export async function limitedUser(
  { name: kind }: Pick<NamedDatabase<"postgres" | "mariadb" | "mysql" | "sqlite">, "name">,
  { url, knex }: Created,
  grants: readonly string[] = [],
): Promise<LimitedUser> {
  const name = `sapwood_u${randomBytes(5).toString("hex")}`;
  const there = new URL(url);
  there.username = name;
  there.password = password;
  const [own, make, drop] =
    kind === "postgres"
      ? [name, [`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`], [`DROP OWNED BY ${name}`, `DROP ROLE ${name}`]]
      : [`'${name}'@'%'`, [`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`], [`DROP USER '${name}'@'%'`]];
  const grant = async (...statements: readonly string[]) => {
    for (const statement of statements) await knex.raw(statement.replaceAll("{user}", own));
  };
  await grant(...make, ...grants);
  return { name, url: there.href, grant, drop: () => grant(...drop) };
}
