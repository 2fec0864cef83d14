// Requests about the users of a database's server → users shown with what they were granted here, made and dropped. No password is shown.
import { didYouMean, excerpt } from "../../base/suggest.js";
import { accountIn } from "../../database/administering.js";
import { EVERY, grantsOn, rightsByWord, userFrom } from "../../define/user-form.js";
import type { DatabaseAccount } from "../../dialect/parts/administration.js";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { readPlainObject } from "../../request/body.js";
import type { Table } from "../../schema/schema.js";
import { jsonPage, type PageAnswer } from "../page.js";
import { type Administered, administer, administering, refuseOwn } from "./schema-administered.js";
import { askedOf, refuseParameters } from "./schema-asked.js";
import { createdPage, nameIn } from "./schema-named.js";

/** By tables' names: `{ clubs: ["read", "create"] }`. */
interface UserEntry extends DatabaseAccount {
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

export const listUsers =
  (one: Administered): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    return jsonPage(await entriesOf(one));
  };

export const showUser =
  (one: Administered): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    const user = await foundUser(one, request);
    return jsonPage(await entryOf(one, user));
  };

export const makeUser = (one: Administered): PageAnswer =>
  administering(one, async (request) => {
    const asked = askedOf(request, ["dry-run"]);
    const { administration, ask } = one.administering;
    const { rights, ...user } = userFrom(await readPlainObject(request), administration);
    return async () => {
      const id = idOf(user);
      if ((await one.administering.users()).some((other) => idOf(other) === id))
        throw problem("name_taken", `There is a user '${id}' already.`);
      await refuseOwn(one, "user", user.name);
      const grants = grantsOn(rights, await grantable(one));
      const statements = await administration.createUser({ ...user, grants }, ask);
      const undo = await administration.dropUser(user, ask);
      const change = { asked, what: `create user ${id}`, statements, undo };
      return administer(one, request, change, async () => createdPage(request, id, await entryOf(one, user)));
    };
  });

export const dropUser = (one: Administered): PageAnswer =>
  administering(one, async (request) => {
    const asked = askedOf(request, ["dry-run"]);
    return async () => {
      await refuseOwn(one, "user", nameIn(request).replace(/@.*/s, ""));
      const user = await foundUser(one, request);
      const { administration, ask } = one.administering;
      const statements = await administration.dropUser(user, ask);
      const change = { asked, what: `drop user ${idOf(user)}`, statements };
      return administer(one, request, change, () => ({ status: 204, headers: {} }));
    };
  });

/** `app`, or `app@10.0.0.7` where it is of one host. */
const idOf = ({ name, host = "%" }: DatabaseAccount): string => (host === "%" ? name : `${name}@${host}`);

async function foundUser({ administering }: Administered, request: ApiRequest): Promise<DatabaseAccount> {
  const asked = nameIn(request);
  const users = await administering.users();
  const user = users.find((other) => idOf(other) === asked);
  if (user !== undefined) return user;
  throw problem("no_route", `There is no user '${excerpt(asked)}'.${didYouMean(asked, users.map(idOf))}`);
}

/** Tables and views that the server shows. */
async function grantable({ defining }: Administered): Promise<readonly Table[]> {
  const { is, names } = await defining.read();
  return is.tables.filter(({ id }) => names.has(id));
}

async function entryOf(one: Administered, user: DatabaseAccount): Promise<UserEntry> {
  const entries = await entriesOf(one);
  return entries.find((entry) => idOf(entry) === idOf(user)) ?? { ...user, grants: {} };
}

async function entriesOf(one: Administered): Promise<readonly UserEntry[]> {
  const { administering } = one;
  const tables = await grantable(one);
  const granted = await administering.ask(administering.administration.grants);
  const users = await administering.users();
  return users.map((user) => {
    const own = granted.filter((row) => idOf(accountIn(row)) === idOf(user));
    return { ...user, grants: grantsIn(own, tables) };
  });
}

function grantsIn(rows: readonly Record<string, unknown>[], tables: readonly Table[]): UserEntry["grants"] {
  const grants = new Map<string, string[]>();
  for (const [word, right] of Object.entries(rightsByWord))
    for (const row of rows.filter((row) => row.right === right)) {
      const id = row.table === null ? EVERY : tables.find((table) => isNamed(table, row))?.id;
      if (id !== undefined) grants.set(id, [...(grants.get(id) ?? []), word]);
    }
  return Object.fromEntries(grants);
}

const isNamed = ({ schema, name }: Table, row: Record<string, unknown>): boolean =>
  row.table === name && (row.schema === null || schema === null || row.schema === schema);
