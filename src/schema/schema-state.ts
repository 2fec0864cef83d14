// When the schema in use was read, and what its last re-read brought.
import type { SchemaChanges } from "./changes.js";

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
  /** Does NOTIFY arrive? Left out where the database has no such thing, or it was turned off. */
  readonly listening?: boolean;
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
