// `GET /`: what there is.

import type { Mount } from "./mount.js";
import { type Answer, jsonPage, type Site } from "./page.js";

/** The databases' resources, and where the other pages are. */
export function createIndex({ prefix, mounts, docs, registry }: Site): Answer {
  const api = prefix === "" ? "/" : prefix;
  const metrics = registry && { metrics: "/metrics" };
  const pages = { ...(docs && { docs: docs.page }), health: "/health", metadata: "/metadata", ...metrics };
  const [only] = mounts;
  if (only !== undefined && only.name === undefined)
    return () => {
      const document = docs && { openapi: docs.document };
      return jsonPage({ name: "sapwood", api, ...document, ...pages, resources: resourcesOf(only) });
    };
  return () => {
    const databases = mounts.map((mount) => {
      const { docs } = mount.api.tree;
      const pages = docs && { docs: mount.prefix + docs.page, openapi: mount.prefix + docs.document };
      return [mount.name, { api: mount.prefix, ...pages, resources: resourcesOf(mount) }];
    });
    return jsonPage({ name: "sapwood", api, ...pages, databases: Object.fromEntries(databases) });
  };
}

const resourcesOf = ({ api, prefix }: Mount): string[] =>
  api.tree.resources.filter(({ root }) => root).map(({ name }) => `${prefix}/${encodeURIComponent(name)}`);
