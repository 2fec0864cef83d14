// `GET /`: what there is.

import type { ApiRequest } from "../../http/message.js";
import { type Mount, shownTo } from "../mount.js";
import { type Answer, jsonPage, type Site } from "../page.js";

/** The databases' resources, and where the other pages are. */
export function createIndex({ prefix, mounts, docs, registry }: Site): Answer {
  const api = prefix === "" ? "/" : prefix;
  const metrics = registry && { metrics: "/metrics" };
  const pages = { ...(docs && { docs: docs.page }), health: "/health", metadata: "/metadata", ...metrics };
  const [only] = mounts;
  if (only !== undefined && only.name === undefined)
    return async (request) => {
      const document = docs && { openapi: docs.document };
      return jsonPage({ name: "sapwood", api, ...document, ...pages, resources: await resourcesOf(only, request) });
    };
  return async (request) => {
    const databases = mounts.map(async (mount) => {
      const { docs } = mount.api.tree;
      const pages = docs && { docs: mount.prefix + docs.page, openapi: mount.prefix + docs.document };
      return [
        mount.name,
        { ...mount.labels, api: mount.prefix, ...pages, resources: await resourcesOf(mount, request) },
      ];
    });
    return jsonPage({ name: "sapwood", api, ...pages, databases: Object.fromEntries(await Promise.all(databases)) });
  };
}

/** The collections that whoever asks may use in some way. */
async function resourcesOf(mount: Mount, request: ApiRequest): Promise<string[]> {
  const { tree } = await shownTo(request, mount);
  const paths = tree.resources.filter(({ root, name }) => root && tree.root.literals[name] !== undefined);
  return paths.map(({ name }) => `${mount.prefix}/${encodeURIComponent(name)}`);
}
