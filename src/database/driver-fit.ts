// A driver that is another one than sapwood's fast way was written for → what the log says of it.
import type { Logger } from "../base/logger.js";
import { driverVersion } from "./open-knex.js";
import type { OpenDatabase } from "./session.js";

/** A database that is away is no matter of the driver's. */
export async function logDriver(
  database: Pick<OpenDatabase, "isDriverKnown" | "dialect">,
  logger: Logger,
): Promise<void> {
  const isKnown = await database.isDriverKnown().catch(() => undefined);
  if (isKnown !== false) return;
  const { driver } = database.dialect;
  const version = driverVersion(database.dialect);
  logger.warn(
    { driver, version },
    `${driver} ${version ?? "of an unknown version"} is not built as sapwood expects: its documented way is taken, which answers the same and is slower. A newer sapwood may know it`,
  );
}
