// API keys as rows of `sapwood_keys`: of each its hash, whose it is, and what it may. I/O.

import type { Row, Store } from "../database/store.js";
import type { Caller, Claims } from "../http/caller.js";
import { problem } from "../http/problem.js";
import { hashOf, newSecret } from "./secrets.js";

/** A key, without what is secret of it. */
export interface ApiKey {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  readonly claims: Claims;
  readonly createdAt: string;
  /** `null`: it does not end by itself. */
  readonly expiresAt: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly role: string;
  readonly claims?: Claims;
  readonly expiresAt?: Date;
}

const columns = `"id", "name", "role", "claims", "created_at", "expires_at"`;
const MOST_NAME = 200;

export class Keys {
  constructor(readonly store: Store) {}

  /** `key` is shown here, and never again. Throws 422 for a name or an end that cannot be. */
  async add({ name, role, claims = {}, expiresAt }: NewKey): Promise<ApiKey & { readonly key: string }> {
    refuse(name, expiresAt);
    const key = newSecret("swk");
    const hash = hashOf(key);
    await this.store.write(
      `INSERT INTO "sapwood_keys" ("name", "key_hash", "role", "claims", "created_at", "expires_at") VALUES (?, ?, ?, ?, ?, ?)`,
      ...[name, hash, role, JSON.stringify(claims), Date.now(), expiresAt?.getTime() ?? null],
    );
    const [row] = await this.store.read(`SELECT ${columns} FROM "sapwood_keys" WHERE "key_hash" = ?`, hash);
    return { ...keyOf(row as Row), key };
  }

  /** In the order in which they came. */
  async list(limit: number, offset: number): Promise<readonly ApiKey[]> {
    const rows = await this.store.page(`SELECT ${columns} FROM "sapwood_keys" ORDER BY "id"`, limit, offset);
    return rows.map(keyOf);
  }

  async find(id: number): Promise<ApiKey | undefined> {
    const [row] = await this.store.read(`SELECT ${columns} FROM "sapwood_keys" WHERE "id" = ?`, id);
    return row && keyOf(row);
  }

  /** Was there one? It is refused from now on. */
  async remove(id: number): Promise<boolean> {
    return (await this.store.write(`DELETE FROM "sapwood_keys" WHERE "id" = ?`, id)) > 0;
  }

  /** Whose key it is, by its hash; `undefined` where it has ended, or never was. */
  async judge(hash: string): Promise<Caller | undefined> {
    const [row] = await this.store.read(`SELECT ${columns} FROM "sapwood_keys" WHERE "key_hash" = ?`, hash);
    if (row === undefined) return undefined;
    const { id, name, role, claims, expiresAt } = keyOf(row);
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return undefined;
    return callerOfKey({ sub: `key ${id}`, name, role, claims });
  }
}

/** What the key itself says wins over what its claims say. */
export const callerOfKey = (key: {
  readonly sub: string;
  readonly name: string;
  readonly role: string;
  readonly claims: Claims;
}): Caller => ({ role: key.role, claims: { ...key.claims, sub: key.sub, name: key.name, role: key.role } });

function refuse(name: string, expiresAt: Date | undefined): void {
  const long = `has 1 to ${MOST_NAME} characters, none of them a control character`;
  if (name.length === 0 || name.length > MOST_NAME || /\p{C}/u.test(name))
    throw problem("invalid_value", `A key's name ${long}.`, { errors: [{ field: "name", message: long }] });
  if (expiresAt !== undefined && !(expiresAt.getTime() > Date.now()))
    throw problem("invalid_value", "A key's end is a time to come, such as 2030-01-31T12:00:00Z.", {
      errors: [{ field: "expiresAt", message: "is a time to come" }],
    });
}

const keyOf = ([id, name, role, claims, createdAt, expiresAt]: Row): ApiKey => ({
  id: Number(id),
  name: String(name),
  role: String(role),
  claims: JSON.parse(String(claims)),
  createdAt: new Date(Number(createdAt)).toISOString(),
  expiresAt: expiresAt === null ? null : new Date(Number(expiresAt)).toISOString(),
});
