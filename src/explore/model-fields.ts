// A column → what the page needs for its value and its input.
import type { Method } from "../http/message.js";
import type { Resource, RouteNode } from "../routes/tree.js";
import { type Column, fieldOf, type ValueKind } from "../schema/schema.js";

export interface ExploredField {
  readonly name: string;
  readonly kind: ValueKind;
  readonly comment?: string;
  readonly nullable: boolean;
  /** Must a new row say it? */
  readonly required: boolean;
  readonly read: boolean;
  /** May a new row say it, and may it be changed? */
  readonly insert: boolean;
  readonly update: boolean;
  readonly values?: readonly string[];
  readonly length?: number;
  readonly min?: string;
  readonly max?: string;
  /** Where its bytes are, below the row: `/photos/1/image`. */
  readonly bytes?: ExploredBytes;
}

export interface ExploredBytes {
  readonly segment: string;
  readonly methods: readonly Method[];
}

export function fieldOfColumn(column: Column, { unwritten = [] }: Resource, read: boolean): ExploredField {
  const { type, nullable, generated, stamp, denied = [], identity, comment } = column;
  const { kind, values, length, min, max } = type;
  const written = !generated && stamp === undefined && !unwritten.includes(column.name);
  const insert = written && !denied.includes("insert");
  return {
    name: fieldOf(column),
    kind,
    ...(comment !== undefined && { comment }),
    nullable,
    required: insert && !nullable && column.default === null && !identity,
    read,
    insert,
    update: written && !denied.includes("update"),
    ...(values && { values }),
    ...(length !== undefined && { length }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

/** Where a column's bytes are, and what may be done with them there. */
export function placeOfBytes({ name }: Column, { literals }: RouteNode): Pick<ExploredField, "bytes"> | undefined {
  for (const [segment, { routes }] of Object.entries(literals)) {
    if (routes.GET?.operation !== "readBytes" || routes.GET.column !== name) continue;
    return { bytes: { segment, methods: Object.keys(routes) as Method[] } };
  }
  return undefined;
}
