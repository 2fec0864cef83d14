// What was sent as a database user to be made → the same, of the form that it must have. Throws `ConfigError`.
import { ConfigError, checkKeys, checkWord } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Administration, NewDatabaseUser, TableGrant, TableRight } from "../dialect/parts/administration.js";
import type { Table } from "../schema/schema.js";
import { CHANGE } from "./entry-form.js";
import { checkName } from "./names.js";

/** A role's rights on a table, as `roles` names them, in SQL's words. */
export const rightsByWord = { read: "SELECT", create: "INSERT", update: "UPDATE", delete: "DELETE" } as const;
const words: readonly string[] = [...Object.keys(rightsByWord), "*"];

/** All tables that are not named. */
export const EVERY = "*";

/** Of which tables are to be there is not known yet. */
export interface AskedUser extends Omit<NewDatabaseUser, "grants"> {
  /** By tables' names. */
  readonly rights: ReadonlyMap<string, readonly TableRight[]>;
}

export function databaseFrom(body: object): string {
  checkKeys(body, ["name"], CHANGE);
  const { name } = body as Readonly<Record<string, unknown>>;
  return checkedName(name, `${CHANGE}.name`);
}

export function userFrom(body: object, { hosts, longestUser }: Administration): AskedUser {
  checkKeys(body, ["name", "password", ...(hosts ? ["host"] : []), "grants"], CHANGE);
  const { name, host, password, grants = {} } = body as Readonly<Record<string, unknown>>;
  const checked = checkedName(name, `${CHANGE}.name`);
  if (checked.length > longestUser)
    throw new ConfigError(`${CHANGE}.name`, `has ${longestUser} characters at most, as a user's name.`);
  return {
    name: checked,
    ...(hosts && { host: checkedHost(host) }),
    password: checkedPassword(password, checked),
    rights: rightsFrom(grants),
  };
}

function checkedName(name: unknown, place: string): string {
  if (typeof name !== "string") throw new ConfigError(place, "is a name.");
  checkName(name, place);
  return name;
}

const LONGEST_HOST = 60;

function checkedHost(host: unknown): string {
  if (host === undefined) return "%";
  if (typeof host === "string" && host.length <= LONGEST_HOST && /^[\w.:%-]+$/.test(host)) return host;
  throw new ConfigError(`${CHANGE}.host`, "is a host's name or address, such as 10.0.0.7, or % for any.");
}

/** As every database and driver takes it to the letter. */
const password = { form: /^[\x20-\x5b\x5d-\x7e]*$/, least: 12, most: 128 } as const;

function checkedPassword(value: unknown, name: string): string {
  const refuse = (reason: string) => new ConfigError(`${CHANGE}.password`, reason);
  if (typeof value !== "string") throw refuse("is a text.");
  if (value.length < password.least || value.length > password.most)
    throw refuse(`has ${password.least} to ${password.most} characters.`);
  if (!password.form.test(value)) throw refuse("has letters, digits, signs and spaces of ASCII, and no backslash.");
  if (value.toLowerCase().includes(name.toLowerCase())) throw refuse("does not hold the user's name.");
  return value;
}

const MOST = 1_000;

function rightsFrom(grants: unknown): ReadonlyMap<string, readonly TableRight[]> {
  const place = `${CHANGE}.grants`;
  if (typeof grants !== "object" || grants === null || Array.isArray(grants))
    throw new ConfigError(place, 'is an object: { "clubs": "read", "boats": ["read", "create"] }.');
  const entries = Object.entries(grants);
  if (entries.length > MOST) throw new ConfigError(place, `has ${MOST} items at most.`);
  return new Map(entries.map(([table, said]) => [table, rightsOf(said, `${place}.${table}`)]));
}

function rightsOf(said: unknown, place: string): readonly TableRight[] {
  const list = [said].flat();
  if (list.length === 0) throw new ConfigError(place, `is one or several of ${words.join(", ")}.`);
  for (const word of list) checkWord(word ?? null, words, place);
  const all = Object.entries(rightsByWord);
  return all.filter(([word]) => list.includes(word) || list.includes(EVERY)).map(([, right]) => right);
}

/** Of tables and views that are shown. */
export function grantsOn(rights: AskedUser["rights"], shown: readonly Table[]): readonly TableGrant[] {
  const names = shown.map(({ id }) => id);
  for (const name of rights.keys())
    if (name !== EVERY && !names.includes(name))
      throw new ConfigError(`${CHANGE}.grants.${name}`, `there is no such table.${didYouMean(name, names)}`);
  return shown.flatMap(({ id, schema, name }) => {
    const given = rights.get(id) ?? rights.get(EVERY);
    return given === undefined ? [] : [{ schema, table: name, rights: given }];
  });
}
