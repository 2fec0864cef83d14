// What else may come of a write than its statement says: triggers, rules and policies, by table and event.
// Read with the schema, so that a request on a table without them asks nothing more.

export type WriteEvent = "insert" | "update" | "delete";

/**
 * The stronger stands behind. `others`: what the statement answers is right, while other tables' rows may change. `policy`: rows
 * that a SELECT shows may be stepped over. `trigger`: the row may be kept, moved, or changed once more. `rule`: as a trigger, and
 * the statement has no answer of its own.
 */
const strengths = ["others", "policy", "trigger", "rule"] as const;

export type Effect = (typeof strengths)[number];
export interface Effects extends Readonly<Partial<Record<WriteEvent, Effect>>> {
  /** Triggers that wait for the end of the transaction, by the names that `Dialect.fireDeferred` takes. */
  readonly deferred?: readonly string[];
  /** One of them sets something of its connection that stays set behind it. */
  readonly sets?: true;
}

/** A table, as far as it matters here. */
interface Affected {
  readonly effects?: Effects;
}

/** One trigger, rule or policy, as a dialect has read it. */
export interface FoundEffect {
  readonly schema: string | null;
  readonly table: string;
  readonly event: WriteEvent;
  readonly effect: Effect;
  /** Its name, where it waits for the end of the transaction. */
  readonly deferred?: string;
  /** It sets something of its connection that stays set behind it. */
  readonly sets?: boolean;
}

/** The strongest of each event. */
export function effectsOf(found: readonly FoundEffect[]): Effects | undefined {
  const effects: Partial<Record<WriteEvent, Effect>> = {};
  for (const { event, effect } of found) {
    const before = effects[event];
    if (before === undefined || strengths.indexOf(effect) > strengths.indexOf(before)) effects[event] = effect;
  }
  const deferred = [...new Set(found.flatMap(({ deferred }) => deferred ?? []))];
  const sets = found.some((one) => one.sets);
  return found.length === 0
    ? undefined
    : { ...effects, ...(deferred.length > 0 && { deferred }), ...(sets && { sets }) };
}

/** Must the row be read again to know what became of it? */
export const isUncertain = ({ effects }: Affected, event: WriteEvent): boolean =>
  effects?.[event] === "trigger" || effects?.[event] === "rule";

/** May it leave a row as it is that is there to be seen? */
export const mayKeep = (table: Affected, event: WriteEvent): boolean =>
  table.effects?.[event] === "policy" || isUncertain(table, event);

/** May a write of it change rows beside the one it is about? */
export const reachesOthers = ({ effects }: Affected): boolean =>
  effects !== undefined &&
  [effects.insert, effects.update, effects.delete].some((one) => one !== undefined && one !== "policy");
