// Parameters that are the same for every table, and the pieces that those of a table are made of too.
import { dateParts } from "../plan/date-parts.js";
import { casts } from "../request/casts.js";
import type { Ground } from "./ground.js";
import { parameterApart } from "./names.js";
import type { JsonSchema } from "./schema.js";

/** As descriptions name them. */
export const DATE_PARTS = dateParts.join(" ");
export const CAST_TYPES = casts.join(" ");

const query = (name: string): JsonSchema => ({ name, in: "query" });

/** `:` `,` `(` and the like need no escapes there, and clients may write them as they are. */
export const queryText = (name: string): JsonSchema => ({ ...query(name), allowReserved: true });

/** A parameter by its name, or by what tells it from others of the name. */
export function common(name: string, ground: Ground): JsonSchema {
  const make = () => commonParameters[name]?.(ground) as JsonSchema;
  return ground.components.ref("parameters", parameterApart(name, ground.schemaNames), make);
}

/** Are there components of this name, beside those of columns? */
export const isSharedParameter = (name: string): boolean => sharedNames.has(name.toLowerCase());

export const header = (name: string, description: string, ...examples: readonly string[]): JsonSchema => ({
  ...{ name, in: "header", description },
  schema: { type: "string", examples },
});

const wholeNumber = (name: string, description: string, more: JsonSchema): JsonSchema => ({
  ...query(name),
  description,
  schema: { type: "integer", minimum: 0, ...more },
});

const cursor = (name: string, where: string): JsonSchema => ({
  ...query(name),
  description: `The page ${where} a cursor, which is taken whole from a list's \`Link\` header.`,
  schema: { type: "string" },
});

export const orderBy: JsonSchema = {
  ...queryText("order-by"),
  description:
    "Sorting: columns joined by `,`, each with `:asc` or `:desc` (when left out) and `:nullsfirst` or `:nullslast`; through relations to one row too, by the number of related rows, as `tracks.count()`, and by parts of dates, as `joined.month`. By primary key when left out.",
  schema: { type: "string" },
};

const commonParameters: Readonly<Record<string, (ground: Ground) => JsonSchema>> = {
  select: ({ limits }) => ({
    ...queryText("select"),
    description: `What a row shows: columns joined by \`,\`, \`alias:column\`, \`*\`; \`-column\` for all but this one; \`column::text\` as another type (\`${CAST_TYPES}\`), which only a field of another name may have by this document: \`alias:column::text\`. Related rows, at most ${limits.maxEmbeds} relations on ${limits.maxEmbedDepth} levels: \`relation(…)\`, \`alias:relation(…)\`, \`relation!inner(…)\`, and \`...relation(…)\` for the fields of one related row in the row itself; a list of them is cut by \`relation.limit=5\`, \`.offset\`, \`.order-by\` and filters. On lists also aggregates, grouped by the plain columns: \`count()\`, \`price.max()\`, \`sum avg min max\`, \`joined.month\` for a part of a date (\`${DATE_PARTS}\`), and \`distinct.column\` for each value once.`,
    schema: { type: "string", examples: ["*"] },
  }),
  "order-by": () => orderBy,
  "column-filters": () => ({
    ...queryText("column-filters"),
    description:
      "Filters of columns, each by its name, as a list takes them; of related rows, as `artist.name=startswith:A`, `artist=is:null`, `tracks.count()=gt:5`; and what cuts related rows, as `tracks.limit=5`. Filters joined are `and`, `or`, `not.and` and `not.or`, as `or=(a=gt:1,b=is:null)`.",
    ...{ style: "form", explode: true },
    schema: {
      type: "object",
      additionalProperties: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
    },
  }),
  search: () => ({
    ...queryText("search"),
    description: "Rows that hold this text in any of their columns of text, in any case; literally, without wildcards.",
    schema: { type: "string", minLength: 1, maxLength: 200, examples: ["a"] },
  }),
  having: () => ({
    ...queryText("having"),
    description:
      "Keeps groups, by the fields of a `select` with aggregates: `count=gt:5`, `or(count=gt:5,mean=lt:30)`.",
    schema: { type: "string", examples: ["count=gt:1"] },
  }),
  ...Object.fromEntries(
    ["and", "or", "not.and", "not.or"].map((name) => [
      name,
      () =>
        joinedFilters(
          name,
          "(a=gt:1,b=is:null)",
          " Columns that are called as a parameter is are filtered in here alone.",
          [],
        ),
    ]),
  ),
  limit: ({ limits }) =>
    wholeNumber("limit", `The most rows; more than ${limits.maxLimit} are cut to that.`, {
      default: limits.defaultLimit,
    }),
  offset: () => wholeNumber("offset", "How many rows to leave out before.", { default: 0 }),
  after: () => cursor("after", "behind"),
  before: () => cursor("before", "before"),
  count: () => ({
    ...query("count"),
    description: "Adds `X-Total-Count` and `Content-Range`.",
    schema: { type: "string", enum: ["exact", "estimated"] },
  }),
  envelope: () => ({
    ...query("envelope"),
    description: "The rows in an object with `table`, `total`, `limit`, `offset` and `filters`. JSON's alone.",
    schema: { type: "boolean", default: false },
  }),
  deleted: () => ({
    ...query("deleted"),
    description: "Deleted rows too (`with`), or only those (`only`). With roles it takes the right `restore`.",
    schema: { type: "string", enum: ["with", "only"] },
  }),
  "on-conflict": () => ({
    ...query("on-conflict"),
    description: "What is done with a row that stands already: it is changed, or left as it is.",
    schema: { type: "string", enum: ["merge", "ignore"] },
  }),
  "conflict-columns": () => ({
    ...query("conflict-columns"),
    description: "The columns of the key by which a row stands already, joined by `,`; the primary key when left out.",
    schema: { type: "string" },
  }),
  Range: () => header("Range", "`limit` and `offset` as a header; answered with 206.", "items=0-24"),
  "Idempotency-Key": () => ({
    ...header(
      "Idempotency-Key",
      "A text that no other request has. Sent again with it, the request is answered as before, with `Idempotent-Replayed: true`, and nothing is done twice.",
      '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    ),
  }),
  "Range.bytes": () => header("Range", "A part of the bytes, answered with 206.", "bytes=0-1023", "bytes=-100"),
  "If-Match": () =>
    header("If-Match", "The `ETag` that the row must still have, or 412; `*` for any row.", '"nB2…"', "*"),
  "If-None-Match": () => header("If-None-Match", "An `ETag` that is known already, or `*` for any row.", '"nB2…"', "*"),
};

const sharedNames: ReadonlySet<string> = new Set(
  [...Object.keys(commonParameters), "Prefer", "Accept-Profile", "Content-Profile"].map((name) => name.toLowerCase()),
);

/** One of `and`, `or`, `not.and` and `not.or`. */
export const joinedFilters = (
  name: string,
  example: string,
  reach: string,
  examples: readonly string[],
): JsonSchema => ({
  ...queryText(name),
  description: `Filters joined by ${name.replace("not.", "NOT ").replace("and", "AND").replace("or", "OR")}: \`${name}=${example}\`; they nest, as in \`(a=1,or(b=2,c=3))\`. A value with \`,\` \`(\` or \`)\` stands in double quotes.${reach}`,
  schema: {
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    ...(examples.length > 0 && { examples }),
  },
});
