// The bodies of functions and procedures → which of them leave something on the connection that they run on, for whoever has it next:
// settings, temporary tables, prepared statements, locks.
import { notOfExtension } from "./questions.js";

/** As it stands in the statement, whatever standard_conforming_strings says; knex takes a question mark for a placeholder. */
const pattern = (...sources: readonly string[]): string =>
  `E'${sources
    .join("|")
    .replace(/[\\']/g, (letter) => letter + letter)
    .replaceAll("?", "{0,1}")}'`;

const TEMPORARY = String.raw`((local|global)\s+)?temp(orary)?\M`;
/** They end with the transaction. */
const LOCAL = pattern(
  String.raw`\mset\s+local\M`,
  String.raw`\mcreate\s+${TEMPORARY}[^;]*\mon\s+commit\s+drop\M`,
  String.raw`\mset_config\s*\(([^;()]|\(([^;()]|\([^;()]*\))*\))*,\s*(true|'t\w*'(::boolean)?)\s*\)`,
);
const LEAVING = pattern(
  String.raw`(^|;|\m(begin|then|else|loop)\M|execute\s+(format\s*\(\s*)?e?')\s*(set|reset|discard|listen|prepare)\s`,
  String.raw`\mset_config\M|\mpg_(try_)?advisory_lock(_shared)?\M|\mwith\s+hold\M`,
  String.raw`\mcreate\s+${TEMPORARY}|\minto\s+${TEMPORARY}`,
);

/** Those that do so by their own texts, in whichever schema. */
export const leavingSql = `SELECT s.oid, s.proname
    FROM pg_catalog.pg_proc s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace
    WHERE sn.nspname !~ '^pg_' AND sn.nspname <> 'information_schema' AND s.prokind IN ('f', 'p')
      AND ${notOfExtension("pg_proc", "s.oid")}
      AND pg_catalog.regexp_replace(coalesce(pg_catalog.pg_get_function_sqlbody(s.oid), s.prosrc), ${LOCAL}, '', 'gi') ~* ${LEAVING}`;
