// A field's value as people read it.
import { useReference } from "ra-core";
import { Link } from "react-router-dom";
import type { ExploredField, ExploredTable } from "../model.js";
import { pathTo, referredBy, useExplored } from "./explored.js";

/** In a table so many characters are enough. */
const SHORT = 80;

interface ValueProps {
  readonly table: ExploredTable;
  readonly field: ExploredField;
  readonly value: unknown;
  readonly short?: boolean;
}

/** The key of another table's row leads there, and says which row it is. */
export function Value({ table, field, value, short = false }: ValueProps) {
  const { byName } = useExplored();
  if (value === null || value === undefined) return <span className="empty">empty</span>;
  const other = referredBy(field.name, table, byName);
  if (other !== undefined) return <Referred table={other} id={value as string | number} />;
  const text = textOf(value, field);
  return <span className={field.kind}>{short && text.length > SHORT ? `${text.slice(0, SHORT)}…` : text}</span>;
}

function Referred({ table, id }: { readonly table: ExploredTable; readonly id: string | number }) {
  const { referenceRecord } = useReference({ reference: table.name, id });
  return <Link to={pathTo(table.name, id)}>{referenceRecord ? titleOf(referenceRecord, table) : String(id)}</Link>;
}

/** What people call a row. */
export function titleOf(row: Readonly<Record<string, unknown>>, { label, key }: ExploredTable): string {
  const said = label === undefined ? undefined : row[label];
  if (typeof said === "string" && said !== "") return said;
  return key.map((name) => String(row[name])).join(", ");
}

export function textOf(value: unknown, { kind }: Pick<ExploredField, "kind">): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (kind === "binary" && typeof value === "string") return bytesOf(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Base64 has four characters for three bytes. */
const bytesOf = (base64: string): string => `${Math.floor((base64.replace(/=+$/, "").length * 3) / 4)} bytes`;
