// The public list.
export type { Api } from "./api/api.js";
export { createApi } from "./api/create.js";
export type { ApiOptions, TableOptions } from "./api/options.js";
export type { AuthOptions } from "./auth/auth.js";
export type { JwtOptions } from "./auth/jwt.js";
export type { OidcOptions } from "./auth/oidc.js";
export type { Logger } from "./base/logger.js";
export { readSchema } from "./database/read-schema.js";
export type { Caller, Claims } from "./http/caller.js";
export type { ApiRequest, ApiResponse, Method, RequestBody } from "./http/message.js";
export { type FieldError, HttpError, type ProblemCode, problems } from "./http/problem.js";
export type { Health } from "./observe/health.js";
export type { ColumnMetadata, Metadata, TableMetadata } from "./observe/metadata.js";
export type { MetricsOptions } from "./observe/metrics.js";
export { type OpenApiDocument, type OpenApiOptions, toOpenApi } from "./openapi/document.js";
export { type BuildOptions, buildRouteTree } from "./routes/build.js";
export { matchPath } from "./routes/match.js";
export { printRoutes, routesAsJson } from "./routes/print.js";
export { type Evidence, type Relation, relate } from "./routes/relations.js";
export type {
  AnyRoute,
  BatchRoute,
  Join,
  NamedRelation,
  Operation,
  Resource,
  Route,
  RouteNode,
  RouteTree,
} from "./routes/tree.js";
export type { Hook, HookContext, Hooks } from "./run/hooks.js";
export {
  type BelongsToEntry,
  type ColumnEntry,
  ConfigError,
  overrideSchema,
  schemaFromConfig,
  type TableEntry,
} from "./schema/config.js";
export type { Column, ColumnType, ForeignKey, Schema, Table, UniqueKey, ValueKind } from "./schema/schema.js";
export type { Refreshed, SchemaState } from "./schema/schema-state.js";
