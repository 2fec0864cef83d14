// A statement that is handed to mysql2 → its rows one by one, up to a length at which it is broken off.
import type { Connection } from "mysql2";
import { type DatabaseResult, lengthOf, TooLarge } from "../connection.js";
import { breakOff } from "./wire/command.js";

type Done = (error: unknown, result: unknown, fields?: readonly unknown[]) => void;
/** Gives mysql2 the statement; without `done` it says each row. */
export type Begin = (done?: Done) => unknown;

/** mysql2's command without a callback. It says nothing where the connection is lost, which that says itself. */
interface Command {
  /** The columns of a result, before its rows; nothing for one that has none. */
  on(event: "fields", heard: (columns?: readonly WireColumn[]) => void): void;
  /** `index` is the result's; what a result without rows has done is no array. */
  on(event: "result", heard: (row: unknown, index?: number) => void): void;
  on(event: "error", heard: (error: Error) => void): void;
  on(event: "end", heard: () => void): void;
}

/** A column as mysql2 reads it from the wire (https://mariadb.com/kb/en/result-set-packets/). */
export interface WireColumn {
  readonly name: string;
  readonly columnType: number;
  readonly flags: number;
  /** 63 is that of bytes. */
  readonly characterSet: number;
  readonly columnLength: number;
  readonly decimals: number;
}

/** Who hears of the results. */
interface Hearer {
  columns?(columns: readonly WireColumn[]): void;
  /** Answers with the row's length. */
  row(row: unknown[], index: number): number;
}

/** Resolves when all is heard. Past `most` it rejects with `TooLarge`, and the connection is gone. */
export const heard = (client: Connection, begin: Begin, hearer: Hearer, most: number): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    let left = most;
    client.once("error", reject);
    const command = begin() as Command;
    command.on("error", (error) => {
      client.off("error", reject);
      reject(error);
    });
    command.on("end", () => {
      client.off("error", reject);
      resolve();
    });
    command.on("fields", (columns) => columns && hearer.columns?.(columns));
    command.on("result", (row, index = 0) => {
      if (left < 0 || !Array.isArray(row)) return;
      left -= hearer.row(row, index);
      if (left >= 0) return;
      reject(new TooLarge());
      breakOff(client as never);
    });
  });

/** The rows of the first result. */
export async function rowByRow(client: Connection, begin: Begin, most: number): Promise<DatabaseResult> {
  const rows: unknown[][] = [];
  const row = (one: unknown[], index: number): number => (index > 0 ? 0 : lengthOf(rows[rows.push(one) - 1] ?? []));
  await heard(client, begin, { row }, most);
  return { rows, affected: rows.length };
}
