// The documents of databases whose tables are made by requests: for those who may do that, they have these routes too.
import type { ShownApi } from "../../api/api.js";
import { profileName, withoutProfile } from "../../api/profiled.js";
import type { DocsPage, DocsSettings } from "../../docs/pages.js";
import { Shelf } from "../../docs/shelf.js";
import { pagesAbout } from "../../explore/pages.js";
import { addressBefore, asForwarded } from "../../http/forwarded.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { ofProfile } from "../../http/profile.js";
import type { DocumentParts, OpenApiOptions } from "../../openapi/document.js";
import { type SchemaRoutes, withSchemaRoutes } from "../../openapi/schema-routes.js";
import type { RouteTree } from "../../routes/tree.js";
import { type Mount, shownByMount } from "../mount.js";
import type { Site } from "../page.js";
import { guardOf, schemaPlaces } from "./schema-pages.js";

/** May whoever asks make tables here? */
export function maker(site: Site): (request: ApiRequest) => Promise<boolean> {
  if (!site.schemaRoutes) return async () => false;
  const guarded = guardOf(site)(() => ({ status: 204, headers: {} }));
  return async (request) => {
    try {
      await guarded(request);
      return true;
    } catch {
      return false;
    }
  };
}

/** A document's parts, with those routes where they are for its reader. `top` is the server's top, relative to the document. */
export function partsFor(
  { openApiParts, tree }: Pick<ShownApi, "openApiParts" | "tree">,
  { mount, top, makes }: { readonly mount: Mount; readonly top: string; readonly makes: boolean },
  said: OpenApiOptions,
): DocumentParts {
  const parts = openApiParts(said);
  return makes ? withSchemaRoutes(parts, routesOf(mount, top, tree)) : parts;
}

function routesOf(mount: Mount, server: string, { profile }: RouteTree): SchemaRoutes {
  const { administering, options } = (profile && mount.api.profiles?.get(profile.name)?.defining) ??
    mount.api.defining ?? { options: {} };
  return {
    ...schemaPlaces(mount),
    server,
    hosts: administering?.administration.hosts === true,
    readOnly: options.readOnly === true,
    profile,
  };
}

/** Of one of several databases: its page about itself, in place of the one that everybody sees. */
export function madeDocuments(site: Site) {
  const makes = maker(site);
  const known = new WeakMap<RouteTree, ReadonlyMap<string, DocsPage>>();
  const shelf = new Shelf();
  const pagesOf = (mount: Mount, shown: ShownApi): ReadonlyMap<string, DocsPage> | undefined => {
    const { tree } = shown;
    if (tree.docs === undefined) return undefined;
    const top = mount.prefix
      .split("/")
      .slice(1)
      .map(() => "..")
      .join("/");
    const settings: DocsSettings = { ...tree.docs, resources: "", ...(site.trustProxy && { origin }) };
    const toParts = (servers: readonly string[]) => partsFor(shown, { mount, top, makes: true }, { servers });
    const pages = known.get(tree) ?? pagesAbout(tree, { shelf, toParts }, settings);
    known.set(tree, pages);
    return pages;
  };
  return async (mount: Mount, path: string, request: ApiRequest): Promise<ApiResponse | undefined> => {
    if (mount.name === undefined || !(await makes(request))) return undefined;
    const page = pagesOf(mount, await shownByMount(request, mount))?.get(path);
    return page && ofProfile(await page(withoutProfile(request)), profileName(mount.api, request));
  };
}

const origin = (request: ApiRequest) => addressBefore(asForwarded(request));
