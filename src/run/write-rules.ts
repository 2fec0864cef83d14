// What a role's rights say of a write: which fields its bodies may name, what is set for it, and whether the rows are within its
// rule when they are written.

import type { Right } from "../access/roles.js";
import { excerpt } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import { unauthorized } from "../http/unauthorized.js";
import { anyKey, inKeyPieces, keyColumns } from "../plan/keys.js";
import type { Condition } from "../plan/terms.js";
import { Values } from "../plan/values.js";
import { unknownField } from "../plan/write.js";
import { bodyText } from "../request/body.js";
import type { TableLookup } from "../schema/lookup.js";
import type { Writing } from "../schema/warnings.js";
import type { RequestContext } from "./context.js";
import { foundTexts } from "./found-rows.js";
import { valuesOf } from "./row-address.js";

type Fields = Record<string, unknown>;

/** 403; whoever has not signed in is asked to do so. */
export function forbidden({ access }: RequestContext, what: string): HttpError {
  const role = access?.role.name ?? "";
  if (!access?.isAnonymous) return problem("forbidden", `'${role}' may not ${what}.`);
  return unauthorized(`Whoever has not signed in may not ${what}.`);
}

const verbs: Readonly<Record<Right, string>> = {
  read: "read",
  create: "make rows of",
  update: "change rows of",
  delete: "delete rows of",
  restore: "see or restore deleted rows of",
};

const writings: Readonly<Partial<Record<Right, Writing>>> = {
  create: "insert",
  update: "update",
  delete: "delete",
  restore: "update",
};

/** The caller's right, and that of the connection. */
export function requireRight(context: RequestContext, right: Right, { table, label, deleted }: TableLookup): void {
  if (context.access?.may(right, table.id) === false) throw forbidden(context, `${verbs[right]} ${label}`);
  const writing = right === "delete" && deleted !== undefined ? "update" : writings[right];
  if (writing !== undefined && table.denied?.includes(writing))
    throw problem("write_refused", `The database does not let this API ${verbs[right]} ${label}.`);
}

/**
 * The bodies as the caller may write them, with what the role sets. A field may be said where it says what the address says
 * (`known`) or what the role sets; what it says of a stamp is passed over. Throws 400 for fields that are not there for the caller, 403 for those that it only reads.
 */
export function allowedBodies<Body extends Fields>(
  given: readonly Body[],
  entry: TableLookup,
  context: RequestContext,
  known: Fields = {},
): readonly Body[] {
  const { access, snapshot } = context;
  const bodies = snapshot.stamps.has(entry.table.id) ? given.map((body) => withoutStamps(body, entry)) : given;
  if (access === undefined) return bodies;
  const set = access.settings(entry.table.id);
  const said = { ...known, ...set };
  for (const body of bodies)
    for (const field of Object.keys(body))
      if (!entry.writable.has(field) && !agrees(body, said, field)) throw unwritable(field, entry, context);
  return Object.keys(set).length === 0 ? bodies : bodies.map((body) => ({ ...body, ...set }));
}

/** Clients send whole records back, as they have read them. Throws 422 for one that is to be deleted by what it says. */
function withoutStamps<Body extends Fields>(body: Body, { all, deleted, label }: TableLookup): Body {
  for (const [field, value] of Object.entries(body))
    if (deleted !== undefined && all.get(field)?.name === deleted.name && value !== null && bodyText(value) !== "false")
      throw problem("read_only_column", `${excerpt(field)} says which rows of ${label} are deleted: send DELETE.`, {
        errors: [{ field, message: "is set by DELETE" }],
      });
  return Object.fromEntries(Object.entries(body).filter(([field]) => all.get(field)?.stamp === undefined)) as Body;
}

const agrees = (body: Fields, said: Fields, field: string): boolean =>
  Object.hasOwn(said, field) && bodyText(body[field]) === bodyText(said[field]);

function unwritable(field: string, entry: TableLookup, context: RequestContext): HttpError {
  if (!entry.readable.has(field) && !context.access?.role.grants.get(entry.table.id)?.set.has(field))
    return unknownField(field, entry);
  const refused = forbidden(context, `write ${excerpt(field)} of ${entry.label}`);
  return refused.said(refused.message, { errors: [{ field, message: "is not yours to write" }] });
}

/** Throws 403 unless all of these rows, just written, are within the rule. They are found by the key that they show. */
export async function requirePolicy(
  written: readonly (string | undefined)[],
  entry: TableLookup,
  context: RequestContext,
): Promise<void> {
  if (!entry.hasPolicy) return;
  const { id, primaryKey } = entry.table;
  const keys = written.flatMap((row) => (row === undefined ? [] : [valuesOf(row, primaryKey, entry)]));
  for (const piece of inKeyPieces(keys, primaryKey.length)) {
    const values = new Values();
    const where: Condition[] = [
      anyKey(
        primaryKey,
        piece.map((key) => key.map((value) => values.add(value))),
      ),
    ];
    const plan = { kind: "list", table: id, select: keyColumns(entry), where, order: [], changing: true } as const;
    const found = await foundTexts({ plan, values: values.all }, context);
    if (found.length < piece.length) throw outsidePolicy(entry, context);
  }
}

export const outsidePolicy = ({ label }: TableLookup, context: RequestContext): HttpError =>
  forbidden(context, `leave a row of ${label} that is outside of what it may see and change`);
