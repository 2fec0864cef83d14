// A caller → the snapshot as they see it: names, relations and statements of their role, and their own claims in its rules.

import { type Claim, claimed } from "../access/claim.js";
import { may, mayUse } from "../access/reach.js";
import type { Role } from "../access/roles.js";
import { planRule, type Rule } from "../access/rule.js";
import { roleShown, type Shown } from "../access/shown.js";
import { roleView } from "../access/view.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { type Caller, type Claims, nobody } from "../http/caller.js";
import { problem } from "../http/problem.js";
import { HeldTexts } from "../plan/held-texts.js";
import { RoleValues, type Values } from "../plan/values.js";
import type { AnyRoute } from "../routes/tree.js";
import { tableOf } from "../schema/lookup.js";
import { policiesOf, type RulesByTable, withoutDeleted } from "./policies.js";
import type { Access, CallerView, Roles, Snapshot } from "./snapshot.js";
import { statementCache } from "./statements.js";

/** How many callers' views are kept of a role, and how many shapes of its rules: those of one shape share their statements. */
const MOST_CALLERS = 1_000;
const MOST_SHAPES = 16;
const MOST_CHARACTERS = 1_000_000;
/** Claims longer than this are read anew each time. */
const LONGEST = 10_000;

/** A caller whose role is not here has no rights at all. */
export function rolesIn(snapshot: Snapshot, byName: ReadonlyMap<string, Role>): Roles {
  const views = new Map([...byName].map(([name, role]) => [name, new RoleViews(snapshot, role)]));
  const withoutRights = new RoleViews(snapshot, { name: nobody.role, grants: new Map(), routines: new Set() });
  return { byName, viewFor: (caller = nobody) => (views.get(caller.role) ?? withoutRights).viewFor(caller) };
}

/** One role in one snapshot. What is made for it is made when the first of its callers comes. */
class RoleViews {
  readonly #claims: readonly Claim[];
  readonly #callers = new BoundedCache<CallerView>(MOST_CALLERS, MOST_CHARACTERS);
  readonly #shapes = new BoundedCache<Snapshot>(MOST_SHAPES, MOST_CHARACTERS);
  readonly #uses = new Map<AnyRoute, boolean>();
  #unrestricted: Snapshot | undefined;
  #shown: Shown | undefined;

  constructor(
    private readonly whole: Snapshot,
    private readonly role: Role,
  ) {
    this.#claims = claimsOf(role);
  }

  viewFor({ claims }: Caller): CallerView {
    const key = JSON.stringify(
      this.#claims.map((claim) => claimed(claim, claims)),
      digits,
    );
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    const made = this.#make(claims, JSON.stringify([this.role.name, key]));
    if (key.length <= LONGEST) this.#callers.set(key, made, key.length);
    return made;
  }

  #make(claims: Claims, rights: string): CallerView {
    const { role, unrestricted } = this;
    const values = new RoleValues();
    const snapshot = this.#restricted(rulesFor(role, claims, values, this.whole));
    const access: Access = {
      role,
      rights,
      isAnonymous: role.name === nobody.role,
      values: values.all,
      settings: (table) => settingsFor(role, table, claims),
      may: (right, table) => may(role, right, table),
      uses: (route) => this.#mayUse(route),
      shown: () => this.#show(),
      unrestricted,
      whole: this.whole,
    };
    return { snapshot, access };
  }

  /** The tables and columns that the role knows of. */
  get unrestricted(): Snapshot {
    this.#unrestricted ??= viewedBy(this.role, this.whole);
    return this.#unrestricted;
  }

  /** Values are no part of it: callers whose rules read alike share all that is made of them. */
  #restricted(rules: RulesByTable): Snapshot {
    const { unrestricted } = this;
    const policies = policiesOf(unrestricted.lookup, rules);
    if (policies === undefined) return unrestricted;
    const shape = JSON.stringify([...rules]);
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    const { lookup, dialect, limits } = unrestricted;
    const made = { ...unrestricted, compile: statementCache(lookup, dialect, limits.maxAnswerRows, policies) };
    this.#shapes.set(shape, made, shape.length);
    return made;
  }

  #show(): Shown {
    this.#shown ??= roleShown(this.role, this.whole, this.unrestricted, (route) => this.#mayUse(route));
    return this.#shown;
  }

  #mayUse(route: AnyRoute): boolean {
    let usable = this.#uses.get(route);
    if (usable === undefined) {
      usable = mayUse(route, this.role, this.unrestricted.lookup);
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

/** The tables and columns that the role knows of, without its row policies. */
function viewedBy(role: Role, snapshot: Snapshot): Snapshot {
  const view = roleView(role, snapshot.lookup, snapshot);
  const { dialect, limits } = snapshot;
  // What one role's rows show is no other's to know.
  return {
    ...snapshot,
    ...view,
    held: new HeldTexts(),
    compile: statementCache(view.lookup, dialect, limits.maxAnswerRows),
  };
}

/** Rules are the administrator's word: they may look at all there is, but for what is deleted. */
function rulesFor({ grants }: Role, claims: Claims, values: Values, snapshot: Snapshot): RulesByTable {
  const ruled = [...grants].filter(([, { read, write }]) => read !== undefined || write !== undefined);
  return new Map(
    ruled.map(([table, { read, write }]) => {
      const entry = tableOf(snapshot.lookup, table);
      const plan = (rule: Rule | undefined) =>
        rule === undefined ? [] : withoutDeleted(planRule(rule, claims, entry, snapshot, values), snapshot.lookup);
      return [table, { seen: plan(read), changed: plan(write) }];
    }),
  );
}

function settingsFor({ grants, name }: Role, table: string, claims: Claims): Readonly<Record<string, unknown>> {
  const settings = [...(grants.get(table)?.set ?? [])].map(([field, setting]) => {
    const value = "claim" in setting ? claimed(setting.claim, claims) : setting.constant;
    if (value !== undefined) return [field, value] as const;
    throw problem("forbidden", `What ${name} writes here needs a claim that you do not have.`);
  });
  return Object.fromEntries(settings);
}
