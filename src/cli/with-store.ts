// What the commands about accounts and keys have in common: the database, opened for as long as their work takes, and its roles.

import type { ApiOptions } from "../api/options.js";
import { AUTH_DB, openAuthDatabase } from "../auth/auth-database.js";
import { didYouMean } from "../base/suggest.js";
import { type FileOpening, openDatabase } from "../database/database.js";
import { ensureTables, lackingOf } from "../database/making-own-tables.js";
import type { OwnTable } from "../database/own-tables.js";
import type { OpenDatabase } from "../database/session.js";
import { Store } from "../database/store.js";
import { ANONYMOUS } from "../http/caller.js";
import { redact } from "../server/redact.js";
import { type AuthPlace, settleAuthPlace } from "./auth-place.js";
import type { Flags } from "./flags.js";
import { type Note, settleOne } from "./resolve-settings.js";

/** What stands behind a command: a database and a word, or the word alone where something else names the database. */
export type Args = readonly [first: string | undefined, second: string | undefined];

/** Throws `missing` where neither stands there. */
export function parted([first, second]: Args, missing: string): { readonly db?: string; readonly word: string } {
  if (first === undefined) throw new Error(missing);
  return second === undefined ? { word: first } : { db: first, word: second };
}

const PAGE = 1000;

/** Page after page. */
export async function allPages<T>(
  list: (limit: number, offset: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await list(PAGE, all.length);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** What a command was given. */
export interface Given {
  readonly db: string | undefined;
  readonly flags: Flags;
  readonly note: Note;
}

export interface WantedStore {
  readonly tables: readonly OwnTable[];
  /** Does it add to them? Then they are made where they are not there. */
  readonly adds?: boolean;
  /** Are they about who signs in? Then they are where `auth.db` says. */
  readonly ofAuth?: boolean;
  /** Does it only list them? Then opening a file leaves it as it is. */
  readonly looks?: boolean;
}

/** The database for as long as the work takes; it gets no store where the tables are not there and nothing is added. */
export async function withStore<T>(
  { db, flags, note }: Given,
  { tables, adds = false, ofAuth = false, looks = false }: WantedStore,
  work: (store: Store | undefined, options: ApiOptions) => Promise<T>,
): Promise<T> {
  const place = ofAuth
    ? await settleAuthPlace(db, flags, note)
    : { ...(await settleOne(db, flags, note)), apart: false };
  const { options, reach } = place;
  const database = openPlace(place, { looks, briefly: true });
  try {
    if (!adds && (await reach(() => lackingOf(database, tables))).length > 0) return await work(undefined, options);
    const made = adds ? await reach(() => ensureTables(database, tables, true, "the database")) : [];
    if (made.length > 0) process.stderr.write(`made ${made.join(", ")}\n`);
    return await work(new Store(database), options);
  } finally {
    await database.close();
  }
}

/** `apart`: on stderr it says where. */
export function openPlace({ db, options, apart }: AuthPlace, opening: FileOpening): OpenDatabase {
  if (!apart) return openDatabase(db, options, opening);
  if (typeof db === "string") process.stderr.write(`kept in ${redact(db)} (${AUTH_DB})\n`);
  return openAuthDatabase(db, options, opening);
}

/** The config's roles are those that there are; without a config that has some, any word may be one. */
export function checkGiven(role: string, { roles }: ApiOptions): void {
  const names = Object.keys(roles ?? {}).filter((name) => name !== ANONYMOUS);
  if (roles !== undefined && !names.includes(role))
    throw new Error(`there is no role ${role}.${didYouMean(role, names)} The config's roles are ${names.join(", ")}.`);
}

/** `--claims '{"team":7}'` */
export function claimsFromText(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const claims: unknown = JSON.parse(text);
    if (typeof claims === "object" && claims !== null && !Array.isArray(claims)) return { ...claims };
  } catch {}
  throw new Error(`--claims is a JSON object, such as '{"team":7}'.`);
}

/** Columns for people, and for `cut`. */
export const printRows = (rows: readonly (readonly (string | number)[])[]): void => {
  process.stdout.write(rows.map((row) => `${row.join("\t")}\n`).join(""));
};
