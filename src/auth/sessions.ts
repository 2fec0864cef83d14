// The tokens that signing in answers with: what they stand for is looked up at each request, so that they can be ended at once. I/O.

import type { Store } from "../database/store.js";
import type { Caller, Claims } from "../http/caller.js";
import { hashOf, isSecret, newSecret } from "./secrets.js";
import type { Account } from "./users.js";

/** Who has signed in: an account, or somebody that a directory knows, whose rights stay those of that moment. */
export type Granted = Account | DirectoryUser;

export interface DirectoryUser {
  readonly username: string;
  readonly role: string;
  /** `sub` among them. */
  readonly claims: Claims;
}

export const isToken = (text: string): boolean => isSecret("swt", text);

/** So often a process looks for tokens and counts that have ended, in milliseconds, and takes away so many of them. */
const CLEANING = 60_000;
const MOST_CLEANED = 500;

export class Sessions {
  #cleanedAt = 0;

  constructor(readonly store: Store) {}

  /** Answers the token, which is nowhere else. */
  async begin(granted: Granted, seconds: number): Promise<string> {
    await this.#clean();
    const token = newSecret("swt");
    const end = Date.now() + seconds * 1000;
    const values =
      "id" in granted
        ? [granted.id, granted.sessions, null, null, null]
        : [null, null, granted.username, granted.role, JSON.stringify(granted.claims)];
    await this.store.write(
      `INSERT INTO "sapwood_tokens" ("token_hash", "expires_at", "user_id", "sessions", "username", "role", "claims") VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[hashOf(token), end, ...values],
    );
    return token;
  }

  /** Whose token it is; `undefined` where it has ended, or never was. */
  async find(token: string): Promise<Caller | undefined> {
    const [row] = await this.store.read(
      `SELECT t."expires_at", t."user_id", t."sessions", t."username", t."role", t."claims", u."sessions", u."disabled", u."username", u."role", u."claims"
       FROM "sapwood_tokens" t LEFT JOIN "sapwood_users" u ON u."id" = t."user_id" WHERE t."token_hash" = ?`,
      hashOf(token),
    );
    if (row === undefined || Number(row[0]) <= Date.now()) return undefined;
    const [, id, sessions, ...named] = row;
    if (id === null) return callerOf(named);
    const [, , , now, disabled, ...account] = named;
    if (now === null || Number(now) !== Number(sessions) || Number(disabled) !== 0) return undefined;
    return callerOf(account, { sub: String(id) });
  }

  async end(token: string): Promise<void> {
    await this.store.write(`DELETE FROM "sapwood_tokens" WHERE "token_hash" = ?`, hashOf(token));
  }

  async #clean(): Promise<void> {
    const now = Date.now();
    if (now - this.#cleanedAt < CLEANING) return;
    this.#cleanedAt = now;
    await this.#cleanTable("sapwood_tokens", "expires_at", now);
    await this.#cleanTable("sapwood_attempts", "until_at", now);
  }

  async #cleanTable(table: string, column: string, now: number): Promise<void> {
    const old = await this.store.page(
      `SELECT "${column}" FROM "${table}" WHERE "${column}" <= ? ORDER BY "${column}"`,
      ...[MOST_CLEANED, 0, now],
    );
    const last = old.at(-1)?.[0];
    if (last !== undefined) await this.store.write(`DELETE FROM "${table}" WHERE "${column}" <= ?`, Number(last));
  }
}

/** What the account itself says wins over what its claims say. A directory's claims are its own. */
const callerOf = ([username, role, claims]: readonly unknown[], own: { readonly sub?: string } = {}): Caller => ({
  role: String(role),
  claims: { ...JSON.parse(String(claims)), ...own, username: String(username), role: String(role) },
});
