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
   * Keeps what was begun to be read at this moment or later, for so many milliseconds. Answers whether its tables are as they were
   * then; where they are not, it is not kept. Must not reject.
   */
  keep(key: string, kept: KeptAnswers, at: number, milliseconds: number): boolean | Promise<boolean>;
  /**
   * Drops what is made of these tables. When it is done, no process that shares the store finds it. `isTold`: the `others` know of the
   * write already, by its own transaction. Must not reject.
   */
  drop(tables: readonly string[], isTold: boolean): void | Promise<void>;
  /** Processes that hear of writes from the database. */
  readonly others?: Pick<Others, "word"> | undefined;
  /** What is kept here; shared by all processes, where they share the store. */
  readonly usage: { readonly answers: number; readonly bytes: number; readonly isShared: boolean };
  close(): void | Promise<void>;
}
