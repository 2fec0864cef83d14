// An API with accounts behind a real framework, and what its clients send.

import { Keys, type NewKey } from "../../src/auth/key-rows.js";
import { type NewUser, Users } from "../../src/auth/users.js";
import { openDatabase } from "../../src/database/database.js";
import { Store } from "../../src/database/store.js";
import type { Caller } from "../../src/http/caller.js";
import type { ApiRequest } from "../../src/http/message.js";
import type { App } from "../support/apps.js";
import type { Answer } from "../support/http.js";
import type { Ddl } from "../support/matrix.js";

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";
export const ddl: Ddl = { sqlite: notes, postgres: notes, mariadb: notes };

export const password = "correct horse battery";

/** Makes users as the command line does, without an API. */
export async function addUsers(url: string, ...users: readonly Partial<NewUser>[]): Promise<void> {
  const database = openDatabase(url);
  try {
    const made = new Users(new Store(database), 8);
    for (const user of users) await made.add({ username: "ada", password, role: "member", ...user });
  } finally {
    await database.close();
  }
}

/** Makes a key as the command line does, and answers it. */
export async function addKey(url: string, key: NewKey): Promise<string> {
  const database = openDatabase(url);
  try {
    return (await new Keys(new Store(database)).add(key)).key;
  } finally {
    await database.close();
  }
}

/** Names and passwords as an OAuth 2 client sends them. */
export const signIn = (app: App, username: string, given = password): Promise<Answer> =>
  form(app, "/auth/token", { grant_type: "password", username, password: given });

export const form = (app: App, path: string, fields: Readonly<Record<string, string>>): Promise<Answer> =>
  app.ask(`POST ${path}`, {
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The token of somebody who has signed in. */
export async function tokenOf(app: App, username: string, given?: string): Promise<string> {
  const answer = await signIn(app, username, given);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json.access_token;
}

/** A hook that notes who has read last. */
export function noting() {
  const noted: { caller?: Caller } = {};
  const preRead = ({ request }: { request: ApiRequest }) => {
    noted.caller = request.caller;
  };
  return { noted, hooks: { preRead } };
}
