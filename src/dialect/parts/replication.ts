// How a database says how far its servers have come, where some of them follow another.

export interface ReplicationPart {
  /** Left out where replicas cannot be asked how far they have come. */
  readonly replication?: Replication;
}

/** Positions are texts that only their database understands. */
export interface Replication {
  /** A query on the server that is written to: one row, whose `position` is past all that was committed before. */
  readonly position: string;
  /** A query on another server: one row of `position`, up to which it shows everything, and `follows`: is it a replica? */
  readonly standing: string;
  /** Has the text the form of a position? It may come from a client. */
  isPosition(text: string): boolean;
  /** Does a server that has come to `at` show all that was committed up to `wanted`? */
  hasReached(at: string, wanted: string): boolean;
  /** A query whether a server can be written to: one row of 1 or 0. */
  readonly writable: string;
  /** Was a write refused because the server takes none? */
  isReadOnly(error: unknown): boolean;
}
