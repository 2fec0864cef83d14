// Which routes a role can use, as far as tables and relations say it; rows are the rules' affair.
import type { AnyRoute, CallRoute, Join, Operation, Route, RouteNode, Step } from "../routes/tree.js";
import { columnOf, type Lookup, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import type { Right, Role } from "./roles.js";
import { isRead, isReadable } from "./view.js";

const needed: Readonly<Record<Operation, readonly Right[]>> = {
  list: ["read"],
  read: ["read"],
  create: ["create"],
  replace: ["update"],
  update: ["update"],
  delete: ["delete"],
  restore: ["restore"],
  updateMany: ["update"],
  deleteMany: ["delete"],
  // On the table that holds the links.
  link: ["create"],
  unlink: ["delete"],
  unlinkMany: ["delete"],
  relink: ["create", "delete"],
  readBytes: ["read"],
  writeBytes: ["update"],
  clearBytes: ["update"],
};

const onLinks: ReadonlySet<Operation> = new Set(["link", "unlink", "unlinkMany", "relink"]);

export const may = ({ grants }: Role, right: Right, table: string): boolean =>
  grants.get(table)?.rights.has(right) === true;

/** A batch is as good as its entries, each of which is looked at. */
export function mayUse(route: AnyRoute, role: Role, lookup: Lookup): boolean {
  if (route.operation === "batch") return true;
  if (route.operation === "call") return mayCall(route, role);
  const { operation, steps, table } = route;
  const last = steps.at(-1)?.join;
  const written = onLinks.has(operation) ? (last as Extract<Join, { via: "link" }>).link : table;
  return (
    needed[operation].every((right) => may(role, right, written)) &&
    (route.column === undefined || isOwn(route.column, route, role, lookup)) &&
    steps.every((_, i) => isWay(i, route, role, lookup))
  );
}

/** The column whose bytes are read or written. */
const isOwn = (column: string, { operation, table }: Route, role: Role, lookup: Lookup): boolean =>
  operation === "readBytes"
    ? isRead(role, tableOf(lookup, table), [column])
    : tableOf(lookup, table).writable.has(fieldOf(columnOf(tableOf(lookup, table), column)));

/** Nothing is called without its own grant; where it belongs to a row, that must be the caller's to read. */
const mayCall = ({ routines, steps }: CallRoute, role: Role): boolean =>
  routines.some(({ routine }) => role.routines.has(routine.id)) && steps.every(({ table }) => may(role, "read", table));

/** The way to a row is read. A new one's foreign key is written by its path. */
function isWay(at: number, { steps, operation }: Route, role: Role, lookup: Lookup): boolean {
  const [step, before] = [steps[at] as Step, steps[at - 1]];
  const isLast = at === steps.length - 1;
  if (before === undefined || step.join === undefined) return isLast || may(role, "read", step.table);
  if (operation === "create" && isLast)
    return fillsFrom(before.table, step.join, role, lookup) && fills(step.join, step.table, role, lookup);
  return isReadable(before.table, { table: step.table, join: step.join }, role, lookup);
}

/** What a path fills in is read from the row that it leads through. */
const fillsFrom = (table: string, join: Join, role: Role, lookup: Lookup): boolean =>
  join.via === "child" && isRead(role, tableOf(lookup, table), join.references);

function fills(join: Join, table: string, role: Role, lookup: Lookup): boolean {
  if (join.via !== "child") return false;
  const entry = tableOf(lookup, table);
  const set = role.grants.get(table)?.set;
  return join.columns.every((name) => {
    const field = fieldOf(columnOf(entry, name));
    return entry.writable.has(field) || set?.has(field) === true;
  });
}

/** A place in the tree as a role sees it: with those of its routes that the role may use. */
export function cutNode(node: RouteNode, uses: (route: AnyRoute) => boolean): RouteNode | undefined {
  const routes = Object.fromEntries(Object.entries(node.routes).filter(([, route]) => uses(route)));
  const literals = Object.fromEntries(
    Object.entries(node.literals).flatMap(([name, inner]) => {
      const cut = cutNode(inner, uses);
      return cut === undefined ? [] : [[name, cut]];
    }),
  );
  const below = node.param && cutNode(node.param.node, uses);
  const param = node.param && below && { param: { name: node.param.name, node: below } };
  if (Object.keys(routes).length + Object.keys(literals).length === 0 && !param) return undefined;
  return { pattern: node.pattern, literals, routes, ...param };
}
