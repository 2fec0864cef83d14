// `GET /health`: 200 while each database is there, with what it is; 503 while one of them is away.
import type { ApiResponse } from "../../http/message.js";
import { problem, problemResponse } from "../../http/problem.js";
import { asksWho, isAdmin } from "../callers.js";
import { jsonPage, type PageAnswer, type Site } from "../page.js";

/** Seconds until it is worth while to ask again. */
export const RETRY_AFTER_HEALTH = "5";

/** Where callers sign in, others than admins hear of the status only: a version is an attacker's first question. */
export function createHealthPage(site: Site): PageAnswer {
  const { mounts } = site;
  const asks = asksWho(site);
  return async (request) => {
    const brief = asks && !(await isAdmin(site, request));
    const states = await Promise.all(mounts.map(async ({ name, api }) => ({ name, health: await api.health() })));
    const away = states.flatMap(({ name, health }) => (health.status === "away" ? [name] : []));
    if (away.length > 0) return unwell(brief ? [] : away);
    if (brief) return jsonPage({ status: "ok" });
    const [only] = states;
    if (only?.name === undefined) return jsonPage(only?.health);
    const databases = Object.fromEntries(states.map(({ name, health }) => [name, health]));
    return jsonPage({ status: "ok", databases });
  };
}

/** 503 that names the databases which are away, where whoever asks may know. */
export function unwell(names: readonly (string | undefined)[]): ApiResponse {
  const named = names.filter((name) => name !== undefined).join(", ");
  const headers = { "retry-after": RETRY_AFTER_HEALTH, "cache-control": "no-store" };
  const who = named === "" ? "The database does" : `${named}: the database does`;
  return problemResponse(problem("database_away", `${who} not answer at the moment.`, { headers }));
}
