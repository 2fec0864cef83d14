// What the log says of a schema before anybody asks: tables whose writes are not rolled back.
import type { Logger } from "../base/logger.js";
import { lastingNotes, lastingOf } from "../schema/lasting.js";
import type { SchemaCache } from "./schema-cache.js";

/** At the start, and when another schema is taken up that has others. */
export function logLasting(current: Pick<SchemaCache, "onChange" | "snapshot">, logger: Logger): void {
  let told = "[]";
  const tell = () => {
    const lasting = current.snapshot.schema.tables.flatMap(({ id, ...table }) => {
      const notes = lastingNotes(table);
      return notes.length === 0 ? [] : [{ table: id, ...lastingOf(table), note: notes.join("; ") }];
    });
    const text = JSON.stringify(lasting);
    if (text === told) return;
    told = text;
    for (const { table, note, ...fields } of lasting) logger.warn({ table, ...fields }, `${table}: ${note}`);
  };
  tell();
  current.onChange(tell);
}
