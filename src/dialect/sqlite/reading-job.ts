// What a reader is given, and the readers as those know them who give it: a statement that waits, runs and is settled.
import type { DatabaseResult, Lend } from "../connection.js";
import type { Child } from "./child.js";
import type { AskedReader, ReaderAnswer } from "./reader.js";

/** A statement that only reads, and how many bytes of rows are taken (`Dialect.execute`). */
export type Question = Pick<AskedReader, "text" | "values" | "most">;

export interface Job {
  readonly asked: AskedReader;
  readonly long: boolean;
  readonly lend: Lend;
  /** Until it is given up: first as one that waits, then as one that runs. */
  timer?: NodeJS.Timeout;
  /** It begins a transaction: the reader is kept for it. */
  readonly keep?: (reader: Reader) => void;
  settle(result: DatabaseResult | Promise<DatabaseResult>): void;
}

export interface Reader {
  readonly child: Child<AskedReader, ReaderAnswer>;
  /** The schema has changed since its last statement. */
  outdated: boolean;
  /** Kept for a transaction, also while that asks for nothing. */
  kept: boolean;
  job?: Job;
}

export const isFree = ({ job, kept }: Reader): boolean => job === undefined && !kept;

/** What a transaction begins and ends with. */
export const plain = (text: string): AskedReader => ({ text, values: [], isNew: false });
export const isPlain = ({ asked: { text } }: Job): boolean => text === "BEGIN" || text === "ROLLBACK";

/** Other connections would see another state. */
export const NOWHERE = new Error("There are no readers.");
export const nowhere: Lend = () => Promise.reject(NOWHERE);

export function settleWith(job: Job, answer: DatabaseResult | Error): void {
  clearTimeout(job.timer);
  job.settle("rows" in answer ? answer : Promise.reject(answer));
}

/** The system's code for what is not there any more. */
export const away = (message: string): Error => Object.assign(new Error(message), { code: "ECONNABORTED" });
