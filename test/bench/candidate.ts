// What is compared: a server around the database, of one of three families.

export type DatabaseName = "sqlite" | "postgres" | "mariadb" | "mysql";
export const databaseNames: readonly DatabaseName[] = ["sqlite", "postgres", "mariadb", "mysql"];

/** `floor`: node:http and the driver. `by hand`: a framework and knex. `sapwood`: ours. */
export type Family = "floor" | "by hand" | "sapwood";

export interface Candidate {
  /** As it is called on the command line and in tables. */
  readonly name: string;
  readonly family: Family;
  /** What it is compared with: the same framework by hand. */
  readonly against?: string;
  start(database: DatabaseName, url: string): Promise<Running>;
}

export interface Running {
  /** `http://127.0.0.1:PORT` */
  readonly base: string;
  close(): Promise<void>;
}

/** Connections to the database, the same for every candidate; a SQLite file has one. It is knex's own default. */
export const POOL = 10;
