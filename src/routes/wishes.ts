// The names that a table's relations would like, best first, in the order of their right.
import { groupBy } from "../base/group-by.js";
import { wordsOf } from "../base/naming.js";
import { fieldOf, type Table } from "../schema/schema.js";
import { type LinkSeen, type NamingGround, nounOf, type OneToN } from "./naming-ground.js";
import { isPartOfPeople, isPeople } from "./people.js";
import type { Reference } from "./relation.js";
import { isLetter, isRole, type RelatedRole, relatedRole } from "./roles.js";
import type { NamedRelation } from "./tree.js";

export interface Wish {
  readonly names: readonly string[];
  readonly because: string;
  readonly relation: Omit<NamedRelation, "name">;
  /** Named after this column of the table: it may stand in the column's place. */
  readonly column?: string;
  /** The config's own word for it, which JSON keeps where there is a `fieldCase`. */
  readonly said?: string;
}

/** Children, links, parents, and last the second name of a 1-to-1. What only a name tells comes behind what is declared. */
export function wishesOf(id: string, ground: NamingGround): Wish[] {
  const children = groupBy(ground.children.get(id) ?? [], ({ table }) => table);
  const parents = (ground.own.get(id) ?? []).filter(
    (relation): relation is OneToN => relation.type === "one-n" && !relation.down,
  );
  const links = linkWishes(ground.links.get(id) ?? [], ground);
  const linked = new Set(links.map(({ names }) => names[0] as string));
  const all = [...children.values()].flatMap((siblings) => childWishes(siblings, linked, ground));
  const many = [...all.map(({ many }) => many), ...links];
  const isGuess = ({ relation }: Wish) => relation.evidence.by === "name";
  return [
    ...many.filter((wish) => !isGuess(wish)),
    ...many.filter(isGuess),
    ...parents.map((relation) => parentWish(relation, ground)),
    ...all.flatMap(({ one }) => one ?? []),
  ];
}

const roleIn = (reference: Reference, ground: NamingGround): RelatedRole =>
  relatedRole(reference, nounOf(reference.table, ground), ground.naming);

interface ChildWishes {
  readonly many: Wish;
  /** Of a 1-to-1: the one row. */
  readonly one?: Wish;
}

/**
 * The foreign keys of one table to this one. Of several, the one that is called like this table has the plain name. One that has a
 * role (`users.primary_group_id`) leaves it to a link of the same name (`group_users`).
 */
function childWishes(siblings: readonly OneToN[], linked: ReadonlySet<string>, ground: NamingGround): ChildWishes[] {
  const roles = siblings.map(({ parent }) => roleIn(parent, ground));
  const plain = siblings.length === 1 ? roles : roles.filter(({ told }) => told.length === 0);
  return siblings.map((relation, i) => {
    const role = roles[i] as RelatedRole;
    const givesWay = isRole(role) && linked.has(ground.paths.get(relation.table) as string);
    return childWish(relation, role, plain.length === 1 && plain[0] === role && !givesWay, ground);
  });
}

function childWish(
  relation: OneToN,
  role: RelatedRole,
  isPlain: boolean,
  { paths, naming }: NamingGround,
): ChildWishes {
  const path = paths.get(relation.table) as string;
  const childWords = wordsOf(path);
  const words = [...role.words, ...childWords];
  const qualified = naming.path(words);
  const { columns, references, enforced } = relation.parent;
  const join = { via: "child" as const, columns, references, enforced };
  const shared = { table: relation.table, join, evidence: relation.evidence };
  const many: Wish = {
    names: isPlain ? [path, qualified] : [qualified],
    because: placeOf(relation),
    relation: { ...shared, many: true, relation: relation.unique ? "one-one" : "one-n" },
  };
  const single = naming.path(isPlain ? childWords : words, "one");
  // `/users/:id/news` and, with singular paths, `/user/:id/profile` are the collection's name already.
  if (!relation.unique || single === many.names[0]) return { many };
  const one: Wish = {
    names: [single, naming.path(words, "one")],
    because: `the one row of ${placeOf(relation)}`,
    relation: { ...shared, many: false, relation: "one-one" },
  };
  return { many, one };
}

/** Links by their worth: without columns of their own first, then those named after both tables, views last. Equal ones give way to each other. */
function linkWishes(links: readonly LinkSeen[], ground: NamingGround): Wish[] {
  const wanted = links.map((seen) => ({ seen, name: farName(seen, ground), rank: rankOf(seen, ground) }));
  const sorted = [...wanted].sort((a, b) => a.rank - b.rank);
  return sorted.map((one) => {
    const { seen, name } = one;
    const isTied = wanted.some((other) => other !== one && other.name === name && other.rank === one.rank);
    return linkWish(seen, isTied ? [] : [name], name, ground);
  });
}

function linkWish({ link, near, far }: LinkSeen, wanted: readonly string[], name: string, ground: NamingGround): Wish {
  const { naming } = ground;
  const nearRole = roleIn(near, ground);
  const linkWords = ground.words.get(link.table) as readonly string[];
  const byRole =
    isRole(nearRole) && near.table !== far.table ? [naming.path([...nearRole.told, ...wordsOf(name)])] : [];
  const isOfItself = near.table === far.table;
  const ends =
    isOfItself && [near, far].every((end) => end.columns.every(isLetter)) ? far.columns.flatMap(wordsOf) : [];
  return {
    names:
      ends.length > 0
        ? [naming.path([...linkWords, ...ends])]
        : [...wanted, ...byRole, naming.path([...linkWords, ...wordsOf(name)])],
    because: `through ${link.table}`,
    relation: {
      table: far.table,
      many: true,
      relation: "n-n",
      evidence: link.evidence,
      join: { via: "link", link: link.table, near: endOf(near), far: endOf(far) },
    },
  };
}

/** What the rows at the far end are called: by their role, or as their table is. */
function farName({ link, near, far }: LinkSeen, ground: NamingGround): string {
  const { naming, paths } = ground;
  const role = roleIn(far, ground);
  // A view of the table at the far end has a name of its own.
  if (far.as === undefined && isView(far.table, ground)) return paths.get(far.table) as string;
  if (far.as !== undefined) return naming.path(role.words, "many");
  if (near.table !== far.table) {
    const told = isRole(role) ? role.told : partIn(link.table, { near, far }, ground);
    return told === undefined ? (paths.get(far.table) as string) : naming.path(told, "many");
  }
  // `product_related(product_id, related_id)`: the word alone is no noun.
  const isOther = role.told.length > 0 && roleIn(near, ground).told.length === 0;
  const words = isOther && /ed$/.test(role.told.at(-1) as string) ? [...role.told, ...role.noun] : role.words;
  return naming.path(words, "many");
}

/** `issue_assignees`: what users are to issues, as the link's name says it. */
function partIn(
  link: string,
  { near, far }: Pick<LinkSeen, "near" | "far">,
  ground: NamingGround,
): readonly string[] | undefined {
  const words = ground.words.get(link) as readonly string[];
  const part = words.at(-1) as string;
  const one = ground.naming.singular(part);
  const isOfNear = ground.naming.noun(words.slice(0, -1)) === ground.naming.noun(nounOf(near.table, ground));
  const isSaid = isPartOfPeople(one) && isPeople(nounOf(far.table, ground).at(-1) ?? "");
  return isOfNear && isSaid && one !== nounOf(far.table, ground).at(-1) ? [part] : undefined;
}

function rankOf({ link, near, far }: LinkSeen, ground: NamingGround): number {
  const isPure = !ground.own.get(link.table)?.some(({ type }) => type === "root");
  const name = ground.words.get(link.table) as readonly string[];
  const isOfBoth = [near, far].every(({ table }) => nounOf(table, ground).every((word) => holds(name, word, ground)));
  return (isView(link.table, ground) ? 4 : 0) + (isPure ? 0 : 2) + (isOfBoth ? 0 : 1);
}

const isView = (id: string, { tables }: NamingGround): boolean => tables.get(id)?.kind === "view";

const holds = (words: readonly string[], word: string, { naming }: NamingGround): boolean =>
  words.some((one) => one === word || naming.singular(one) === word);

function parentWish(relation: OneToN, ground: NamingGround): Wish {
  const { naming } = ground;
  const { table, columns, references, as } = relation.parent;
  const { words, told, noun } = roleIn(relation.parent, ground);
  const isColumn = (ground.tables.get(relation.table) as Table).columns.some(
    (column) => fieldOf(column) === naming.field(naming.path(words)),
  );
  return {
    names: [
      naming.path(words),
      ...(isColumn ? [naming.path(noun)] : []),
      ...(isColumn && told.length > 0 ? [naming.path([...told, ...noun])] : []),
      // Not `artist_artist`.
      ...(isColumn && told.length === 0 ? [] : [naming.path([...words, ...(ground.words.get(table) ?? [])], "one")]),
      naming.path([...words, "parent"]),
    ],
    because: placeOf(relation),
    relation: {
      table,
      join: { via: "parent", columns, references },
      many: false,
      relation: "parent",
      evidence: relation.evidence,
    },
    ...(columns.length === 1 ? { column: columns[0] as string } : {}),
    ...(as !== undefined && (naming.options.fieldCase ?? "preserve") !== "preserve" ? { said: as } : {}),
  };
}

const placeOf = ({ table, parent }: OneToN): string => `${table}.${parent.columns.join(",")}`;

const endOf = ({ columns, references }: Reference) => ({ columns, references });
