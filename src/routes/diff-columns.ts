// Two readings of a resource's columns → what that means for clients who read them, and for those who write them.
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import { change, type RouteChange, type Severity, type ShownResource } from "./change.js";

export function columnChanges(was: ShownResource, is: ShownResource): RouteChange[] {
  const writes = !was.resource.readOnly && !is.resource.readOnly;
  const gone = [...was.entry.readable].filter(([name]) => !is.entry.readable.has(name));
  const added = [...is.entry.readable].filter(([name]) => !was.entry.readable.has(name));
  const at = (name: string) => `${was.path} ${name}`;
  return [
    ...gone.map(([name, column]) => change("breaking", at(name), `is gone${renamed(column, gone, added)}`)),
    ...added.map(([name, column]) =>
      writes && isRequired(column)
        ? change("breaking", at(name), "is new, and must be sent with every new row")
        : change("new", at(name), "is new"),
    ),
    ...[...was.entry.readable].flatMap(([name, before]) => {
      const after = is.entry.readable.get(name);
      if (after === undefined) return [];
      return differences(before, after, writes).map(([severity, text]) => change(severity, at(name), text));
    }),
    ...(writes ? uniqueChanges(was, is) : []),
  ];
}

type Difference = readonly [severity: Severity, text: string];
type Fields = readonly (readonly [name: string, column: Column])[];

/** The one that went and the one that came may be the same. */
function renamed(column: Column, gone: Fields, added: Fields): string {
  const alike = (fields: Fields) => fields.filter(([, { type }]) => type.kind === column.type.kind);
  const [[name] = [undefined]] = alike(added);
  return name !== undefined && alike(gone).length === 1 && alike(added).length === 1
    ? `: perhaps it is called ${name} now`
    : "";
}

/** A new row must have it in its body. */
const isRequired = ({ nullable, default: value, generated, identity }: Column): boolean =>
  !nullable && value === null && !generated && !identity;

function differences(before: Column, after: Column, writes: boolean): Difference[] {
  const found = typeDifferences(before.type, after.type, writes);
  if (!before.nullable && after.nullable) found.push(["may break", "may be null in answers"]);
  if ((before.fullText === undefined) !== (after.fullText === undefined))
    found.push(
      after.fullText ? ["new", "can be searched with fts:"] : ["breaking", "cannot be searched with fts: any more"],
    );
  return writes ? [...found, ...writeDifferences(before, after)] : found;
}

function writeDifferences(before: Column, after: Column): Difference[] {
  const [wasWritten, isWritten] = [before, after].map(({ generated, stamp }) => !generated && stamp === undefined);
  if (wasWritten && !isWritten)
    return [
      ["breaking", `is ${after.generated ? "computed by the database" : "set by the API"} now, and cannot be written`],
    ];
  if (!wasWritten) return isWritten ? [["new", "can be written"]] : [];
  const found: Difference[] = [];
  if (isRequired(after) && !isRequired(before)) found.push(["breaking", "must be sent with every new row"]);
  else if (before.nullable && !after.nullable) found.push(["breaking", "does not take null any more"]);
  if (isRequired(before) && !isRequired(after)) found.push(["new", "may be left out of a new row"]);
  else if (before.default !== after.default && !isRequired(after))
    found.push([
      "may break",
      `is ${shownDefault(after)} where a new row leaves it out, and was ${shownDefault(before)}`,
    ]);
  return found;
}

const shownDefault = (column: Column): string =>
  column.identity ? "numbered" : column.default === null ? "null" : column.default;

function typeDifferences(before: ColumnType, after: ColumnType, writes: boolean): Difference[] {
  if (before.kind !== after.kind)
    return [["breaking", `is ${after.kind} (${after.native}), and was ${before.kind} (${before.native})`]];
  if (before.element !== undefined && after.element !== undefined)
    return typeDifferences(before.element, after.element, writes).map(([severity, text]) => [
      severity,
      `in its array: ${text}`,
    ]);
  const found: Difference[] = [];
  if (writes && isLess(after.length, before.length))
    found.push([
      "breaking",
      `takes ${after.length} ${before.kind === "binary" ? "bytes" : "characters"} at the most, and took ${before.length ?? "any number"}`,
    ]);
  else if (isLess(before.length, after.length))
    found.push(["may break", `may be longer than ${before.length} in answers`]);
  return [...found, ...enumDifferences(before, after), ...numberDifferences(before, after, writes)];
}

/** Nothing is no bound. */
const isLess = (one: number | undefined, other: number | undefined): boolean =>
  one !== undefined && (other === undefined || one < other);

function enumDifferences({ values: before = [] }: ColumnType, { values: after = [] }: ColumnType): Difference[] {
  const gone = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  return [
    ...(gone.length === 0 ? [] : [["breaking", `does not take ${gone.join(", ")} any more`] as const]),
    ...(added.length === 0 ? [] : [["may break", `may be ${added.join(", ")} in answers too`] as const]),
  ];
}

function numberDifferences(before: ColumnType, after: ColumnType, writes: boolean): Difference[] {
  const found: Difference[] = [];
  const narrower = (inner: ColumnType, outer: ColumnType) =>
    (inner.min !== undefined && outer.min !== undefined && BigInt(inner.min) > BigInt(outer.min)) ||
    (inner.max !== undefined && outer.max !== undefined && BigInt(inner.max) < BigInt(outer.max));
  if (narrower(after, before) && writes) found.push(["breaking", `takes ${after.min} to ${after.max} only`]);
  if (narrower(before, after)) found.push(["may break", `may be beyond ${before.min} to ${before.max} in answers`]);
  if (before.kind !== "decimal") return found;
  const [whole, wholeBefore] = [after, before].map(({ precision, scale = 0 }) => precision && precision - scale);
  if (writes && (isLess(whole, wholeBefore) || isLess(after.scale, before.scale)))
    found.push(["breaking", `takes ${after.native}, and took ${before.native}`]);
  else if (isLess(wholeBefore, whole) || isLess(before.scale, after.scale))
    found.push(["may break", `may have more digits in answers: ${after.native}, and was ${before.native}`]);
  return found;
}

function uniqueChanges(was: ShownResource, is: ShownResource): RouteChange[] {
  const keysOf = ({ entry }: ShownResource) =>
    new Map(
      entry.table.uniqueKeys.map(({ columns }) => {
        const fields = columns.map((name) => fieldOf(entry.columns.get(name) as Column));
        return [[...fields].sort().join(), fields.join(", ")] as const;
      }),
    );
  const [before, after] = [keysOf(was), keysOf(is)];
  const only = (keys: Map<string, string>, others: Map<string, string>) =>
    [...keys].flatMap(([key, fields]) => (others.has(key) ? [] : [fields]));
  return [
    ...only(after, before).map((fields) =>
      change("may break", `${was.path} ${fields}`, "must be unique now: writes may be refused with 409"),
    ),
    ...only(before, after).map((fields) =>
      change(
        "may break",
        `${was.path} ${fields}`,
        "is not unique any more: no conflict-columns, and rows may share it",
      ),
    ),
  ];
}
