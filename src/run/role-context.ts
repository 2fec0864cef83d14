// A caller → the world as it is for them: names, relations and statements of their role, and their own claims in its rules.

import { type Claim, claimed } from "../access/claim.js";
import { may, mayUse } from "../access/reach.js";
import type { Role } from "../access/roles.js";
import { planRule, type Rule } from "../access/rule.js";
import { type Shown, shownTo } from "../access/shown.js";
import { viewOf } from "../access/view.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { type Caller, type Claims, nobody } from "../http/caller.js";
import { problem } from "../http/problem.js";
import type { Condition } from "../plan/plan.js";
import type { RowPolicies } from "../plan/rules.js";
import { RoleValues, type Values } from "../plan/values.js";
import type { AnyRoute } from "../routes/tree.js";
import { tableOf } from "../schema/lookup.js";
import type { Admission, Admit, World } from "./context.js";
import { statementCache } from "./statements.js";

/** How many callers' worlds are kept of a role, and how many shapes of its rules: those of one shape share their statements. */
const MOST_CALLERS = 1_000;
const MOST_SHAPES = 16;
const MOST_CHARACTERS = 1_000_000;
/** Claims longer than this are read anew each time. */
const LONGEST = 10_000;

/** The doors of the roles; whoever has a role that is not here finds nothing granted. */
export function admitting(world: World, roles: ReadonlyMap<string, Role>): Admit {
  const doors = new Map([...roles].map(([name, role]) => [name, new Door(world, role)]));
  const closed = new Door(world, { name: nobody.role, grants: new Map() });
  return (caller = nobody) => (doors.get(caller.role) ?? closed).open(caller);
}

/** One role in one world. What is made for it is made when the first of its callers comes. */
class Door {
  readonly #claims: readonly Claim[];
  readonly #callers = new BoundedCache<World>(MOST_CALLERS, MOST_CHARACTERS);
  readonly #shapes = new BoundedCache<World>(MOST_SHAPES, MOST_CHARACTERS);
  readonly #uses = new Map<AnyRoute, boolean>();
  #cut: World | undefined;
  #shown: Shown | undefined;

  constructor(
    private readonly world: World,
    private readonly role: Role,
  ) {
    this.#claims = claimsOf(role);
  }

  open({ claims }: Caller): World {
    const key = JSON.stringify(
      this.#claims.map((claim) => claimed(claim, claims)),
      digits,
    );
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    const made = this.#make(claims);
    if (key.length <= LONGEST) this.#callers.set(key, made, key.length);
    return made;
  }

  #make(claims: Claims): World {
    const { role } = this;
    this.#cut ??= cutWorld(this.world, role);
    const own = new RoleValues();
    const common = this.#ruled(this.#cut, rulesFor(role, claims, own, this.world));
    const admission: Admission = {
      role,
      isAnonymous: role.name === nobody.role,
      own: own.all,
      settings: (table) => settingsFor(role, table, claims),
      may: (right, table) => may(role, right, table),
      uses: (route) => this.#mayUse(route),
      shown: () => this.#show(),
      compileFree: this.#cut.compile,
    };
    return { ...common, admission };
  }

  /** Values stand aside: callers whose rules read alike share all that is made of them. */
  #ruled(cut: World, rules: RulesByTable): World {
    const shape = JSON.stringify([...rules]);
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    const { dialect } = cut.database;
    const compile =
      rules.size === 0 ? cut.compile : statementCache(cut.lookup, dialect, cut.limits.maxAnswerRows, toRules(rules));
    const made = { ...cut, compile };
    this.#shapes.set(shape, made, shape.length);
    return made;
  }

  #show(): Shown {
    this.#shown ??= shownTo(this.role, this.world, this.#cut as World, (route) => this.#mayUse(route));
    return this.#shown;
  }

  #mayUse(route: AnyRoute): boolean {
    let usable = this.#uses.get(route);
    if (usable === undefined) {
      usable = mayUse(route, this.role, (this.#cut as World).lookup);
      this.#uses.set(route, usable);
    }
    return usable;
  }
}

const digits = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

function claimsOf({ grants }: Role): Claim[] {
  const claims = [...grants.values()].flatMap(({ read, write, set }) => [
    ...(read?.claims ?? []),
    ...(write?.claims ?? []),
    ...[...set.values()].flatMap((setting) => ("claim" in setting ? [setting.claim] : [])),
  ]);
  return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];
}

/** The role's names, without its rules. */
function cutWorld(world: World, role: Role): World {
  const view = viewOf(role, world.lookup, world.relations);
  const { database, limits } = world;
  return { ...world, ...view, compile: statementCache(view.lookup, database.dialect, limits.maxAnswerRows) };
}

type RulesByTable = ReadonlyMap<
  string,
  { readonly seen: readonly Condition[]; readonly changed: readonly Condition[] }
>;

/** Rules are the administrator's word: they may look at all there is. */
function rulesFor({ grants }: Role, claims: Claims, own: Values, world: World): RulesByTable {
  const ruled = [...grants].filter(([, { read, write }]) => read !== undefined || write !== undefined);
  return new Map(
    ruled.map(([table, { read, write }]) => {
      const entry = tableOf(world.lookup, table);
      const plan = (rule: Rule | undefined) =>
        rule === undefined ? [] : planRule(rule, claims, entry, world, own, world.limits);
      return [table, { seen: plan(read), changed: plan(write) }];
    }),
  );
}

const toRules = (rules: RulesByTable): RowPolicies => ({
  seen: (table) => rules.get(table)?.seen ?? [],
  changed: (table) => rules.get(table)?.changed ?? [],
});

function settingsFor({ grants, name }: Role, table: string, claims: Claims): Readonly<Record<string, unknown>> {
  const settings = [...(grants.get(table)?.set ?? [])].map(([field, setting]) => {
    const value = "claim" in setting ? claimed(setting.claim, claims) : setting.constant;
    if (value !== undefined) return [field, value] as const;
    throw problem("forbidden", `What ${name} writes here needs a claim that you do not have.`);
  });
  return Object.fromEntries(settings);
}
