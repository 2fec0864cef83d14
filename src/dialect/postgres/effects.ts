// Triggers, rules and row-level security of tables → what may come of a write besides. Those of a partition and of a table that
// inherits fire where its parent is written (manual: «Overview of Trigger Behavior», «Row Security Policies», «Rules on …»).
import type { Effect, FoundEffect, WriteEvent } from "../../schema/effects.js";
import { type CatalogueRow, placeOf, textOrNull } from "../catalogue.js";
import { leavingSql } from "./leaves.js";

/**
 * One row for each trigger and rule, and for each table with policies. A key's new value goes on to rows that refer to it, maybe
 * to the row itself: such a foreign key is as an AFTER trigger. `kind` is what pg_trigger.tgtype says.
 */
export const effectsSql = (where: string): string => `
  WITH RECURSIVE part(id, child) AS (
    SELECT c.oid, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${where}
    UNION
    SELECT p.id, i.inhrelid FROM part p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.child
  ), leaving AS MATERIALIZED (${leavingSql}), found(id, kind, instead, source, deferred, sets) AS (
    SELECT p.id, t.tgtype::int, 0, CASE WHEN l.lanname = 'plpgsql' THEN f.prosrc END,
      CASE WHEN t.tginitdeferred THEN format('%I.%I', m.nspname, t.tgname) END,
      EXISTS (SELECT FROM leaving s WHERE s.oid = f.oid OR pg_catalog.strpos(f.prosrc, s.proname) > 0)
    FROM part p JOIN pg_catalog.pg_trigger t ON t.tgrelid = p.child
    JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid JOIN pg_catalog.pg_language l ON l.oid = f.prolang
    JOIN pg_catalog.pg_class k ON k.oid = t.tgrelid JOIN pg_catalog.pg_namespace m ON m.oid = k.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    UNION ALL
    SELECT r.ev_class, CASE r.ev_type WHEN '3' THEN 4 WHEN '4' THEN 8 ELSE 16 END, r.is_instead::int, NULL, NULL, false
    FROM pg_catalog.pg_rewrite r WHERE r.ev_type IN ('2', '3', '4') AND r.ev_enabled IN ('O', 'A')
    UNION ALL
    SELECT f.conrelid, 16, 0, NULL, NULL, false FROM pg_catalog.pg_constraint f
    WHERE f.contype = 'f' AND f.conrelid = f.confrelid AND f.confupdtype IN ('c', 'n', 'd')
    UNION ALL
    SELECT c.oid, NULL, 0, NULL, NULL, false FROM pg_catalog.pg_class c WHERE c.relrowsecurity
  )
  SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "table", q.kind, q.instead, q.source, q.deferred, q.sets::int AS sets
  FROM found q JOIN pg_catalog.pg_class c ON c.oid = q.id JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${where}
  ORDER BY 1, 2, 3, 4, 5, 6, 7`;

// https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_trigger.h, «Bits within tgtype»
const BEFORE = 2;
const bits: readonly (readonly [WriteEvent, number])[] = [
  ["insert", 4],
  ["delete", 8],
  ["update", 16],
];

export function effectsFrom(row: CatalogueRow): FoundEffect[] {
  if (row.kind === null) {
    // What a policy forbids to insert is an error.
    return (["update", "delete"] as const).map((event) => ({ ...placeOf(row), event, effect: "policy" }));
  }
  const kind = Number(row.kind);
  const source = textOrNull(row.source);
  const isTame = (kind & BEFORE) !== 0 && source !== null && alwaysPasses(source);
  const effect: Effect = Number(row.instead) === 1 ? "rule" : isTame ? "others" : "trigger";
  const deferred = textOrNull(row.deferred) ?? undefined;
  const sets = Number(row.sets) === 1;
  const found = { ...placeOf(row), effect, ...(deferred !== undefined && { deferred }), ...(sets && { sets }) };
  return bits.flatMap(([event, bit]) => ((kind & bit) === 0 ? [] : [{ ...found, event }]));
}

/**
 * A BEFORE trigger that writes nothing and can only pass the row on (`NEW.changed := now(); RETURN NEW`): RETURNING tells all that
 * it did. One whose text leaves that open is not of this kind.
 */
export function alwaysPasses(source: string): boolean {
  const code = source.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  const returns = code.match(/\breturn\b[^;]*;/gi) ?? [];
  return (
    returns.length > 0 &&
    returns.every((text) => /^return\s+(new|old)\s*;$/i.test(text)) &&
    !/\b(insert|update|delete|merge|truncate|execute|perform|call)\b/i.test(code) &&
    !/\b(new|old)\s*:?=|\binto\s+(strict\s+)?(new|old)\b(?!\s*\.)/i.test(code)
  );
}
