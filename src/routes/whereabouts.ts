// A path that leads nowhere → where it was meant to lead, in sentences. Only what is in the tree is named: give it the caller's.
import { englishSingular } from "../base/inflect.js";
import { wordsOf } from "../base/naming.js";
import { excerpt, nearest, nearestFirst } from "../base/suggest.js";
import { decoded, matchPath } from "./match.js";
import { type NamedRelation, type Resource, type RouteNode, type RouteTree, segmentOf } from "./tree.js";

/** The most paths that are named. */
const MOST_PATHS = 4;

/** The most names that are listed of what stands below a row, and so many that are sorted for that. */
const MOST_NAMES = 12;
const MOST_SORTED = 1000;

/** Longer paths are no slip of the hand. */
const MOST_SEGMENTS = 20;

/** A sentence that begins with a capital, or `undefined` where nothing is near. `prefix` stands before each path in it. */
export function whereabouts(tree: RouteTree, path: string, prefix = ""): string | undefined {
  const segments = path.replace(/^\/|\/$/g, "").split("/", MOST_SEGMENTS + 1);
  if (segments.length > MOST_SEGMENTS || segments.includes("")) return undefined;
  let node: RouteNode = tree.root;
  let before = prefix;
  for (const segment of segments) {
    const text = decoded(segment);
    let next = node.literals[segment] ?? node.literals[text] ?? node.param?.node;
    let name = segment;
    if (next === undefined) {
      const resource = resourceCalled(tree, text);
      const meant = literalCalled(node, text) ?? literalOf(node, tree, resource) ?? nearLiteral(node, text, resource);
      if (meant === undefined) {
        const place: Place = { tree, node, before, prefix };
        return (resource && waysTo(resource, place)) ?? belowHere(place, text);
      }
      next = node.literals[meant] as RouteNode;
      name = meant;
    }
    node = next;
    before += `/${name}`;
  }
  const mended = before.slice(prefix.length);
  return matchPath(tree, mended) && `Perhaps you meant ${prefix}${excerpt(mended)}.`;
}

/** One spelling of a name: its words in lower case, the last one as of one thing. */
function spelt(name: string): string {
  const words = wordsOf(name.slice(0, 64));
  return words.map((word, i) => (i === words.length - 1 ? englishSingular(word) : word)).join("_");
}

/** The same name with another case, another number, or its words joined in another way. */
function literalCalled(node: RouteNode, text: string): string | undefined {
  const wanted = spelt(text);
  return wanted === "" ? undefined : Object.keys(node.literals).find((name) => spelt(name) === wanted);
}

const indexes = new WeakMap<RouteTree, ReadonlyMap<string, Resource>>();

/** A table by its path's name or by the database's. */
function resourceCalled(tree: RouteTree, text: string): Resource | undefined {
  let index = indexes.get(tree);
  if (index === undefined) {
    index = indexOf(tree);
    indexes.set(tree, index);
  }
  return index.get(text) ?? index.get(spelt(text));
}

function indexOf({ resources }: RouteTree): ReadonlyMap<string, Resource> {
  const index = new Map<string, Resource>();
  const add = (name: string, resource: Resource) => {
    if (name !== "" && !index.has(name)) index.set(name, resource);
  };
  const bare = ({ table }: Resource) => table.slice(table.lastIndexOf(".") + 1);
  const names = [(one: Resource) => one.name, (one: Resource) => one.table, bare];
  for (const name of names) for (const one of resources) add(name(one), one);
  for (const name of names) for (const one of resources) add(spelt(name(one)), one);
  return index;
}

/** The table's own path, at the top. */
const literalOf = (node: RouteNode, tree: RouteTree, resource: Resource | undefined): string | undefined =>
  node === tree.root && resource !== undefined && node.literals[resource.name] !== undefined
    ? resource.name
    : undefined;

const nearLiteral = (node: RouteNode, text: string, resource: Resource | undefined): string | undefined =>
  resource === undefined ? nearest(text, Object.keys(node.literals)) : undefined;

interface Place {
  readonly tree: RouteTree;
  readonly node: RouteNode;
  /** The path to the node, as it was asked for. */
  readonly before: string;
  readonly prefix: string;
}

/** The paths on which rows of the table, or what it links, are reached from here. */
function waysTo(resource: Resource, { tree, node, before, prefix }: Place): string | undefined {
  const found =
    node === tree.root
      ? tree.resources.flatMap((from) => {
          const row = tree.root.literals[from.name]?.param?.node;
          return row === undefined ? [] : waysFrom(row, from, resource, prefix + row.pattern);
        })
      : tree.resources
          .filter(({ table }) => table === tableAt(node))
          .flatMap((from) => waysFrom(node, from, resource, excerpt(before)));
  const links = found.filter(({ isLink }) => isLink);
  const ways = links.length > 0 ? links : found;
  if (ways.length === 0) return undefined;
  const paths = ways.map(({ path }) => path);
  if (links.length === 0) return `The rows of ${resource.name} are at ${listed(paths)}.`;
  const [adds] = links.flatMap(({ add }) => add ?? []);
  const made = adds === undefined ? "" : ` A link is made by POST ${adds}.`;
  return `${resource.name} has links between other rows: what they lead to is at ${listed(paths)}.${made}`;
}

/** What there is below a row, or beside a function, the nearest first. The top lists its own. */
function belowHere({ tree, node, before }: Place, text: string): string | undefined {
  const names = Object.keys(node.literals);
  if (node === tree.root) return undefined;
  const here = excerpt(before);
  if (names.length === 0) return `There is nothing below ${here}.`;
  const near = names.length > MOST_SORTED ? names : nearestFirst(text, names);
  return `What is below ${here}: ${listed(near, MOST_NAMES)}.`;
}

interface Way {
  readonly path: string;
  readonly isLink: boolean;
  /** Where a link is made. */
  readonly add?: string;
}

function waysFrom(row: RouteNode, from: Resource, to: Resource, path: string): Way[] {
  return from.relations.flatMap((relation): Way[] => {
    const isLink = linkOf(relation) === to.table;
    const node = row.literals[segmentOf(relation)];
    if (node?.routes.GET === undefined || !(isLink || relation.table === to.table)) return [];
    const add = node.param?.node.literals.add?.routes.POST;
    const there = `${path}/${segmentOf(relation)}`;
    return [{ path: there, isLink, ...(isLink && add && { add: `${there}/:${node.param?.name}/add` }) }];
  });
}

const linkOf = ({ join }: NamedRelation): string | undefined => (join.via === "link" ? join.link : undefined);

const tableAt = ({ routes }: RouteNode): string | null | undefined => Object.values(routes)[0]?.table;

function listed(paths: readonly string[], most = MOST_PATHS): string {
  const some = [...new Set(paths)];
  if (some.length > most) return `${some.slice(0, most).join(", ")} and ${some.length - most} more`;
  return [some.slice(0, -1).join(", "), ...some.slice(-1)].filter((part) => part !== "").join(" and ");
}
