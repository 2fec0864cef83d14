// `GET /`: what there is.

import type { Mount } from "./mount.js";
import { type Answer, jsonPage, type Site } from "./page.js";

/** The databases' resources, and where the other pages are. */
export function createIndex({ prefix, mounts }: Site): Answer {
  const api = prefix === "" ? "/" : prefix;
  const pages = { health: "/health", metadata: "/metadata" };
  const [only] = mounts;
  if (only !== undefined && only.name === undefined)
    return () => jsonPage({ name: "sapwood", api, ...pages, resources: resourcesOf(only) });
  return () => {
    const databases = mounts.map((mount) => [mount.name, { api: mount.prefix, resources: resourcesOf(mount) }]);
    return jsonPage({ name: "sapwood", api, ...pages, databases: Object.fromEntries(databases) });
  };
}

const resourcesOf = ({ api, prefix }: Mount): string[] =>
  api.tree.resources.filter(({ root }) => root).map(({ name }) => `${prefix}/${encodeURIComponent(name)}`);
