// The snapshot that requests begin in. It is read again when the database has another schema, or on demand, and replaced whole:
// requests in flight finish in the one that they began in, and where a re-read fails, the one before stays.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import { singleFlight } from "../base/single-flight.js";
import type { Dialect } from "../dialect/dialect.js";
import { matchPath } from "../routes/match.js";
import type { Snapshot } from "../run/snapshot.js";
import type { Staleness } from "../run/stale.js";
import { schemaChanges, unchanged } from "../schema/changes.js";
import type { Schema } from "../schema/schema.js";
import type { Refreshed, SchemaState } from "../schema/schema-state.js";
import type { RouteMatch } from "./match.js";

/** Where snapshots come from. */
export interface Source {
  /** What the database has now; throws where it cannot be read, or the options name what is gone. */
  read(): Promise<Snapshot>;
  /** `Dialect.schemaDigest`. */
  readDigest(): Promise<string>;
}

type Listener = (state: SchemaState) => void;

/**
 * After one digest, unknown names cause none for so long, in milliseconds, and for so many times as long as it took: nobody can
 * keep the database busy with names.
 */
const PAUSE = 2_000;
const TIMES = 50;
/** How long a request with an unknown name waits for the digest. */
const PATIENCE = 2_000;
/** After a re-read that failed, none is begun for so long but on demand. */
const AFTER_FAILURE = 5_000;

export class SchemaCache {
  #snapshot: Snapshot;
  /** The digest that was true when the snapshot was read, or before. */
  #digestRead: string | undefined;
  #readAt = new Date();
  #digest: string | undefined;
  #swaps = 0;
  #problem: SchemaState["problem"];
  #quietUntil = 0;
  #failedUntil = 0;
  #checking: Promise<void> | undefined;
  /** In this turn the database had no other schema. */
  #compared = false;
  readonly #listeners = new Set<Listener>();

  /** Reads again, changed or not. */
  readonly refresh: () => Promise<Refreshed> = singleFlight(() => this.#reread());
  /** Reads again where the digest is another one. */
  readonly check: () => Promise<void> = singleFlight(() => this.#compare());

  /** Without a source `tables` says all. */
  constructor(
    snapshot: Snapshot,
    digest: string | undefined,
    readonly source: Source | undefined,
  ) {
    this.#snapshot = snapshot;
    this.#digestRead = digest;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get state(): SchemaState {
    return {
      source: this.#origin,
      readAt: this.#readAt,
      digest: this.digest,
      swaps: this.#swaps,
      ...(this.#problem && { problem: this.#problem }),
    };
  }

  /** Made when it is first asked for. */
  get digest(): string {
    this.#digest ??= digestOf(this.#snapshot.schema);
    return this.#digest;
  }

  match(path: string): RouteMatch | undefined {
    const snapshot = this.#snapshot;
    const matched = matchPath(snapshot.tree, path);
    if (matched === undefined) return undefined;
    const { node, params } = matched;
    return { type: "route", pattern: node.pattern, node, params, snapshot };
  }

  /** Calls `listener` whenever another snapshot was taken up, or a re-read has failed. Answers what takes it off again. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Where the database tells at once: has it another schema than the snapshot? Looked at once in a turn of the event loop. */
  get isBehind(): boolean {
    if (this.#compared || this.source === undefined) return false;
    const version = this.#snapshot.database.schemaVersion?.();
    if (version === undefined) return false;
    if (version !== this.#digestRead) return true;
    this.#compared = true;
    setImmediate(() => {
      this.#compared = false;
    });
    return false;
  }

  /** Is there another snapshot to try a request in, which went wrong in this one? Looks whether the schema has changed. */
  async hasMoved(evidence: Staleness, snapshot: Snapshot): Promise<boolean> {
    if (this.source === undefined || evidence === "none") return false;
    if (this.#snapshot === snapshot) await this.look(evidence);
    return this.#snapshot !== snapshot;
  }

  /** Is the schema in use the database's own, as far as it could be read? */
  get isKnown(): boolean {
    return this.#problem === undefined;
  }

  /** Takes up what the database has now, where it has changed. Never rejects. */
  async look(evidence: Staleness): Promise<void> {
    const now = performance.now();
    if (this.source === undefined || now < this.#failedUntil) return;
    if (evidence !== "name") return this.check().catch(() => undefined);
    if (this.#checking === undefined && now < this.#quietUntil) return;
    this.#checking ??= this.check()
      .catch(() => undefined)
      .finally(() => {
        this.#checking = undefined;
      });
    await atMost(PATIENCE, this.#checking);
  }

  async #compare(): Promise<void> {
    const start = performance.now();
    // Where it can be asked at every request, there is nothing to spare.
    const rest = () =>
      this.#snapshot.database.schemaVersion ? 0 : Math.max(PAUSE, TIMES * (performance.now() - start));
    const digest = await this.source?.readDigest().catch((error) => {
      this.#quietUntil = performance.now() + rest();
      throw error;
    });
    if (digest !== this.#digestRead) await this.refresh();
    else this.#quietUntil = performance.now() + rest();
  }

  async #reread(): Promise<Refreshed> {
    if (this.source === undefined) return { source: "config", changed: false, readAt: this.#readAt, ...unchanged };
    try {
      // Asked first: what changes while the schema is read is noticed the next time.
      const digest = await this.source.readDigest().catch(() => undefined);
      const snapshot = await this.source.read();
      this.#digestRead = digest;
      return this.#takeUp(snapshot);
    } catch (error) {
      this.#failedUntil = performance.now() + AFTER_FAILURE;
      this.#problem = { at: new Date(), message: publicReason(error, this.#snapshot.dialect) };
      this.#tell();
      throw error;
    }
  }

  /** One that shows the same is not taken up: the one before has its statements ready. */
  #takeUp(snapshot: Snapshot): Refreshed {
    const before = this.#snapshot.schema;
    const changed = !isDeepStrictEqual(before, snapshot.schema);
    const recovered = this.#problem !== undefined;
    this.#readAt = new Date();
    this.#problem = undefined;
    this.#failedUntil = 0;
    snapshot.database.forgetStatements();
    if (changed) {
      this.#snapshot = snapshot;
      this.#digest = undefined;
      this.#swaps++;
    }
    if (changed || recovered) this.#tell();
    return { source: "database", changed, readAt: this.#readAt, ...schemaChanges(before, snapshot.schema) };
  }

  /** A listener's mistake is its own. */
  #tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.state);
      } catch (error) {
        this.#snapshot.logger.error({ err: error }, "a listener of onChange failed");
      }
    }
  }

  get #origin(): SchemaState["source"] {
    return this.source === undefined ? "config" : "database";
  }
}

const digestOf = (schema: Schema): string =>
  createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 16);

/** Why a re-read failed, without anything that a driver said. */
export function publicReason(error: unknown, dialect: Dialect): string {
  if (error instanceof ConfigError) return error.message;
  const code = dialect.refusal(error)?.code;
  if (code === "database_away") return "The database could not be reached.";
  if (code === "timeout") return "The database took too long to tell its schema.";
  return "The schema could not be read.";
}

/** Tells of another schema that was taken up, and of re-reads that failed. */
export function logRereads(current: Pick<SchemaCache, "onChange">, logger: Logger): void {
  current.onChange(({ problem, digest }) => {
    if (problem === undefined) logger.info({ digest }, "the schema was read again");
    else logger.error({ digest, problem: problem.message }, "the schema could not be read again: the one before stays");
  });
}

/** Waits until the work is done, or that long; it goes on in the background. */
function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
