// Is the database there? One tiny statement, shared by everyone who asks at the same moment.
import type { Api } from "../api/create.js";
import { askOf, openDatabase } from "../api/database.js";
import type { ApiResponse } from "../api/message.js";
import { problem, problemResponse } from "../api/problem.js";
import { within } from "./within.js";

const PATIENCE = 3_000;
const RETRY_AFTER = "5";

/** The answer to `GET /health`: 200 with dialect, driver and version, 503 while the database is away. */
export function createHealth(api: Api): () => Promise<ApiResponse> {
  const ask = askOf(openDatabase(api.knex));
  let asking: Promise<string> | undefined;
  const version = () => {
    asking ??= within(PATIENCE, api.dialect.readVersion(ask)).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return () => version().then((text) => well(api, text), away);
}

function well({ dialect }: Api, version: string): ApiResponse {
  const body = JSON.stringify({ status: "ok", dialect: dialect.name, driver: dialect.driver, version });
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body,
  };
}

function away(): ApiResponse {
  const headers = { "retry-after": RETRY_AFTER, "cache-control": "no-store" };
  return problemResponse(problem("database_away", "The database does not answer at the moment.", { headers }));
}
