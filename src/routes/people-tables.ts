// Which tables hold people, and which of them a role means: accounts (`created_by`) or those who work there (`manager_id`).
import { type Naming, wordsOf } from "../base/naming.js";
import type { Table } from "../schema/schema.js";
import type { TableName } from "../schema/table-prefix.js";
import { isPeople } from "./people.js";

interface Entry {
  readonly table: Table;
  readonly name: TableName;
}

/** `users`, and `auth_user` where there is no other. */
export function tablesOfPeople<E extends Entry>(entries: readonly E[], naming: Naming): readonly E[] {
  const nounOf = (words: readonly string[]) => naming.singular(words.at(-1) ?? "");
  const plain = entries.filter(
    ({ name: { core } }) => core.length === 1 && (isPeople(nounOf(core)) || isAccount(nounOf(core))),
  );
  if (plain.length > 1) return withoutMembers(plain, nounOf);
  return plain.length > 0 ? plain : entries.filter(({ name: { core } }) => core.length === 2 && isUser(core, nounOf));
}

/** Of several, the accounts: whoever does something in an application does it as one of its users. */
export const accountsAmong = <E extends Entry>(people: readonly E[], naming: Naming): readonly E[] => {
  const accounts = people.filter(({ name }) => isAccount(naming.singular(name.core.at(-1) ?? "")));
  return accounts.length > 0 ? accounts : people;
};

/** Where all of them are accounts, those whose table ends so: `hr_employee` beside `user`. */
export function workersAmong<E extends Entry>(
  people: readonly E[],
  entries: readonly E[],
  naming: Naming,
): readonly E[] {
  const nounOf = ({ name }: E): string => naming.singular(name.core.at(-1) ?? "");
  if (people.some((one) => !isAccount(nounOf(one)))) return people;
  const workers = entries.filter((one) => isPeople(nounOf(one)) && !isAccount(nounOf(one)) && nounOf(one) !== "member");
  return workers.length > 0 ? workers : people;
}

const users: ReadonlySet<string> = new Set("user usr benutzer nutzer utilisateur usuario utilizador utente".split(" "));

/** `appuser` too. */
export const isAccount = (noun: string): boolean =>
  users.has(noun) || /^(?:app|application|sys|system|web|portal|admin|auth|login|site)_?user$/.test(noun);

/** `members` beside `users` that says which user each is: the users are the people. */
function withoutMembers<E extends Entry>(
  plain: readonly E[],
  nounOf: (words: readonly string[]) => string,
): readonly E[] {
  const nouns = plain.map(({ name }) => `${nounOf(name.core)}_id`);
  const left = plain.filter(({ table, name }) => {
    const isMember = nounOf(name.core) === "member";
    return !isMember || !table.columns.some((column) => nouns.includes(wordsOf(column.name).join("_")));
  });
  return left.length > 0 ? left : plain;
}

const isUser = ([first = "", ...rest]: readonly string[], nounOf: (words: readonly string[]) => string): boolean =>
  ["auth", "admin", "app", "site", "sys", "system", "account", "accounts", "core", "res"].includes(first) &&
  isPeople(nounOf(rest));
