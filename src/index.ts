// The public list.

export type { Finding } from "./access/findings.js";
export type { GrantAsJson } from "./access/print.js";
export type { GrantOptions, Right, RightsOption, RoleOptions, RolesOptions, RoutineRight } from "./access/roles.js";
export type { InDatabaseOptions } from "./access/session-variables.js";
export type { Shown } from "./access/shown.js";
export type { Api, ProfileAsked, ShownApi } from "./api/api.js";
export { createApi } from "./api/create.js";
export type { Emptiness } from "./api/emptiness.js";
export type { Match, RouteMatch } from "./api/match.js";
export type { ApiOptions, RoutineOptions, TableOptions } from "./api/options.js";
export type { PositionOptions } from "./api/positions.js";
export type { AccountOptions, SignInOptions } from "./auth/accounts.js";
export type { LockOptions } from "./auth/attempts.js";
export type { AuthOptions, WhoOptions } from "./auth/auth.js";
export type { JwtOptions } from "./auth/jwt.js";
export type { ConfigKey, KeyOptions, KeysOption } from "./auth/keys.js";
export type { LdapGroups, LdapOptions, LdapSearch, LdapTls } from "./auth/ldap-options.js";
export type { OidcOptions } from "./auth/oidc.js";
export type { SignInMethods } from "./auth/open-sign-in.js";
export type { TokenOptions } from "./auth/token-options.js";
export type { Logger } from "./base/logger.js";
export type { FieldCase, NamingOptions, Renaming, ResourceCase, TablePrefix } from "./base/naming.js";
export type { Shape } from "./base/wkt.js";
export type { CacheOptions } from "./cache/cache-options.js";
export { type Config, defineConfig } from "./cli/define-config.js";
export type { ConnectionOptions } from "./database/connection-options.js";
export type { GivenDb } from "./database/open-knex.js";
export type { ReplicaOptions } from "./database/open-replicas.js";
export { readSchema } from "./database/read-schema.js";
export type { ReplicaState } from "./database/replica.js";
export type { ReplicaHealth } from "./database/replica-set.js";
export type { NoticeOptions } from "./database/schema-notices.js";
export type { ReadOptions } from "./dialect/connection.js";
export type { Caller, Claims } from "./http/caller.js";
export type { ProxyOptions } from "./http/client-address.js";
export { type JsonRequestParts, jsonRequest } from "./http/json-request.js";
export type { Limits } from "./http/limits.js";
export type { ApiRequest, ApiResponse, Identify, Method, RequestBody } from "./http/message.js";
export type { PageMatch } from "./http/page.js";
export { type FieldError, HttpError, type ProblemCode, type ProblemParts, problems } from "./http/problem.js";
export type { Target } from "./http/target.js";
export type { IdempotencyOption, IdempotencyOptions } from "./idempotency/options.js";
export type { McpMode } from "./mcp/modes.js";
export type { Health, SchemaHealth } from "./observe/health.js";
export type { ColumnMetadata, Metadata, Served, TableMetadata } from "./observe/metadata.js";
export type { MetricsOptions, MetricsRegistry } from "./observe/metrics-options.js";
export type { WatchOptions } from "./observe/watch.js";
export type { BigNumbers } from "./openapi/column.js";
export { type OpenApiDocument, type OpenApiOptions, toOpenApi } from "./openapi/document.js";
export type { JsonSchema } from "./openapi/schema.js";
export type { OutboxMessage } from "./outbox/destination.js";
export type { TellingOptions } from "./outbox/open.js";
export type { OutboxAround, OutboxOptions } from "./outbox/outbox-options.js";
export type { WebhookOptions, WebhookSecret } from "./outbox/webhook-options.js";
export { type BuildOptions, buildRouteTree } from "./routes/build.js";
export type { DocsOption } from "./routes/docs-place.js";
export { type Matched, matchPath } from "./routes/match.js";
export {
  type DecisionAsJson,
  type PrintOptions,
  printRoutes,
  type RelationAsJson,
  routesAsJson,
} from "./routes/print.js";
export type { EvidenceKind, Reference, Unrelated } from "./routes/relation.js";
export { type Evidence, type RelateOptions, type Relation, relate } from "./routes/relations.js";
export type { RenamedResource, RenamedResources } from "./routes/renamed.js";
export type {
  AnyRoute,
  BatchRoute,
  Callable,
  CalledRelation,
  CallRoute,
  DocsPlace,
  Join,
  LinkEnd,
  NamedRelation,
  Operation,
  Profile,
  Resource,
  Route,
  RouteNode,
  RouteTree,
  RoutineResource,
  RowCall,
  Step,
} from "./routes/tree.js";
export type { Hook, HookContext, Hooks } from "./run/hooks.js";
export type { OtherApi, OtherApis } from "./run/other-apis.js";
export type { OutboxEvent } from "./run/outbox.js";
export type { RunContext, RunRoutine } from "./run/written-routine.js";
export type { BelongsToEntry } from "./schema/belongs-to.js";
export type { SchemaChanges } from "./schema/changes.js";
export type { BitString, ColumnOrigin, FullTextIndex, TypeField } from "./schema/column.js";
export {
  type ColumnEntry,
  ConfigError,
  overrideSchema,
  type RelationType,
  schemaFromConfig,
  type TableEntry,
} from "./schema/config.js";
export type { Effect, Effects, WriteEvent } from "./schema/effects.js";
export type { FieldOptions } from "./schema/field-names.js";
export type { Lasting } from "./schema/lasting.js";
export type { ArgumentMode, Routine, RoutineArgument, RoutineReturns } from "./schema/routine.js";
export type { ArgumentEntry, RoutineEntry } from "./schema/routine-entry.js";
export type { RoutineOverride } from "./schema/routine-override.js";
export type {
  Column,
  ColumnType,
  ForeignKey,
  GeometryType,
  Index,
  MomentUnit,
  ReferentialAction,
  Schema,
  Stamp,
  Table,
  UniqueKey,
  ValueKind,
} from "./schema/schema.js";
export type { Refreshed, SchemaState } from "./schema/schema-state.js";
export type { StampOptions } from "./schema/stamps.js";
export type { VisibleOptions } from "./schema/visible.js";
export type { ColumnWriting, SchemaWarning, Writing } from "./schema/warnings.js";
export type { WrittenSql } from "./schema/written-sql.js";
export type { CacheSettings } from "./server/cache-settings.js";
export type { CorsSettings } from "./server/cross-origin.js";
export type { ExposureSettings } from "./server/exposure.js";
export type { TimeLimits } from "./server/listener.js";
export type { LogFormat, LogLevel } from "./server/log.js";
export type { DatabaseEntry, Db, Labels } from "./server/mount.js";
export type { DocumentSettings } from "./server/page.js";
export type { RateSettings } from "./server/rate-settings.js";
export type { SecuritySettings } from "./server/security-headers.js";
export type { ServeSettings } from "./server/serve.js";
export type { TlsSettings } from "./server/tls.js";
export type { TokenSettings } from "./server/token-settings.js";
export type { WatchSettings } from "./server/watching.js";
