// What an API offers.
import type { Knex } from "knex";
import type { Finding } from "../access/findings.js";
import type { GrantAsJson } from "../access/print.js";
import type { Shown } from "../access/shown.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Caller } from "../http/caller.js";
import type { Limits } from "../http/limits.js";
import type { ApiRequest, ApiResponse, Identify } from "../http/message.js";
import type { Health } from "../observe/health.js";
import type { Metadata } from "../observe/metadata.js";
import type { DocumentParts, OpenApiDocument, OpenApiOptions } from "../openapi/document.js";
import type { RouteTree } from "../routes/tree.js";
import type { Schema } from "../schema/schema.js";
import type { Refreshed, SchemaState } from "../schema/schema-state.js";
import type { Emptiness } from "./emptiness.js";
import type { Match } from "./match.js";

/** An API as somebody may see it. */
export interface ShownApi extends Shown, Pick<Api, "metadata" | "openApi" | "openApiParts"> {
  /** What the caller's role may do with each table; left out where there are no roles. */
  readonly grants?: readonly GrantAsJson[];
}

/** What of a request tells its profile: its headers and, for pages about the API, `?profile=`. */
export type ProfileAsked = Pick<ApiRequest, "method" | "header" | "query">;

export interface Api {
  /**
   * The place a path leads to, for hosts that want to know before they hand a request over. It belongs to the tree of this
   * moment, and a request that is handled with it runs there, whatever was read meanwhile. `asked` is the request as far as it
   * tells its profile; left out, it is for the first one.
   */
  match(path: string, asked?: ProfileAsked): Match | undefined;
  /** The same for a path that `match` does not know: asks the database, now and then, whether it has more than was read. */
  find(path: string, query?: string, asked?: ProfileAsked): Promise<Match | undefined>;
  /** Answers a request; `undefined` when no route has its path, so that the host may pass it on. */
  handle(request: ApiRequest, matched?: Match): Promise<ApiResponse | undefined>;
  /** The route tree in use: another one after the schema has changed. It never changes itself, so that what is made of it can be kept by it. */
  readonly tree: RouteTree;
  /** The schema in use, in the same way. */
  readonly schema: Schema;
  /** What there is to say of an API without tables, or without relations, as it was when it was opened. */
  readonly emptiness: Emptiness | undefined;
  /** When it was read, its digest, and why the last re-read failed, if it did. */
  readonly schemaState: SchemaState;
  /**
   * Reads the schema again, and takes it up where it has changed; requests in flight finish in the one before. Rejects where it
   * cannot be read, or the options name what is gone: then the one before stays, and `schemaState.problem` says why. With
   * `tables` there is nothing to read: it answers `source: "config"`.
   */
  refresh(): Promise<Refreshed>;
  /** Calls `listener` whenever another schema was taken up, or a re-read has failed. Answers a function that ends it. */
  onChange(listener: (state: SchemaState) => void): () => void;
  /** The API of each of `profiles`, by their names; the first is that of requests which name none. Left out without that option. */
  readonly profiles?: ReadonlyMap<string, Api>;
  readonly dialect: Dialect;
  readonly knex: Knex;
  readonly limits: Limits;
  /** Is the database there, which is it, and what was read of it when? Costs one tiny statement; never rejects. */
  health(): Promise<Health>;
  /**
   * May requests be sent here? Does the database answer, or is a replica there that reads can go to? Then writes are a 503 as long as
   * the database itself is away. Never rejects; asks nothing while a replica is known to be there.
   */
  ready(): Promise<boolean>;
  /** Tables, columns, keys, relations and their evidence, as plain data; the same object as long as the tree is. */
  metadata(): Metadata;
  /** The OpenAPI document of the tree in use. */
  openApi(said?: OpenApiOptions): OpenApiDocument;
  /** The same in parts, for who makes a large one step by step. */
  openApiParts(said?: OpenApiOptions): DocumentParts;
  /** The same for a caller: with `roles`, cut to what theirs may use. Left out, it is for those who say nothing of themselves. */
  as(caller?: Caller): ShownApi;
  /** Grants of `roles` that look like mistakes. Asks the database which columns have an index. */
  checkRoles(): Promise<readonly Finding[]>;
  /** Who sent a request; left out where nobody signs in. Throws an `HttpError` for credentials that are not valid, or name no role. */
  readonly identify?: Identify;
  /** Ends the connections that were opened here. A knex instance that was handed in stays open. */
  close(): Promise<void>;
}
