// MariaDB 10.5 or newer: what it can do beyond what it has in common with MySQL.
import type { Dialect } from "../dialect.js";
import { formsBy } from "../text-forms.js";
import { mariadbAdministration } from "./administration.js";
import { isGeometry, wktOf } from "./geometry.js";
import { embedMany, embedOne, embedsList, isCut, sortsInGroupConcat } from "./lists.js";
import { execute, forget, transactions } from "./prepared.js";
import { mariadbReplication } from "./replication.js";
import { jsonObject } from "./shown.js";

// Its collation says whether the case counts, unless the expression itself does (https://mariadb.com/kb/en/pcre/).
const matching = {
  text: (expression: string, placeholder: string, matchCase: boolean): string =>
    `CONVERT(${expression} USING utf8mb4) REGEXP CONCAT('${matchCase ? "(?-i)" : "(?i)"}', ${placeholder})`,
};

/** `version` as the server says it. */
export function mariadbOf(mysql: Dialect, version: string): Dialect {
  const returning = { insert: true, update: false };
  // Tried with 10.11 (error 1143).
  const mariadb: Dialect = {
    ...mysql,
    // Its JSON is the text that was written.
    comparedAs: (type) => (isGeometry(type) ? wktOf(type) : type),
    matching,
    hasForm: formsBy(matching.text),
    returning,
    administration: mariadbAdministration,
    widensColumnRights: true,
    execute,
    forget,
    transactions,
    replication: mariadbReplication,
  };
  if (!sortsInGroupConcat(version)) return mariadb;
  return {
    ...mariadb,
    fallback: mariadb,
    embedOne: (fields, rest, lists) =>
      lists ? embedOne(jsonObject(fields), rest) : mysql.embedOne(fields, rest, lists),
    embedMany: (fields, ...rest) => embedMany(jsonObject(fields), ...rest),
    embedsList,
    isTruncated: isCut,
    truncatesAnyList: true,
  };
}
