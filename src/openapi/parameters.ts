// The parameters of operations: row addresses, what lists take in their query, and headers. Examples are made of the tables.
import { dateParts } from "../plan/date-parts.js";
import { casts } from "../request/casts.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { deletedColumn } from "../schema/soft-delete.js";
import { shownAs } from "./column.js";
import { exampleOf, filtersOf, hiddenByWords } from "./filters.js";
import { type Described, type Ground, relationsOf, tableIn } from "./ground.js";
import { type JsonSchema, tupleOf } from "./schema.js";

/** A row's address: its primary key. */
export function keyParameter(of: Described, param: string, ground: Ground): JsonSchema {
  const { name, resource } = of;
  const { components, terse } = ground;
  if (terse) return components.same("parameters", `key.${param}`, keyOf(of, param, "", ground));
  const whose = ` of a row of ${resource.name}`;
  return components.ref("parameters", `${name}.path.${param}`, () => keyOf(of, param, whose, ground));
}

function keyOf(of: Described, param: string, whose: string, ground: Ground): JsonSchema {
  const { primaryKey } = of.resource;
  const parts = primaryKey.map((column) => keyPart(of, column, ground));
  const fields = primaryKey.map((column) => fieldOf(of.columns.get(column) as Column));
  const single = parts.length === 1;
  const whole = single ? "The primary key" : "The values of the primary key, joined by `,`";
  return {
    ...{ name: param, in: "path", required: true },
    description: `${whole}${whose}: ${fields.join(",")}.`,
    schema: single ? (parts[0] as JsonSchema) : tupleOf(parts),
    ...(single ? {} : { style: "simple", explode: false }),
  };
}

/** Text stays text; a number whose digits a double would round may be sent as text. */
function keyPart({ columns }: Described, name: string, { bigNumbers }: Ground): JsonSchema {
  const { type } = columns.get(name) as Column;
  const { maxLength: _, format, ...schema } = shownAs(type, bigNumbers);
  const exact = format === "int64" || format === "uint64" || type.kind === "decimal";
  // Of a required parameter with two types Swagger UI says that it is missing, whatever stands there (5.35).
  if (exact && schema.type !== "string") return { anyOf: [schema, { type: "string" }] };
  return format === undefined ? schema : { ...schema, format };
}

/** What a list is asked for. */
export const listParameters = (of: Described, ground: Ground): JsonSchema[] => [
  ...filtersOf(of, ground),
  ...(ground.terse && relationsOf(of).length > 0 ? [common("column-filters", ground)] : []),
  ...logicOf(of, ground),
  selectOf(of, ground),
  orderOf(of, ground),
  ...(of.shown.some(({ type }) => type.kind === "text") ? [common("search", ground)] : []),
  ...deletedOf(of, ground),
  ...["having", "limit", "offset", "after", "before", "count", "envelope", "Range"].map((name) => common(name, ground)),
];

/** Which rows are meant, where some are marked as deleted. */
export const deletedOf = ({ resource }: Described, ground: Ground): JsonSchema[] =>
  deletedColumn(resource.columns) === undefined ? [] : [common("deleted", ground)];

function orderOf(of: Described, ground: Ground): JsonSchema {
  if (ground.terse) return common("order-by", ground);
  return own(of, "order-by", ground, () => {
    const said = commonParameters["order-by"]?.(ground) as JsonSchema;
    return {
      ...said,
      description: `${said.description}${orderThrough(of, ground)}`,
      schema: { type: "string", examples: [orderExample(of)] },
    };
  });
}

/** What a row is asked for. */
export const rowParameters = (of: Described, ground: Ground): JsonSchema[] => [
  selectOf(of, ground),
  ...deletedOf(of, ground),
  common("If-None-Match", ground),
];

/** Which rows of a list a write is for. */
export const selectionParameters = (of: Described, ground: Ground): JsonSchema[] =>
  ground.terse ? [common("column-filters", ground)] : [...filtersOf(of, ground), ...logicOf(of, ground)];

const PARTS = dateParts.join(" ");
const TYPES = casts.join(" ");

function selectOf(of: Described, ground: Ground): JsonSchema {
  if (ground.terse) return common("select", ground);
  const relation = relationsOf(of).find(({ name }) => isWord(name));
  const [first, second] = of.shown.map(fieldOf).filter(isWord);
  const plain = [first ?? "*", ...(second === undefined ? [] : [second])].join(",");
  const related = relation === undefined ? "" : `,${relation.name}(*)`;
  const { maxEmbedDepth, maxEmbeds } = ground.limits;
  return own(of, "select", ground, () => ({
    ...queryText("select"),
    description: [
      `What a row shows: columns joined by \`,\`, \`alias:column\`, \`*\`; \`-column\` for all but this one; \`column::text\` as another type (\`${TYPES}\`).`,
      relation === undefined
        ? ""
        : `Related rows: \`${relation.name}(…)\`, \`alias:${relation.name}(…)\`, \`${relation.name}!inner(…)\`, and \`...relation(…)\` for the fields of one related row in the row itself; a list of them is cut by \`${relation.name}.limit=5\`, \`.offset\`, \`.order-by\` and filters, at most ${maxEmbeds} relations on ${maxEmbedDepth} levels.`,
      `On lists also aggregates, grouped by the plain columns: \`count()\`, \`price.max()\`, \`sum avg min max\`, \`joined.month\` for a part of a date (\`${PARTS}\`), and \`distinct.${first ?? "city"}\` for each value once.`,
    ]
      .filter((text) => text !== "")
      .join(" "),
    schema: { type: "string", examples: [plain + related] },
  }));
}

/** A name that stands in `select` as it is. */
const isWord = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

function logicOf(of: Described, ground: Ground): JsonSchema[] {
  if (ground.terse) return logic.map((name) => common(name, ground));
  const hidden = hiddenByWords(of);
  const [field = "", other] = of.shown.filter(({ type }) => type.kind !== "json").map(filterText);
  const example = `(${field}${other === undefined ? "" : `,${other}`})`;
  const reach = hidden.length === 0 ? "" : ` The columns ${hidden.join(", ")} are filtered in here alone.`;
  return logic.map((name) => own(of, name, ground, () => joined(name, example, reach, [example])));
}

const logic = ["and", "or", "not.and", "not.or"];

const joined = (name: string, example: string, reach: string, examples: readonly string[]): JsonSchema => ({
  ...queryText(name),
  description: `Filters joined by ${name.replace("not.", "NOT ").replace("and", "AND").replace("or", "OR")}: \`${name}=${example}\`; they nest, as in \`(a=1,or(b=2,c=3))\`. A value with \`,\` \`(\` or \`)\` stands in double quotes.${reach}`,
  schema: {
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    ...(examples.length > 0 && { examples }),
  },
});

const filterText = (column: Column): string =>
  `${/[,()="]/.test(fieldOf(column)) ? JSON.stringify(fieldOf(column)) : fieldOf(column)}=${inLogic(exampleOf(column))}`;

/** Inside parentheses a comma ends a filter. */
const inLogic = (text: string): string => (text.includes(",") ? `not.is:null` : text);

const orderExample = ({ shown }: Described): string => {
  const sortable = shown.filter(({ type }) => !["json", "array", "other", "binary"].includes(type.kind));
  const plain = sortable.filter((column) => isWord(fieldOf(column)));
  return `${fieldOf(plain.at(-1) ?? sortable.at(-1) ?? (shown[0] as Column))}:asc`;
};

function orderThrough(of: Described, ground: Ground): string {
  const parent = relationsOf(of).find(({ many }) => !many);
  const [column] = parent === undefined ? [] : tableIn(ground, parent.table).shown;
  return parent === undefined || column === undefined ? "" : ` \`${parent.name}.${fieldOf(column)}:asc\``;
}

const query = (name: string): JsonSchema => ({ name, in: "query" });

/** `:` `,` `(` and the like need no escapes there, and clients may write them as they are. */
const queryText = (name: string): JsonSchema => ({ ...query(name), allowReserved: true });

const own = ({ name }: Described, parameter: string, { components }: Ground, make: () => JsonSchema): JsonSchema =>
  components.ref("parameters", `${name}.query.${parameter}`, make);

/** Where writes may be sent twice: the key by which they are known again. */
export const keyedParameters = (method: string, ground: Ground): JsonSchema[] =>
  ground.keyed && (method === "POST" || method === "PATCH") ? [common("Idempotency-Key", ground)] : [];

/** Parameters that are the same for every table. */
export function common(name: string, ground: Ground): JsonSchema {
  return ground.components.ref("parameters", name, () => commonParameters[name]?.(ground) as JsonSchema);
}

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

const commonParameters: Readonly<Record<string, (ground: Ground) => JsonSchema>> = {
  select: ({ limits }) => ({
    ...queryText("select"),
    description: `What a row shows: columns joined by \`,\`, \`alias:column\`, \`*\`; \`-column\` for all but this one; \`column::text\` as another type (\`${TYPES}\`). Related rows, at most ${limits.maxEmbeds} relations on ${limits.maxEmbedDepth} levels: \`relation(…)\`, \`alias:relation(…)\`, \`relation!inner(…)\`, and \`...relation(…)\` for the fields of one related row in the row itself; a list of them is cut by \`relation.limit=5\`, \`.offset\`, \`.order-by\` and filters. On lists also aggregates, grouped by the plain columns: \`count()\`, \`price.max()\`, \`sum avg min max\`, \`joined.month\` for a part of a date (\`${PARTS}\`), and \`distinct.column\` for each value once.`,
    schema: { type: "string", examples: ["*"] },
  }),
  "order-by": () => ({
    ...queryText("order-by"),
    description:
      "Sorting: columns joined by `,`, each with `:asc` or `:desc` (when left out) and `:nullsfirst` or `:nullslast`; through relations to one row too, by the number of related rows, as `tracks.count()`, and by parts of dates, as `joined.month`. By primary key when left out.",
    schema: { type: "string" },
  }),
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
        joined(
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
