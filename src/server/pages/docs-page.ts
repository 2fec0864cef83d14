// The pages about an API at the server's top: of its one database, or lists of those that several databases have.

import type { ShownApi } from "../../api/api.js";
import { withoutProfile } from "../../api/profiled.js";
import { html } from "../../docs/answers.js";
import { listHtml } from "../../docs/html.js";
import { type DocsPage, type DocsSettings, yamlPath } from "../../docs/pages.js";
import { Shelf } from "../../docs/shelf.js";
import { pagesAbout } from "../../explore/pages.js";
import { addressBefore, asForwarded } from "../../http/forwarded.js";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import type { RouteTree } from "../../routes/tree.js";
import { type Mount, shownByMount } from "../mount.js";
import type { ServedPage, Site } from "../page.js";
import { maker, partsFor } from "./schema-document.js";

/** None where they are turned off. */
export function createDocs(site: Site): readonly ServedPage[] {
  const { docs, mounts, document, trustProxy } = site;
  if (docs === undefined) return [];
  const [only] = mounts as readonly [Mount, ...Mount[]];
  if (only.name !== undefined)
    return [
      { path: docs.page, get: () => html(listHtml("API documentation", linksTo("page", mounts))) },
      { path: docs.explore, get: () => html(listHtml("Look around", linksTo("explore", mounts))) },
    ];
  const { title, apiVersion: version, server: servers } = document;
  const settings: DocsSettings = { ...docs, resources: only.prefix, servers, ...(trustProxy && { origin: atTop }) };
  const shelf = new Shelf();
  const isMaker = maker(site);
  const [forMakers, forOthers] = [true, false].map((makes) => {
    const known = new WeakMap<RouteTree, ReadonlyMap<string, DocsPage>>();
    return (shown: ShownApi) => {
      const { tree } = shown;
      const about = { mount: only, top: ".", makes };
      const toParts = (servers: readonly string[]) => partsFor(shown, about, { title, version, servers });
      const pages = known.get(tree) ?? pagesAbout(tree, { shelf, toParts }, settings);
      known.set(tree, pages);
      return pages;
    };
  }) as [PagesOf, PagesOf];
  const get = async (request: ApiRequest) => {
    const pagesOf = (await isMaker(request)) ? forMakers : forOthers;
    const page = pagesOf(await shownByMount(request, only)).get(request.prefix + request.path);
    if (page === undefined)
      throw problem("no_route", `There is nothing at this path. The documentation is at ${docs.page}.`);
    return page(only.api.profiles === undefined ? request : withoutProfile(request));
  };
  return [
    { path: docs.page, folder: true, get },
    { path: docs.explore, folder: true, get },
    { path: docs.document, get },
    { path: yamlPath(docs.document), get },
  ];
}

type PagesOf = (shown: ShownApi) => ReadonlyMap<string, DocsPage>;

const atTop = (request: ApiRequest) => addressBefore(asForwarded({ ...request, prefix: "" }));

/** Addresses relative to the top, where the list is. */
const linksTo = (kind: "page" | "explore", mounts: readonly Mount[]) =>
  mounts.flatMap(({ name = "", labels, prefix, api }) => {
    const { docs } = api.tree;
    return docs === undefined ? [] : [{ name: labels?.label ?? name, href: `.${prefix}${docs[kind]}` }];
  });
