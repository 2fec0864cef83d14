// A route → its operation: what it takes, and what it may answer.
import type { Join, Route, Step } from "../routes/tree.js";
import { createOf, idsOf, isNeeded, linkOf, replaceOf, updateManyOf, updateOf } from "./bodies.js";
import { type Described, type Ground, relationsOf, tableIn } from "./ground.js";
import { common, listParameters, rowParameters, selectionParameters } from "./parameters.js";
import { preferOf, promised } from "./prefer.js";
import { type Answer, type HeaderName, problemResponse, toResponse } from "./responses.js";
import { listOf, rowOf, rowOrRows, selectionOf } from "./rows.js";
import type { JsonSchema } from "./schema.js";

interface Parts {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly JsonSchema[];
  readonly body?: JsonSchema;
  readonly answers: Readonly<Partial<Record<number, Answer>>>;
  /** Beside those that every operation has. */
  readonly refusals: readonly number[];
}

export function toOperation(route: Route, ground: Ground): JsonSchema {
  const { summary, description, parameters = [], body, answers, refusals } = operations[route.operation](route, ground);
  const addressed = route.steps.some(({ param }) => param !== undefined);
  const all = [
    400,
    ...(addressed ? [404] : []),
    406,
    ...refusals,
    ...(ground.secured ? [401, 403] : []),
    500,
    503,
    504,
  ];
  const statuses = [...new Set(all)].sort((a, b) => a - b);
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(route, status, answer as Answer, ground)]),
      ),
      ...Object.fromEntries(statuses.map((status) => [status, problemResponse(status, ground.components)])),
    },
  };
}

/** Wherever a table's rows are reached, they are answered in the same way. */
function answerOf(route: Route, status: string, answer: Answer, ground: Ground): JsonSchema {
  const of = route.operation === "link" ? linkTable(route, ground) : tableIn(ground, route.table);
  const table = answer.schema === undefined ? [] : [of.name];
  const { components } = ground;
  return components.ref("responses", [...table, route.operation, status].join("."), () =>
    toResponse(answer, components),
  );
}

const written: readonly number[] = [403, 409, 413, 415, 422];

const operations: Record<Route["operation"], (route: Route, ground: Ground) => Parts> = {
  list(route, ground) {
    const of = tableIn(ground, route.table);
    const rows = { schema: listOf(of, ground), csv: true };
    const headers: HeaderName[] = ["Link", "X-Total-Count", "Content-Range"];
    return {
      summary: `List ${of.resource.name}${wherein(route, ground)}`,
      ...throughRelations(of, ground),
      parameters: listParameters(of, ground),
      answers: {
        200: { description: "The rows.", headers, ...rows },
        206: { description: "The rows of the `Range`.", headers: ["X-Total-Count", "Content-Range"], ...rows },
      },
      refusals: [416],
    };
  },
  read(route, ground) {
    const of = tableIn(ground, route.table);
    return {
      summary: `Read ${one(of)}${wherein(route, ground)}`,
      parameters: rowParameters(of, ground),
      answers: {
        200: { description: "The row.", headers: ["ETag"], schema: selectionOf(of, ground) },
        304: { description: "The row is the one that `If-None-Match` names.", headers: ["ETag"] },
      },
      refusals: [],
    };
  },
  create(route, ground) {
    const of = tableIn(ground, route.table);
    const { limits } = ground;
    const row = createOf(of, ground, filledBy(route));
    const most = of.resource.transactional === false ? 1 : limits.maxRows;
    const schema = rowOrRows(rowOf(of, ground));
    const keys = of.resource.primaryKey.length + of.resource.uniqueKeys.length;
    return {
      summary: `Create ${one(of)}, or several${wherein(route, ground)}`,
      description: promised(
        of.resource,
        "An array is all or nothing. Related rows may stand under their relations' names.",
      ),
      parameters: [
        ...(keys === 0 ? [] : ["on-conflict", "conflict-columns"]).map((name) => common(name, ground)),
        preferOf("Prefer", ground, of.resource),
      ],
      body: {
        required: needsBody(of, filledBy(route)),
        content: {
          "application/json": { schema: { anyOf: [row, { type: "array", maxItems: most, items: row }] } },
          "text/csv": {
            schema: { type: "string", description: "The first line names columns, each further one is a row." },
          },
        },
      },
      answers: {
        ...(keys === 0
          ? {}
          : {
              200: { description: "Rows that stood already, as they are now.", headers: ["ETag?", ...applied], schema },
            }),
        201: { description: "The new row, or rows.", headers: ["ETag?", "Location", ...applied], schema },
        ...(keys === 0 ? {} : { 204: { ...minimal, headers: ["ETag?", ...applied] } }),
      },
      refusals: written,
    };
  },
  replace(route, ground) {
    const of = tableIn(ground, route.table);
    const kept = filledBy(route);
    const row: Omit<Answer, "description"> = { headers: ["ETag", ...applied], schema: rowOf(of, ground) };
    return {
      summary: `Replace ${one(of)}${wherein(route, ground)}`,
      description: "Columns that are left out fall back to their default or NULL.",
      parameters: [...conditions(ground), preferOf("Prefer.put", ground, of.resource)],
      body: json(replaceOf(of, ground, kept), needsBody(of, [...kept, ...of.resource.primaryKey])),
      answers: {
        200: { description: "The row as it is now.", ...row },
        201: { description: "The row is new.", ...row, headers: ["ETag", "Location", ...applied] },
        204: { ...minimal, headers: ["ETag", ...applied] },
      },
      refusals: [...written, 412],
    };
  },
  update(route, ground) {
    const of = tableIn(ground, route.table);
    return {
      summary: `Change ${one(of)}${wherein(route, ground)}`,
      parameters: [...conditions(ground), preferOf("Prefer", ground, of.resource)],
      body: json(updateOf(of, ground), false),
      answers: {
        200: { description: "The row as it is now.", headers: ["ETag", ...applied], schema: rowOf(of, ground) },
        204: { ...minimal, headers: ["ETag", ...applied] },
      },
      refusals: [...written, 412],
    };
  },
  delete: (route, ground) => ({
    summary: `Delete ${one(tableIn(ground, route.table))}${wherein(route, ground)}`,
    parameters: [...conditions(ground), preferOf("Prefer", ground, tableIn(ground, route.table).resource)],
    answers: { 204: { description: "The row is gone.", headers: ["Preference-Applied"] } },
    refusals: [403, 409, 412],
  }),
  updateMany(route, ground) {
    const of = tableIn(ground, route.table);
    return {
      summary: `Change the ${of.resource.name}${wherein(route, ground)} that the filters select`,
      description: `${FILTERED}${promised(of.resource, "")}`.trimEnd(),
      parameters: [...selectionParameters(of, ground), preferOf("Prefer.many", ground, of.resource)],
      body: json(updateManyOf(of, ground), false),
      answers: { 200: many("The rows as they are now.", of, ground), 204: { ...minimal, headers: counted } },
      refusals: [...written, 412],
    };
  },
  deleteMany: (route, ground) => removal(route, "Delete", tableIn(ground, route.table), ground),
  unlinkMany: (route, ground) => removal(route, "Unlink", linkTable(route, ground), ground),
  link(route, ground) {
    const of = linkTable(route, ground);
    const ends = endsOf(route);
    const row: Omit<Answer, "description"> = { headers: ["Preference-Applied"], schema: rowOf(of, ground) };
    return {
      summary: `Link ${one(tableIn(ground, route.table))}${wherein(route, ground)}`,
      parameters: [preferOf("Prefer", ground, of.resource)],
      body: json(linkOf(of, ends, ground), needsBody(of, ends)),
      answers: {
        200: { description: "The link stood already.", ...row },
        201: { description: "The link is new.", ...row },
        204: minimal,
      },
      refusals: hasFurther(of, ends) ? written : written.filter((status) => status !== 422),
    };
  },
  unlink: (route, ground) => ({
    summary: `Unlink ${one(tableIn(ground, route.table))}${wherein(route, ground)}`,
    parameters: [preferOf("Prefer", ground, linkTable(route, ground).resource)],
    answers: { 204: { description: "The link is gone.", headers: ["Preference-Applied"] } },
    refusals: [403],
  }),
  relink(route, ground) {
    const of = tableIn(ground, route.table);
    const links = linkTable(route, ground).resource;
    return {
      summary: `Make these the ${of.resource.name}${wherein(route, ground)}`,
      description: promised(links, "Links that stay are not touched; rows themselves are never deleted."),
      parameters: [preferOf("Prefer", ground, links)],
      body: json(idsOf(of, ground), true),
      answers: {
        200: {
          description: "The list as it is now.",
          headers: ["Link", "Preference-Applied"],
          schema: { type: "array", items: selectionOf(of, ground) },
        },
        204: { ...minimal, headers: ["Link", ...applied] },
      },
      refusals: written,
    };
  },
};

const FILTERED = "Takes a filter at least; every row is `?key=is:notnull`. ";
const conditions = (ground: Ground) => ["If-Match", "If-None-Match"].map((name) => common(name, ground));

const applied: readonly HeaderName[] = ["Preference-Applied"];
const counted: readonly HeaderName[] = ["X-Total-Count", "Preference-Applied"];
const minimal: Answer = { description: "Done, with `return=minimal`.", headers: applied };

const many = (description: string, of: Described, ground: Ground): Answer => ({
  description,
  headers: counted,
  schema: { type: "array", items: rowOf(of, ground) },
});

const json = (schema: JsonSchema, required: boolean): JsonSchema => ({
  required,
  content: { "application/json": { schema } },
});

/** `written` is the table that loses rows: that of the links, or the route's own. */
function removal(route: Route, verb: string, written: Described, ground: Ground): Parts {
  const of = tableIn(ground, route.table);
  return {
    summary: `${verb} the ${of.resource.name}${wherein(route, ground)} that the filters select`,
    description: `${FILTERED}${promised(written.resource, "")}`.trimEnd(),
    parameters: [...selectionParameters(of, ground), preferOf("Prefer.many", ground, written.resource)],
    answers: {
      200: many("The rows as they were, with `return=representation`.", of, ground),
      204: { description: "Done.", headers: counted },
    },
    refusals: [403, 409, 412],
  };
}

const one = ({ resource }: Described): string => {
  const words = resource.noun.replaceAll("_", " ");
  return `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
};

/** ` of an artist` on nested routes. */
function wherein({ steps }: Route, ground: Ground): string {
  const parent = steps.at(-2);
  return parent === undefined ? "" : ` of ${one(tableIn(ground, parent.table))}`;
}

/** Columns that the path fills in. */
function filledBy({ steps }: Route): readonly string[] {
  const join = steps.at(-1)?.join;
  return join?.via === "child" ? join.columns : [];
}

const needsBody = ({ written }: Described, said: readonly string[]): boolean =>
  written.some((column) => isNeeded(column) && !said.includes(column.name));

const hasFurther = ({ written }: Described, ends: readonly string[]): boolean =>
  written.some(({ name }) => !ends.includes(name));

type LinkJoin = Extract<Join, { via: "link" }>;

const linkJoin = ({ steps }: Route): LinkJoin => (steps.at(-1) as Step).join as LinkJoin;
const linkTable = (route: Route, ground: Ground): Described => tableIn(ground, linkJoin(route).link);

function endsOf(route: Route): readonly string[] {
  const { near, far } = linkJoin(route);
  return [...near.columns, ...far.columns];
}

function throughRelations(of: Described, ground: Ground): { description?: string } {
  const relation = relationsOf(of)[0];
  const column = relation && tableIn(ground, relation.table).shown[0];
  if (relation === undefined || column === undefined) return {};
  return {
    description: `Filters lead through relations too, to five of them: \`?${relation.name}.${column.as ?? column.name}=…\`.`,
  };
}
