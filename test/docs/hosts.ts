// Every host of the pages: the frameworks, which have them below their mount, and the server, which has them at its top.

import type { ApiOptions } from "../../src/api/options.js";
import type { ServeSettings } from "../../src/server/serve.js";
import { serve } from "../../src/server/serve.js";
import { frameworks } from "../support/apps.js";
import { type RequestParts, request } from "../support/http.js";

export interface Host {
  /** `http://127.0.0.1:PORT` */
  readonly base: string;
  /** What stands before `/docs` and `/openapi.json`. */
  readonly before: string;
  /** The resources' address, relative to the document's. */
  readonly resources: string;
  /** `GET /docs`: the path stands behind `before`. */
  ask(line: string, parts?: RequestParts): ReturnType<typeof request>;
  close(): Promise<void>;
}

export interface HostKind {
  readonly name: string;
  start(db: string, options?: ServeSettings & ApiOptions): Promise<Host>;
}

const mounted = frameworks.map(
  ({ name, start }): HostKind => ({
    name,
    start: async (db, options) => {
      const { base, prefix, ask, close } = await start(db, options, "/shop/api");
      return { base, before: prefix, resources: ".", ask, close };
    },
  }),
);

const server: HostKind = {
  name: "server",
  start: async (db, options) => {
    const { url: base, close } = await serve(db, { port: 0, ...options });
    const ask = (line: string, parts?: RequestParts) => {
      const [method = "", path = ""] = line.split(" ");
      return request(base, method, path, parts);
    };
    return { base, before: "", resources: "./api", ask, close };
  },
};

export const hosts: readonly HostKind[] = [...mounted, server];
