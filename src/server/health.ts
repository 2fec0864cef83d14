// Is the database there? One tiny statement to each, shared by everyone who asks at the same moment.
import type { Api } from "../api/create.js";
import type { ApiResponse } from "../api/message.js";
import { problem, problemResponse } from "../api/problem.js";
import { type Answer, jsonPage, type Site } from "./page.js";
import { within } from "./within.js";

const PATIENCE = 3_000;
const RETRY_AFTER = "5";

/** `GET /health`: 200 with dialect, driver and version of each database, 503 while one of them is away. */
export function createHealth({ mounts }: Site): Answer {
  const asked = mounts.map(({ name, api }) => ({ name, api, version: sharedVersion(api) }));
  return async () => {
    const states = await Promise.all(asked.map(stateOf));
    const away = states.flatMap(({ name, version }) => (version === undefined ? [name] : []));
    if (away.length > 0) return unwell(away);
    const [only] = states;
    if (only?.name === undefined) return jsonPage({ status: "ok", ...factsOf(only as State) });
    const databases = Object.fromEntries(states.map((state) => [state.name, factsOf(state)]));
    return jsonPage({ status: "ok", databases });
  };
}

interface Asked {
  readonly name?: string;
  readonly api: Api;
  readonly version: () => Promise<string>;
}

interface State {
  readonly name?: string;
  readonly api: Api;
  /** `undefined` while the database is away. */
  readonly version?: string;
}

const stateOf = ({ name, api, version }: Asked): Promise<State> =>
  version().then(
    (text) => ({ name, api, version: text }),
    () => ({ name, api }),
  );

const factsOf = ({ api: { dialect }, version }: State) => ({
  dialect: dialect.name,
  driver: dialect.driver,
  version,
});

function sharedVersion(api: Api): () => Promise<string> {
  let asking: Promise<string> | undefined;
  return () => {
    asking ??= within(PATIENCE, api.version()).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

function unwell(names: readonly (string | undefined)[]): ApiResponse {
  const named = names.filter((name) => name !== undefined).join(", ");
  const headers = { "retry-after": RETRY_AFTER, "cache-control": "no-store" };
  const who = named === "" ? "The database does" : `${named}: the database does`;
  return problemResponse(problem("database_away", `${who} not answer at the moment.`, { headers }));
}
