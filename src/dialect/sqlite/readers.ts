// Where a statement that only reads a SQLite file runs: on the main thread where it is short, and else in another process, so that it
// does not stop the event loop. The driver is synchronous. In: statements. Out: what they answer.
import { existsSync } from "node:fs";
import { resolve as absolute } from "node:path";
import { fileURLToPath } from "node:url";
import type Database from "better-sqlite3";
import type { DatabaseResult, Lend } from "../connection.js";
import type { LongWriter, Readers, ReadersOptions, ReadingTransaction, ReadOn } from "../readers.js";
import { Costs, isRisky } from "./cost.js";
import { ReaderPool } from "./reader-pool.js";
import { inOrder } from "./reading.js";
import { NOWHERE, nowhere, plain, type Question, type Reader } from "./reading-job.js";
import { execute, stepsOf } from "./statements.js";
import { WritingProcess } from "./writing.js";

const program = fileURLToPath(new URL("./reader.js", import.meta.url));

/** Nothing where there can be none: what is in memory has one connection, and a bundler may have left the program out. */
export function readers(filename: string | undefined, options: ReadersOptions): Readers | undefined {
  return filename === undefined || filename === ":memory:" || !existsSync(program)
    ? undefined
    : new ReadersOfFile(absolute(filename), options);
}

class ReadersOfFile implements Readers {
  readonly #costs: Costs;
  readonly #writing: WritingProcess;
  readonly #pool: ReaderPool;

  constructor(
    readonly filename: string,
    readonly options: ReadersOptions,
  ) {
    this.#costs = new Costs(filename);
    this.#pool = new ReaderPool(program, filename, options, this.#costs, (...given) => this.#here(...given));
    this.#writing = new WritingProcess(program, filename, options, this.#costs);
  }

  get writer(): LongWriter | undefined {
    return this.#writing.isAway ? undefined : this.#writing;
  }

  async read(
    text: string,
    values: readonly unknown[],
    lend: Lend,
    on: ReadOn = {},
    most?: number,
  ): Promise<DatabaseResult> {
    const question = { text, values, most };
    if (this.#pool.isAway) return this.#here(question, lend);
    const result = on.elsewhere ? undefined : await this.#tryHere(question, lend);
    return result ?? this.#elsewhere(question, lend, on.signal);
  }

  async readShort(text: string, values: readonly unknown[], lend: Lend, most?: number) {
    const question = { text, values, most };
    return this.#pool.isAway ? this.#here(question, lend) : this.#tryHere(question, lend);
  }

  async begin(signal?: AbortSignal): Promise<ReadingTransaction | undefined> {
    if (this.#pool.isAway) return undefined;
    let reader: Reader | undefined;
    const keep = (taken: Reader) => {
      reader = taken;
    };
    try {
      await this.#pool.queue({ asked: plain("BEGIN"), long: true, lend: nowhere, keep }, signal);
    } catch (error) {
      if (error === NOWHERE) return undefined;
      throw error;
    }
    const on = reader as unknown as Reader;
    return inOrder(
      ({ text, ...rest }) => this.#pool.runOn(on, { text, ...rest, isNew: this.#costs.isNew(text) }, signal),
      () => this.#pool.giveBack(on),
    );
  }

  forget(): void {
    this.#pool.forget();
    this.#writing.forget();
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#writing.close()]);
  }

  #elsewhere(question: Question, lend: Lend, signal?: AbortSignal): Promise<DatabaseResult> {
    const { text } = question;
    const asked = { ...question, isNew: this.#costs.isNew(text) };
    return this.#pool.queue({ asked, long: this.#costs.placeOf(text) === "long", lend }, signal);
  }

  /** Nothing where it is known to be long, or is new and to be feared. */
  async #tryHere(question: Question, lend: Lend): Promise<DatabaseResult | undefined> {
    const { text, values } = question;
    if (this.#costs.placeOf(text) !== "here") return undefined;
    if (!this.#costs.isNew(text)) return this.#here(question, lend);
    return lend(async (connection) => {
      if (!isRisky(stepsOf(connection as Database.Database, text, values))) return this.#run(connection, question);
      this.#costs.fear(text);
      return undefined;
    });
  }

  #here(question: Question, lend: Lend): Promise<DatabaseResult> {
    return lend((connection) => this.#run(connection, question));
  }

  #run(connection: unknown, { text, values, most }: Question): Promise<DatabaseResult> {
    const start = this.#costs.startHere();
    const result = execute(connection, text, values, undefined, most);
    // It has run by now.
    this.#costs.endHere(text, start, this.#pool.isIdle());
    return result;
  }
}
