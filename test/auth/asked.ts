// An API on a small table, whom it takes a request's sender for, and how it refuses.
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import type { JwtOptions } from "../../src/auth/jwt.js";
import type { Caller } from "../../src/http/caller.js";
import type { ApiRequest } from "../../src/http/message.js";
import { type Created, sqlite } from "../support/databases.js";

export { sqlite } from "../support/databases.js";
export const ddl =
  "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";

/** Everyone may do everything: these tests are about who asks. */
export const roles = { admin: "*", member: "*", anonymous: "*" } as const;

export interface Asked {
  readonly status: number;
  /** As hooks see it; missing where the request was refused. */
  readonly caller: Caller | undefined;
  readonly detail: string | undefined;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** All that a client gets to see. */
  readonly text: string;
}

export interface Asking {
  readonly api: Api;
  /** `GET /notes/1` with these headers. */
  ask(headers?: Readonly<Record<string, string>>, raw?: unknown): Promise<Asked>;
  /** The same with a bearer token. */
  bearer(token: string): Promise<Asked>;
  close(): Promise<void>;
}

export async function asking(options: ApiOptions): Promise<Asking> {
  const created: Created = await sqlite.create(ddl);
  let caller: Caller | undefined;
  const preRead = ({ request }: { request: ApiRequest }) => {
    caller = request.caller;
  };
  const api = await createApi(created.url, { roles, ...options, hooks: { preRead } }).catch(async (error) => {
    await created.drop();
    throw error;
  });
  const ask = async (headers: Readonly<Record<string, string>> = {}, raw: unknown = undefined): Promise<Asked> => {
    caller = undefined;
    const response = await api.handle({ ...note, header: (name) => headers[name], raw });
    if (response === undefined) throw new Error("no route");
    const { detail, code } = JSON.parse(response.body ?? "{}");
    const text = JSON.stringify(response);
    return { status: response.status, caller, detail, code, headers: response.headers, text };
  };
  const bearer = (token: string) => ask({ authorization: `Bearer ${token}` });
  const close = async () => {
    await api.close();
    await created.drop();
  };
  return { api, ask, bearer, close };
}

/** What one token meets where these options are on. */
export async function meets(token: string, jwt: JwtOptions): Promise<Asked> {
  const { bearer, close } = await asking({ auth: { jwt } });
  const asked = await bearer(token);
  await close();
  return asked;
}

const note = {
  method: "GET",
  path: "/notes/1",
  query: "",
  prefix: "",
  body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }) as const,
};
