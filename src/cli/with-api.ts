// The API of the one database that a command is about, for as long as its work takes.
import type { Api } from "../api/api.js";
import { createLookingApi } from "../api/create.js";
import type { ApiOptions } from "../api/options.js";
import type { ServeSettings } from "../server/serve.js";
import { authOf } from "../server/token-settings.js";
import type { Flags } from "./flags.js";
import { type Note, settleOne } from "./resolve-settings.js";

/** Opens what the arguments, the environment and the config file name; closes it when the work is done. Nothing is written. Nobody signs in, unless it is about that. */
export async function withApi<T>(
  argument: string | undefined,
  flags: Flags,
  note: Note,
  work: (api: Api, settings: ServeSettings, options: ApiOptions) => Promise<T>,
  { signIn = false } = {},
): Promise<T> {
  const { db, options, settings, reach } = await settleOne(argument, flags, note);
  const auth = signIn ? authOf({ ...settings, auth: options.auth }) : undefined;
  const alone = { ...options, auth, listenForChanges: false, schemaPoll: 0 };
  const api = await reach(() => createLookingApi(db, alone));
  try {
    return await work(api, settings, options);
  } finally {
    await api.close();
  }
}
