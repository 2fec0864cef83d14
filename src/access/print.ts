// A role's rights on each table, for people and for programs.
import { type Lookup, tableOf } from "../schema/lookup.js";
import { claimText } from "./claim.js";
import { type Grant, type Right, type Role, rights } from "./roles.js";

/** What a role may do with one table; lists of fields are left out where they are all of them. */
export interface GrantAsJson {
  /** By its path's name. */
  readonly table: string;
  readonly rights: readonly Right[];
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** As the config says them. */
  readonly rows?: { readonly read?: string; readonly write?: string };
  readonly sets?: Readonly<Record<string, unknown>>;
}

/** The tables with which the role has to do. */
export const grantsAsJson = ({ grants }: Role, lookup: Lookup): GrantAsJson[] =>
  [...grants].flatMap(([id, grant]) => {
    const { label, all: known, deleted } = tableOf(lookup, id);
    // Rows that are not marked as deleted cannot be restored.
    const meant = rights.filter((right) => grant.rights.has(right) && (right !== "restore" || deleted !== undefined));
    return meant.length === 0 ? [] : [{ table: label, rights: meant, ...grantAsJson(grant, known) }];
  });

function grantAsJson(grant: Grant, known: Grant["fields"]): Omit<GrantAsJson, "table" | "rights"> {
  const { read, write, set } = grant;
  const writes = grant.rights.has("create") || grant.rights.has("update");
  return {
    ...(grant.rights.has("read") && grant.fields !== known && { reads: [...grant.fields.keys()] }),
    ...(writes && grant.writable !== known && { writes: [...grant.writable.keys()] }),
    ...((read ?? write) && { rows: { ...(read && { read: read.text }), ...(write && { write: write.text }) } }),
    ...(set.size > 0 && {
      sets: Object.fromEntries(
        [...set].map(([field, setting]) => [field, "claim" in setting ? claimText(setting.claim) : setting.constant]),
      ),
    }),
  };
}

/** One line a table. */
export function printGrants(grants: readonly GrantAsJson[]): string {
  const width = grants.reduce((most, { table }) => Math.max(most, table.length), 0) + 2;
  return grants
    .map(({ table, rights, reads, writes, rows, sets }) =>
      [
        table.padEnd(width) + rights.join(" "),
        ...(reads === undefined ? [] : [`reads ${reads.join(", ")}`]),
        ...(writes === undefined ? [] : [`writes ${writes.join(", ")}`]),
        ...(rows?.read === undefined ? [] : [`where ${rows.read}`]),
        ...(rows?.write === undefined ? [] : [`changes where ${rows.write}`]),
        ...(sets === undefined
          ? []
          : [
              `sets ${Object.entries(sets)
                .map(([field, value]) => `${field} to ${JSON.stringify(value)}`)
                .join(", ")}`,
            ]),
      ].join("; "),
    )
    .join("\n");
}
