// Which writes a view takes: those that the database passes on to the table below, and those that triggers or rules do in its place.
import { type Effect, type Effects, isUncertain } from "../../schema/effects.js";
import type { Column, Table } from "../../schema/schema.js";
import type { Writing } from "../../schema/warnings.js";
import type { CatalogueView } from "../catalogue.js";
import type { ResolvedView, SourceColumn } from "./resolve.js";

export type Origins = ReadonlyMap<string, SourceColumn | undefined>;

export interface ViewWrites {
  /** Who does each; left out where nobody does. */
  readonly by: Readonly<Partial<Record<Writing, "table" | "trigger" | "rule">>>;
  readonly denied: readonly Writing[];
  readonly effects?: Effects;
  /** Columns of the table below without which no new row is made, and which the view does not have. */
  readonly missing: readonly string[];
  /** A column of the view, with what it takes. */
  column(column: Column): Column;
}

const events = ["insert", "update", "delete"] as const;

export function writesOf(
  table: Table,
  view: CatalogueView,
  resolved: ResolvedView | undefined,
  origins: Origins,
): ViewWrites {
  const base = resolved?.tables[0];
  const own = table.effects ?? {};
  const missing = base === undefined ? [] : requiredBelow(base, origins);
  const by: Partial<Record<Writing, "table" | "trigger" | "rule">> = {};
  for (const event of events) {
    const effect = own[event];
    if (effect === "trigger" || effect === "rule") by[event] = effect;
    else if (view.passes.includes(event) && (event !== "insert" || missing.length === 0)) by[event] = "table";
  }
  const denied = events.filter((event) => by[event] === undefined || table.denied?.includes(event));
  const effects = denied.length === 3 ? undefined : effectsOf(own, by, base, resolved);
  return { by, denied, missing, ...(effects && { effects }), column: (column) => columnOf(column, by, view, origins) };
}

/** A trigger before it may fill them in. */
function requiredBelow(base: Table, origins: Origins): string[] {
  if (base.effects?.insert !== undefined) return [];
  const passed = new Set([...origins.values()].flatMap((origin) => (origin ? [origin.column.name] : [])));
  return base.columns
    .filter(
      ({ nullable, default: value, identity, generated }) => !nullable && value === null && !identity && !generated,
    )
    .map(({ name }) => name)
    .filter((name) => !passed.has(name));
}

/** What the table's triggers do they do for the view as well. What the view would not show is not to be found once it is written. */
function effectsOf(
  own: Effects,
  by: ViewWrites["by"],
  base: Table | undefined,
  resolved: ResolvedView | undefined,
): Effects | undefined {
  const sets = own.sets ?? base?.effects?.sets;
  const effects: Partial<Record<Writing, Effect>> = {};
  for (const event of events) {
    if (by[event] === undefined) continue;
    const below = by[event] === "table" ? base?.effects?.[event] : own[event];
    const hides = event === "insert" && by[event] === "table" && resolved?.spoken.filtered && !resolved.spoken.checked;
    const effect = hides && (base === undefined || !isUncertain(base, event)) ? "trigger" : below;
    if (effect !== undefined) effects[event] = effect;
  }
  return Object.keys(effects).length === 0 ? undefined : { ...effects, ...(sets && { sets }) };
}

function columnOf(column: Column, by: ViewWrites["by"], { heard }: CatalogueView, origins: Origins): Column {
  const origin = origins.get(column.name)?.column;
  const isOwn = by.insert === "table" || by.update === "table";
  const isTriggered = by.insert === "trigger" || by.insert === "rule";
  const written = (["insert", "update"] as const).filter((event) => by[event] !== undefined);
  const isMixed = isOwn && written.some((event) => by[event] !== "table");
  // What no column of the table is, or what another column of the view is already, the database writes nowhere by itself.
  const isNowhere = origin === undefined || isRepeated(column.name, origins);
  const denied = [
    ...(column.denied ?? []),
    ...(heard === undefined || heard.includes(column.name.toLowerCase()) ? [] : (["update"] as const)),
    ...(isMixed && isNowhere ? written.filter((event) => by[event] === "table") : []),
  ];
  const { denied: _denied, ...rest } = column;
  const said = { ...rest, ...(denied.length > 0 && { denied: [...new Set(denied)] }) };
  // What a trigger asks for is its own affair: the key may come from it too.
  if (isTriggered)
    return {
      ...said,
      identity: column.identity || origin?.identity === true,
      nullable: said.nullable || !isKeyed(origin),
    };
  if (!isOwn) return said;
  if (isNowhere) return isMixed ? said : { ...said, generated: true };
  const { default: value, identity, generated } = origin;
  return { ...said, default: said.default ?? value, identity, generated };
}

/** Does a column before it pass the same one through? */
function isRepeated(name: string, origins: Origins): boolean {
  const own = origins.get(name);
  for (const [other, origin] of origins) {
    if (other === name) return false;
    if (origin?.source === own?.source && origin?.column.name === own?.column.name) return true;
  }
  return false;
}

const isKeyed = (origin: Column | undefined): boolean => origin !== undefined && !origin.nullable && origin.identity;
