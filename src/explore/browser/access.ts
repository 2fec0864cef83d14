// Where the API is and who asks → what asks it: react-admin's provider, and single requests.
import { askingAt, type ClientAsk, RefusedError } from "../../client/http.js";
import { isProblem } from "../../client/problem-error.js";
import { dataProvider, type SapwoodDataProvider } from "../../client/react-admin.js";
import type { ExploredTable, ExploreModel } from "../model.js";
import type { Addresses } from "./addresses.js";
import { exactFetch } from "./exact-numbers.js";

/** Headers that say who asks. */
export type Credentials = Readonly<Record<string, string>>;

export interface Access {
  readonly provider: SapwoodDataProvider;
  readonly ask: ClientAsk;
  /** What is no JSON: a picture. */
  textAt(url: string): Promise<string>;
  /** What is no JSON, at a path of the API: bytes of a row. Throws a `RefusedError`. */
  send(
    path: string,
    init?: Pick<RequestInit, "method" | "body"> & { readonly headers?: Credentials },
  ): Promise<Response>;
}

export function accessTo({ api, profile }: Addresses, { tables }: ExploreModel, credentials: Credentials): Access {
  const profiled: Credentials = profile === undefined ? {} : { "accept-profile": profile, "content-profile": profile };
  const options = { headers: { ...credentials, ...profiled }, fetch: exactFetch };
  const keys = keysOf(tables);
  const textAt = async (url: string) => {
    const response = await fetch(url, { headers: credentials });
    if (!response.ok) throw new Error(`The picture could not be drawn (${response.status}).`);
    return response.text();
  };
  const send: Access["send"] = async (path, init = {}) => {
    const response = await fetch(api + path, { ...init, headers: { ...credentials, ...profiled, ...init.headers } });
    if (response.ok) return response;
    const said: unknown = await response.json().catch(() => undefined);
    throw new RefusedError(response.status, isProblem(said) ? said : {});
  };
  return { send, provider: dataProvider(api, { ...options, keys }), ask: askingAt(api, options), textAt };
}

/** Throws a `RefusedError` where the credentials are not valid. */
export async function modelFor({ model }: Addresses, credentials: Credentials): Promise<ExploreModel> {
  const { pathname, search, origin } = new URL(model);
  const { json } = await askingAt(origin, { headers: credentials })(pathname + search);
  return json as ExploreModel;
}

const keysOf = (tables: readonly ExploredTable[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(tables.filter(({ key }) => key.length > 0).map(({ name, key }) => [name, key]));
