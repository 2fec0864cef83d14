// The pages of an API within its own paths, where a framework mounts it: looked up where no route has the path.

import type { DocsPage, DocsSettings, DocumentSource } from "../docs/pages.js";
import { Shelf } from "../docs/shelf.js";
import { refuse } from "../http/finish.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import type { PageMatch } from "../http/page.js";
import { HttpError } from "../http/problem.js";
import type { DocumentParts } from "../openapi/document.js";
import type { RouteTree } from "../routes/tree.js";
import { pagesAbout } from "./pages.js";

/** The pages of one tree after the other; those of a tree are kept as long as it is. */
export class MountedPages {
  readonly #pages = new WeakMap<RouteTree, ReadonlyMap<string, DocsPage>>();
  readonly #shelf = new Shelf();

  constructor(
    readonly toParts: (tree: RouteTree, servers: readonly string[]) => DocumentParts,
    /** The whole address of the mount point, where a request tells it and is believed. */
    readonly origin: ((request: ApiRequest) => string | undefined) | undefined,
    /** The tree as whoever asks may see it; left out where all see the same. */
    readonly shownTo?: (request: ApiRequest) => Promise<RouteTree>,
  ) {}

  find(tree: RouteTree, path: string): PageMatch | undefined {
    const page = this.#pagesOf(tree)?.get(path);
    if (page === undefined) return undefined;
    const { shownTo } = this;
    const shown: DocsPage = shownTo === undefined ? page : (request) => this.#cut(path, request, shownTo);
    return { type: "page", pattern: path, page: shown };
  }

  async #cut(
    path: string,
    request: ApiRequest,
    shownTo: (request: ApiRequest) => Promise<RouteTree>,
  ): Promise<ApiResponse> {
    try {
      const page = this.#pagesOf(await shownTo(request))?.get(path) as DocsPage;
      return await page(request);
    } catch (error) {
      if (error instanceof HttpError) return refuse(request, error);
      throw error;
    }
  }

  #pagesOf(tree: RouteTree): ReadonlyMap<string, DocsPage> | undefined {
    if (tree.docs === undefined) return undefined;
    let pages = this.#pages.get(tree);
    if (pages === undefined) {
      const toParts: DocumentSource["toParts"] = (servers) => this.toParts(tree, servers);
      const settings: DocsSettings = { ...tree.docs, resources: "", origin: this.origin };
      pages = pagesAbout(tree, { shelf: this.#shelf, toParts }, settings);
      this.#pages.set(tree, pages);
    }
    return pages;
  }
}
