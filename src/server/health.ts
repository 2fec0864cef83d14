// `GET /health`: 200 while each database is there, with what it is; 503 while one of them is away.
import type { ApiResponse } from "../api/message.js";
import { problem, problemResponse } from "../api/problem.js";
import { type Answer, jsonPage, type Site } from "./page.js";

const RETRY_AFTER = "5";

export function createHealth({ mounts }: Site): Answer {
  return async () => {
    const states = await Promise.all(mounts.map(async ({ name, api }) => ({ name, health: await api.health() })));
    const away = states.flatMap(({ name, health }) => (health.status === "away" ? [name] : []));
    if (away.length > 0) return unwell(away);
    const [only] = states;
    if (only?.name === undefined) return jsonPage(only?.health);
    const databases = Object.fromEntries(states.map(({ name, health }) => [name, health]));
    return jsonPage({ status: "ok", databases });
  };
}

function unwell(names: readonly (string | undefined)[]): ApiResponse {
  const named = names.filter((name) => name !== undefined).join(", ");
  const headers = { "retry-after": RETRY_AFTER, "cache-control": "no-store" };
  const who = named === "" ? "The database does" : `${named}: the database does`;
  return problemResponse(problem("database_away", `${who} not answer at the moment.`, { headers }));
}
