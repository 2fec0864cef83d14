// MariaDB 10.5 or newer: what it can do beyond what it has in common with MySQL.
import type { Dialect } from "../dialect.js";
import { onDuplicateKey } from "../on-conflict.js";
import { formsBy } from "../text-forms.js";
import { mariadbAdministration } from "./administration.js";
import { isGeometry, wktOf } from "./geometry.js";
import { isKeptNull } from "./json.js";
import { embedMany, embedOne, embedsList, isCut, sortsInGroupConcat } from "./lists.js";
import { execute, executeReading, forget, transactions } from "./prepared.js";
import { mariadbReplication } from "./replication.js";
import { jsonObject } from "./shown.js";

// Its collation says whether the case counts, unless the expression itself does (https://mariadb.com/kb/en/pcre/).
const matching = {
  text: (expression: string, placeholder: string, matchCase: boolean): string =>
    `CONVERT(${expression} USING utf8mb4) REGEXP CONCAT('${matchCase ? "(?-i)" : "(?i)"}', ${placeholder})`,
};

/** `native` of a filter's value of JSON. */
const COMPACT = "compact";

/** What is no JSON is compared as it is. */
const compact = (json: string): string => `IFNULL(JSON_COMPACT(${json}), ${json})`;

/**
 * `Dialect.assigned`: zeros behind the point are kept of numbers in JSON, and its spaces. With a NULL in it, JSON_EQUALS by itself
 * counts as true in IF (tried with 10.11), though it is NULL. Before 10.7 there is none, and only the spaces may differ.
 */
const assignedOn =
  (mysql: Dialect, version: string): NonNullable<Dialect["assigned"]> =>
  (column, placeholder, bound, type) => {
    if (type.kind !== "json") return mysql.assigned?.(column, placeholder, bound, type) ?? bound;
    const equal = /10\.[56]\./.test(version)
      ? `${compact(column)} = ${compact(bound)}`
      : `JSON_EQUALS(${column}, ${bound}) = 1`;
    return `IF(${equal} OR ${isKeptNull(column, placeholder)}, ${column}, ${bound})`;
  };

/** `version` as the server says it. */
export function mariadbOf(mysql: Dialect, version: string): Dialect {
  const assigned = assignedOn(mysql, version);
  const returning = { insert: true, update: false };
  // Tried with 10.11 (error 1143).
  const mariadb: Dialect = {
    ...mysql,
    // Its JSON is the text that was written, with its spaces.
    comparedAs: (type) => (isGeometry(type) ? wktOf(type) : type.kind === "json" ? { ...type, native: COMPACT } : type),
    bind: (placeholder, type) => (type.native === COMPACT ? compact(placeholder) : mysql.bind(placeholder, type)),
    comparable: (expression, type) => (type.kind === "json" ? compact(expression) : mysql.comparable(expression, type)),
    assigned,
    onConflict: onDuplicateKey(mysql.quote, assigned),
    matching,
    hasForm: formsBy(matching.text),
    returning,
    administration: mariadbAdministration,
    widensColumnRights: true,
    execute,
    executeReading,
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
