// The pool's connections as they come and go, by a database that may fall silent at any moment: nothing here waits for it without
// an end. In: a knex instance that was made here. Out: a connection beside the pool, and the pool's end.
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Dialect } from "../dialect/dialect.js";

/** How long the server may take to see a connection off, and statements to end when the pool is closed, in milliseconds. */
const FAREWELL = 2_000;
const CLOSING = 5_000;
/** For what a new connection says before it is used. */
const PREPARING = 10_000;

/** What is used of `knex.client`. */
interface Client {
  acquireRawConnection(): Promise<object>;
  destroyRawConnection(connection: object): Promise<void>;
}

export interface Care {
  /** Opens a connection beside the pool. */
  open(): Promise<unknown>;
  /** Ends the pool; what does not answer is cut off. */
  close(): Promise<void>;
}

export function attend(knex: Knex, discard: (connection: unknown) => void): Care {
  const client = knex.client as Client;
  const acquire = client.acquireRawConnection.bind(client);
  const destroy = client.destroyRawConnection.bind(client);
  const live = new Set<object>();
  client.acquireRawConnection = async () => {
    const connection = await acquire();
    live.add(connection);
    return connection;
  };
  client.destroyRawConnection = async (connection) => {
    live.delete(connection);
    // One that did not answer will not say goodbye either.
    if (!("__knex__disposed" in connection)) await within(FAREWELL, destroy(connection)).catch(() => undefined);
    discard(connection);
  };
  const close = async () => {
    const ended = knex.destroy();
    await within(CLOSING, ended).catch(async () => {
      for (const connection of live) discard(connection);
      await within(CLOSING, ended);
    });
  };
  return { open: acquire, close };
}

/** A config whose new connections are looked after from their first word on. */
export function carefully(config: Knex.Config, { keepAlive, discard }: Dialect): Knex.Config {
  if (discard === undefined) return config;
  type Done = (error?: unknown) => void;
  const before = config.pool?.afterCreate as ((connection: object, done: Done) => void) | undefined;
  const afterCreate = (connection: object, done: Done) => {
    keepAlive?.(connection);
    if (before === undefined) return done();
    const prepared = new Promise<void>((resolve, reject) => {
      before(connection, (error) => (error ? reject(error) : resolve()));
    });
    within(PREPARING, prepared).then(
      () => done(),
      (error) => {
        // The pool forgets one that was not made well, and would leave it open.
        discard(connection);
        done(error);
      },
    );
  };
  return { ...config, pool: { ...config.pool, afterCreate } };
}

/** What the work answers, or the system's code for what did not answer in time. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: stop.signal }).then(() => {
    throw Object.assign(new Error("the database did not answer in time"), { code: "ETIMEDOUT" });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}
