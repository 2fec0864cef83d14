// What one transaction or connection is told, and what it hears.
import type { Asked, Heartbeat, Listening, SessionStatements, SharedSessions } from "../connection.js";

export interface SessionPart {
  /** Statements that tell a transaction who asks, and as which role of the database it runs. Left out where there is no such thing. */
  setSessionVariables?(asked: Asked | undefined, role: string | undefined): SessionStatements;
  /** A query whether the connection's user may become a role: rows of `may`, or an error where there is none. */
  readonly canSetRole?: string;
  /**
   * Calls `heard` with each word that NOTIFY says on the channel, and without any when a lost connection stands again, as something
   * may have been said meanwhile. `connect` opens a connection. Keeps no process alive.
   */
  listen?(
    connect: () => Promise<unknown>,
    heard: (said?: string) => void,
    channel: string,
    heartbeat?: Heartbeat,
  ): Listening;
  /** A statement that says a word, of 7,999 bytes at the most, to all who listen to a channel: when its transaction is committed. */
  notify?(channel: string, word: string): { readonly text: string; readonly values: readonly unknown[] };
  /** Where a pooler may share sessions: whether one does so with this connection's. */
  sharedSessions?(connection: unknown): Promise<SharedSessions | undefined>;
}
