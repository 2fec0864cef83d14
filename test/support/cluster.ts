// Several servers of one database: one that is written to, and others that follow it.

export interface Server {
  /** Its administrator's connection string. */
  readonly url: string;
  readonly pid: number;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** On the same port and data. */
  start(): Promise<void>;
  ask(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

export interface Cluster {
  readonly primary: Server;
  readonly replicas: readonly Server[];
  /** Statements that keep a replica from going on, and let it. */
  readonly pause: string;
  readonly resume: string;
}
