// A view in words: what makes its rows unique, or why nothing does, and who does its writes. For `sapwood routes --why`.
import type { Table } from "../../schema/schema.js";
import type { PassedKey } from "./keys.js";
import type { ResolvedView } from "./resolve.js";
import type { ViewWrites } from "./writes.js";

interface View {
  readonly table: Table;
  readonly key: PassedKey | "index" | undefined;
  readonly resolved: ResolvedView | undefined;
  readonly kept: boolean;
  readonly writes: ViewWrites;
}

export const aboutView = (view: View): string => `${keyWords(view)}; ${writeWords(view)}`;

function keyWords({ key, resolved }: View): string {
  if (key === "index") return "its key is that of an index of its own";
  if (key?.table !== undefined) {
    const { table, primary } = key;
    return `it passes the ${primary ? "" : "unique "}key of ${table.id} through, whose rows stand once in it`;
  }
  if (key !== undefined) return "the columns of its groups are its key";
  if (resolved === undefined) return "no key: its definition is not known, or more than one SELECT over tables";
  const { opaque, groups, sources } = resolved.spoken;
  if (opaque) return "no key: its rows are made of more than tables";
  if (groups !== undefined) return "no key: its rows are groups, and not all of their columns are there";
  if (sources.length > 1) return "no key: a join may make several rows of one, or the key's columns are not all there";
  return "no key: the columns of a key are not all there";
}

const verbs = { insert: "new rows", update: "changes", delete: "deletes" } as const;
const doers = { table: "the table below takes", trigger: "a trigger takes", rule: "a rule takes" } as const;

function writeWords({ writes, kept, resolved }: View): string {
  const { by, missing } = writes;
  const done = (["table", "trigger", "rule"] as const).flatMap((doer) => {
    const events = (["insert", "update", "delete"] as const).filter((event) => by[event] === doer);
    return events.length === 0 ? [] : [`${doers[doer]} ${events.map((event) => verbs[event]).join(", ")}`];
  });
  const base = resolved?.tables[0]?.id;
  const lacks =
    missing.length > 0 && by.insert === undefined && by.update !== undefined
      ? [`no new rows, which need ${missing.join(", ")} of ${base}`]
      : [];
  if (done.length > 0) return [...done, ...lacks].join(", ");
  return kept
    ? "read-only: its rows are kept apart from their tables"
    : "read-only: the database passes none of its writes on to one table";
}
