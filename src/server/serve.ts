// The API on plain node:http, as `sapwood serve` runs it.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Knex } from "knex";
import { type ApiOptions, createApi } from "../api/create.js";
import { createListener } from "./listener.js";
import { createSite } from "./site.js";

export interface ServeSettings extends ApiOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where the resources are: `/api` when left out, `/` for the top. */
  readonly prefix?: string;
}

export interface RunningServer {
  readonly url: string;
  /** Where the resources are: `url` and the prefix. */
  readonly api: string;
  readonly port: number;
  /** Ends the requests in flight, then closes the server and the database. */
  close(): Promise<void>;
}

/** Reads the schema, then listens. Rejects with the database's or the network's own error. */
export async function serve(db: string | Knex | Knex.Config, settings: ServeSettings = {}): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 3000, prefix = "/api", ...options } = settings;
  const mount = toPrefix(prefix);
  const api = await createApi(db, options);
  const { bodyLimit } = api.limits;
  try {
    const { server, stop } = createListener(createSite(api, { prefix: mount, bodyLimit }), bodyLimit);
    await listen(server, host, port);
    const close = () => stop().then(() => api.close());
    const { port: taken } = server.address() as AddressInfo;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${taken}`;
    return { url, api: url + mount, port: taken, close };
  } catch (error) {
    await api.close();
    throw error;
  }
}

/** `api`, `/api` and `/api/` are all `/api`; `/` is the top. Throws for what cannot stand in a path. */
export function toPrefix(text: string): string {
  const prefix = `/${text}`.replace(/^\/+/, "/").replace(/\/+$/, "");
  if (/[?#\s]/.test(prefix)) throw new Error(`The prefix must be a path such as /api, not '${text}'.`);
  return new URL(`http://localhost${prefix}`).pathname.replace(/\/+$/, "");
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
