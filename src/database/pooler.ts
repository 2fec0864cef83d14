// A pooler between the API and its database, and NOTIFY that cannot be heard, as found at the start → what the log says of it.
import type { Logger } from "../base/logger.js";
import type { Deaf } from "../dialect/connection.js";
import { firstWords } from "./connection-options.js";
import type { Notices } from "./schema-notices.js";
import type { OpenDatabase } from "./session.js";

const unheard: Readonly<Record<Deaf, string>> = {
  pooler:
    "NOTIFY cannot be heard: the pooler shares sessions between transactions. Set schemaPoll, call refresh() when you have migrated, or connect past the pooler",
  server: "this server has no NOTIFY: set schemaPoll, or call refresh() when you have migrated",
};

/** A database that is away is no matter of the pooler's. */
export async function logPooler(
  database: Pick<OpenDatabase, "sharedSessions">,
  notices: Pick<Notices, "deaf"> | undefined,
  logger: Logger,
): Promise<void> {
  if (notices?.deaf !== undefined) logger.warn({}, unheard[notices.deaf]);
  const sessions = await database.sharedSessions().catch(() => undefined);
  if (sessions === undefined) return;
  logger.info(
    {},
    "a pooler stands before the database: statements are not kept prepared, and settings are said in each transaction",
  );
  for (const statement of sessions.unkept)
    logger.warn(
      {},
      `onConnect (${firstWords(statement)}) is no setting that a transaction can take: where the pooler shares sessions between transactions, it is lost, and others have it`,
    );
}
