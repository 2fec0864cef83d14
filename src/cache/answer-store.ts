// Where answers are kept.
import type { KeptAnswers } from "./kept.js";
import type { Others } from "./others.js";

export interface FoundAnswer {
  /** Left out where there is none, or its tables were written since. */
  readonly kept?: KeptAnswers;
  /** This moment, for `keep`; left out where nothing can be kept. */
  readonly at?: number;
}

export interface AnswerStore {
  /** Must not reject. */
  find(key: string): FoundAnswer | Promise<FoundAnswer>;
  /**
   * Keeps an answer whose reading began at this moment, for so many milliseconds. Returns whether its tables are still as they were at
   * that moment. If not, the answer is not kept. Must not reject.
   */
  keep(key: string, kept: KeptAnswers, at: number, milliseconds: number): boolean | Promise<boolean>;
  /**
   * Drops the answers made of these tables. When it is done, no process that shares the store finds them. `isTold`: the write's own
   * transaction has told the `others` of it. Must not reject.
   */
  drop(tables: readonly string[], isTold: boolean): void | Promise<void>;
  /** Processes that hear of writes from the database. */
  readonly others?: Pick<Others, "word"> | undefined;
  /** What is kept: by this process, or by all processes that share the store. */
  readonly usage: { readonly answers: number; readonly bytes: number; readonly isShared: boolean };
  close(): void | Promise<void>;
}
