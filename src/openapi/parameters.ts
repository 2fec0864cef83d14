// The parameters of one table's operations: row addresses, and what lists take in their query. Examples are made of the tables.
import { type Column, fieldOf } from "../schema/schema.js";
import { deletedColumn } from "../schema/soft-delete.js";
import { shownAs } from "./column.js";
import { CAST_TYPES, common, DATE_PARTS, joinedFilters, orderBy, queryText } from "./common-parameters.js";
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
    return {
      ...orderBy,
      description: `${orderBy.description}${orderThrough(of, ground)}`,
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
      `What a row shows: columns joined by \`,\`, \`alias:column\`, \`*\`; \`-column\` for all but this one; \`column::text\` as another type (\`${CAST_TYPES}\`), which only a field of another name may have by this document: \`alias:column::text\`.`,
      relation === undefined
        ? ""
        : `Related rows: \`${relation.name}(…)\`, \`alias:${relation.name}(…)\`, \`${relation.name}!inner(…)\`, and \`...relation(…)\` for the fields of one related row in the row itself; a list of them is cut by \`${relation.name}.limit=5\`, \`.offset\`, \`.order-by\` and filters, at most ${maxEmbeds} relations on ${maxEmbedDepth} levels.`,
      `On lists also aggregates, grouped by the plain columns: \`count()\`, \`price.max()\`, \`sum avg min max\`, \`joined.month\` for a part of a date (\`${DATE_PARTS}\`), and \`distinct.${first ?? "city"}\` for each value once.`,
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
  return logic.map((name) => own(of, name, ground, () => joinedFilters(name, example, reach, [example])));
}

const logic = ["and", "or", "not.and", "not.or"];

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

const own = ({ name }: Described, parameter: string, { components }: Ground, make: () => JsonSchema): JsonSchema =>
  components.ref("parameters", `${name}.query.${parameter}`, make);

/** Where writes may be sent twice: the key by which they are known again. */
export const keyedParameters = (method: string, ground: Ground): JsonSchema[] =>
  ground.keyed && (method === "POST" || method === "PATCH") ? [common("Idempotency-Key", ground)] : [];
