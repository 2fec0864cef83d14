// What one transaction or connection is told, and what it hears.
import type { Asked, Listening, SessionStatements, SharedSessions } from "../connection.js";

export interface SessionPart {
  /** Statements that tell a transaction who asks, and as which role of the database it runs. Left out where there is no such thing. */
  setSessionVariables?(asked: Asked | undefined, role: string | undefined): SessionStatements;
  /** A query whether the connection's user may become a role: rows of `may`, or an error where there is none. */
  readonly canSetRole?: string;
  /**
   * Calls `heard` whenever the database is told NOTIFY on the channel, and when a lost connection stands again, as something may
   * have been said meanwhile. `connect` opens a connection. Keeps no process alive.
   */
  listen?(connect: () => Promise<unknown>, heard: () => void, channel: string): Listening;
  /** Where a pooler may share sessions: whether one does so with this connection's. */
  sharedSessions?(connection: unknown): Promise<SharedSessions | undefined>;
}
