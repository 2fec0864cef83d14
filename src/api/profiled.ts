// Several schemas of one database, each with an API of its own → one API that hands each request to the profile which it names.
import { refuse } from "../http/finish.js";
import { type ApiRequest, requestWith } from "../http/message.js";
import { noSuchProfile, ofProfile, profileSaid } from "../http/profile.js";
import { schemaHealth } from "../observe/health.js";
import type { Refreshed } from "../schema/schema-state.js";
import type { Api, ProfileAsked } from "./api.js";
import type { DefiningApi } from "./defining.js";
import { queriedBy } from "./long-query.js";
import type { Match } from "./match.js";

type Apis = ReadonlyMap<string, DefiningApi>;

/** By their names, the first one for requests that name none. */
export function profiled(apis: Apis): DefiningApi {
  const [[firstName, first]] = [...apis] as [[string, DefiningApi]];
  const all = [...apis.values()];
  const match = (path: string, asked?: ProfileAsked): Match | undefined => {
    const said = asked && saidOf(path, asked, apis);
    const api = said === undefined ? first : apis.get(said);
    return api === undefined ? refused(path, said as string, apis) : api.match(path);
  };
  return {
    match,
    find: async (path, query, asked) => {
      const said = asked && saidOf(path, asked, apis);
      return (said === undefined ? first : apis.get(said))?.find(path, query);
    },
    handle: async (request, matched) => {
      const name = saidOf(request.path, request, apis) ?? firstName;
      const api = apis.get(name);
      if (api === undefined) return answerRefused(request, match(request.path, request), first);
      const own = matched !== undefined && isOf(matched, name) ? matched : api.match(request.path);
      const response = await api.handle(own?.type === "page" ? withoutProfile(request) : request, own);
      return response && ofProfile(response, name);
    },
    get tree() {
      return first.tree;
    },
    get schema() {
      return first.schema;
    },
    get schemaState() {
      const problem = all.find(({ schemaState }) => schemaState.problem)?.schemaState.problem;
      return { ...first.schemaState, ...(problem && { problem }) };
    },
    refresh: async () => together(await Promise.all(all.map((api) => api.refresh()))),
    onChange: (listener) => {
      const ends = all.map((api) => api.onChange(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    openApi: (said) => first.openApi(said),
    openApiParts: (said) => first.openApiParts(said),
    metadata: () => first.metadata(),
    as: (caller) => first.as(caller),
    checkRoles: async () => (await Promise.all(all.map((api) => api.checkRoles()))).flat(),
    health: async () => {
      const profiles = Object.fromEntries([...apis].map(([name, api]) => [name, schemaHealth(api)]));
      return { ...(await first.health()), profiles };
    },
    ready: () => first.ready(),
    ...(first.identify && { identify: first.identify }),
    ...(first.defining && { defining: first.defining }),
    emptiness: all.find(({ emptiness }) => emptiness?.of === "tables")?.emptiness ?? first.emptiness,
    profiles: apis,
    close: first.close,
    dialect: first.dialect,
    knex: first.knex,
    limits: first.limits,
  };
}

/** What has an API for each profile, or none of them. */
interface Profiled<Of> {
  readonly profiles?: ReadonlyMap<string, Of>;
}

/** The API that a page about it is asked for: by `?profile=`, or else by the headers. Throws 406. */
export function profileOf<Of extends Profiled<Of>>(api: Of, asked: ProfileAsked): Of {
  const { profiles } = api;
  if (profiles === undefined) return api;
  const said = inQuery(asked) ?? profileSaid(asked, true);
  if (said === undefined) return api;
  const found = profiles.get(said);
  if (found === undefined) throw noSuchProfile(said, [...profiles.keys()]);
  return found;
}

/** The name of the profile that `profileOf` finds; `undefined` where there are none. */
export const profileName = ({ profiles }: Pick<Api, "profiles">, asked: ProfileAsked): string | undefined =>
  profiles && (inQuery(asked) ?? profileSaid(asked, true) ?? [...profiles.keys()][0]);

/** A page's own parameters are looked at by itself. */
export function withoutProfile<Asked extends ApiRequest>(request: Asked): ApiRequest {
  if (inQuery(request) === undefined) return request;
  const rest = request.query.split("&").filter((part) => !part.startsWith("profile="));
  return requestWith(request, { query: rest.join("&") });
}

const inQuery = ({ query }: Pick<ApiRequest, "query">): string | undefined =>
  query.includes("profile=") ? (new URLSearchParams(query).get("profile") ?? undefined) : undefined;

/** A list that is asked by POST to `/query` is read. On a page about the API its address may say the profile. */
function saidOf(path: string, asked: ProfileAsked, apis: Apis): string | undefined {
  const named = inQuery(asked);
  if (named !== undefined && isPage(path, named, apis)) return named;
  const mayAsk = asked.method === "POST" && path.endsWith("/query");
  return profileSaid(asked, mayAsk && [...apis.values()].some((api) => asksList(path, api)));
}

function isPage(path: string, name: string, apis: Apis): boolean {
  const api = apis.get(name);
  return (api === undefined ? [...apis.values()] : [api]).some((one) => one.match(path)?.type === "page");
}

function asksList(path: string, api: Api): boolean {
  const route = (path: string) => {
    const match = api.match(path);
    return match?.type === "route" ? match : undefined;
  };
  const found = route(path);
  return found !== undefined && queriedBy({ method: "POST", path }, found, route) !== undefined;
}

const isOf = (match: Match, name: string): boolean =>
  match.type === "route" && match.snapshot.tree.profile?.name === name;

/** 406 where some profile has the path. */
function refused(path: string, said: string, apis: Apis): Match | undefined {
  const found = [...apis.values()].map((api) => api.match(path)).find((match) => match !== undefined);
  const page = (request: ApiRequest) => refuse(request, noSuchProfile(said, [...apis.keys()]));
  return found && { type: "page", pattern: found.pattern, page };
}

const answerRefused = async (request: ApiRequest, found: Match | undefined, first: Api) =>
  found && first.handle(request, found);

/** Tables have other ids in each. */
function together(refreshed: readonly Refreshed[]): Refreshed {
  const [first] = refreshed as [Refreshed];
  return {
    ...first,
    changed: refreshed.some(({ changed }) => changed),
    added: refreshed.flatMap(({ added }) => added),
    removed: refreshed.flatMap(({ removed }) => removed),
    altered: refreshed.flatMap(({ altered }) => altered),
  };
}
