// What one database must be able to do for sapwood, in parts. Code outside this folder asks a dialect what it can do, never which one
// it is. README.md beside this says how a new one is written.
import type { AdministrationPart } from "./parts/administration.js";
import type { CallPart } from "./parts/calls.js";
import type { CastPart } from "./parts/casts.js";
import type { CataloguePart } from "./parts/catalogue.js";
import type { DefinitionPart } from "./parts/definition.js";
import type { DriverPart } from "./parts/driver.js";
import type { ErrorPart } from "./parts/errors.js";
import type { ExpressionPart } from "./parts/expressions.js";
import type { JsonPart } from "./parts/json.js";
import type { ReplicationPart } from "./parts/replication.js";
import type { SessionPart } from "./parts/session.js";
import type { WritePart } from "./parts/writes.js";
import type { FullTextSearch } from "./statement-parts.js";

export interface Dialect
  extends DriverPart,
    CataloguePart,
    SessionPart,
    ReplicationPart,
    ErrorPart,
    ExpressionPart,
    JsonPart,
    WritePart,
    CallPart,
    CastPart,
    DefinitionPart,
    AdministrationPart {
  /** As contract and documents call it: `sqlite`, `postgres`, `mysql`, `mssql`. */
  readonly name: string;
  /**
   * The same dialect, whose statements always answer, if not as fast: what runs where those of this one fail or fall short. It
   * has no `embedMany`, so that its rows come level by level and are counted as they come.
   */
  readonly fallback?: Dialect;
  /** What this server can do beyond what all that go by this name can; asked once, at the start. */
  forServer?: (version: string) => Dialect;
  readonly search: FullTextSearch;
}
