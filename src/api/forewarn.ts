// What the log says of a schema before anybody asks: tables whose writes are not rolled back, and what was left out or is limited.
import type { Logger } from "../base/logger.js";
import type { RouteTree } from "../routes/tree.js";
import { lastingNotes, lastingOf } from "../schema/lasting.js";
import type { Schema } from "../schema/schema.js";
import { isNote, type SchemaWarning, warningText } from "../schema/warnings.js";
import type { SchemaCache } from "./schema-cache.js";

type Current = Pick<SchemaCache, "onChange" | "snapshot">;

/** At the start, and when another schema is taken up that has others. */
export function forewarn(current: Current, logger: Logger): void {
  const tellings = [
    telling(
      ({ schema }) => lastingIn(schema),
      ({ table, note, ...fields }) => logger.warn({ table, ...fields }, `${table}: ${note}`),
    ),
    telling(
      ({ tree: { warnings = [] } }) => warnings.filter((warning) => !isNote(warning)),
      (warning) => logger.warn(warning, warningText(warning)),
    ),
    telling(notesIn, ({ code, told }) => logger.info({ code }, told.map(warningText).join("; "))),
  ];
  const tell = () => {
    for (const each of tellings) each(current.snapshot);
  };
  tell();
  current.onChange(tell);
}

interface Told {
  readonly schema: Schema;
  readonly tree: RouteTree;
}

/** Says what is found, each of it, unless it is what was found before. */
function telling<Found>(find: (told: Told) => readonly Found[], say: (found: Found) => void): (told: Told) => void {
  let before = "[]";
  return (told) => {
    const found = find(told);
    const text = JSON.stringify(found);
    if (text === before) return;
    before = text;
    for (const each of found) say(each);
  };
}

const lastingIn = ({ tables }: Schema) =>
  tables.flatMap(({ id, ...table }) => {
    const notes = lastingNotes(table);
    return notes.length === 0 ? [] : [{ table: id, ...lastingOf(table), note: notes.join("; ") }];
  });

/** A line for each kind: a connection with few rights has as many as there are tables. */
function notesIn({ tree: { warnings = [] } }: Told): { code: string; told: SchemaWarning[] }[] {
  const kinds = new Map<string, SchemaWarning[]>();
  for (const warning of warnings)
    if (isNote(warning)) kinds.set(warning.code, [...(kinds.get(warning.code) ?? []), warning]);
  return [...kinds].map(([code, told]) => ({ code, told }));
}
