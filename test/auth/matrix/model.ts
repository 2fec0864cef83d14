// A request and a role → what must be answered, and what the tables then hold: worked out over arrays, without a line of src.
import type { Ask, Step } from "./ask.js";
import { type Relation, type Row, relations, type State, type TableName, tableNames, tables } from "./rows.js";
import { type Access, follow } from "./rules.js";

export interface Predicted {
  /** Of several faults either may be told; of none there is one. */
  readonly status: readonly number[];
  readonly body?: unknown;
  readonly state: State;
}

/** What is wrong with a write, by status. */
type Faults = readonly number[];

export function predict(access: Access, state: State, ask: Ask): Predicted {
  const refused = (...status: number[]): Predicted => ({ status, state });
  const { op, steps } = ask;
  if (op === "nest") return nested(access, state, ask) ?? refused(...any4xx);
  if (!mayUse(access, ask)) return refused(403);
  const way = walk(access, state, steps);
  const last = steps.at(-1) as Step;
  const { table } = last;
  // Bodies are read first, and say what they say of a row that is not there, too.
  const faults = bodyFaults(access, ask);
  if (way === undefined) return refused(404, ...faults);
  const fits = (row: Row) => ask.titles === undefined || ask.titles.includes(String(row.title));
  const list = way.filter(fits);
  const shown = (rows: readonly Row[]) => inOrder(table, rows).map((row) => access.shown(table, row));
  const [target] = way;
  const written = (rows: readonly Row[], next: State, many: boolean, status = 200): Predicted => {
    const wrong = broken(next);
    const outside = rows.some((row) => !access.changes(table, row, next)) ? [403] : [];
    if (wrong.length + outside.length + faults.length > 0) return refused(...wrong, ...outside, ...faults);
    return { status: [status], body: many ? shown(rows) : access.shown(table, rows[0] as Row), state: next };
  };
  switch (op) {
    case "list":
      return { status: [200], body: shown(list), state };
    case "read":
      return target ? { status: [200], body: access.shown(table, target), state } : refused(404);
    case "create": {
      const row = newRow(access, state, ask);
      return written([row], { ...state, [table]: [...state[table], row] }, false, 201);
    }
    case "merge":
    case "ignore": {
      const row = newRow(access, state, ask);
      if (op === "merge" && !access.may("update", table)) return refused(403);
      const stands = state[table].find((one) => keyText(table, one) === keyText(table, row));
      if (stands === undefined)
        return written([row], { ...state, [table]: [...state[table], row] }, false, op === "merge" ? 200 : 201);
      if (op === "ignore") {
        if (!access.sees(table, stands, state)) return refused(409, ...faults);
        return faults.length > 0 ? refused(...faults) : { status: [200], body: access.shown(table, stands), state };
      }
      // What is not the caller's to change stands in the way, as to a plain INSERT.
      if (!access.changes(table, stands, state)) return refused(409, ...faults);
      const merged = { ...stands, ...ask.body, ...access.set(table) };
      return written([merged], replaced(state, table, [stands], [merged]), false);
    }
    case "update":
    case "replace":
    case "putUpsert": {
      if (target === undefined) {
        if (op !== "putUpsert") return refused(404, ...faults);
        if (!access.may("create", table)) return refused(403);
        const row = newRow(access, state, { ...ask, body: { ...keyIn(last), ...ask.body } });
        return written([row], { ...state, [table]: [...state[table], row] }, false, 201);
      }
      if (op === "putUpsert" && !access.may("create", table)) return refused(403);
      if (!access.changes(table, target, state)) return refused(403, ...faults);
      const kept = last.relation?.join.via === "child" ? [last.relation.join.column] : [];
      const reset = tables[table].columns.filter(
        (column) => !tables[table].key.includes(column) && !kept.includes(column) && access.writes(table, column),
      );
      const empty = op === "update" ? {} : Object.fromEntries(reset.map((column) => [column, null]));
      const row = { ...target, ...empty, ...ask.body, ...access.set(table) };
      return written([row], replaced(state, table, [target], [row]), false);
    }
    case "delete": {
      if (target === undefined) return refused(404);
      if (!access.changes(table, target, state)) return refused(403);
      return removed(replaced(state, table, [target], []), state);
    }
    case "updateMany": {
      const own = list.filter((row) => access.changes(table, row, state));
      const next = own.map((row) => ({ ...row, ...ask.body, ...access.set(table) }));
      return written(next, replaced(state, table, own, next), true);
    }
    case "deleteMany":
      return removed(
        replaced(
          state,
          table,
          list.filter((row) => access.changes(table, row, state)),
          [],
        ),
        state,
      );
    case "link":
    case "unlink": {
      if (target === undefined) return refused(404, ...faults);
      const link = linkOf(steps, target);
      const stands = state.posts_tags.find((one) => keyText("posts_tags", one) === keyText("posts_tags", link));
      if (op === "unlink") {
        if (stands === undefined || !access.sees("posts_tags", stands, state)) return refused(404);
        if (!access.changes("posts_tags", stands, state)) return refused(403);
        return { status: [204], state: replaced(state, "posts_tags", [stands], []) };
      }
      const row = stands ?? { ...blank("posts_tags"), ...ask.body, ...link, ...access.set("posts_tags") };
      const next = stands ? state : { ...state, posts_tags: [...state.posts_tags, row] };
      if (faults.length > 0 || !access.changes("posts_tags", row, next)) return refused(403, ...faults);
      return { status: [stands ? 200 : 201], body: access.shown("posts_tags", row), state: next };
    }
    case "unlinkMany": {
      const links = list.map((row) => standing(state, linkOf(steps, row)));
      return unlinked(access, state, links as Row[], [204]) ?? refused(403);
    }
    case "relink":
      return relinked(access, state, ask, way) ?? refused(403);
    case "embed":
    case "through": {
      const relation = relations[table][ask.relation as string] as Relation;
      if (!access.has(table, relation)) return refused(400);
      const { to, many } = relation;
      const there = (row: Row) => related(access, state, row, relation).filter((one) => access.sees(to, one, state));
      if (op === "through") return { status: [200], body: shown(list.filter((row) => there(row).length > 0)), state };
      const within = (row: Row) => inOrder(to, there(row)).map((one) => access.shown(to, one));
      const body = inOrder(table, list).map((row) => ({
        ...access.shown(table, row),
        [ask.relation as string]: many ? within(row) : (within(row)[0] ?? null),
      }));
      return { status: [200], body, state };
    }
  }
}

const any4xx = [400, 403, 404, 409, 422];

/** A body with related rows: each is a request of its own, and one that is refused refuses them all. */
function nested(access: Access, state: State, ask: Ask): Predicted | undefined {
  const [at] = ask.steps as [Step];
  const { to, join } = relations[at.table][ask.relation as string] as Relation;
  if (!access.has(at.table, { to, join, many: true })) return undefined;
  let current = state;
  const done = (one: Ask): Predicted | undefined => {
    const predicted = predict(access, current, one);
    if ((predicted.status[0] as number) >= 300) return undefined;
    current = predicted.state;
    return predicted;
  };
  /** One that is named and there is changed, or only looked at; others are new. */
  const settled = (item: Row): boolean => {
    const { id, ...rest } = item;
    const steps: Step[] = [{ name: to, table: to, key: String(id) }];
    const isKeyOnly = Object.keys(rest).length === 0;
    const first: Ask = isKeyOnly ? { op: "read", steps } : { op: "update", steps, body: rest };
    if (done(first) !== undefined) return true;
    if (isKeyOnly || !predict(access, current, first).status.includes(404)) return false;
    return done({ op: "create", steps: [{ name: to, table: to }], body: item }) !== undefined;
  };
  const items = ask.related ?? [];
  const ids = items.map(({ id }) => id as number);
  const own: Ask = { op: at.key === undefined ? "create" : "update", steps: [at], body: ask.body ?? {} };
  const id = Number(at.key ?? ask.body?.id);
  if (join.via === "parent") {
    if (!items.every(settled)) return undefined;
    if (done({ ...own, body: { ...own.body, [join.column]: ids[0] ?? null } }) === undefined) return undefined;
  } else {
    if (done(own) === undefined) return undefined;
    const isNamed = (item: Row) => Object.keys(item).length === 1;
    // A row that names itself alone is given to another parent; the key alone makes none.
    const filled = (item: Row): Row => (join.via === "child" ? { ...item, [join.column]: id } : item);
    for (const item of items) {
      if (isNamed(item) && !current[to].some((row) => row.id === item.id && access.sees(to, row, current)))
        return undefined;
      if (!settled(filled(item))) return undefined;
    }
    if (join.via === "link") {
      if (!access.may("create", "posts_tags")) return undefined;
      const links = ids.map(
        (far): Row => ({ ...blank("posts_tags"), [join.near]: id, [join.far]: far, ...access.set("posts_tags") }),
      );
      const missing = links.filter((link) => standing(current, link) === undefined);
      current = { ...current, posts_tags: [...current.posts_tags, ...missing] };
      const all = links.map((link) => standing(current, link) as Row);
      if (all.some((link) => !access.changes("posts_tags", link, current))) return undefined;
    }
  }
  return { status: [at.key === undefined ? 201 : 200], state: current };
}

const rightsOf: Readonly<Record<Ask["op"], readonly string[]>> = {
  list: ["read"],
  read: ["read"],
  create: ["create"],
  merge: ["create"],
  ignore: ["create"],
  update: ["update"],
  replace: ["update"],
  putUpsert: ["update"],
  delete: ["delete"],
  updateMany: ["update"],
  deleteMany: ["delete"],
  link: ["create"],
  unlink: ["delete"],
  unlinkMany: ["delete"],
  relink: ["create", "delete"],
  embed: ["read"],
  through: ["read"],
  nest: [],
};
const onLinks: readonly string[] = ["link", "unlink", "unlinkMany", "relink"];
const creates: readonly string[] = ["create", "merge", "ignore"];

/** The route: rights on what is written, and a way there that is read. */
function mayUse(access: Access, { op, steps }: Ask): boolean {
  const written = onLinks.includes(op) ? "posts_tags" : (steps.at(-1) as Step).table;
  if (!rightsOf[op].every((right) => access.may(right, written))) return false;
  return steps.every(({ table, relation }, i) => {
    const isLast = i === steps.length - 1;
    const before = steps[i - 1];
    if (before === undefined || relation === undefined) return isLast || access.may("read", table);
    if (isLast && creates.includes(op) && relation.join.via === "child") {
      const { column } = relation.join;
      return (
        access.may("read", before.table) && (access.writes(table, column) || Object.hasOwn(access.set(table), column))
      );
    }
    return access.has(before.table, relation);
  });
}

/** The rows at the way's end that are there for the role; nothing where a row on the way is not. */
function walk(access: Access, state: State, steps: readonly Step[]): readonly Row[] | undefined {
  let rows: readonly Row[] = [];
  for (const [i, { table, relation, key, any }] of steps.entries()) {
    const [before] = rows;
    if (i > 0 && before === undefined) return undefined;
    const isAny = relation === undefined || any || before === undefined;
    const all = isAny ? state[table] : related(access, state, before, relation);
    const seen = all.filter((row) => access.sees(table, row, state));
    rows = key === undefined ? seen : seen.filter((row) => keyText(table, row) === key);
  }
  return rows;
}

function related(access: Access, state: State, row: Row, relation: Relation): readonly Row[] {
  if (relation.join.via !== "link") return follow(row, relation, state);
  const seen = state.posts_tags.filter((link) => access.sees("posts_tags", link, state));
  return follow(row, relation, { ...state, posts_tags: seen });
}

/** 400 for fields that are not there for the role, 403 for those that are not its to write. */
function bodyFaults(access: Access, { op, steps, body = {} }: Ask): Faults {
  const table = onLinks.includes(op) ? "posts_tags" : (steps.at(-1) as Step).table;
  const set = access.set(table);
  return Object.entries(body).flatMap(([column, value]) => {
    if (access.writes(table, column) || (Object.hasOwn(set, column) && String(set[column]) === String(value)))
      return [];
    return access.reads(table, column) || Object.hasOwn(set, column) ? [403] : [400];
  });
}

const blank = (table: TableName): Row => Object.fromEntries(tables[table].columns.map((column) => [column, null]));

function newRow(access: Access, state: State, { steps, body }: Ask): Row {
  const { table, relation } = steps.at(-1) as Step;
  const above = steps.length > 1 ? (walk(access, state, steps.slice(0, -1)) ?? []) : [];
  const foreign = relation?.join.via === "child" ? { [relation.join.column]: above[0]?.id ?? null } : {};
  return { ...blank(table), ...foreign, ...body, ...access.set(table) };
}

const keyIn = ({ table, key }: Step): Row =>
  Object.fromEntries((key as string).split(",").map((text, i) => [tables[table].key[i] as string, Number(text)]));

function linkOf(steps: readonly Step[], target: Row): Row {
  const [source, last] = steps.slice(-2) as [Step, Step & { readonly relation: Relation }];
  const { near, far } = last.relation.join as Extract<Relation["join"], { via: "link" }>;
  return { [near]: Number(source.key), [far]: target.id ?? null };
}

const standing = (state: State, link: Row): Row | undefined =>
  state.posts_tags.find((one) => keyText("posts_tags", one) === keyText("posts_tags", link));

/** Links that are there for the role; nothing where one of them is not its to change. */
function unlinked(
  access: Access,
  state: State,
  links: readonly Row[],
  status: readonly number[],
): Predicted | undefined {
  if (links.some((link) => !access.changes("posts_tags", link, state))) return undefined;
  return { status, state: replaced(state, "posts_tags", links, []) };
}

function relinked(access: Access, state: State, { steps, ids = [] }: Ask, way: readonly Row[]): Predicted | undefined {
  const { table } = steps.at(-1) as Step;
  const known = state[table].filter((row) => access.sees(table, row, state));
  if (ids.some((id) => !known.some((row) => row.id === id))) return { status: [422], state };
  const others = way
    .filter(({ id }) => !ids.includes(Number(id)))
    .map((row) => standing(state, linkOf(steps, row)) as Row);
  const cut = unlinked(access, state, others, [200]);
  if (cut === undefined) return undefined;
  const added = ids
    .filter((id) => !way.some((row) => row.id === id))
    .map((id) => ({ ...blank("posts_tags"), ...linkOf(steps, { id }), ...access.set("posts_tags") }));
  // A link that stands and is not seen cannot be made again.
  if (added.some((link) => standing(state, link) !== undefined)) return undefined;
  const next = { ...cut.state, posts_tags: [...cut.state.posts_tags, ...added] };
  if (added.some((link) => !access.changes("posts_tags", link, next))) return undefined;
  const rows = walk(access, next, steps);
  // Its links may be what made the row the caller's.
  if (rows === undefined) return { status: [403, 404], state };
  return { status: [200], body: inOrder(table, rows).map((row) => access.shown(table, row)), state: next };
}

const keyText = (table: TableName, row: Row): string => tables[table].key.map((column) => row[column]).join(",");

const inOrder = (table: TableName, rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => {
    const [column = "id"] = tables[table].key.filter((name) => a[name] !== b[name]);
    return Number(a[column]) - Number(b[column]);
  });

const replaced = (state: State, table: TableName, old: readonly Row[], by: readonly Row[]): State => ({
  ...state,
  [table]: [...state[table].filter((row) => !old.includes(row)), ...by],
});

const removed = (next: State, state: State): Predicted =>
  broken(next).length > 0 ? { status: [409], state } : { status: [204], state: next };

/** 409 where a key stands twice, or refers to nothing: to the database all rows count. */
function broken(state: State): Faults {
  const isTwice = (values: readonly unknown[]) => new Set(values).size < values.length;
  const wrong = tableNames.some((name) => {
    const { unique, foreign } = tables[name];
    const given = unique === undefined ? [] : state[name].flatMap((row) => row[unique] ?? []);
    const refers = (row: Row) =>
      Object.entries(foreign).every(
        ([column, to]) => row[column] == null || state[to].some(({ id }) => id === row[column]),
      );
    return isTwice(state[name].map((row) => keyText(name, row))) || isTwice(given) || !state[name].every(refers);
  });
  return wrong ? [409] : [];
}
