// One way to say who asks: what opens it is given, and what comes of it.

import type { Logger } from "../base/logger.js";
import type { GivenDb } from "../database/open-knex.js";
import type { OpenDatabase } from "../database/session.js";
import type { Caller } from "../http/caller.js";
import type { ApiRequest } from "../http/message.js";
import type { AuthPages } from "./mounted-pages.js";

/** One way to say who asks. Several may be on at once. */
export interface AuthMethod {
  /** Who sent this; nobody where it carries no credentials of this kind. Throws 401 for such that are not valid, 403 for such without a role. */
  identify(request: ApiRequest): Promise<Caller | undefined>;
  /** For the document: OpenAPI's security schemes by their names. */
  readonly schemes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Pages below the mount point, such as `/auth/token`. */
  readonly pages?: AuthPages;
  close?(): Promise<void>;
}

/** What a method may need when it is opened. */
export interface AuthGround {
  /** The roles' names, in the order of the config. */
  readonly roles: readonly string[];
  /** Where what signing in keeps is kept. */
  readonly database: OpenDatabase;
  /** What names it, where it is another one than the API's. */
  readonly elsewhere?: GivenDb;
  readonly logger: Logger | undefined;
  /** How many of them before the API are to be believed. */
  readonly proxies: number;
  /** Can nothing be written there? */
  readonly readOnly: boolean;
  /** Will nobody sign in? Then no table is looked for, or made. */
  readonly looks: boolean;
}
