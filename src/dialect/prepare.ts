// A knex config whose new connections do something more before they are used.
import type { Knex } from "knex";

type Done = (error?: unknown) => void;

/** `work` comes behind what the config does itself. */
export function afterConnect<T>(config: Knex.Config, work: (connection: T) => Promise<unknown>): Knex.Config {
  const before = config.pool?.afterCreate as ((connection: T, done: Done) => void) | undefined;
  const afterCreate = (connection: T, done: Done) => {
    const go: Done = (error) => (error ? done(error) : work(connection).then(() => done(), done));
    if (before === undefined) go();
    else before(connection, go);
  };
  return { ...config, pool: { ...config.pool, afterCreate } };
}
