// The accounts of those who sign in here by name and password, as rows of `sapwood_users`. I/O.

import type { Row, Store } from "../database/store.js";
import type { Claims } from "../http/caller.js";
import { HttpError, problem } from "../http/problem.js";
import { hashPassword, isPassword, passwordFault } from "./passwords.js";
import { hashOf } from "./secrets.js";

/** An account, without its password. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly role: string;
  readonly claims: Claims;
  readonly disabled: boolean;
  readonly createdAt: string;
}

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly claims?: Claims;
}

export interface UserChange {
  readonly password?: string;
  readonly role?: string;
  readonly claims?: Claims;
  readonly disabled?: boolean;
}

/** What a new token is bound to. */
export interface Account {
  readonly id: number;
  readonly sessions: number;
}

const columns = `"id", "username", "role", "claims", "disabled", "created_at"`;
export const MOST_NAME = 200;

/** Names are the same whatever the case and the form of their letters. */
export const keyOfName = (username: string): string => hashOf(username.normalize("NFKC").toLowerCase());

export class Users {
  constructor(
    readonly store: Store,
    /** The fewest characters of a new password. */
    readonly least: number,
  ) {}

  /** Throws 422 for a name or password that cannot be, 409 for a name that is taken. */
  async add({ username, password, role, claims = {} }: NewUser): Promise<User> {
    refuseName(username);
    this.#refusePassword(password, username);
    const hash = await hashPassword(password);
    const key = keyOfName(username);
    try {
      await this.store.write(
        `INSERT INTO "sapwood_users" ("username", "username_key", "password", "role", "claims", "disabled", "sessions", "created_at") VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[username.normalize("NFKC"), key, hash, role, JSON.stringify(claims), 0, 0, Date.now()],
      );
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "unique_violation") throw error;
      throw problem("unique_violation", "There is a user of this name already. Choose another.", {
        errors: [{ field: "username", message: "is taken already" }],
      });
    }
    return (await this.#one("username_key", key)) as User;
  }

  /** In the order in which they came. */
  async list(limit: number, offset: number): Promise<readonly User[]> {
    const rows = await this.store.page(`SELECT ${columns} FROM "sapwood_users" ORDER BY "id"`, limit, offset);
    return rows.map(userOf);
  }

  find(id: number): Promise<User | undefined> {
    return this.#one("id", id);
  }

  findByName(username: string): Promise<User | undefined> {
    return this.#one("username_key", keyOfName(username));
  }

  /** A new password, and to be disabled, ends all of the user's tokens. `undefined` where there is no such user. */
  async change(id: number, change: UserChange): Promise<User | undefined> {
    const { password, role, claims, disabled } = change;
    const user = await this.find(id);
    if (user === undefined) return undefined;
    if (password !== undefined) this.#refusePassword(password, user.username);
    const written: [column: string, value: string | number][] = [];
    if (password !== undefined) written.push(["password", await hashPassword(password)]);
    if (role !== undefined) written.push(["role", role]);
    if (claims !== undefined) written.push(["claims", JSON.stringify(claims)]);
    if (disabled !== undefined) written.push(["disabled", disabled ? 1 : 0]);
    const sets = written.map(([column]) => `"${column}" = ?`);
    if (password !== undefined || disabled === true) sets.push(`"sessions" = "sessions" + 1`);
    if (sets.length === 0) return user;
    const values = written.map(([, value]) => value);
    await this.store.write(`UPDATE "sapwood_users" SET ${sets.join(", ")} WHERE "id" = ?`, ...values, id);
    return this.find(id);
  }

  /** Their tokens end with them. Was there one? */
  async remove(id: number): Promise<boolean> {
    const gone = await this.store.write(`DELETE FROM "sapwood_users" WHERE "id" = ?`, id);
    await this.store.write(`DELETE FROM "sapwood_tokens" WHERE "user_id" = ?`, id);
    return gone > 0;
  }

  /** The account of a name and its password; `undefined` where there is no such name, which takes as long. */
  async judge(username: string, password: string): Promise<Account | "wrong" | undefined> {
    const [row] = await this.store.read(
      `SELECT "id", "password", "disabled", "sessions" FROM "sapwood_users" WHERE "username_key" = ?`,
      keyOfName(username),
    );
    const right = await isPassword(password, row === undefined ? undefined : String(row[1]));
    if (row === undefined) return undefined;
    if (!right || Number(row[2]) !== 0) return "wrong";
    return { id: Number(row[0]), sessions: Number(row[3]) };
  }

  async #one(column: "id" | "username_key", value: number | string): Promise<User | undefined> {
    const [row] = await this.store.read(`SELECT ${columns} FROM "sapwood_users" WHERE "${column}" = ?`, value);
    return row && userOf(row);
  }

  #refusePassword(password: string, username: string): void {
    const fault = passwordFault(password, username, this.least);
    if (fault === undefined) return;
    throw problem("invalid_value", `A password ${fault}.`, { errors: [{ field: "password", message: fault }] });
  }
}

function refuseName(username: string): void {
  const { length } = username.normalize("NFKC");
  const message = `has 1 to ${MOST_NAME} characters, none of them a control character or a space at an end`;
  // Nobody could tell what is not seen.
  if (length > 0 && length <= MOST_NAME && username.trim() === username && !/\p{C}/u.test(username)) return;
  throw problem("invalid_value", `A user's name ${message}.`, { errors: [{ field: "username", message }] });
}

const userOf = ([id, username, role, claims, disabled, createdAt]: Row): User => ({
  id: Number(id),
  username: String(username),
  role: String(role),
  claims: JSON.parse(String(claims)),
  disabled: Number(disabled) !== 0,
  createdAt: new Date(Number(createdAt)).toISOString(),
});
