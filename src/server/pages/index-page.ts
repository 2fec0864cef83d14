// `GET /`: what there is. Browsers get it as a page, programs as JSON.
import { html } from "../../docs/answers.js";
import { type StartingPoint, startHtml } from "../../explore/html.js";
import { notModified } from "../../http/conditional.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { type Mount, shownByMount } from "../mount.js";
import { jsonPage, type PageAnswer, type Site } from "../page.js";

/** The databases' resources, and where the other pages are. */
export function createIndex(site: Site): PageAnswer {
  const asJson = jsonIndex(site);
  const asHtml = htmlIndex(site);
  return async (request) => {
    const response = isBrowser(request) ? notModified(request, await asHtml(request)) : await asJson(request);
    return { ...response, headers: { ...response.headers, vary: "Accept" } };
  };
}

/** No program names HTML that wants JSON. */
const isBrowser = (request: ApiRequest): boolean => {
  const accept = request.header("accept") ?? "";
  return /text\/html/i.test(accept) && !/application\/json/i.test(accept);
};

function jsonIndex({ prefix, mounts, docs, registry }: Site): (request: ApiRequest) => Promise<ApiResponse> {
  const api = prefix === "" ? "/" : prefix;
  const metrics = registry && { metrics: "/metrics" };
  const pages = {
    ...(docs && { docs: docs.page, explore: docs.explore }),
    health: "/health",
    metadata: "/metadata",
    ...metrics,
  };
  const [only] = mounts;
  if (only !== undefined && only.name === undefined)
    return async (request) => {
      const document = docs && { openapi: docs.document };
      return jsonPage({ name: "sapwood", api, ...document, ...pages, resources: await resourcesOf(only, request) });
    };
  return async (request) => {
    const databases = mounts.map(async (mount) => {
      const { docs } = mount.api.tree;
      const at = (path: string) => mount.prefix + path;
      const pages = docs && { docs: at(docs.page), explore: at(docs.explore), openapi: at(docs.document) };
      return [
        mount.name,
        { ...mount.labels, api: mount.prefix, ...pages, resources: await resourcesOf(mount, request) },
      ];
    });
    return jsonPage({ name: "sapwood", api, ...pages, databases: Object.fromEntries(await Promise.all(databases)) });
  };
}

/** Addresses are relative to the top: a proxy may have put it elsewhere. */
function htmlIndex({ mounts, docs }: Site): (request: ApiRequest) => Promise<ApiResponse> {
  return async (request) => {
    const points = mounts.map(async (mount): Promise<StartingPoint> => {
      const { name, labels, prefix, api } = mount;
      const title = labels?.label ?? name;
      return {
        ...(title !== undefined && { name: title }),
        ...(labels?.description !== undefined && { description: labels.description }),
        // The pages of the only database are the server's own.
        before: name === undefined ? "." : `.${prefix}`,
        docs: name === undefined ? docs : api.tree.docs,
        resources: (await resourcesOf(mount, request)).map((path) => `.${path}`),
      };
    });
    return html(
      startHtml(await Promise.all(points), { "Is it well?": "./health", "All tables as data": "./metadata" }),
    );
  };
}

/** The collections that whoever asks may use in some way. */
async function resourcesOf(mount: Mount, request: ApiRequest): Promise<string[]> {
  const { tree } = await shownByMount(request, mount);
  const paths = tree.resources.filter(({ root, name }) => root && tree.root.literals[name] !== undefined);
  return paths.map(({ name }) => `${mount.prefix}/${encodeURIComponent(name)}`);
}
