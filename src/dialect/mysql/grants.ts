// What SHOW GRANTS answers → whether rows may be deleted. What may be done to columns is in information_schema.COLUMNS, where DELETE,
// which is no column's, is not. Both databases tell of the roles in force as well.
import type { CatalogueRow } from "../catalogue.js";

export const grantsSql = "SHOW GRANTS";

interface Grant {
  /** A pattern, as LIKE has them, or `*`. */
  readonly database: string;
  readonly table: string;
  readonly revoked: boolean;
}

/** Of the tables of one database. An answer that tells of nothing refuses nothing. */
export function mayDelete(rows: readonly CatalogueRow[], database: string): (table: string) => boolean {
  const texts = textsOf(rows);
  if (!texts.some((text) => text.startsWith("GRANT "))) return () => true;
  const grants = texts.flatMap(grantIn).filter((grant) => grant.database === "*" || isLike(database, grant.database));
  const revoked = grants.some((grant) => grant.revoked);
  return (table) =>
    grants.some((grant) => {
      if (grant.revoked || (revoked && grant.database === "*")) return false;
      return grant.table === "*" || isSame(grant.table, table);
    });
}

/** For a digest. */
export const textsOf = (rows: readonly CatalogueRow[]): string[] => rows.map((row) => String(Object.values(row)[0]));

const name = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|\\*)';
/** `GRANT SELECT (`a`), DELETE ON `db`.`t` TO …`; MySQL also has `REVOKE … ON `db`.* FROM` (partial_revokes). */
const form = new RegExp(`^(GRANT|REVOKE) (.*) ON (${name})\\.(${name}) (?:TO|FROM) `, "s");

function grantIn(text: string): Grant[] {
  const [, verb, rights = "", database = "", table = ""] = form.exec(text) ?? [];
  const words = rights.replace(/\([^)]*\)/g, "").split(",");
  if (!words.some((word) => /^\s*(DELETE|ALL PRIVILEGES|ALL)\s*$/i.test(word))) return [];
  return [{ database: bare(database), table: bare(table), revoked: verb === "REVOKE" }];
}

const bare = (quoted: string): string =>
  quoted === "*" ? quoted : quoted.slice(1, -1).replaceAll("``", "`").replaceAll('""', '"');

/** Which letters names are told apart by is the server's to say: what is held for the same here is at most refused later. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function isLike(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\(.)|[%_]|[^\w\s]/gs, (found, escaped: string | undefined) => {
    if (found === "%") return ".*";
    if (found === "_") return ".";
    return (escaped ?? found).replace(/[^\w\s]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "is").test(text);
}
