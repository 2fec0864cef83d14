// `POST /admin/refresh`: reads the schema of each database again, and answers what has changed.
import { problem } from "../../http/problem.js";
import type { Refreshed } from "../../schema/schema-state.js";
import { asksWho } from "../callers.js";
import { requireLoopback } from "../loopback.js";
import type { Mount } from "../mount.js";
import { jsonPage, type PageAnswer, type Site } from "../page.js";

/** What failed and why, in words that may be shown; the tree in use is the one before. */
interface Failed {
  readonly changed: false;
  readonly problem: string;
}

/** 200 with what changed; 503 where it could not be read. Of several databases each has its own outcome in a 200. */
export function createRefresh(site: Site): PageAnswer {
  const { mounts } = site;
  const open = !asksWho(site);
  return async (request) => {
    if (open) requireLoopback(request, "The schema is read again", "POST /admin/refresh");
    const found = await Promise.all(
      mounts.map(async (mount) => ({ name: mount.name, outcome: await refreshed(mount) })),
    );
    const [only] = found;
    if (only === undefined || only.name !== undefined)
      return jsonPage({ databases: Object.fromEntries(found.map(({ name, outcome }) => [name, outcome])) });
    if ("problem" in only.outcome)
      throw problem("schema_not_read", `What was read before stays in use. ${only.outcome.problem}`);
    return jsonPage(only.outcome);
  };
}

const refreshed = ({ api }: Mount): Promise<Refreshed | Failed> =>
  api.refresh().catch(() => ({ changed: false, problem: api.schemaState.problem?.message ?? "It could not be read." }));
