// The world that requests begin in. It is read again on demand and replaced whole: requests in flight finish in the one that
// they began in, and where a re-read fails, the one before stays.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Dialect } from "../dialect/dialect.js";
import { type Matched, matchPath } from "../routes/match.js";
import { type SchemaChanges, schemaChanges, unchanged } from "../schema/changes.js";
import { ConfigError } from "../schema/check.js";
import type { Schema } from "../schema/schema.js";
import type { World } from "./world.js";

/** What is known of the schema in use. */
export interface SchemaState {
  /** `config` where `tables` says all of it: then the database is never asked, at the start or later. */
  readonly source: "database" | "config";
  /** When the schema in use was read last, changed or not. */
  readonly readAt: Date;
  /** A name for what it holds: the same in every process that shows the same. 16 hexadecimal digits. */
  readonly digest: string;
  /** How many others came before it since the start. */
  readonly swaps: number;
  /** Why the last re-read failed, in words that may be shown to anyone: the schema in use is the one before. */
  readonly problem?: { readonly at: Date; readonly message: string };
}

/** What a re-read found; tables by their ids. */
export interface Refreshed extends SchemaChanges {
  /** `config`: there is nothing to read again. */
  readonly source: SchemaState["source"];
  readonly changed: boolean;
  readonly readAt: Date;
}

/** A place in a path, and the world whose place it is: a request runs where its path was found. */
export interface Found extends Matched {
  readonly world: World;
}

type Listener = (state: SchemaState) => void;

export class Current {
  #world: World;
  #readAt = new Date();
  #digest: string | undefined;
  #swaps = 0;
  #problem: SchemaState["problem"];
  #reading: Promise<unknown> = Promise.resolve();
  #next: Promise<Refreshed> | undefined;
  readonly #listeners = new Set<Listener>();

  /** `read` makes a world of what the database has now; there is none where `tables` says all. */
  constructor(
    world: World,
    readonly read: (() => Promise<World>) | undefined,
  ) {
    this.#world = world;
  }

  get world(): World {
    return this.#world;
  }

  get state(): SchemaState {
    return {
      source: this.#source,
      readAt: this.#readAt,
      digest: this.digest,
      swaps: this.#swaps,
      ...(this.#problem && { problem: this.#problem }),
    };
  }

  /** Made when it is first asked for. */
  get digest(): string {
    this.#digest ??= digestOf(this.#world.schema);
    return this.#digest;
  }

  match(path: string): Found | undefined {
    const world = this.#world;
    const matched = matchPath(world.tree, path);
    return matched && { node: matched.node, params: matched.params, world };
  }

  /** Calls `listener` whenever another world was taken up, or a re-read has failed. Answers what takes it off again. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Those who ask while one is under way share the one after it: theirs must have begun after they asked. */
  refresh(): Promise<Refreshed> {
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      const reading = this.#reread();
      this.#reading = reading.catch(() => undefined);
      return reading;
    });
    return this.#next;
  }

  async #reread(): Promise<Refreshed> {
    if (this.read === undefined) return { source: "config", changed: false, readAt: this.#readAt, ...unchanged };
    try {
      return this.#takeUp(await this.read());
    } catch (error) {
      this.#problem = { at: new Date(), message: spoken(error, this.#world.database.dialect) };
      this.#tell();
      throw error;
    }
  }

  /** One that shows the same is not taken up: the one before has its statements ready. */
  #takeUp(world: World): Refreshed {
    const before = this.#world.schema;
    const changed = !isDeepStrictEqual(before, world.schema);
    const recovered = this.#problem !== undefined;
    this.#readAt = new Date();
    this.#problem = undefined;
    if (changed) {
      this.#world = world;
      this.#digest = undefined;
      this.#swaps++;
    }
    if (changed || recovered) this.#tell();
    return { source: "database", changed, readAt: this.#readAt, ...schemaChanges(before, world.schema) };
  }

  /** A listener's mistake is its own. */
  #tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.state);
      } catch (error) {
        console.error("sapwood: a listener of onChange failed:", error);
      }
    }
  }

  get #source(): SchemaState["source"] {
    return this.read === undefined ? "config" : "database";
  }
}

const digestOf = (schema: Schema): string =>
  createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 16);

/** Why a re-read failed, without anything that a driver said. */
function spoken(error: unknown, dialect: Dialect): string {
  if (error instanceof ConfigError) return error.message;
  const code = dialect.refusal(error)?.code;
  if (code === "database_away") return "The database could not be reached.";
  if (code === "timeout") return "The database took too long to tell its schema.";
  return "The schema could not be read.";
}
