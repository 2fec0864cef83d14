// Statements that may take long run elsewhere than on the pool's connections, where the driver would stop the event loop: what
// reads and what writes there.
import type { DatabaseResult, Lend } from "./connection.js";

/**
 * Runs statements that only read, at most so many bytes of rows (`Dialect.execute`), outside of transactions, where each is done
 * best: elsewhere, or on a connection.
 */
export interface Readers {
  /** What writes there; nothing where it cannot. */
  readonly writer?: LongWriter | undefined;
  read(text: string, values: readonly unknown[], lend: Lend, on?: ReadOn, most?: number): Promise<DatabaseResult>;
  /** The same on a connection where it is known to be short; nothing where it is not, and nothing has run then. */
  readShort(text: string, values: readonly unknown[], lend: Lend, most?: number): Promise<DatabaseResult | undefined>;
  /** Begins a transaction elsewhere that reads; nothing where there can be no readers. The signal ends what waits or runs. */
  begin(signal?: AbortSignal): Promise<ReadingTransaction | undefined>;
  /** Forgets the statements that were prepared so far. */
  forget(): void;
  close(): Promise<void>;
}

/** A process that writes, for statements that may take long. It has one transaction at a time. */
export interface LongWriter {
  /** A statement that writes, on a connection; nothing where it may take long, and nothing has run then. */
  short(connection: unknown, text: string, values: readonly unknown[]): Promise<DatabaseResult> | undefined;
  /** Starts it, unless it runs. False where there can be no such process. */
  open(signal?: AbortSignal): Promise<boolean>;
  /** Behind `open`. The signal ends what runs, and with it the transaction, but for a commit. */
  begin(signal?: AbortSignal): Promise<WritingTransaction>;
}

/** It ends with a commit that was done, or a rollback, which never rejects. */
export interface WritingTransaction {
  run(text: string, values: readonly unknown[], most?: number): Promise<DatabaseResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** All of its statements see one state of the database. */
export interface ReadingTransaction {
  read(text: string, values: readonly unknown[], most?: number): Promise<DatabaseResult>;
  end(): void;
}

export interface ReadOn {
  /** Never on a connection of `lend`, but where there can be no readers: it is one that a transaction is on, say. */
  readonly elsewhere?: boolean;
  /** Ends it where it waits or runs elsewhere, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface ReadersOptions {
  /** Statements that each new connection runs first. */
  readonly onConnect: readonly string[];
  /** Milliseconds that a statement may take. */
  readonly statementTimeout?: number;
}
