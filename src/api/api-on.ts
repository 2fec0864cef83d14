// What an API offers, over the schema that is in use at the moment: the journey of its requests, its documents, its health.

import { findingsOf } from "../access/findings.js";
import { grantsAsJson } from "../access/print.js";
import type { Shown } from "../access/shown.js";
import type { Auth } from "../auth/auth.js";
import { keyHeadersOf } from "../auth/credentials.js";
import { askOf } from "../database/database.js";
import { driverVersion } from "../database/open-knex.js";
import { MountedPages } from "../explore/mounted-pages.js";
import { type Caller, nobody } from "../http/caller.js";
import { withDeprecation } from "../http/deprecation.js";
import { addressBefore, asForwarded } from "../http/forwarded.js";
import type { ApiRequest } from "../http/message.js";
import { problemsAt } from "../http/problem-address.js";
import { safeHeaders } from "../http/safe-headers.js";
import { createHealthProbe, createReady } from "../observe/health.js";
import { describing } from "../observe/metadata.js";
import { documentParts, type OpenApiOptions, toOpenApi } from "../openapi/document.js";
import { renamedAt } from "../routes/renamed.js";
import type { RouteTree } from "../routes/tree.js";
import type { Api } from "./api.js";
import { answer, findPath, type Journey } from "./follow-schema.js";
import { listOfQuery } from "./long-query.js";
import type { ApiOptions } from "./options.js";

export function apiOn(
  journey: Journey,
  auth: Auth | undefined,
  options: ApiOptions,
  {
    knex,
    emptiness,
    isListening,
    refresh,
    close,
  }: Pick<Api, "knex" | "emptiness" | "refresh" | "close"> & { isListening(): boolean | undefined },
): Api {
  const { current, positions } = journey;
  const { dialect, limits } = current.snapshot;
  const { bigNumbers, maxOperations } = options;
  const served = { dialect: dialect.name };
  const describe = describing({ ...served, driver: { name: dialect.driver, version: driverVersion(dialect) } });
  const describeTo = options.roles === undefined ? describe : describing(served);
  const keyed = journey.idempotency !== undefined;
  const about = (said: OpenApiOptions = {}) => ({
    ...{ ...limits, ...auth?.document },
    ...{ bigNumbers, maxOperations, keyed, ...said },
  });
  const openApi = (tree: RouteTree, said?: OpenApiOptions) => toOpenApi(tree, about(said));
  const as = (caller?: Caller): Shown => current.snapshot.roles?.viewFor(caller).access.shown() ?? current.snapshot;
  const treeFor = async (request: ApiRequest) => as(await auth?.identify(request)).tree;
  const pages = new MountedPages(
    (tree, servers) => documentParts(tree, about({ servers })),
    options.trustProxy ? addressBefore : undefined,
    options.roles && treeFor,
  );
  const safe = safeHeaders(auth !== undefined, keyHeadersOf(options.auth));
  const addressed = problemsAt(options.problemBase);
  const route = (path: string) => current.match(path) ?? listOfQuery(path, (list) => current.match(list));
  const match = (path: string) => auth?.page(path) ?? route(path) ?? pages.find(current.snapshot.tree, path);
  const api: Omit<Api, "health" | "ready"> = {
    match,
    find: (path, query = "") => findPath(path, query, journey),
    handle: async (request, matched) => {
      const found = matched ?? match(request.path);
      const outside = options.trustProxy ? asForwarded(request) : request;
      if (found?.type === "page") return safe(outside, addressed(await found.page(outside)));
      const response = await answer(outside, found, journey);
      if (response === undefined) return undefined;
      const renamed = renamedAt(request.path, current.snapshot.tree.renamed);
      const told = renamed ? withDeprecation(response, renamed, outside.prefix + renamed.path) : response;
      const shown = addressed(told);
      return safe(outside, positions === undefined ? shown : await positions.told(outside, shown));
    },
    get tree() {
      return current.snapshot.tree;
    },
    get schema() {
      return current.snapshot.schema;
    },
    get schemaState() {
      const listening = isListening();
      return listening === undefined ? current.state : { ...current.state, listening };
    },
    refresh,
    onChange: (listener) => current.onChange(listener),
    openApi: (said) => openApi(current.snapshot.tree, said),
    openApiParts: (said) => documentParts(current.snapshot.tree, about(said)),
    metadata: () => describe(current.snapshot),
    as: (caller) => {
      const { tree, schema } = as(caller);
      const { roles, lookup } = current.snapshot;
      const role = roles?.byName.get((caller ?? nobody).role);
      return {
        tree,
        schema,
        ...(role && { grants: grantsAsJson(role, lookup) }),
        metadata: () => describeTo({ tree, schema }),
        openApi: (said) => openApi(tree, said),
        openApiParts: (said) => documentParts(tree, about(said)),
      };
    },
    checkRoles: async () => {
      const { roles, lookup } = current.snapshot;
      const rows = await askOf({ knex })(dialect.indexed);
      const indexed = new Set(rows.map(({ table, column }) => JSON.stringify([table, column])));
      const isIndexed = (table: string, column: string) => indexed.has(JSON.stringify([table, column]));
      return findingsOf(options.roles ?? {}, [...(roles?.byName.values() ?? [])], { lookup, isIndexed });
    },
    ...(auth && { identify: auth.identify }),
    close,
    emptiness,
    dialect,
    knex,
    limits,
  };
  const health = createHealthProbe(api, positions?.replicas);
  return Object.assign(api, { health, ready: createReady(health, positions?.replicas) });
}
